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
        {
            const std::scoped_lock lock(mutex_);
            for (const auto& [instance, owner] : instances_) {
                CancelIoEx(instance->pipe.get(), nullptr);
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        PostQueuedCompletionStatus(port_.get(), 0, 0, nullptr);
    }
    threads_.clear();
    const std::scoped_lock lock(mutex_);
    instances_.clear();
}

ListenerCounts Listener::counts() const {
    const std::scoped_lock lock(mutex_);
    return {received_, malformed_, unidentified_, disconnected_, clients_, instances_.size(), waiting_};
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
    if (CreateIoCompletionPort(instance->pipe.get(), port_.get(), 0, 0) == nullptr) {
        win32::throw_last_error("cannot tie the notify pipe to the completion port");
    }
    PipeInstance& added = *instance;
    {
        const std::scoped_lock lock(mutex_);
        instances_.emplace(&added, std::move(instance));
    }
    listen_on(added);
}

void Listener::keep_spares() {
    while (waiting_ < options_.spare_instances && !stopping_) {
        {
            const std::scoped_lock lock(mutex_);
            if (instances_.size() >= options_.most_instances) {
                return;
            }
        }
        try {
            add_instance(false);
        } catch (const std::exception&) {
            // Short of memory or handles: those that there are go on, and the next client brings us here again.
            return;
        }
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
        clients_ -= instance.state == InstanceState::connecting ? 0 : 1;
        forget(instance);
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
    case InstanceState::writing:
        if (error != ERROR_SUCCESS) {
            hang_up(instance);
        } else {
            read_from(instance, InstanceState::reading);
        }
        return;
    }
}

void Listener::on_connected(PipeInstance& instance) {
    ++clients_;
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
    DWORD error = 0;
    if (!callers_.identify(instance.pipe.get(), instance.caller, error)) {
        ++unidentified_;
        ++instance.refused;
        instance.reply.result = static_cast<std::uint16_t>(wire::Result::refused_identity);
        return;
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
        --waiting_;
        if (error == ERROR_PIPE_CONNECTED) { // a client that was quicker: no packet will come
            on_connected(instance);
            --under_way_;
            return;
        }
        --under_way_;
        if (error != ERROR_NO_DATA || stopping_) { // else: a client that came and went
            forget(instance);
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
    instance.state = InstanceState::writing;
    instance.overlapped = {};
    ++under_way_;
    if (!WriteFile(instance.pipe.get(), &instance.reply, sizeof instance.reply, nullptr, &instance.overlapped) &&
        GetLastError() != ERROR_IO_PENDING) {
        hang_up(instance);
        --under_way_;
    }
}

void Listener::hang_up(PipeInstance& instance) {
    --clients_;
    DisconnectNamedPipe(instance.pipe.get());
    if (waiting_ >= options_.spare_instances || stopping_) {
        forget(instance);
    } else {
        listen_on(instance);
    }
}

void Listener::forget(PipeInstance& instance) {
    std::unique_ptr<PipeInstance> owner;
    const std::scoped_lock lock(mutex_);
    if (const auto found = instances_.find(&instance); found != instances_.end()) {
        owner = std::move(found->second);
        instances_.erase(found);
    }
}

} // namespace maptrail
