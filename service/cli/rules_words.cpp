#include "service/cli/rules_words.hpp"

#include "common/model/windows_error.hpp"
#include "service/cli/usage_error.hpp"
#include "service/format/ecs_json.hpp"
#include "service/format/words.hpp"
#include "service/text/text.hpp"

namespace maptrail {

RulesFormat rules_format_of(const std::string& text, const char* word) {
    if (text == word) {
        return RulesFormat::people;
    }
    if (text == "json") {
        return RulesFormat::json;
    }
    throw UsageError("-o: \"" + text + "\" is not understood. Accepted: " + word + ", json.");
}

std::string_view mode_word(rules::Mode mode) {
    return mode == rules::Mode::enforce ? "enforce" : "audit";
}

std::vector<std::string_view> phase_words(const rules::Rule& rule) {
    const rules::Phases phases = rules::phases_of(rule.when);
    std::vector<std::string_view> words;
    if (phases.before) {
        words.emplace_back("before");
    }
    if (phases.after) {
        words.emplace_back("after");
    }
    return words;
}

std::string joined_words(const std::vector<std::string_view>& words) {
    std::string text;
    for (const std::string_view word : words) {
        text += (text.empty() ? "" : ", ") + std::string(word);
    }
    return text;
}

std::string status_text(std::uint32_t status) {
    const std::string_view name = error_name(status);
    return name.empty() ? "error " + std::to_string(status) : std::string(name) + " (" + std::to_string(status) + ")";
}

std::string operation_line(const Operation& operation, const ZoneOffset& zone) {
    std::string text = local_time(operation.start, zone) + " " + std::string(word_of(operation.action));
    for (const std::string& name : {operation.local_name, operation.remote_name}) {
        text += name.empty() ? "" : " " + name;
    }
    text += ", " + who_text(operation.identity);
    text += operation.process.path.empty() ? "" : ", " + file_name_of(operation.process.path);
    text += ": " + std::string(word_of(operation.outcome));
    text += operation.error != 0 ? ", " + status_text(operation.error) : "";
    return printable(text) + " (" + std::to_string(operation.id) + ")";
}

std::string counted(std::uint64_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::optional<std::size_t> width_of(Environment& environment) {
    const Terminal terminal = environment.terminal();
    return terminal.is_terminal ? std::optional(terminal.width) : std::nullopt;
}

} // namespace maptrail
