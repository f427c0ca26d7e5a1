#include "service/cli/named_config.hpp"

#include "service/text/text.hpp"
#include "service/text/utf.hpp"

namespace maptrail {

std::optional<NamedConfig> load_named_config(const std::optional<std::string>& name, Environment& environment) {
    NamedConfig named;
    named.file = name ? std::filesystem::path(std::u8string(name->begin(), name->end())) : environment.config_file();
    try {
        named.loaded = load_config(named.file);
    } catch (const ConfigError& error) {
        environment.write_error(printable(error.what()) + "\n");
        return std::nullopt;
    }
    if (name && !named.loaded.from_file) {
        environment.write_error("There is no file " + printable(path_utf8(named.file)) + ".\n");
        return std::nullopt;
    }
    return named;
}

rules::RuleSet rule_set_of(const LoadedConfig& loaded, Environment& environment) {
    rules::RuleSet set(loaded.config.rules, loaded.version,
                       [&](const std::string& name) { return environment.sid_of_account(name); });
    for (const std::string& group : set.unknown_groups()) {
        environment.write_error("Nobody here knows the group \"" + printable(group) +
                                "\": what asks for it is not known.\n");
    }
    return set;
}

} // namespace maptrail
