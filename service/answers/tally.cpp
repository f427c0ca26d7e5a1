#include "service/answers/tally.hpp"

#include "common/model/windows_error.hpp"
#include "service/format/ecs_json.hpp"
#include "service/format/words.hpp"
#include "service/rules/remote_name.hpp"
#include "service/text/ascii.hpp"
#include "service/text/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace maptrail {
namespace {

constexpr auto tally_words = std::to_array<std::pair<TallyBy, std::string_view>>({{TallyBy::user, "user"},
                                                                                  {TallyBy::server, "server"},
                                                                                  {TallyBy::share, "share"},
                                                                                  {TallyBy::exe, "exe"},
                                                                                  {TallyBy::error, "error"},
                                                                                  {TallyBy::rule, "rule"},
                                                                                  {TallyBy::hour, "hour"}});

constexpr std::string_view name_not_known = "(not known)";

constexpr std::int64_t quarter_of_hour = 900LL * 1'000'000'000;

constexpr std::size_t row_cost = 200; ///< bytes of a row beside its names

} // namespace

std::optional<TallyBy> tally_by(std::string_view word) {
    for (const auto& [by, name] : tally_words) {
        if (equal_ascii(name, word)) {
            return by;
        }
    }
    return std::nullopt;
}

std::string_view word_of(TallyBy by) {
    for (const auto& [value, name] : tally_words) {
        if (value == by) {
            return name;
        }
    }
    return {};
}

void TallyCounts::add(const Operation& operation) {
    first = total == 0 ? operation.start : std::min(first, operation.start);
    last = total == 0 ? operation.start : std::max(last, operation.start);
    ++total;
    switch (operation.outcome) {
    case Outcome::success:
        ++success;
        break;
    case Outcome::failure:
        ++failure;
        break;
    case Outcome::denied:
        ++denied;
        break;
    case Outcome::pending:
    case Outcome::unknown:
        ++unknown;
        break;
    }
}

Tally::Tally(TallyBy by, ZoneOffset zone, std::size_t most_bytes)
    : by_(by), zone_(std::move(zone)), bytes_left_(most_bytes) {}

/// `same` is equal for names that are the same.
void Tally::count(std::string_view name, std::string_view same, const Operation& operation) {
    key_ = same;
    auto found = rows_.find(key_);
    if (found == rows_.end()) {
        const std::size_t cost = name.size() + same.size() + row_cost;
        if (cost > bytes_left_) {
            others_.add(operation);
            return;
        }
        bytes_left_ -= cost;
        found = rows_.emplace(key_, TallyRow{std::string(name), {}}).first;
    }
    found->second.counts.add(operation);
}

void Tally::count_remote(const Operation& operation) {
    std::string remote = operation.remote_name;
    rules::unify_separators(remote);
    const rules::RemoteParts parts = rules::parts_of_remote(remote);
    if (!parts.server) {
        return count(name_not_known, name_not_known, operation);
    }
    name_.assign(by_ == TallyBy::share ? R"(\\)" : "").append(*parts.server);
    if (by_ == TallyBy::share) {
        name_.append("\\").append(parts.share.value_or(""));
    }
    count(name_, fold(name_), operation);
}

void Tally::count_hour(const Operation& operation) {
    const std::int64_t quarter = operation.start / quarter_of_hour;
    if (quarter != quarter_ || hour_.empty()) {
        quarter_ = quarter;
        hour_ = local_time(operation.start, zone_).substr(0, std::string_view("2026-01-31 23").size()) + ":00";
    }
    count(hour_, hour_, operation);
}

void Tally::add(const Operation& operation) {
    if (operation.action == Action::loss) {
        return;
    }
    total_.add(operation);
    switch (by_) {
    case TallyBy::user: {
        const Identity& who = operation.identity;
        const std::string name = who_text(who);
        return count(name.empty() ? name_not_known : name, who.user_sid.empty() ? name : who.user_sid, operation);
    }
    case TallyBy::server:
    case TallyBy::share:
        return count_remote(operation);
    case TallyBy::exe: {
        const std::string file = file_name_of(operation.process.path);
        return file.empty() ? count(name_not_known, name_not_known, operation) : count(file, fold(file), operation);
    }
    case TallyBy::error: {
        const std::string_view name = error_name(operation.error);
        const std::string code = std::to_string(operation.error);
        const std::string text = operation.error == 0 ? "(no error)"
                                 : name.empty()       ? "error " + code
                                                      : std::string(name) + " (" + code + ")";
        return count(text, code, operation);
    }
    case TallyBy::rule: {
        const std::vector<MatchedRule>& rules = operation.judged.rules;
        for (auto rule = rules.begin(); rule != rules.end(); ++rule) {
            if (std::find_if(rules.begin(), rule, [&](const MatchedRule& r) { return r.name == rule->name; }) == rule) {
                count(rule->name, rule->name, operation);
            }
        }
        if (rules.empty()) {
            count("(no rule)", {}, operation);
        }
        return;
    }
    case TallyBy::hour:
        return count_hour(operation);
    }
}

std::vector<TallyRow> Tally::rows() const {
    std::vector<TallyRow> rows;
    rows.reserve(rows_.size());
    for (const auto& [key, row] : rows_) {
        rows.push_back(row);
    }
    std::ranges::sort(rows, [&](const TallyRow& a, const TallyRow& b) {
        const bool by_count = by_ != TallyBy::hour && a.counts.total != b.counts.total;
        return by_count ? a.counts.total > b.counts.total : a.name < b.name;
    });
    return rows;
}

} // namespace maptrail
