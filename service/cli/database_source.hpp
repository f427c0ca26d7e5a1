// A copied database as a source of history: `history --db FILE`.
#pragma once

#include "service/cli/environment.hpp"

#include <memory>
#include <string>

namespace maptrail {

/// Throws CannotDo with the file's name and the reason.
[[nodiscard]] std::unique_ptr<HistorySource> open_database_source(const std::string& utf8_file);

} // namespace maptrail
