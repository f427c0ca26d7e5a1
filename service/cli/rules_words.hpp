// Texts that the commands on rules share.
#pragma once

#include "common/model/operation.hpp"
#include "service/cli/environment.hpp"
#include "service/rules/rule.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail {

enum class RulesFormat { people, json };

/// `word` is what stands for the form that is for people: "table" or "text". Throws UsageError.
[[nodiscard]] RulesFormat rules_format_of(const std::string& text, const char* word);

/// "enforce", "audit"
[[nodiscard]] std::string_view mode_word(rules::Mode mode);

/// "before", "after": when the rule is judged.
[[nodiscard]] std::vector<std::string_view> phase_words(const rules::Rule& rule);

/// "deny, tag"
[[nodiscard]] std::string joined_words(const std::vector<std::string_view>& words);

/// "ERROR_ACCESS_DENIED (5)"
[[nodiscard]] std::string status_text(std::uint32_t status);

/// "2026-01-31 23:59:58 connect Z: \\files\projects, CORP\jane, explorer.exe: success (17)", printable().
[[nodiscard]] std::string operation_line(const Operation& operation, const ZoneOffset& zone);

/// "2 rules", "1 rule"
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view noun);

/// Columns of the terminal; none where the output is a file.
[[nodiscard]] std::optional<std::size_t> width_of(Environment& environment);

} // namespace maptrail
