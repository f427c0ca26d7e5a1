#include "service/rules/program_name.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace maptrail::rules {

namespace {

constexpr auto shells = std::to_array<std::string_view>(
    {"bash",           "busybox",  "cmd",      "command",  "conhost",  "csh", "cscript", "dash",
     "fish",           "forfiles", "ksh",      "mshta",    "msbuild",  "nu",  "pcalua",  "powershell",
     "powershell_ise", "pwsh",     "regsvr32", "rundll32", "schtasks", "sh",  "tcsh",    "wmic",
     "wscript",        "wsl",      "wt",       "zsh"});

constexpr std::string_view suffix = ".exe";

} // namespace

std::span<const std::string_view> shell_names() {
    return shells;
}

std::string_view program_name_fault(std::string_view file_name) {
    std::string name(file_name);
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    if (!name.ends_with(suffix) || name.size() == suffix.size()) {
        return "a program, whose name ends in .exe: batch files and scripts are run by a shell, which would take parts "
               "of their arguments for commands";
    }
    const std::string_view stem = std::string_view(name).substr(0, name.size() - suffix.size());
    if (std::ranges::find(shells, stem) != shells.end()) {
        return "a program that is no shell or script host: those take text for commands, and the event has texts that "
               "strangers choose";
    }
    return {};
}

} // namespace maptrail::rules
