// A history as an organisation could have it; the same in every run.
#pragma once

#include <cstdint>
#include <filesystem>

namespace maptrail::bench {

/// Makes the database. Each operation has both of its notifications; one of eight is a disconnect, one of ten failed,
/// of one in six a rule was recorded. They are spread over 30 days.
void make_history(const std::filesystem::path& file, std::uint64_t operations);

} // namespace maptrail::bench
