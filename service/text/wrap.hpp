// Prose on a terminal.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace maptrail {

/// The text in lines of at most `width` columns, each after `indent` blanks and with a line end; broken at blanks, a
/// longer word where the line ends. Without a width it is one line.
[[nodiscard]] std::string wrapped(std::string_view utf8, std::size_t indent, std::optional<std::size_t> width);

} // namespace maptrail
