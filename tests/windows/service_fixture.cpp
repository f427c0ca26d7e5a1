#include "tests/windows/service_fixture.hpp"

namespace maptrail::test {

namespace {
constexpr DWORD patience_ms = 5'000;
}

Sender::Sender(const std::wstring& pipe_name) : event_(CreateEventW(nullptr, TRUE, FALSE, nullptr)) {
    while (!pipe_) {
        pipe_ = win32::Handle(CreateFileW(pipe_name.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                                          FILE_FLAG_OVERLAPPED, nullptr));
        if (!pipe_ && (GetLastError() != ERROR_PIPE_BUSY || !WaitNamedPipeW(pipe_name.c_str(), patience_ms))) {
            win32::throw_last_error("cannot connect to the pipe");
        }
    }
    DWORD mode = PIPE_READMODE_MESSAGE;
    if (!SetNamedPipeHandleState(pipe_.get(), &mode, nullptr, nullptr)) {
        win32::throw_last_error("cannot read the pipe by messages");
    }
}

bool Sender::finish(OVERLAPPED& operation, DWORD& moved) {
    if (WaitForSingleObject(event_.get(), patience_ms) != WAIT_OBJECT_0) {
        CancelIoEx(pipe_.get(), &operation);
    }
    return GetOverlappedResult(pipe_.get(), &operation, &moved, TRUE) != 0;
}

bool Sender::send(std::span<const std::byte> bytes) {
    OVERLAPPED operation{};
    operation.hEvent = event_.get();
    DWORD moved = 0;
    return (WriteFile(pipe_.get(), bytes.data(), static_cast<DWORD>(bytes.size()), nullptr, &operation) ||
            GetLastError() == ERROR_IO_PENDING) &&
           finish(operation, moved) && moved == bytes.size();
}

bool Sender::receive(wire::Reply& reply) {
    OVERLAPPED operation{};
    operation.hEvent = event_.get();
    alignas(8) std::array<std::byte, 256> bytes{};
    DWORD moved = 0;
    return (ReadFile(pipe_.get(), bytes.data(), static_cast<DWORD>(bytes.size()), nullptr, &operation) ||
            GetLastError() == ERROR_IO_PENDING) &&
           finish(operation, moved) && wire::decode(std::span(bytes).first(moved), reply) == wire::DecodeError::none;
}

Frame::Frame(std::uint64_t sequence, std::u16string_view remote) {
    wire::Request request;
    request.producer.fill(9);
    request.sequence = sequence;
    request.operation = sequence;
    request.process_id = 4; // a lie: nobody but the System process has it
    request.remote = {remote, 0};
    size = wire::encode(request, buffer);
}

bool accepted(Sender& sender, std::uint64_t sequence) {
    wire::Reply reply{};
    return sender.exchange(Frame(sequence).bytes(), reply) && reply.sequence == sequence &&
           reply.result == static_cast<std::uint16_t>(wire::Result::accepted);
}

} // namespace maptrail::test
