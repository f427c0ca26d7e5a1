#pragma once

#include "service/config/document.hpp"
#include "service/config/section.hpp"
#include "service/rules/rule.hpp"

namespace maptrail::config {

inline constexpr std::size_t max_program_path = 259; ///< bytes: Windows' bound without the final zero
inline constexpr std::size_t max_arguments = 64;
/// Bytes of all arguments together. Quoting doubles them at the most, and a command line takes 32,767 characters.
inline constexpr std::size_t max_arguments_size = 8'192;
inline constexpr std::uint32_t max_run_s = 3'600;

/// The words of run.account, in the order of rules::RunAs.
[[nodiscard]] const Words& account_words();

/// A rule's "run". Throws ConfigError for a program that is not named beyond doubt, or that would take a part of what
/// it is given for a command. Whether the file is there, and on a local disk, is not asked here.
[[nodiscard]] rules::Run read_run(const Document& document, const Node& node);

} // namespace maptrail::config
