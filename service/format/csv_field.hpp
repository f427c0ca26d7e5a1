// One field of a CSV line.
#pragma once

#include <string>

namespace maptrail {

/// Quoted where RFC 4180 wants it, and never a formula to a spreadsheet.
[[nodiscard]] std::string csv_field(std::string text);

} // namespace maptrail
