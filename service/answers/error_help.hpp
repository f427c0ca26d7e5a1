// What the errors that network connections end with mean, and what usually helps, in plain words.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace maptrail {

struct ErrorHelp {
    std::uint32_t code;
    std::string_view meaning; ///< a sentence or two
    std::string_view remedy;  ///< the same
};

/// Null for an error that it has nothing of. error_name() and error_text() know more of them.
[[nodiscard]] const ErrorHelp* error_help(std::uint32_t code);

/// All of them, sorted by code.
[[nodiscard]] std::span<const ErrorHelp> all_error_help();

} // namespace maptrail
