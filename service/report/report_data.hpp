// What a report shows of a history: counts of all of it, and the newest operations one by one.
#pragma once

#include "service/answers/error_tally.hpp"
#include "service/answers/tally.hpp"
#include "service/format/quarter_zone.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace maptrail {

/// Names that occur again and again, each once.
class NameList {
public:
    /// The place of the name in names(). What could drive or reorder a line is replaced, see printable().
    std::size_t place_of(std::string_view name);
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

private:
    std::unordered_map<std::string, std::size_t> places_;
    std::vector<std::string> names_;
};

/// Memory: that of the rows, and of the bounded tallies.
class ReportData {
public:
    /// `most_rows`: operations that are listed; those beyond are counted alone.
    ReportData(const ZoneOffset& zone, std::size_t most_rows);

    /// The newest first.
    void add(const Operation& operation);

    [[nodiscard]] const TallyCounts& totals() const { return users_.total(); }
    [[nodiscard]] std::uint64_t losses() const { return losses_; }

    /// As the page's script reads them: counts and names, and the rows as an array's elements, numbers alone. Times of
    /// rows are seconds of local time since 1970.
    [[nodiscard]] nlohmann::json json() const;
    [[nodiscard]] const std::string& rows() const { return rows_; }

private:
    struct Moment {
        std::uint64_t success = 0;
        std::uint64_t failure = 0;
        std::uint64_t denied = 0;
        std::uint64_t unknown = 0;
    };

    [[nodiscard]] std::int64_t local_seconds(std::int64_t time);
    void add_row(const Operation& operation);
    [[nodiscard]] nlohmann::json timeline() const;
    [[nodiscard]] nlohmann::json failures() const;

    QuarterZone zone_;
    std::size_t most_rows_;
    Tally users_;
    Tally shares_;
    Tally programs_;
    Tally rules_;
    ErrorTally errors_;
    std::map<std::int64_t, Moment> hours_; ///< by hour of local time since 1970
    std::uint64_t losses_ = 0;
    std::uint64_t lost_ = 0;
    NameList user_names_;
    NameList program_names_;
    NameList drive_names_;
    NameList remote_names_;
    NameList result_names_;
    NameList rule_names_;
    std::size_t row_count_ = 0;
    std::string rows_;
};

} // namespace maptrail
