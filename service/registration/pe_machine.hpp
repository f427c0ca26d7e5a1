// For which machine a DLL was built.
#pragma once

#include "service/registration/facts.hpp"

#include <string>

namespace maptrail {

/// Fills in whether the file exists, its machine, and why it could not be read.
void read_pe_machine(const std::wstring& path, LibraryFacts& facts);

} // namespace maptrail
