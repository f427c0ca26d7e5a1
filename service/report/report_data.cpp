#include "service/report/report_data.hpp"

#include "common/model/windows_error.hpp"
#include "service/answers/error_help.hpp"
#include "service/format/table_cells.hpp"
#include "service/format/words.hpp"
#include "service/text/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace maptrail {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t hour = 3'600;
constexpr std::size_t most_bars = 150;   ///< of the timeline: what a page has room for
constexpr std::size_t most_ranked = 200; ///< of each list of counts; what is beyond is seldom
constexpr std::size_t most_hours = 200'000;

Json ranked(const Tally& tally) {
    const std::vector<TallyRow> rows = tally.rows();
    Json list = Json::array();
    for (std::size_t i = 0; i < std::min(rows.size(), most_ranked); ++i) {
        const TallyCounts& counts = rows[i].counts;
        list.push_back({printable(rows[i].name), counts.total, counts.failure, counts.denied});
    }
    return list;
}

} // namespace

std::size_t NameList::place_of(std::string_view name) {
    const auto [found, is_new] = places_.try_emplace(std::string(name), names_.size());
    if (is_new) {
        names_.push_back(printable(name));
    }
    return found->second;
}

ReportData::ReportData(const ZoneOffset& zone, std::size_t most_rows)
    : zone_(zone), most_rows_(most_rows), users_(TallyBy::user, zone), shares_(TallyBy::share, zone),
      programs_(TallyBy::exe, zone), rules_(TallyBy::rule, zone), errors_(0) {}

std::int64_t ReportData::local_seconds(std::int64_t time) {
    const std::int64_t seconds = time / second;
    return seconds + zone_.offset_at(seconds);
}

void ReportData::add(const Operation& operation) {
    if (operation.action == Action::loss) {
        ++losses_;
        lost_ += operation.loss ? operation.loss->count : 0;
        return;
    }
    users_.add(operation);
    shares_.add(operation);
    programs_.add(operation);
    rules_.add(operation);
    errors_.add(operation);
    const std::int64_t at = local_seconds(operation.start) / hour;
    if (hours_.size() < most_hours || hours_.contains(at)) {
        Moment& moment = hours_[at];
        switch (operation.outcome) {
        case Outcome::success:
            ++moment.success;
            break;
        case Outcome::failure:
            ++moment.failure;
            break;
        case Outcome::denied:
            ++moment.denied;
            break;
        case Outcome::pending:
        case Outcome::unknown:
            ++moment.unknown;
            break;
        }
    }
    if (row_count_ < most_rows_) {
        add_row(operation);
    }
}

void ReportData::add_row(const Operation& operation) {
    std::string rules;
    for (const MatchedRule& rule : operation.judged.rules) {
        rules += (rules.empty() ? "" : "; ") + rule.name;
    }
    const Outcome outcome = operation.outcome == Outcome::pending ? Outcome::unknown : operation.outcome;
    const std::array<std::int64_t, 11> row{
        operation.id,
        local_seconds(operation.start),
        static_cast<std::int64_t>(operation.action),
        static_cast<std::int64_t>(drive_names_.place_of(operation.local_name)),
        static_cast<std::int64_t>(remote_names_.place_of(operation.remote_name)),
        static_cast<std::int64_t>(user_names_.place_of(who_text(operation.identity))),
        static_cast<std::int64_t>(program_names_.place_of(operation.process.path)),
        static_cast<std::int64_t>(result_names_.place_of(result_text(operation, TableDetail::full))),
        static_cast<std::int64_t>(outcome),
        static_cast<std::int64_t>(operation.process.pid),
        static_cast<std::int64_t>(rule_names_.place_of(rules)),
    };
    rows_ += row_count_++ == 0 ? "[" : ",[";
    for (std::size_t i = 0; i < row.size(); ++i) {
        rows_ += i == 0 ? "" : ",";
        rows_ += std::to_string(row.at(i));
    }
    rows_ += ']';
}

/// Bars of equal length, an hour or whole days, as few as fit.
Json ReportData::timeline() const {
    if (hours_.empty()) {
        return {{"hours", 1}, {"from", 0}, {"bars", Json::array()}};
    }
    const std::int64_t span = hours_.rbegin()->first - hours_.begin()->first + 1;
    std::int64_t length = 1;
    if (span > static_cast<std::int64_t>(most_bars)) {
        constexpr std::int64_t day = 24;
        length = (span / static_cast<std::int64_t>(most_bars) / day + 1) * day;
    }
    const std::int64_t from = hours_.begin()->first / length * length;
    const auto count = static_cast<std::size_t>((hours_.rbegin()->first - from) / length + 1);
    std::vector<Moment> bars(count);
    for (const auto& [at, moment] : hours_) {
        Moment& bar = bars[static_cast<std::size_t>((at - from) / length)];
        bar.success += moment.success;
        bar.failure += moment.failure;
        bar.denied += moment.denied;
        bar.unknown += moment.unknown;
    }
    Json list = Json::array();
    for (const Moment& bar : bars) {
        list.push_back({bar.success, bar.failure, bar.denied, bar.unknown});
    }
    return {{"hours", length}, {"from", from * hour}, {"bars", std::move(list)}};
}

Json ReportData::failures() const {
    Json list = Json::array();
    for (const ErrorRow& row : errors_.rows()) {
        if (list.size() == most_ranked) {
            break;
        }
        const ErrorHelp* const help = error_help(row.code);
        list.push_back({row.code, error_name(row.code), row.count,
                        help != nullptr ? help->meaning : error_text(row.code),
                        help != nullptr ? help->remedy : std::string_view()});
    }
    return list;
}

Json ReportData::json() const {
    const TallyCounts& counts = totals();
    return {
        {"totals",
         {{"total", counts.total},
          {"success", counts.success},
          {"failure", counts.failure},
          {"denied", counts.denied},
          {"unknown", counts.unknown},
          {"losses", losses_},
          {"lost", lost_},
          {"listed", row_count_}}},
        {"timeline", timeline()},
        {"users", ranked(users_)},
        {"shares", ranked(shares_)},
        {"programs", ranked(programs_)},
        {"rules", ranked(rules_)},
        {"failures", failures()},
        {"names",
         {{"drive", drive_names_.names()},
          {"remote", remote_names_.names()},
          {"user", user_names_.names()},
          {"program", program_names_.names()},
          {"result", result_names_.names()},
          {"rule", rule_names_.names()}}},
    };
}

} // namespace maptrail
