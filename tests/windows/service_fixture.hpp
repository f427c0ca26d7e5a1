// Pipes, senders and identities for the tests of the service's ends.
#pragma once

#include "common/win32/error.hpp"
#include "common/win32/handle.hpp"
#include "common/wire/codec.hpp"
#include "service/identity/caller_source.hpp"
#include "service/inbox/group_set_record.hpp"

#include <windows.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace maptrail::test {

/// A pipe name that no other test has.
inline std::wstring fresh_pipe_name() {
    static std::atomic<int> number{0};
    return L"\\\\.\\pipe\\maptrail-test-" + std::to_wstring(GetCurrentProcessId()) + L"-" + std::to_wstring(++number);
}

class TemporaryFolder {
public:
    TemporaryFolder() {
        static std::atomic<int> number{0};
        path_ = std::filesystem::temp_directory_path() /
                ("maptrail-" + std::to_string(GetCurrentProcessId()) + "-" + std::to_string(++number));
        std::filesystem::create_directories(path_);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// Identities that the test decides on: Wine shows a server its own token, whoever the client is.
class FakeCallers final : public CallerSource {
public:
    /// Given the handle of the server's end, whenever the identity is read. An empty SID: the token can't be read.
    std::function<std::string(HANDLE)> sid = [](HANDLE) { return "S-1-5-21-1-2-3-1001"; };
    /// Whose connection it is, for the quota; the real process if not set.
    std::function<std::uint64_t(HANDLE)> process;
    std::atomic<bool> administrator{true};
    std::vector<std::string> groups; ///< set it before the first caller
    std::string name;                ///< what find_name() finds; changed between two frames alone
    std::atomic<bool> own{false};    ///< whether a caller is the service's own command

    bool identify(HANDLE pipe, CallerCache& cache, DWORD& error) override {
        Identity identity;
        identity.user_sid = sid(pipe);
        cache.identity.reset();
        if (identity.user_sid.empty()) {
            error = ERROR_ACCESS_DENIED;
            return false;
        }
        if (!groups.empty()) {
            cache.groups = groups;
            identity.group_set = cache.group_set = group_set_id(groups);
        }
        cache.identity = identity;
        cache.administrator = administrator;
        return true;
    }
    std::uint64_t process_id(HANDLE pipe) override { return process ? process(pipe) : real_.process_id(pipe); }
    void find_process(HANDLE pipe, CallerCache& cache) override {
        real_.find_process(pipe, cache);
        cache.own = own;
    }
    void find_name(CallerCache& cache) override { cache.identity->user_name = name; }

private:
    PipeCallerSource real_;
};

/// A client that sends whatever bytes it is given, and waits at most five seconds for an answer.
class Sender {
public:
    explicit Sender(const std::wstring& pipe_name);

    /// False if the other end hung up.
    bool send(std::span<const std::byte> bytes);
    bool receive(wire::Reply& reply);
    bool exchange(std::span<const std::byte> bytes, wire::Reply& reply) { return send(bytes) && receive(reply); }

private:
    bool finish(OVERLAPPED& operation, DWORD& moved);

    win32::Handle pipe_;
    win32::Handle event_;
};

/// A good frame with that sequence number.
struct Frame {
    explicit Frame(std::uint64_t sequence, std::u16string_view remote = u"\\\\server\\share");
    [[nodiscard]] std::span<const std::byte> bytes() const { return std::span(buffer).first(size); }

    alignas(8) std::array<std::byte, wire::max_frame_size> buffer{};
    std::size_t size = 0;
};

/// Whether a good frame of that number gets its receipt.
[[nodiscard]] bool accepted(Sender& sender, std::uint64_t sequence);

} // namespace maptrail::test
