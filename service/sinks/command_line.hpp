// An argument vector as the one string that Windows passes to a program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace maptrail {

/// Longer ones CreateProcess refuses ("CreateProcessW"). UTF-16 units, without the zero at the end.
inline constexpr std::size_t max_command_line = 32'766;

/// So that CommandLineToArgvW, and the start of a C program, make of it the program and these arguments again. None of
/// them may have a zero in it, and the program no quote.
[[nodiscard]] std::u16string command_line(std::u16string_view program, const std::vector<std::u16string>& arguments);

} // namespace maptrail
