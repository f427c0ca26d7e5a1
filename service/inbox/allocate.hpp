// Making a file whose every byte has its place on the disk.
#pragma once

#include <cstdint>
#include <filesystem>

namespace maptrail::inbox {

/// Makes the file if it is not there, and grows it to `size` with zeros. The room is taken now, so that a later write
/// through a mapping cannot find the disk full. Throws std::system_error.
void allocate_file(const std::filesystem::path& file, std::uint64_t size);

} // namespace maptrail::inbox
