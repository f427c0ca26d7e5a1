// The Windows error codes that a network connection ends with: their names and Windows' own English texts.
//
// They are kept here, not asked of the system, so that a record reads the same in every language of Windows, and so
// that a copied database can be read anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace maptrail {

/// "ERROR_BAD_NETPATH" for 53; empty for a code that is not known here.
[[nodiscard]] std::string_view error_name(std::uint32_t code);

/// Windows' English message, without a line end; empty for a code that is not known here.
[[nodiscard]] std::string_view error_text(std::uint32_t code);

/// The code of a name, in any case of its letters. WN_ names of WinNetWk.h are understood too (WN_BAD_NETNAME).
[[nodiscard]] std::optional<std::uint32_t> error_code(std::string_view name);

/// Every name that error_code() knows.
[[nodiscard]] std::vector<std::string_view> error_names();

} // namespace maptrail
