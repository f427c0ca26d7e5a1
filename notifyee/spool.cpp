#include "notifyee/spool.hpp"

#include "notifyee/random.hpp"

#include "common/wire/spool_file.hpp"

namespace maptrail::notifyee {

namespace {

/// What a step of the fall-back may take at least: a caller who came late is not to lose its frame for that.
constexpr DWORD least_wait_ms = 5;

/// Ends an operation on a file handle whose only operation it is. The buffers are the caller's, so it is over on
/// return.
bool finish(HANDLE file, OVERLAPPED& operation, DWORD size, const Deadline& deadline) {
    // What goes into the system's cache is mostly over by now, and to wait costs more than the writing.
    if (!HasOverlappedIoCompleted(&operation)) {
        const DWORD left = deadline.remaining_ms();
        if (WaitForSingleObject(file, left < least_wait_ms ? least_wait_ms : left) != WAIT_OBJECT_0) {
            CancelIoEx(file, &operation);
        }
    }
    DWORD moved = 0;
    return GetOverlappedResult(file, &operation, &moved, TRUE) && moved == size;
}

/// `user` lives in `buffer`.
PSID user_of(HANDLE token, std::span<std::byte> buffer) {
    DWORD size = 0;
    return GetTokenInformation(token, TokenUser, buffer.data(), static_cast<DWORD>(buffer.size()), &size)
               ? reinterpret_cast<const TOKEN_USER*>(buffer.data())->User.Sid
               : nullptr;
}

void describe_token(HANDLE token, wire::SpoolOrigin& origin) {
    DWORD size = 0;
    TOKEN_STATISTICS statistics{};
    if (GetTokenInformation(token, TokenStatistics, &statistics, sizeof statistics, &size)) {
        origin.logon_id =
            (static_cast<std::uint64_t>(static_cast<std::uint32_t>(statistics.AuthenticationId.HighPart)) << 32U) |
            statistics.AuthenticationId.LowPart;
    }
    DWORD session = 0;
    if (GetTokenInformation(token, TokenSessionId, &session, sizeof session, &size)) {
        origin.session_id = session;
    }
    TOKEN_ELEVATION elevation{};
    if (GetTokenInformation(token, TokenElevation, &elevation, sizeof elevation, &size) &&
        elevation.TokenIsElevated != 0) {
        origin.attributes |= wire::spool_attribute::elevated;
    }
    alignas(void*) std::array<std::byte, sizeof(TOKEN_MANDATORY_LABEL) + SECURITY_MAX_SID_SIZE> label{};
    if (GetTokenInformation(token, TokenIntegrityLevel, label.data(), static_cast<DWORD>(label.size()), &size)) {
        const PSID sid = reinterpret_cast<const TOKEN_MANDATORY_LABEL*>(label.data())->Label.Sid;
        const UCHAR parts = *GetSidSubAuthorityCount(sid);
        origin.integrity = parts == 0 ? 0 : *GetSidSubAuthority(sid, parts - 1U);
    }
}

std::uint64_t process_started() {
    FILETIME created{};
    FILETIME exited{};
    FILETIME kernel{};
    FILETIME user{};
    return GetProcessTimes(GetCurrentProcess(), &created, &exited, &kernel, &user)
               ? (std::uint64_t{created.dwHighDateTime} << 32U) | created.dwLowDateTime
               : 0;
}

/// spool\<32 hexadecimal digits>.spool: a name that nobody can have taken first.
bool random_path(Path& path) {
    std::array<std::uint8_t, 16> random{};
    if (!fill_random(random)) {
        return false;
    }
    constexpr wchar_t digits[] = L"0123456789abcdef";
    std::array<wchar_t, 2 * random.size() + std::size(spool_file_suffix)> name{};
    std::size_t length = 0;
    for (const std::uint8_t byte : random) {
        name[length++] = digits[byte >> 4U];
        name[length++] = digits[byte & 0xFU];
    }
    for (const wchar_t unit : spool_file_suffix) {
        name[length++] = unit;
    }
    path.add(spool_folder_name);
    path.add(name.data());
    return true;
}

HANDLE create_file(const Place& place, HANDLE token) {
    Path path(place);
    alignas(void*) std::array<std::byte, sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE> buffer{};
    const PSID user = user_of(token, buffer);
    SECURITY_DESCRIPTOR descriptor{};
    // The owner tells whose frames these are, and an administrator's new file would belong to the group Administrators.
    // The descriptor has no access list of its own, so the folder's is inherited.
    if (user == nullptr || !random_path(path) ||
        !InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION) ||
        !SetSecurityDescriptorOwner(&descriptor, user, FALSE)) {
        return nullptr;
    }
    SECURITY_ATTRIBUTES attributes{sizeof attributes, &descriptor, FALSE};
    // Everything is shared: the service reads, marks and deletes the file while this handle is open.
    const HANDLE file = CreateFileW(path.text.data(), FILE_READ_DATA | FILE_WRITE_DATA | SYNCHRONIZE,
                                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, &attributes, CREATE_NEW,
                                    FILE_ATTRIBUTE_NOT_CONTENT_INDEXED | FILE_FLAG_OVERLAPPED, nullptr);
    return file == INVALID_HANDLE_VALUE ? nullptr : file;
}

} // namespace

void SpoolFile::close() {
    if (file_ != nullptr) {
        CloseHandle(file_);
        file_ = nullptr;
    }
    used_ = 0;
}

bool SpoolFile::write(std::span<const std::byte> bytes, const Deadline& deadline) {
    OVERLAPPED operation{};
    operation.Offset = used_;
    const auto size = static_cast<DWORD>(bytes.size());
    // Whatever becomes of it: these bytes of the file may be written, and nothing else shall be.
    used_ += static_cast<std::uint32_t>(wire::spool_aligned(bytes.size()));
    return (WriteFile(file_, bytes.data(), size, nullptr, &operation) || GetLastError() == ERROR_IO_PENDING) &&
           finish(file_, operation, size, deadline);
}

bool SpoolFile::is_claimed(const Deadline& deadline) const {
    OVERLAPPED operation{};
    operation.Offset = offsetof(wire::SpoolHeader, claimed);
    std::uint32_t claimed = 0;
    const bool read =
        (ReadFile(file_, &claimed, sizeof claimed, nullptr, &operation) || GetLastError() == ERROR_IO_PENDING) &&
        finish(file_, operation, sizeof claimed, deadline);
    return !read || claimed != 0;
}

bool SpoolFile::create(const Place& place, std::span<const std::uint8_t, 16> producer, const ThreadToken& who,
                       const Deadline& deadline) {
    close();
    const ProcessToken process;
    // An impersonating thread whose token can't be opened has no name to write under: better lost than another's.
    const HANDLE token = who.impersonates() ? who.get() : process.get();
    file_ = token == nullptr ? nullptr : create_file(place, token);
    if (file_ == nullptr) {
        return false;
    }
    wire::SpoolOrigin origin;
    for (std::size_t i = 0; i < origin.producer.size(); ++i) {
        origin.producer[i] = producer[i];
    }
    origin.created = utc_filetime();
    origin.process_started = process_started();
    origin.process_id = GetCurrentProcessId();
    origin.attributes = sizeof(void*) == 8 ? wire::spool_attribute::bits_64 : 0;
    describe_token(token, origin);
    std::array<wchar_t, wire::max_spool_path_units> program;
    auto length = static_cast<DWORD>(program.size());
    if (QueryFullProcessImageNameW(GetCurrentProcess(), 0, program.data(), &length)) {
        origin.path = {reinterpret_cast<const char16_t*>(program.data()), length};
    }
    alignas(std::uint64_t) std::array<std::byte, wire::max_spool_header_size> header;
    const std::size_t size = wire::encode(origin, header);
    if (size == 0 || !write(std::span(header).first(size), deadline)) {
        close();
        return false;
    }
    return true;
}

bool SpoolFile::put(const Place& place, std::span<const std::uint8_t, 16> producer, const ThreadToken& who,
                    std::span<const std::byte> frame, const Deadline& deadline) {
    if (!is_open() && !create(place, producer, who, deadline)) {
        return false;
    }
    if (!write(frame, deadline)) {
        close(); // what follows a torn frame is harder to find than what stands in a new file
        return false;
    }
    return true;
}

bool SpoolFile::append(const Place& place, const wire::Policy& policy, SpoolUse& use,
                       std::span<const std::uint8_t, 16> producer, const ThreadToken& who,
                       std::span<const std::byte> frame, const Deadline& deadline) {
    const auto size = static_cast<std::uint32_t>(wire::spool_aligned(frame.size()));
    if (is_open() && used_ + size > policy.spool_file_bytes) {
        close();
    }
    if (use.bytes.fetch_add(size, std::memory_order_relaxed) + size > policy.spool_process_bytes) {
        // What is in the open file may have been collected long ago, with all that came before it.
        if (!is_open() || !is_claimed(deadline)) {
            use.bytes.fetch_sub(size, std::memory_order_relaxed);
            return false;
        }
        use.bytes.store(size, std::memory_order_relaxed);
        close();
    }
    if (!put(place, producer, who, frame, deadline)) {
        use.bytes.fetch_sub(size, std::memory_order_relaxed);
        return false;
    }
    if (!is_claimed(deadline)) {
        return true;
    }
    // The service may have read the file before this frame was in it. It is collected, so its room is free again.
    close();
    use.bytes.store(size, std::memory_order_relaxed);
    return put(place, producer, who, frame, deadline);
}

} // namespace maptrail::notifyee
