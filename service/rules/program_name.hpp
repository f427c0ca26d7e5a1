// Which programs a rule may run, by the name of their file.
#pragma once

#include <span>
#include <string_view>

namespace maptrail::rules {

/// Programs that are refused, without ".exe": shells, script hosts, and what starts others by a command line. They take
/// text for commands, from their arguments or from standard input, where the event comes: names of servers and shares,
/// which strangers choose, would be run.
[[nodiscard]] std::span<const std::string_view> shell_names();

/// What is wrong with a program whose file has that name, without its folder, to follow "expected"; empty if nothing
/// is. For the name as it was written, and again for the one that the file system resolves it to.
[[nodiscard]] std::string_view program_name_fault(std::string_view file_name);

} // namespace maptrail::rules
