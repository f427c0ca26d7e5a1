// The database's layout, as the steps that lead to it.
#pragma once

#include "service/store/database.hpp"

#include <span>
#include <string>
#include <vector>

namespace maptrail {

/// In the file's header: a SQLite database with this number is MapTrail's. "MTRL"
inline constexpr std::int64_t application_id = 0x4D54524C;

/// One step: from the version before to this one.
struct Migration {
    std::int64_t to;
    const char* sql;
    void (*then)(Database&) = nullptr; ///< what SQL can't do, after it
};

/// In order, without gaps, from 1.
[[nodiscard]] std::span<const Migration> migrations();

/// The version that the last of the steps gives.
[[nodiscard]] std::int64_t version_of(std::span<const Migration> steps);

/// Throws if the database is another program's, or newer than the steps. Returns its version, 0 if it is empty.
[[nodiscard]] std::int64_t check_schema(Database& database, std::span<const Migration> steps);

/// The tables, indexes, triggers and views that are not as the steps make them, or are missing: their names.
[[nodiscard]] std::vector<std::string> foreign_parts(Database& database, std::span<const Migration> steps);

/// Takes the database to the last step's version in one transaction: all the way, or not at all.
void migrate(Database& database, std::span<const Migration> steps);

} // namespace maptrail
