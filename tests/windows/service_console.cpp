// Standard output of the command line as a pipe, as in `maptrail history | head -1`.
#include "common/win32/error.hpp"
#include "common/win32/handle.hpp"
#include "service/cli/console_windows.hpp"

#include <catch_amalgamated.hpp>

#include <array>
#include <string>

using namespace maptrail;

namespace {

/// Stands for standard output while it lives.
class OutputPipe {
public:
    OutputPipe() : before_(GetStdHandle(STD_OUTPUT_HANDLE)) {
        if (!CreatePipe(reading.receive(), writing_.receive(), nullptr, 0) ||
            !SetStdHandle(STD_OUTPUT_HANDLE, writing_.get())) {
            win32::throw_last_error("cannot make a pipe the standard output");
        }
    }
    OutputPipe(const OutputPipe&) = delete;
    OutputPipe& operator=(const OutputPipe&) = delete;
    ~OutputPipe() { SetStdHandle(STD_OUTPUT_HANDLE, before_); }

    win32::Handle reading;

private:
    win32::Handle writing_;
    HANDLE before_;
};

} // namespace

TEST_CASE("output into a pipe arrives, and its reader's going is noticed and no failure") {
    OutputPipe pipe;
    const ConsoleStream out(ConsoleStream::Which::output);
    CHECK(out.is_read());
    CHECK(out.write("one line\n"));
    std::array<char, 64> read{};
    DWORD count = 0;
    REQUIRE(ReadFile(pipe.reading.get(), read.data(), static_cast<DWORD>(read.size()), &count, nullptr));
    CHECK(std::string(read.data(), count) == "one line\n");
    CHECK_FALSE(out.terminal().is_terminal);
    CHECK_FALSE(out.terminal().colour);

    pipe.reading.reset();
    CHECK_FALSE(out.is_read());
    CHECK_FALSE(out.write("nobody reads this\n"));
    CHECK_FALSE(out.write(std::string(100'000, 'x')));
}
