// The yardstick: a message pipe between two processes, with nothing done to the messages.
#pragma once

#include "common/win32/handle.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace maptrail::bench {

/// Answers each message with as many bytes as a reply of the service has, one plain loop to a client, until the
/// process is ended. Returns the exit code.
int serve_echo(const std::wstring& pipe_name, unsigned clients);

/// A child process that runs serve_echo, for as long as the object lives.
class EchoServer {
public:
    explicit EchoServer(unsigned clients);
    EchoServer(const EchoServer&) = delete;
    EchoServer& operator=(const EchoServer&) = delete;
    ~EchoServer();

    [[nodiscard]] const std::wstring& pipe_name() const { return pipe_name_; }

private:
    std::wstring pipe_name_;
    win32::Handle process_;
};

/// Talks to it as whoever has a deadline must: TransactNamedPipe, overlapped. Throws if anything fails.
class EchoClient {
public:
    explicit EchoClient(const std::wstring& pipe_name);

    void round_trip(std::span<std::byte> request);

private:
    win32::Handle pipe_;
    win32::Handle event_;
};

} // namespace maptrail::bench
