// Answers a query row by row.
#pragma once

#include "service/query/query.hpp"
#include "service/store/database.hpp"
#include "service/store/detail_matcher.hpp"
#include "service/store/matcher.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace maptrail {

/// Reads in pages: the database is left alone while the caller deals with a page, however slow he is, so that no reader
/// keeps the write-ahead log from being emptied. Memory is one page's. What is stored after the start is left out.
class Finder {
public:
    /// `go_on` is asked before each page; it may be empty. All three must outlive it.
    Finder(Database& database, const Query& query, const std::function<bool()>& go_on);

    [[nodiscard]] Reached run(const std::function<bool(const Operation&)>& row);

private:
    /// Order of the answer: by start or by the place in the order of ending, then by id.
    struct Key {
        std::int64_t first;
        std::int64_t id;
    };
    enum class Order { oldest_first, newest_first };
    using Page = std::vector<Operation>;

    [[nodiscard]] std::string sql(Order order) const;
    [[nodiscard]] Key first_key(Order order) const;
    [[nodiscard]] Key key_of(const Statement& row) const;
    [[nodiscard]] bool next_page(Statement& statement, Key& after, const std::function<bool()>& take) const;
    [[nodiscard]] bool overtaken(Key before);
    [[nodiscard]] PlaceProblem problem_of(const Place& from) const;
    void search(std::uint64_t most, const std::function<bool(const Operation&)>& row);
    void walk(Order order, Key after, std::uint64_t most, const std::function<bool(const Operation&)>& row);

    /// The current row as an operation, if it fits.
    [[nodiscard]] std::optional<Operation> fitting(const Statement& row);

    /// The key before that of the oldest among the newest `most`.
    [[nodiscard]] Key before_newest(std::uint64_t most);

    void bind(Statement& statement, Order order, Key after) const;
    [[nodiscard]] bool stopped() { return stopped_ = stopped_ || (go_on_ && !go_on_()); }

    Database& database_;
    const Query& query_;
    const std::function<bool()>& go_on_;
    Matcher matcher_;
    DetailMatcher details_;
    std::string drive_letter_; ///< that is asked for; empty: the matcher knows
    std::int64_t last_id_;
    Place last_place_;
    std::int64_t forgotten_;
    bool stopped_ = false;
    bool overtaken_ = false;
};

} // namespace maptrail
