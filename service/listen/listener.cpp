#include "service/listen/listener.hpp"

#include "common/win32/error.hpp"
#include "common/wire/codec.hpp"

#include <sddl.h>

#include <chrono>

namespace maptrail {

namespace {

/// A client whose frames are no frames, or who won't be identified, is not one of ours, or broken: it gets to try only
/// so often.
constexpr unsigned most_refused = 16;

constexpr DWORD pipe_buffer = wire::max_frame_size;

} // namespace

Listener::Listener(ListenerOptions options, CallerSource& callers, FrameHandler& handler)
    : options_(std::move(options)), callers_(callers), handler_(handler) {}

Listener::~Listener() {
    stop();
}

void Listener::start() {
    port_ = win32::Handle(CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, options_.threads));
    if (!port_) {
        win32::throw_last_error("cannot make a completion port");
    }
    stopping_ = false;
    // Before the first operation: whatever was begun, there is a thread to see its end.
    for (unsigned i = 0; i < options_.threads; ++i) {
        threads_.emplace_back([this] { work(); });
    }
    add_instance(true);
    keep_spares();
}

void Listener::stop() {
    stopping_ = true;
    // An operation that is begun while this runs is met by the next round.
    while (!threads_.empty() && under_way_ != 0) {
        instances_.cancel_all();
        std::this_thread::sleep_for(std::chrono::milliseconds(10)); // for those who see the ends of them
    }
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        PostQueuedCompletionStatus(port_.get(), 0, 0, nullptr);
    }
    threads_.clear();
    instances_.clear();
}

ListenerCounts Listener::counts() const {
    ListenerCounts counts;
    counts.received = received_;
    counts.malformed = malformed_;
    counts.unidentified = unidentified_;
    counts.disconnected = disconnected_;
    counts.over_quota = over_quota_;
    counts.evicted = instances_.evicted();
    counts.clients = instances_.clients();
    counts.instances = instances_.size();
    counts.waiting = waiting_;
    return counts;
}

void Listener::add_instance(bool first) {
    win32::LocalMemory<void> descriptor;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(options_.access.c_str(), SDDL_REVISION_1,
                                                              descriptor.receive(), nullptr)) {
        win32::throw_last_error("cannot read the notify pipe's access list");
    }
    SECURITY_ATTRIBUTES attributes{sizeof attributes, descriptor.get(), FALSE};
    auto instance = std::make_unique<PipeInstance>();
    instance->pipe = win32::Handle(
        CreateNamedPipeW(options_.pipe_name.c_str(),
                         PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0U),
                         PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS,
                         PIPE_UNLIMITED_INSTANCES, pipe_buffer, pipe_buffer, 0, &attributes));
    if (!instance->pipe) {
        win32::throw_last_error(first ? "cannot make the notify pipe (does another program own its name?)"
                                      : "cannot make one more instance of the notify pipe");
    }
    instance->written = win32::Handle(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    if (!instance->written) {
        win32::throw_last_error("cannot make an event for the notify pipe");
    }
    if (CreateIoCompletionPort(instance->pipe.get(), port_.get(), 0, 0) == nullptr) {
        win32::throw_last_error("cannot tie the notify pipe to the completion port");
    }
    listen_on(instances_.add(std::move(instance)));
}

void Listener::keep_spares() {
    // Two threads that find room for one more instance would make two.
    const std::scoped_lock lock(spares_mutex_);
    try {
        while (waiting_ + instances_.leaving() < options_.spare_instances && !stopping_) {
            if (instances_.size() < options_.most_instances) {
                add_instance(false);
            } else if (!instances_.evict()) {
                return;
            }
        }
    } catch (const std::exception&) {
        // Short of memory or handles: those that there are go on, and the next client brings us here again.
    }
}

void Listener::work() {
    for (;;) {
        DWORD bytes = 0;
        ULONG_PTR key = 0;
        OVERLAPPED* operation = nullptr;
        // stop() posts a packet without an operation to each thread.
        const BOOL succeeded = GetQueuedCompletionStatus(port_.get(), &bytes, &key, &operation, INFINITE);
        const DWORD error = succeeded ? ERROR_SUCCESS : GetLastError();
        if (operation == nullptr) {
            return;
        }
        complete(*PipeInstance::of(operation), error, bytes);
        // Only now: what complete() began is counted already, so stop() never sees zero too early.
        --under_way_;
    }
}

void Listener::complete(PipeInstance& instance, DWORD error, DWORD bytes) {
    if (instance.state == InstanceState::connecting) {
        --waiting_;
    }
    if (stopping_) {
        instances_.remove(instance);
        return;
    }
    if (instance.evicted) {
        // What it sent at the last moment it sends again: it got no receipt.
        hang_up(instance);
        return;
    }
    switch (instance.state) {
    case InstanceState::connecting:
        if (error != ERROR_SUCCESS) {
            DisconnectNamedPipe(instance.pipe.get());
            listen_on(instance);
        } else {
            on_connected(instance);
        }
        keep_spares();
        return;
    case InstanceState::reading:
    case InstanceState::discarding:
        on_read(instance, error, bytes);
        return;
    }
}

void Listener::on_connected(PipeInstance& instance) {
    if (!instances_.admit(instance, callers_.process_id(instance.pipe.get()), options_.most_per_process)) {
        ++over_quota_;
        hang_up(instance);
        return;
    }
    try {
        callers_.find_process(instance.pipe.get(), instance.caller);
    } catch (const std::exception&) {
        // Short of memory: its process stays unknown.
    }
    read_from(instance, InstanceState::reading);
}

void Listener::on_read(PipeInstance& instance, DWORD error, DWORD bytes) {
    if (error == ERROR_MORE_DATA) {
        read_from(instance, InstanceState::discarding);
    } else if (error != ERROR_SUCCESS) {
        hang_up(instance);
    } else {
        // Of a message that is too long nothing is a frame: no byte is left to look at.
        on_frame(instance, instance.state == InstanceState::discarding ? 0 : bytes);
    }
}

void Listener::on_frame(PipeInstance& instance, std::size_t size) {
    ++received_;
    instances_.touch(instance);
    instance.reply = {};
    try {
        judge(instance, size);
    } catch (const std::exception&) {
        // Short of memory: the sender keeps its frame, and this thread goes on.
        instance.reply.result = static_cast<std::uint16_t>(wire::Result::refused_full);
    }
    if (instance.refused >= most_refused) {
        ++disconnected_;
        hang_up(instance);
    } else {
        answer(instance);
    }
}

void Listener::judge(PipeInstance& instance, std::size_t size) {
    // Once for a connection: it costs more than all else that is done for a frame. Whoever opened the connection, or
    // sent its first frame, is whose all of it is. A program can have a connection serve several identities (a thread
    // that takes on another token, a handle given to another process), but only if it has them all, and then it could
    // have opened a connection as the first one for each frame: it gains nothing. The notifyee gives each thread that
    // impersonates a connection of its own.
    DWORD error = 0;
    if (!instance.caller.identity && !callers_.identify(instance.pipe.get(), instance.caller, error)) {
        instance.caller.identity.reset();
        ++unidentified_;
        ++instance.refused;
        instance.reply.result = static_cast<std::uint16_t>(wire::Result::refused_identity);
        return;
    }
    if (instance.caller.identity->user_name.empty()) {
        callers_.find_name(instance.caller); // the first record of a user has the service look it up
    }
    handler_.handle(std::span(instance.frame).first(size), instance.caller, instance.reply);
    if (instance.reply.result == static_cast<std::uint16_t>(wire::Result::refused_malformed)) {
        ++malformed_;
        ++instance.refused;
    }
}

void Listener::listen_on(PipeInstance& instance) {
    for (;;) {
        instance.state = InstanceState::connecting;
        instance.overlapped = {};
        instance.caller = {};
        instance.refused = 0;
        ++waiting_;
        ++under_way_;
        const BOOL connected = ConnectNamedPipe(instance.pipe.get(), &instance.overlapped);
        const DWORD error = connected ? ERROR_SUCCESS : GetLastError();
        if (connected || error == ERROR_IO_PENDING) {
            return;
        }
        // A client that was quicker brings no packet. It gets one: to serve it from here would lead back here, ever
        // deeper, with clients that come and go fast enough.
        if (error == ERROR_PIPE_CONNECTED && PostQueuedCompletionStatus(port_.get(), 0, 0, &instance.overlapped)) {
            return;
        }
        --waiting_;
        --under_way_;
        if (error != ERROR_NO_DATA || stopping_) { // else: a client that came and went
            instances_.remove(instance);
            return;
        }
        DisconnectNamedPipe(instance.pipe.get());
    }
}

void Listener::read_from(PipeInstance& instance, InstanceState state) {
    instance.state = state;
    instance.overlapped = {};
    ++under_way_;
    if (!ReadFile(instance.pipe.get(), instance.frame.data(), static_cast<DWORD>(instance.frame.size()), nullptr,
                  &instance.overlapped)) {
        // Warnings such as ERROR_MORE_DATA bring a packet too; only what failed outright does not.
        if (const DWORD error = GetLastError(); error != ERROR_IO_PENDING && error != ERROR_MORE_DATA) {
            hang_up(instance);
            --under_way_;
        }
    }
}

void Listener::answer(PipeInstance& instance) {
    wire::seal(instance.reply);
    // The pipe has room for some 200 replies, so the write is over at once, and this thread reads on: a packet for
    // it would cost each frame one more turn of a thread. The event's lowest bit keeps it from the port
    // ("GetQueuedCompletionStatus function").
    OVERLAPPED writing{};
    writing.hEvent = reinterpret_cast<HANDLE>(reinterpret_cast<std::uintptr_t>(instance.written.get()) | 1U);
    BOOL written = WriteFile(instance.pipe.get(), &instance.reply, sizeof instance.reply, nullptr, &writing);
    if (!written && GetLastError() == ERROR_IO_PENDING) {
        // A client that reads no replies is not waited for. What is cancelled on a pipe ends at once.
        ++disconnected_;
        CancelIoEx(instance.pipe.get(), &writing);
        DWORD size = 0;
        written = GetOverlappedResult(instance.pipe.get(), &writing, &size, TRUE);
    }
    if (written && !instance.evicted) {
        read_from(instance, InstanceState::reading);
    } else {
        hang_up(instance);
    }
}

void Listener::hang_up(PipeInstance& instance) {
    // One that was evicted is leaving until it waits: a thread that saw it as neither would evict another.
    const std::scoped_lock lock(spares_mutex_);
    instances_.leave(instance);
    DisconnectNamedPipe(instance.pipe.get());
    if (waiting_ >= options_.spare_instances || stopping_) {
        instances_.remove(instance);
    } else {
        listen_on(instance);
    }
}

} // namespace maptrail
