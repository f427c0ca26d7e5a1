// Which programs a rule may run, by the name of their file.
#pragma once

#include <string_view>

namespace maptrail::rules {

/// What is wrong with a program whose file has that name, without its folder, to follow "expected"; empty if nothing
/// is. For the name as it was written, and again for the one that the file system resolves it to.
[[nodiscard]] std::string_view program_name_fault(std::string_view file_name);

} // namespace maptrail::rules
