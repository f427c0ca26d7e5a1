// What a field holds where the documentation leaves it undefined: something that nobody can use by mistake and get away
// with it.
#pragma once

#include "tests/router/shim/npapi.hpp"

namespace maptrail::router {

inline constexpr DWORD wild_number = 0xDEADBEEF;

/// An address that cannot be read in this process: it lies in a range that is reserved and never committed.
[[nodiscard]] LPWSTR wild_pointer();

} // namespace maptrail::router
