// Operations counted by who, where, what and when, in bounded memory.
#pragma once

#include "common/model/operation.hpp"
#include "service/format/time_text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace maptrail {

enum class TallyBy { user, server, share, exe, error, rule, hour };

/// "user", "server", ...; nothing for any other word.
[[nodiscard]] std::optional<TallyBy> tally_by(std::string_view word);
[[nodiscard]] std::string_view word_of(TallyBy by);

struct TallyCounts {
    std::uint64_t total = 0;
    std::uint64_t success = 0;
    std::uint64_t failure = 0;
    std::uint64_t denied = 0;
    std::uint64_t unknown = 0;
    std::int64_t first = 0; ///< start of the earliest, nanoseconds since 1970, UTC
    std::int64_t last = 0;  ///< of the latest

    void add(const Operation& operation);
};

struct TallyRow {
    std::string name;
    TallyCounts counts;
};

class Tally {
public:
    /// Names beyond `most_bytes` of them have one row together: others().
    Tally(TallyBy by, ZoneOffset zone, std::size_t most_bytes = std::size_t{16} * 1024 * 1024);

    /// Passes over losses. Of several rules that matched, each counts it.
    void add(const Operation& operation);

    /// The most frequent first; of hours the earliest first.
    [[nodiscard]] std::vector<TallyRow> rows() const;
    [[nodiscard]] const TallyCounts& others() const { return others_; }
    [[nodiscard]] const TallyCounts& total() const { return total_; } ///< each operation once

private:
    void count(std::string_view name, std::string_view same, const Operation& operation);
    void count_remote(const Operation& operation);
    void count_hour(const Operation& operation);

    TallyBy by_;
    ZoneOffset zone_;
    std::size_t bytes_left_;
    std::unordered_map<std::string, TallyRow> rows_; ///< by what makes two names the same
    TallyCounts others_;
    TallyCounts total_;
    std::string key_;           ///< used again and again
    std::string name_;          ///< the same
    std::int64_t quarter_ = -1; ///< of an hour, whose text is hour_: zones are ahead by whole ones
    std::string hour_;
};

} // namespace maptrail
