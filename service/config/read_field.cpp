#include "service/config/read_field.hpp"

#include "common/model/windows_error.hpp"
#include "service/config/field_words.hpp"
#include "service/config/networks.hpp"
#include "service/config/section.hpp"
#include "service/config/sid_text.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace maptrail::config {
namespace {

using rules::Condition;
using rules::Field;

bool holds_any(std::string_view text, std::string_view of) {
    return text.find_first_of(of) != std::string_view::npos;
}

/// Texts of these may be empty: the call named none.
bool may_be_empty(Field field) {
    return field == Field::local || field == Field::share || field == Field::provider;
}

/// What no value of the field has in it, so a pattern with it would never fit.
std::string_view never_in(Field field) {
    switch (field) {
    case Field::local:
    case Field::server:
    case Field::share:
        return "\\/";
    case Field::program:
        return "/\"<>|";
    default:
        return "";
    }
}

void read_pattern(const Document& document, const Node& node, Condition& condition) {
    const Field field = condition.field;
    const std::string& text = read_text(document, node, "a pattern", may_be_empty(field) ? 0 : 1, max_pattern);
    if (holds_any(text, never_in(field))) {
        document.fail_expected(node, field == Field::program ? "a program's name or path, with backslashes"
                                     : field == Field::local ? "a local name alone, as Z: or LPT1:"
                                                             : "the name alone, without \\ or /");
    }
    if (field == Field::sid && !is_sid_pattern(text)) {
        document.fail_expected(node, "a SID such as S-1-5-18 or S-1-5-21-*-500");
    }
    condition.texts.push_back(text);
}

void read_group(const Document& document, const Node& node, Condition& condition) {
    const std::string& text = read_name(document, node, "a group's SID or name", max_pattern);
    if (holds_any(text, "*?")) {
        document.fail_expected(node, "a group's SID or whole name: it is looked up, so * and ? mean nothing in it");
    }
    const bool sid = text.starts_with("S-1-") || text.starts_with("s-1-");
    if (sid && !is_sid(text)) {
        document.fail_expected(node, "a SID such as S-1-5-32-544");
    }
    condition.texts.push_back(text);
}

void read_bitness(const Document& document, const Node& node, Condition& condition) {
    const auto* number = std::get_if<std::uint64_t>(&node.value);
    if (number == nullptr || (*number != 32 && *number != 64)) {
        document.fail_expected(node, "32 or 64");
    }
    condition.numbers.push_back(*number);
}

void read_bool(const Document& document, const Node& node, Condition& condition) {
    const auto* value = std::get_if<bool>(&node.value);
    if (value == nullptr) {
        document.fail_expected(node, "true or false");
    }
    condition.numbers.push_back(*value ? 1 : 0);
}

/// Minutes of "HH:MM".
std::optional<std::uint16_t> minutes_of(std::string_view text) {
    unsigned hour = 0;
    unsigned minute = 0;
    const auto digits = [](std::string_view two, unsigned& value) {
        const auto [rest, error] = std::from_chars(two.data(), two.data() + two.size(), value);
        return error == std::errc{} && rest == two.data() + two.size();
    };
    if (text.size() != 5 || text[2] != ':' || !digits(text.substr(0, 2), hour) || !digits(text.substr(3), minute) ||
        minute > 59 || hour > 23) {
        return std::nullopt;
    }
    return static_cast<std::uint16_t>(hour * 60 + minute);
}

void read_time(const Document& document, const Node& node, Condition& condition) {
    const auto* text = std::get_if<std::string>(&node.value);
    const std::string_view view = text == nullptr ? std::string_view() : *text;
    const std::string_view end = view.size() == 11 && view[5] == '-' ? view.substr(6) : std::string_view();
    const auto from = minutes_of(view.substr(0, 5));
    const auto to = minutes_of(end == "24:00" ? "00:00" : end); // midnight, whichever day it is counted to
    if (!from || !to) {
        document.fail_expected(node, R"(a time of day "HH:MM-HH:MM", as in "22:00-06:00")");
    }
    condition.times.push_back({*from, *to});
}

void read_address(const Document& document, const Node& node, Condition& condition) {
    static const Words words{"loopback", "linkLocal", "private", "public"};
    const auto* text = std::get_if<std::string>(&node.value);
    const auto refuse = [&](const std::string& meant) {
        document.fail_expected(node, "one of " + list(words) + R"(, or a network such as "10.0.0.0/8")" + meant);
    };
    if (text == nullptr) {
        refuse("");
    } else if (const auto* networks = networks_of(*text)) {
        if (std::ranges::find(condition.texts, *text) != condition.texts.end()) {
            document.fail(node, in_quotes(*text) + " is there twice"); // it has many networks
        }
        condition.networks.insert(condition.networks.end(), networks->begin(), networks->end());
        condition.texts.push_back(*text);
    } else if (const auto network = parse_network(*text)) {
        if (parse_network(std::string_view(*text).substr(0, text->find('/')))->address != network->address) {
            document.fail_expected(node,
                                   in_quotes(network_text(*network)) + ", or a longer prefix: bits beyond it are set");
        }
        condition.networks.push_back(*network);
        condition.texts.push_back(*text);
    } else {
        refuse(did_you_mean(*text, words));
    }
}

void read_value(const Document& document, const Node& node, Condition& condition) {
    switch (condition.field) {
    case Field::local:
    case Field::remote:
    case Field::server:
    case Field::share:
    case Field::provider:
    case Field::user:
    case Field::sid:
    case Field::program:
        return read_pattern(document, node, condition);
    case Field::group:
        return read_group(document, node, condition);
    case Field::forced:
    case Field::elevated:
        return read_bool(document, node, condition);
    case Field::bitness:
        return read_bitness(document, node, condition);
    case Field::error:
        condition.numbers.push_back(read_error_code(document, node));
        return;
    case Field::time:
        return read_time(document, node, condition);
    case Field::address:
        return read_address(document, node, condition);
    case Field::action:
    case Field::phase:
    case Field::resource_type:
    case Field::flags:
    case Field::integrity:
    case Field::session:
    case Field::outcome:
    case Field::weekday:
    case Field::source:
        break;
    }
    const FieldWords& known = words_of(condition.field);
    condition.numbers.push_back(known.numbers.at(read_word(document, node, known.words)));
}

} // namespace

void read_field(const Document& document, const Node& node, Condition& condition) {
    for (const Node* value : values_of(document, node)) {
        read_value(document, *value, condition);
    }
}

std::uint32_t read_error_code(const Document& document, const Node& node) {
    static const Words names = error_names();
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    const auto* number = std::get_if<std::uint64_t>(&node.value);
    if (number != nullptr && *number <= most) {
        return static_cast<std::uint32_t>(*number);
    }
    const auto* name = std::get_if<std::string>(&node.value);
    const auto found = name == nullptr ? names.end() : std::ranges::find(names, *name);
    if (found == names.end()) {
        document.fail_expected(node, "an error's code or its name, as 5 or \"ERROR_ACCESS_DENIED\"" +
                                         (name == nullptr ? std::string() : did_you_mean(*name, names)));
    }
    return error_code(*found).value();
}

} // namespace maptrail::config
