// A history as an organisation could have it; the same in every run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

namespace maptrail::bench {

/// Makes the database: 30 days, most of it in working hours; 2,000 users, of whom few do much; one of three operations
/// is a disconnect; one of ten fails, with the errors that are usual; one of 200 is denied; one of six was matched by a
/// rule in audit mode; of one in 500 the end is missing. Drive Q: is rare, B: is never there;
/// one of 500 has an odd share. `progress` is told how
/// many operations there are.
void make_history(const std::filesystem::path& file, std::uint64_t operations,
                  const std::function<void(std::uint64_t)>& progress = {});

} // namespace maptrail::bench
