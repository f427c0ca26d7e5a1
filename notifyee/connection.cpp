#include "notifyee/connection.hpp"

#include "common/product.hpp"
#include "common/win32/pipe_server.hpp"

namespace maptrail::notifyee {

namespace {

// GENERIC_WRITE would ask for FILE_CREATE_PIPE_INSTANCE, which the pipe's access list gives to the service alone
// ("Named Pipe Security and Access Rights").
constexpr DWORD pipe_access =
    FILE_READ_DATA | FILE_WRITE_DATA | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE;

// The service may learn who calls, and may not act as the caller. Without context tracking the connection tells of the
// thread that opened it ("Impersonation Levels", CreateFileW), so the service has to ask but once: kept connections are
// opened and used by threads that act as the process alone, any other thread has one for the call.
constexpr DWORD pipe_flags = FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION;

bool is_gone(DWORD error) {
    return error == ERROR_BROKEN_PIPE || error == ERROR_NO_DATA || error == ERROR_PIPE_NOT_CONNECTED ||
           error == ERROR_BAD_PIPE;
}

} // namespace

void Connection::close() {
    if (pipe_ != nullptr) {
        CloseHandle(pipe_);
        pipe_ = nullptr;
    }
    if (event_ != nullptr) {
        CloseHandle(event_);
        event_ = nullptr;
    }
}

bool Connection::server_is_trusted(std::uint32_t service_id) const {
    ULONG server = 0;
    // A notification from inside the service has nobody to wait for but itself.
    if (!GetNamedPipeServerProcessId(pipe_, &server) || server == GetCurrentProcessId() ||
        (service_id != 0 && server != service_id)) {
        return false;
    }
    return win32::pipe_belongs_to_system(pipe_);
}

Exchange Connection::connect(const Deadline& deadline) {
    for (;;) {
        const HANDLE pipe = CreateFileW(notify_pipe_name, pipe_access, 0, nullptr, OPEN_EXISTING, pipe_flags, nullptr);
        if (pipe != INVALID_HANDLE_VALUE) {
            pipe_ = pipe;
            return Exchange::answered;
        }
        if (GetLastError() != ERROR_PIPE_BUSY) {
            return Exchange::absent;
        }
        // 0 would mean the pipe's own default, 0xFFFFFFFF for ever (WaitNamedPipeW).
        const DWORD left = deadline.remaining_ms();
        if (left == 0 || !WaitNamedPipeW(notify_pipe_name, left)) {
            return Exchange::timed_out;
        }
    }
}

Exchange Connection::open(std::uint32_t service_id, const Deadline& deadline) {
    close();
    const Exchange connected = connect(deadline);
    if (connected != Exchange::answered) {
        return connected;
    }
    DWORD mode = PIPE_READMODE_MESSAGE;
    event_ = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    if (event_ == nullptr || !SetNamedPipeHandleState(pipe_, &mode, nullptr, nullptr) ||
        !server_is_trusted(service_id)) {
        close();
        return Exchange::absent;
    }
    return Exchange::answered;
}

Exchange Connection::transact(std::span<const std::byte> frame, std::span<std::byte> answer, std::size_t& size,
                              const Deadline& deadline) {
    OVERLAPPED overlapped{};
    overlapped.hEvent = event_;
    DWORD read = 0;
    // The system does not write to the request; the parameter is not const for old times' sake.
    auto* request = const_cast<std::byte*>(frame.data());
    Exchange result = Exchange::answered;
    if (!TransactNamedPipe(pipe_, request, static_cast<DWORD>(frame.size()), answer.data(),
                           static_cast<DWORD>(answer.size()), &read, &overlapped)) {
        DWORD error = GetLastError();
        if (error == ERROR_IO_PENDING) {
            if (WaitForSingleObject(event_, deadline.remaining_ms()) != WAIT_OBJECT_0) {
                // The buffers are on this stack: the operation has to be over before they are gone. A cancelled
                // operation on a pipe ends at once, so this wait is not one for the service.
                CancelIoEx(pipe_, &overlapped);
                result = Exchange::timed_out;
            }
            error = GetOverlappedResult(pipe_, &overlapped, &read, TRUE) ? ERROR_SUCCESS : GetLastError();
        }
        if (error == ERROR_SUCCESS) {
            result = Exchange::answered; // it came while we gave up
        } else if (result != Exchange::timed_out) {
            result = is_gone(error) ? Exchange::broken : Exchange::absent;
        }
    }
    size = read;
    if (result != Exchange::answered) {
        close();
    }
    return result;
}

} // namespace maptrail::notifyee
