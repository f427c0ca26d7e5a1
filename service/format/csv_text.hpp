// RFC 4180: CRLF, quotes where they are needed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace maptrail {

/// A field as it stands in a line. Before what a spreadsheet would take for a formula, at its beginning or after a
/// separator of other lists than these, stands a ' then: anyone may put such a name into the history.
[[nodiscard]] std::string csv_field(std::string_view field);

/// A line with its end. On a terminal fields are printable(), so that no name drives it or feigns a row.
[[nodiscard]] std::string csv_line(const std::vector<std::string>& fields, bool for_terminal);

} // namespace maptrail
