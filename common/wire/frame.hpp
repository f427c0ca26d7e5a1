// The wire contract between the notifyee and the service: one request frame, one reply frame.
//
// Both ends are one machine, so integers are little-endian and natively aligned. A frame is one message of a
// message-mode pipe, and the very same bytes lie in the inbox and in spool files. Version 1 is frozen: a later version
// appends fields to a header (header_size grows) and leaves what is here where it is. A reader takes any frame whose
// min_reader it knows and ignores header bytes past what it knows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace maptrail::wire {

inline constexpr std::uint32_t request_magic = 0x5152544D; // "MTRQ" in memory
inline constexpr std::uint32_t reply_magic = 0x5052544D;   // "MTRP" in memory
inline constexpr std::uint16_t current_version = 1;
inline constexpr std::uint16_t oldest_reader = 1;

/// No frame is larger. It bounds every buffer on both sides, and fits a 64 KiB thread stack with room to spare.
inline constexpr std::size_t max_frame_size = 8192;

/// Longest stored strings, in UTF-16 units. A longer one is cut, and its full length is told.
inline constexpr std::size_t max_local_units = 260;
inline constexpr std::size_t max_remote_units = 2048;
inline constexpr std::size_t max_provider_units = 260;
inline constexpr std::size_t max_device_units = 1024;

enum class Action : std::uint16_t { connect = 1, disconnect = 2 };

/// NOTIFY_PRE and NOTIFY_POST.
enum class Phase : std::uint16_t { before = 1, after = 2 };

namespace attribute {
inline constexpr std::uint32_t forced = 1U << 0;        ///< NOTIFYCANCEL.fForce
inline constexpr std::uint32_t impersonating = 1U << 1; ///< the calling thread had a token of its own (a hint)
/// The caller was refused, and nobody took the frame: the service did not answer, and the policy page asks for that; or
/// its rules refused, and its inbox had no room. In spool files alone.
inline constexpr std::uint32_t denied_unrecorded = 1U << 2;
} // namespace attribute

/// A string of the frame. An absent string and an empty one are both length 0.
struct StringRef {
    std::uint32_t offset;      ///< bytes from the frame's start, even
    std::uint16_t length;      ///< UTF-16 units that are stored
    std::uint16_t full_length; ///< units that the caller passed; 65535 means that or more
};

struct RequestHeader {
    std::uint32_t magic;
    std::uint32_t frame_size; ///< bytes, header and strings
    std::uint16_t version;    ///< of the writer
    std::uint16_t min_reader; ///< oldest reader that understands the frame
    std::uint16_t header_size;
    std::uint16_t reserved;
    std::uint32_t crc; ///< CRC-32 of the whole frame, with this field as zero
    std::uint16_t action;
    std::uint16_t phase;
    std::uint64_t sequence;                ///< 1, 2, 3... within the producer
    std::array<std::uint8_t, 16> producer; ///< random, one for each time that the DLL is loaded
    std::uint64_t operation;               ///< ties before and after; never 0
    std::uint64_t time;                    ///< FILETIME, UTC
    std::uint64_t ticks;                   ///< monotonic, 100 ns units
    std::uint32_t status;                  ///< dwOperationStatus
    std::uint32_t flags;                   ///< dwAddFlags or dwFlags
    std::uint32_t resource_type;           ///< NETRESOURCE.dwType; 0 for a disconnect
    std::uint32_t attributes;              ///< of namespace attribute
    std::uint32_t process_id;              ///< a hint: the service asks the pipe
    std::uint32_t thread_id;               ///< a hint
    StringRef local;                       ///< lpLocalName; of a disconnect, lpName
    StringRef remote;                      ///< lpRemoteName; empty for a disconnect
    StringRef provider;                    ///< lpProvider, where it is defined
    StringRef device;                      ///< what QueryDosDevice said of the local name before a disconnect
};

/// What became of the frame.
enum class Result : std::uint16_t {
    accepted = 1,          ///< the frame lies in the inbox: the reply is its receipt
    refused_full = 2,      ///< no room: the sender keeps the frame
    refused_malformed = 3, ///< the bytes are no frame
    refused_identity = 4,  ///< the sender's token could not be read
};

struct Reply {
    std::uint32_t magic;
    std::uint32_t frame_size;
    std::uint16_t version;
    std::uint16_t min_reader;
    std::uint16_t result;
    std::uint16_t reserved;
    std::uint32_t crc;      ///< CRC-32 of the whole reply, with this field as zero
    std::uint32_t verdict;  ///< WN_SUCCESS, or the status that the caller of WNet shall see
    std::uint64_t sequence; ///< of the request that it answers; 0 if the request could not be read
    std::uint64_t reserved2;
};

static_assert(sizeof(StringRef) == 8);
static_assert(sizeof(RequestHeader) == 128 && std::is_trivially_copyable_v<RequestHeader>);
static_assert(offsetof(RequestHeader, crc) == 16 && offsetof(RequestHeader, producer) == 32);
static_assert(offsetof(RequestHeader, status) == 72 && offsetof(RequestHeader, local) == 96);
static_assert(sizeof(Reply) == 40 && std::is_trivially_copyable_v<Reply>);
static_assert(offsetof(Reply, crc) == 16);
static_assert(sizeof(RequestHeader) +
                  2 * (max_local_units + max_remote_units + max_provider_units + max_device_units) <=
              max_frame_size);

/// A string as the codec hands it out: a view into the frame.
struct Text {
    std::u16string_view view;
    std::uint16_t full_length = 0;

    [[nodiscard]] bool cut() const { return full_length > view.size(); }
};

/// A request, apart from its bytes. The views belong to whoever made them.
struct Request {
    Action action = Action::connect;
    Phase phase = Phase::before;
    std::array<std::uint8_t, 16> producer{};
    std::uint64_t sequence = 0;
    std::uint64_t operation = 0;
    std::uint64_t time = 0;
    std::uint64_t ticks = 0;
    std::uint32_t status = 0;
    std::uint32_t flags = 0;
    std::uint32_t resource_type = 0;
    std::uint32_t attributes = 0;
    std::uint32_t process_id = 0;
    std::uint32_t thread_id = 0;
    Text local;
    Text remote;
    Text provider;
    Text device;
};

} // namespace maptrail::wire
