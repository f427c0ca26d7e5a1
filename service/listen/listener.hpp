// The service's end of the notify pipe: takes frames, says whose they are, sends the replies.
#pragma once

#include "common/win32/handle.hpp"
#include "common/wire/frame.hpp"
#include "service/identity/caller_source.hpp"
#include "service/listen/instances.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace maptrail {

/// Who may use the notify pipe:
///   SYSTEM (the service) everything; authenticated users and app containers read and write, without
///   FILE_CREATE_PIPE_INSTANCE (0x12019b is FILE_GENERIC_READ | FILE_GENERIC_WRITE without it); and the label lets
///   processes of low integrity write. People from other machines are kept out by PIPE_REJECT_REMOTE_CLIENTS, not by a
///   deny for NETWORK: that would lose the events of threads that impersonate network logons.
/// "Named Pipe Security and Access Rights".
inline constexpr wchar_t notify_pipe_access[] =
    L"O:SYG:SYD:P(A;;GA;;;SY)(A;;0x12019b;;;AU)(A;;0x12019b;;;AC)S:(ML;;NW;;;LW)";

/// Takes a frame and its sender, and fills in result and verdict. Several threads at once; must not wait or throw.
class FrameHandler {
public:
    FrameHandler() = default;
    FrameHandler(const FrameHandler&) = delete;
    FrameHandler& operator=(const FrameHandler&) = delete;
    virtual ~FrameHandler() = default;

    virtual void handle(std::span<const std::byte> frame, const CallerCache& caller, wire::Reply& reply) = 0;
};

struct ListenerOptions {
    std::wstring pipe_name;
    std::wstring access;           ///< SDDL
    unsigned threads = 1;          ///< it never waits for a client, so one suffices (docs/benchmarks.md)
    unsigned spare_instances = 16; ///< that wait for clients, at any time
    unsigned most_instances = 2048;
    unsigned most_per_process = 128; ///< connections; the notifyee keeps 16, and one for each thread that impersonates
};

struct ListenerCounts {
    std::uint64_t received = 0;     ///< messages, good and bad
    std::uint64_t malformed = 0;    ///< refused: no frame
    std::uint64_t unidentified = 0; ///< refused: the sender's token could not be read
    std::uint64_t disconnected =
        0; ///< clients that were thrown out: they sent no frames again and again, or read no replies
    std::uint64_t over_quota = 0; ///< clients that were turned away: their process has enough connections
    std::uint64_t evicted = 0;    ///< idle clients that were hung up to let others in
    std::uint64_t clients = 0;    ///< connected now
    std::uint64_t instances = 0;  ///< of the pipe, now
    std::uint64_t waiting = 0;    ///< of these, those that wait for a client; 0: nobody new gets in
};

/// All I/O is overlapped on a completion port: a client that is mute, slow or gone costs its instance, never a thread.
/// Instances are shared out: each process gets so many, and when they run out, the longest idle one of the process that
/// holds most is hung up, so that there are always some that wait.
class Listener {
public:
    /// `callers` and `handler` must outlive the listener.
    Listener(ListenerOptions options, CallerSource& callers, FrameHandler& handler);
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener();

    /// Throws win32::Error: also if the name is taken, for then somebody else would answer our clients.
    void start();

    /// Ends all operations, clients or not, and returns when the last of them is over.
    void stop();

    [[nodiscard]] ListenerCounts counts() const;

private:
    void add_instance(bool first);
    void keep_spares();
    void work();
    void complete(PipeInstance& instance, DWORD error, DWORD bytes);
    void on_connected(PipeInstance& instance);
    void on_read(PipeInstance& instance, DWORD error, DWORD bytes);
    void on_frame(PipeInstance& instance, std::size_t size);
    void judge(PipeInstance& instance, std::size_t size);

    // Each of these begins an operation or ends the instance. From then on another thread may have it, or have freed
    // it: the caller must not touch it any more.
    void listen_on(PipeInstance& instance);
    void read_from(PipeInstance& instance, InstanceState state);
    void answer(PipeInstance& instance);
    void hang_up(PipeInstance& instance);

    ListenerOptions options_;
    CallerSource& callers_;
    FrameHandler& handler_;
    win32::Handle port_;
    std::vector<std::jthread> threads_;
    Instances instances_;
    std::mutex spares_mutex_; ///< of keep_spares(), and of what becomes of an instance whose client goes
    std::atomic<unsigned> waiting_{0};
    std::atomic<unsigned> under_way_{0};
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> received_{0};
    std::atomic<std::uint64_t> malformed_{0};
    std::atomic<std::uint64_t> unidentified_{0};
    std::atomic<std::uint64_t> disconnected_{0};
    std::atomic<std::uint64_t> over_quota_{0};
};

} // namespace maptrail
