// What the service tells the notifyee without being asked: a small file that the service maps for writing and every
// loaded notifyee maps for reading. It holds while the service is stopped, hung or gone, too.
//
// The service writes under a sequence lock: `lock` is odd while it writes. A reader copies the page, and takes it if
// `lock` was the same even number before and after and the CRC fits; else it tries again, a few times. Whatever is
// wrong with the page, the reader goes on with the built-in defaults. Version 1 is frozen: a later version appends
// fields (size grows). No allocation, no exceptions, no C runtime: the notifyee links it.
#pragma once

#include "common/product.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace maptrail::wire {

inline constexpr std::uint32_t policy_magic = 0x5050544D; // "MTPP" in memory
inline constexpr std::uint16_t policy_version = 1;
inline constexpr std::uint16_t policy_oldest_reader = 1;

/// The file's size. No reader maps more.
inline constexpr std::size_t policy_file_size = 4096;

/// What the notifyee does when nobody answers within the budget.
enum class NoAnswer : std::uint32_t {
    allow = 1,
    deny_connect = 2, ///< refuses new connections; a disconnect is never refused
};

struct PolicyPage {
    std::uint32_t magic;
    std::uint32_t lock; ///< odd while the service writes
    std::uint16_t version;
    std::uint16_t min_reader;
    std::uint32_t size;                ///< bytes that the CRC covers, from `generation` on
    std::uint32_t crc;                 ///< CRC-32 of these bytes
    std::uint32_t reserved;            ///< not in the CRC
    std::uint64_t generation;          ///< one more each time that the service writes
    std::uint64_t service_started;     ///< FILETIME; the process that has service_id and started then is the service
    std::uint32_t service_id;          ///< process id; 0 while no service runs, as far as the page knows
    std::uint32_t budget_ms;           ///< what a notification may cost its caller
    std::uint32_t no_answer;           ///< of NoAnswer
    std::uint32_t denied_status;       ///< what the caller of WNet sees if nobody answers and no_answer is deny_connect
    std::uint32_t spool_file_bytes;    ///< a spool file that would get larger is followed by a new one
    std::uint32_t spool_process_bytes; ///< what one process may leave in the spool until the service has collected
};

static_assert(sizeof(PolicyPage) == 64 && std::is_trivially_copyable_v<PolicyPage>);
static_assert(offsetof(PolicyPage, generation) == 24);

/// The page's content, and the built-in defaults.
struct Policy {
    std::uint64_t generation = 0;
    std::uint64_t service_started = 0;
    std::uint32_t service_id = 0;
    std::uint32_t budget_ms = default_budget_ms;
    NoAnswer no_answer = NoAnswer::allow;
    std::uint32_t denied_status = default_denied_status;
    std::uint32_t spool_file_bytes = default_spool_file_bytes;
    std::uint32_t spool_process_bytes = default_spool_process_bytes;
};

/// Writes the policy into a page that others may be reading; a page that is none yet becomes one. Only one thread of
/// one process writes. `page` holds a PolicyPage at least.
void publish(std::span<std::byte> page, const Policy& policy);

/// Reads a page that somebody may be writing. False: it is damaged, half written, of a version that this reader does
/// not know, or too small; `policy` then is the defaults. A value out of its bounds is taken as the default.
bool read_policy(std::span<const std::byte> page, Policy& policy);

} // namespace maptrail::wire
