// The three things that the router reads from the registry.
#pragma once

#include "tests/router/shim/npapi.hpp"

#include <string>
#include <vector>

namespace maptrail::router {

/// The DLLs that are registered under Notifyees, whatever their values are called, in the key's own order. Variables in
/// a REG_EXPAND_SZ are expanded; a REG_SZ is taken as it stands; other types are no paths.
[[nodiscard]] std::vector<std::wstring> notifyee_paths();

/// The display name of the first provider in the provider order; empty if there is none. The test provider is the only
/// one under Wine, so this is the one that served the call.
[[nodiscard]] std::wstring first_provider_name();

} // namespace maptrail::router
