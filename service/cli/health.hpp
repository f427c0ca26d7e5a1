// Judges whether the DLL is registered as it must be.
#pragma once

#include "service/registration/facts.hpp"

#include <string>
#include <vector>

namespace maptrail {

/// One sentence for each thing that is wrong, with what to do; none if all is well.
[[nodiscard]] std::vector<std::string> registration_problems(const RegistrationFacts& facts);

/// "x64", "x86", "arm64", else the number.
[[nodiscard]] std::string machine_word(std::uint16_t machine);

} // namespace maptrail
