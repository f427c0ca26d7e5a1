#include "service/format/table_cells.hpp"

#include "common/model/windows_error.hpp"
#include "service/format/ecs_json.hpp"
#include "service/format/judged_json.hpp"
#include "service/format/words.hpp"

namespace maptrail {
namespace {

constexpr std::size_t medium_from = 100;
constexpr std::size_t full_from = 160;

std::string id_text(const Operation& o, const TableStyle&, TableDetail) {
    return std::to_string(o.id);
}

std::string time_text(const Operation& o, const TableStyle& style, TableDetail detail) {
    return detail == TableDetail::narrow ? short_local_time(o.start, style.now, style.zone)
                                         : local_time(o.start, style.zone);
}

std::string took_text(const Operation& o, const TableStyle&, TableDetail) {
    return duration_text(o.duration);
}

std::string user_text(const Operation& o, const TableStyle&, TableDetail detail) {
    return detail == TableDetail::narrow && !o.identity.user_name.empty() ? o.identity.user_name : who_text(o.identity);
}

std::string action_cell(const Operation& o, const TableStyle&, TableDetail) {
    return action_text(o);
}

std::string drive_text(const Operation& o, const TableStyle&, TableDetail) {
    return o.local_name;
}

std::string remote_text(const Operation& o, const TableStyle&, TableDetail) {
    if (o.action == Action::loss) {
        return o.reason;
    }
    return o.remote_from == RemoteFrom::record ? o.remote_name + " (inferred)" : o.remote_name;
}

std::string result_cell(const Operation& o, const TableStyle&, TableDetail detail) {
    return result_text(o, detail);
}

std::string brief_result(const Operation& o) {
    return result_text(o, TableDetail::narrow);
}

std::string program_text(const Operation& o, const TableStyle&, TableDetail detail) {
    return detail == TableDetail::full ? o.process.path : file_name_of(o.process.path);
}

std::string pid_text(const Operation& o, const TableStyle&, TableDetail) {
    return o.process.pid == 0 && o.action == Action::loss ? std::string() : std::to_string(o.process.pid);
}

} // namespace

TableDetail detail_for(std::optional<std::size_t> width) {
    if (!width || *width >= full_from) {
        return TableDetail::full;
    }
    return *width >= medium_from ? TableDetail::medium : TableDetail::narrow;
}

std::string result_text(const Operation& operation, TableDetail detail) {
    if (operation.loss) {
        const std::string count = std::to_string(operation.loss->count);
        switch (operation.loss->kind) {
        case LossKind::gap:
            break;
        case LossKind::damaged:
            return "DAMAGED " + count;
        case LossKind::refused:
            return "REFUSED " + count;
        }
        return "LOST " + count;
    }
    if (operation.outcome != Outcome::failure) {
        std::string text(word_of(operation.outcome));
        const std::string rule = denying_rule(operation);
        if (!rule.empty() && detail != TableDetail::narrow) {
            text += operation.outcome == Outcome::denied ? " by " + rule : ", audit would deny: " + rule;
        }
        return text;
    }
    const std::string code = std::to_string(operation.error);
    const std::string_view name = error_name(operation.error);
    return detail == TableDetail::narrow || name.empty() ? "error " + code : std::string(name) + " " + code;
}

std::string action_text(const Operation& operation) {
    const bool single = operation.notifications && operation.notifications->only;
    return (!single                                           ? ""
            : *operation.notifications->only == Phase::before ? "before "
                                                              : "after ") +
           std::string(word_of(operation.action));
}

std::vector<TableColumn> table_columns(TableDetail detail, bool utc) {
    std::vector<TableColumn> columns;
    const bool full = detail == TableDetail::full;
    const bool narrow = detail == TableDetail::narrow;
    if (full) {
        columns.push_back(
            {.title = "ID", .least = 0, .flexible = false, .right = true, .usual = 7, .given_up = 2, .text = id_text});
    }
    columns.push_back({.title = utc ? "TIME (UTC)" : "TIME",
                       .least = 0,
                       .flexible = false,
                       .usual = narrow ? 14 : 19,
                       .text = time_text});
    if (full) {
        columns.push_back({.title = "TOOK",
                           .least = 0,
                           .flexible = false,
                           .right = true,
                           .usual = 8,
                           .given_up = 1,
                           .text = took_text});
    }
    columns.push_back(
        {.title = "USER", .least = 8, .flexible = true, .usual = narrow ? 12 : 20, .given_up = 6, .text = user_text});
    columns.push_back(
        {.title = "ACTION", .least = 0, .flexible = false, .usual = 10, .given_up = 5, .text = action_cell});
    columns.push_back({.title = "DRIVE", .least = 5, .flexible = true, .usual = 5, .given_up = 7, .text = drive_text});
    columns.push_back({.title = "REMOTE", .least = 12, .flexible = true, .usual = 36, .text = remote_text});
    columns.push_back({.title = "RESULT",
                       .least = 10,
                       .flexible = true,
                       .usual = narrow ? 10 : 27,
                       .text = result_cell,
                       .brief = brief_result});
    columns.push_back({.title = "PROGRAM",
                       .least = 9,
                       .flexible = true,
                       .usual = full ? 36 : 16,
                       .path = true,
                       .given_up = 4,
                       .text = program_text});
    if (!narrow) {
        columns.push_back({.title = "PID",
                           .least = 0,
                           .flexible = false,
                           .right = true,
                           .usual = 5,
                           .given_up = 3,
                           .text = pid_text});
    }
    return columns;
}

} // namespace maptrail
