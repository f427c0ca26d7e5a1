#include "service/store/finder.hpp"

#include "service/store/operation_row.hpp"
#include "service/store/statement.hpp"
#include "service/text/device_name.hpp"

#include <limits>

namespace maptrail {
namespace {

constexpr std::size_t page_rows = 256;         ///< that fit
constexpr std::uint64_t page_looked_at = 8192; ///< rows, fitting or not, that one read lasts for

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

/// Beside the columns of a row.
constexpr const char* producer_key = ", (SELECT key FROM producer WHERE producer.id = operation.producer)";

std::string id_list(const std::vector<std::int64_t>& ids) {
    std::string text;
    for (const std::int64_t id : ids) {
        text += (text.empty() ? "" : ",") + std::to_string(id);
    }
    return text;
}

/// The one drive that is asked for, if it is a letter: the index on drives leads to its operations. Else nothing; what
/// else is asked for, the matcher looks at row by row.
std::string drive_letter(const Query& query) {
    const std::string key = query.drives.size() == 1 ? local_key_of(query.drives.front()) : std::string();
    const bool is_letter = key.size() == 1 && ((key[0] >= 'A' && key[0] <= 'Z') || (key[0] >= 'a' && key[0] <= 'z'));
    return is_letter && query.ids.empty() && !query.by_ending ? key : std::string();
}

} // namespace

Finder::Finder(Database& database, const Query& query, const std::function<bool()>& go_on)
    : database_(database), query_(query), go_on_(go_on), matcher_(query), details_(query),
      drive_letter_(drive_letter(query)), last_id_(database.integer("SELECT coalesce(max(id), 0) FROM operation")),
      last_place_{static_cast<std::uint64_t>(database.integer("SELECT value FROM meta WHERE name = 'history'")),
                  database.integer("SELECT value FROM meta WHERE name = 'ended'")},
      forgotten_(database.integer("SELECT value FROM meta WHERE name = 'forgotten'")) {}

std::string Finder::sql(Order order) const {
    const bool up = order == Order::oldest_first;
    const std::string column = query_.by_ending ? "ended" : "start_time";
    // A plus sign takes an index out of it: the primary key leads straight to a row that is asked for by id, and only
    // the index on places keeps their order.
    const std::string plus = query_.ids.empty() ? "" : "+";
    const std::string key = plus + column;
    std::string text = "SELECT id, " + std::string(operation_columns) + ", " + record_columns + ", " + loss_columns +
                       (query_.notifications ? producer_key : "") + " FROM operation WHERE ";
    // One bound for each end, so that the index leads straight to the first row: a step that passed over rows by itself
    // could not be stopped.
    text += up ? key + " >= ?1 AND (" + column + " > ?1 OR id > ?2) AND " + key + " <= ?4"
               : key + " <= ?1 AND (" + column + " < ?1 OR id < ?2) AND " + key + " >= ?4";
    text += query_.by_ending ? " AND ended <> 0 AND +start_time >= ?6 AND +start_time <= ?7" : " AND id <= ?3";
    text += query_.only_user_sid ? " AND " + (query_.by_ending ? "+" : plus) + "user_sid = ?5" : std::string();
    // Who sees his own alone has fewer of these than there are of most drives.
    text += drive_letter_.empty() ? "" : (query_.only_user_sid ? " AND +local_key = ?8" : " AND local_key = ?8");
    text += query_.ids.empty() ? std::string() : " AND id IN (" + id_list(query_.ids) + ")";
    text += " ORDER BY " + column + (up ? ", id" : " DESC, id DESC");
    return text;
}

Finder::Key Finder::first_key(Order order) const {
    if (query_.by_ending) {
        return order == Order::oldest_first ? Key{query_.from ? query_.from->number : 1, lowest}
                                            : Key{last_place_.number, highest};
    }
    return order == Order::oldest_first ? Key{query_.since.value_or(lowest), lowest}
                                        : Key{query_.until ? *query_.until - 1 : highest, highest};
}

void Finder::bind(Statement& statement, Order order, Key after) const {
    const Order other_way = order == Order::oldest_first ? Order::newest_first : Order::oldest_first;
    statement.bind(1, after.first);
    statement.bind(2, after.id);
    statement.bind(4, first_key(other_way).first);
    if (query_.by_ending) {
        statement.bind(6, query_.since.value_or(lowest));
        statement.bind(7, query_.until ? *query_.until - 1 : highest);
    } else {
        statement.bind(3, last_id_);
    }
    if (query_.only_user_sid) {
        statement.bind(5, std::string_view(*query_.only_user_sid));
    }
    if (!drive_letter_.empty()) {
        statement.bind(8, std::string_view(drive_letter_));
    }
}

Finder::Key Finder::key_of(const Statement& row) const {
    return {row.integer(query_.by_ending ? column::ended : column::start_time), row.integer(0)};
}

/// Calls `take` for each row that fits until it returns false. Returns whether there may be more.
bool Finder::next_page(Statement& statement, Key& after, const std::function<bool()>& take) const {
    const ResetGuard guard(statement);
    for (std::uint64_t looked_at = 0; looked_at < page_looked_at; ++looked_at) {
        if (!statement.step()) {
            return false;
        }
        after = key_of(statement);
        if (!take()) {
            return true;
        }
    }
    return true;
}

std::optional<Operation> Finder::fitting(const Statement& row) {
    if (!matcher_.matches(row)) {
        return std::nullopt;
    }
    Operation operation = read_operation(row);
    if (operation.action == Action::loss) {
        operation.loss = read_loss(row);
    }
    if (query_.notifications && operation.action != Action::loss) {
        operation.notifications = read_notifications(row);
    }
    if (details_.looks() && !details_.matches(operation)) {
        return std::nullopt;
    }
    return operation;
}

void Finder::walk(Order order, Key after, std::uint64_t most, const std::function<bool(const Operation&)>& row) {
    Statement statement(database_, sql(order));
    Page page;
    for (bool more = true; more && most > 0 && !stopped();) {
        page.clear();
        const Key before = after;
        bind(statement, order, after);
        more = next_page(statement, after, [&] {
            if (auto found = fitting(statement)) {
                page.push_back(std::move(*found));
            }
            return page.size() < page_rows && page.size() < most;
        });
        if (overtaken(before)) {
            return;
        }
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
            if (details_.looks() ? fitting(statement).has_value() : matcher_.matches(statement)) {
                oldest = key_of(statement);
                ++count;
            }
            return count < most;
        });
    }
    return {oldest.first, count == 0 ? oldest.id : oldest.id - 1};
}

PlaceProblem Finder::problem_of(const Place& from) const {
    if (from.history != last_place_.history || from.number > last_place_.number + 1) {
        return PlaceProblem::foreign;
    }
    return from.number <= forgotten_ ? PlaceProblem::expired : PlaceProblem::none;
}

/// By retention, in the middle of a long answer: of what was to come after that key, some is gone.
bool Finder::overtaken(Key before) {
    if (query_.by_ending && query_.from) {
        const std::int64_t first = before.id == lowest ? before.first : before.first + 1;
        overtaken_ = first <= database_.integer("SELECT value FROM meta WHERE name = 'forgotten'");
    }
    return overtaken_;
}

void Finder::search(std::uint64_t most, const std::function<bool(const Operation&)>& row) {
    if (query_.newest_first) {
        walk(Order::newest_first, first_key(Order::newest_first), most, row);
    } else if (query_.newest && most > 0) {
        walk(Order::oldest_first, before_newest(most), most, row);
    } else {
        walk(Order::oldest_first, first_key(Order::oldest_first), most, row);
    }
}

Reached Finder::run(const std::function<bool(const Operation&)>& row) {
    Reached reached{last_place_, query_.by_ending && query_.from ? problem_of(*query_.from) : PlaceProblem::none};
    if (reached.problem != PlaceProblem::none || query_.until == lowest) {
        return reached;
    }
    std::uint64_t left = query_.first.value_or(no_limit);
    std::int64_t last = query_.from ? query_.from->number - 1 : 0;
    bool cut = left == 0;
    if (!cut) {
        search(query_.newest.value_or(no_limit), [&](const Operation& operation) {
            last = operation.place;
            cut = !row(operation) || --left == 0;
            return !cut;
        });
    }
    if (overtaken_ && !cut) {
        reached.problem = PlaceProblem::expired;
    }
    if (cut || stopped_ || overtaken_) {
        reached.place.number = last;
    }
    return reached;
}

} // namespace maptrail
