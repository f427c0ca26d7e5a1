// Text as people see it: compared without regard to case, measured in columns, safe to print.
#pragma once

#include <string>
#include <string_view>

namespace maptrail {

/// A key under which names that Windows takes for the same are equal: upper case, code point by code point.
[[nodiscard]] std::string fold(std::string_view utf8);

/// The same into a buffer that is used again and again.
void fold_into(std::string& out, std::string_view utf8);

/// Columns of a terminal that the text takes: a wide character 2, a combining mark 0.
[[nodiscard]] int display_width(std::string_view utf8);

/// The text cut between two user-perceived characters and ended by "…", so that it takes at most `columns`.
[[nodiscard]] std::string fit(std::string_view utf8, int columns);

/// What could drive a terminal or reorder a line is replaced: C0 controls and DEL by their pictures, C1 controls, line
/// and paragraph separators and bidirectional marks and overrides by U+FFFD. A hostile name stays one line of text.
[[nodiscard]] std::string printable(std::string_view utf8);

} // namespace maptrail
