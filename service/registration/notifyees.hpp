// Reads what is registered with the router. Windows only; service/cli/health.hpp judges it.
#pragma once

#include "service/registration/facts.hpp"

namespace maptrail {

/// Never throws for what it finds: what could not be read is told in the facts.
[[nodiscard]] RegistrationFacts read_registration();

} // namespace maptrail
