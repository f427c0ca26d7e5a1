#include "service/store/finder.hpp"

#include "service/store/operation_row.hpp"
#include "service/store/statement.hpp"

#include <limits>

namespace maptrail {
namespace {

constexpr std::size_t page_rows = 256;         ///< that fit
constexpr std::uint64_t page_looked_at = 8192; ///< rows, fitting or not, that one read lasts for

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

std::string id_list(const std::vector<std::int64_t>& ids) {
    std::string text;
    for (const std::int64_t id : ids) {
        text += (text.empty() ? "" : ",") + std::to_string(id);
    }
    return text;
}

} // namespace

Finder::Finder(Database& database, const Query& query, const std::function<bool()>& go_on)
    : database_(database), query_(query), go_on_(go_on), matcher_(query),
      last_id_(database.integer("SELECT coalesce(max(id), 0) FROM operation")) {}

std::string Finder::sql(Order order) const {
    const bool up = order == Order::oldest_first;
    // A plus sign takes the index on times out of it: the primary key leads straight to a row that is asked for by id.
    const std::string plus = query_.ids.empty() ? "" : "+";
    const std::string start = plus + "start_time";
    std::string text = "SELECT id, " + std::string(operation_columns) + ", " + record_columns + ", " + loss_columns +
                       " FROM operation WHERE ";
    // One bound for each end, so that the index leads straight to the first row: a step that passed over rows by itself
    // could not be stopped.
    text += up ? start + " >= ?1 AND (start_time > ?1 OR id > ?2) AND " + start + " <= ?4"
               : start + " <= ?1 AND (start_time < ?1 OR id < ?2) AND " + start + " >= ?4";
    text += " AND id <= ?3";
    text += query_.only_user_sid ? " AND " + plus + "user_sid = ?5" : std::string();
    text += query_.ids.empty() ? std::string() : " AND id IN (" + id_list(query_.ids) + ")";
    text += up ? " ORDER BY start_time, id" : " ORDER BY start_time DESC, id DESC";
    return text;
}

Finder::Key Finder::first_key(Order order) const {
    return order == Order::oldest_first ? Key{query_.since.value_or(lowest), lowest}
                                        : Key{query_.until ? *query_.until - 1 : highest, highest};
}

void Finder::bind(Statement& statement, Order order, Key after) const {
    const Order other_way = order == Order::oldest_first ? Order::newest_first : Order::oldest_first;
    statement.bind(1, after.start);
    statement.bind(2, after.id);
    statement.bind(3, last_id_);
    statement.bind(4, first_key(other_way).start);
    if (query_.only_user_sid) {
        statement.bind(5, std::string_view(*query_.only_user_sid));
    }
}

/// Calls `take` for each row that fits until it returns false. Returns whether there may be more.
bool Finder::next_page(Statement& statement, Key& after, const std::function<bool()>& take) {
    const ResetGuard guard(statement);
    for (std::uint64_t looked_at = 0; looked_at < page_looked_at; ++looked_at) {
        if (!statement.step()) {
            return false;
        }
        after = {statement.integer(column::start_time), statement.integer(0)};
        if (!take()) {
            return true;
        }
    }
    return true;
}

void Finder::walk(Order order, Key after, std::uint64_t most, const std::function<bool(const Operation&)>& row) {
    Statement statement(database_, sql(order));
    Page page;
    for (bool more = true; more && most > 0 && !stopped();) {
        page.clear();
        bind(statement, order, after);
        more = next_page(statement, after, [&] {
            if (matcher_.matches(statement)) {
                Operation& found = page.emplace_back(read_operation(statement));
                if (found.action == Action::loss) {
                    found.loss = read_loss(statement);
                }
            }
            return page.size() < page_rows && page.size() < most;
        });
        for (const Operation& operation : page) {
            if (!row(operation)) {
                return;
            }
        }
        most -= page.size();
    }
}

Finder::Key Finder::before_newest(std::uint64_t most) {
    Statement statement(database_, sql(Order::newest_first));
    Key oldest = first_key(Order::newest_first);
    Key after = oldest;
    std::uint64_t count = 0;
    for (bool more = true; more && count < most && !stopped();) {
        bind(statement, Order::newest_first, after);
        more = next_page(statement, after, [&] {
            if (matcher_.matches(statement)) {
                oldest = {statement.integer(column::start_time), statement.integer(0)};
                ++count;
            }
            return count < most;
        });
    }
    return {oldest.start, count == 0 ? oldest.id : oldest.id - 1};
}

void Finder::run(const std::function<bool(const Operation&)>& row) {
    if (query_.until == lowest) {
        return;
    }
    const std::uint64_t most = query_.newest.value_or(no_limit);
    if (query_.newest_first) {
        walk(Order::newest_first, first_key(Order::newest_first), most, row);
    } else if (query_.newest && most > 0) {
        walk(Order::oldest_first, before_newest(most), most, row);
    } else {
        walk(Order::oldest_first, first_key(Order::oldest_first), most, row);
    }
}

} // namespace maptrail
