// Opening a database with care, and saying what is wrong with it.
#pragma once

#include "service/store/database.hpp"
#include "service/store/schema.hpp"

#include <filesystem>
#include <memory>
#include <span>

namespace maptrail {

/// Checked, migrated and ready. These throw StoreError.
[[nodiscard]] std::unique_ptr<Database> open_for_writing(const std::filesystem::path& file,
                                                         std::span<const Migration> steps);
[[nodiscard]] std::unique_ptr<Database> open_for_reading(const std::filesystem::path& file,
                                                         std::span<const Migration> steps);

/// For reading; also one with an older schema, which stays as it is, and an empty one.
[[nodiscard]] std::unique_ptr<Database> open_of_any_version(const std::filesystem::path& file,
                                                            std::span<const Migration> steps);

/// Notes that the database is in use, or was closed in order. One that was not is looked over at the next start.
void mark_clean(Database& database, bool clean);

/// SQLite's error as the store's: which file, what is wrong, what to do.
[[noreturn]] void throw_described(const std::filesystem::path& file, const SqliteError& error);

} // namespace maptrail
