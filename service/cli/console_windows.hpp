// A standard stream: a console takes UTF-16 text, anything else the bytes as they are.
#pragma once

#include "service/cli/environment.hpp"

#include <string_view>
#include <windows.h>

namespace maptrail {

class ConsoleStream {
public:
    enum class Which { output, error };
    explicit ConsoleStream(Which which);

    /// Takes UTF-8. False once nobody reads any more; throws CannotDo on any other failure.
    bool write(std::string_view text) const;

    /// False if it is a pipe that nobody reads any more.
    [[nodiscard]] bool is_read() const;

    [[nodiscard]] Terminal terminal() const;

private:
    HANDLE handle_; ///< the process's: not ours to close
    bool console_ = false;
    bool colour_ = false;
};

} // namespace maptrail
