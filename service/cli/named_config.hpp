// The configuration that a command is about: a file that was named, or the one that the service reads.
#pragma once

#include "service/cli/environment.hpp"
#include "service/config/config_file.hpp"
#include "service/rules/rule_set.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace maptrail {

struct NamedConfig {
    std::filesystem::path file;
    LoadedConfig loaded;
};

/// Nothing where the file has a mistake, which is told on standard error then. A file that was asked for by name has to
/// be there. `name` is UTF-8. Throws CannotDo.
[[nodiscard]] std::optional<NamedConfig> load_named_config(const std::optional<std::string>& name,
                                                           Environment& environment);

/// Its rules as the service would judge by them. Names of groups that nobody here knows are told on standard error.
[[nodiscard]] rules::RuleSet rule_set_of(const LoadedConfig& loaded, Environment& environment);

} // namespace maptrail
