#include "service/cli/answer_output.hpp"

#include "service/cli/rules_words.hpp"
#include "service/cli/usage_error.hpp"
#include "service/format/words.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <limits>

namespace maptrail {

AnswerFormat answer_format_of(const std::string& text) {
    if (text == "table") {
        return AnswerFormat::table;
    }
    if (text == "json") {
        return AnswerFormat::json;
    }
    if (text == "csv") {
        return AnswerFormat::csv;
    }
    throw UsageError("-o: \"" + text + "\" is not understood. Accepted: table, json, csv.");
}

std::optional<std::size_t> most_rows_of(const std::optional<std::string>& text) {
    if (!text) {
        return std::nullopt;
    }
    const auto count = number_of(*text, std::numeric_limits<std::uint32_t>::max());
    if (!count || *count == 0) {
        throw UsageError("-n: \"" + *text + "\" is not understood. Accepted: a number from 1 on.");
    }
    return static_cast<std::size_t>(*count);
}

void add_answer_options(CLI::App& command, std::string& format, std::optional<std::string>& most,
                        const char* what_rows) {
    command.add_option("-n,--lines", most, what_rows)->type_name("N");
    command.add_option("-o,--output", format, "table (the default), json or csv")->type_name("FORMAT");
}

Screen::Screen(Environment& environment)
    : width(width_of(environment)), colour(environment.terminal().colour), now(environment.now()),
      zone(environment.zone()) {}

std::string Screen::time(std::int64_t nanoseconds) const {
    return detail_for(width) == TableDetail::narrow ? short_local_time(nanoseconds, now, zone)
                                                    : local_time(nanoseconds, zone);
}

} // namespace maptrail
