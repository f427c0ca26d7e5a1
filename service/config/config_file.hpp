// config.json as a file: its text, what it says, and its version.
#pragma once

#include "common/model/judged.hpp"
#include "service/config/config.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace maptrail {

/// A larger file is no configuration.
inline constexpr std::size_t max_config_size = std::size_t{1024} * 1024;

struct LoadedConfig {
    Config config;
    bool from_file = true; ///< false: there is no file, and these are the defaults
    std::string text;      ///< as it was read; empty without a file
    ConfigVersion version{};
};

/// Nothing if there is no file. Throws ConfigError if it can't be read or is too large.
[[nodiscard]] std::optional<std::string> read_config_text(const std::filesystem::path& file);

/// What read_config_text() gave, as a configuration. Throws ConfigError.
[[nodiscard]] LoadedConfig config_of_text(const std::optional<std::string>& text, const std::filesystem::path& file);

/// Both.
[[nodiscard]] LoadedConfig load_config(const std::filesystem::path& file);

} // namespace maptrail
