// Names that come from outside must not write lines of their own into the log, nor steer a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace maptrail {

/// A longer message is cut, and says so.
inline constexpr std::size_t max_log_message = 16384;

/// Control characters, line separators, and characters that turn the direction of writing become \x0A or \u202E; bytes
/// that are no UTF-8 become U+FFFD. A backslash stays one: Windows' names are full of them.
[[nodiscard]] std::string one_line(std::string_view text);

} // namespace maptrail
