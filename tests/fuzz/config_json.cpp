// A configuration file: taken whole and within its bounds, or refused with a place and a reason.
#include "service/config/config_json.hpp"
#include "service/config/config.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <string_view>

using namespace maptrail;
using fuzz::check;

namespace {

constexpr const char* file = "/etc/maptrail/config.json";

/// What is shown of a configuration is that configuration.
void check_shown(const Config& config) {
    const auto shown = config_to_json(config);
    try {
        check(config_to_json(parse_config(shown.dump(), file)) == shown, "what is shown means the same");
    } catch (const ConfigError&) {
        check(false, "what is shown can be loaded");
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::vector<char> text(data, data + size);
    try {
        const Config config = parse_config(std::string_view(text.data(), text.size()), file);
        check(config.version == 1, "the version is known");
        check(config.budget_ms >= min_budget_ms && config.budget_ms <= max_budget_ms, "budgetMs");
        check(config.log.max_size_mib >= 1 && config.log.max_size_mib <= 1024, "log.maxSizeMiB");
        check(config.log.files >= 1 && config.log.files <= 100, "log.files");
        check(config.retention.days <= 36500, "retention.days");
        check(config.inbox.size_mib >= 1 && config.inbox.size_mib <= 1024, "inbox.sizeMiB");
        check(config.inbox.flush_ms >= 10 && config.inbox.flush_ms <= 60000, "inbox.flushMs");
        check(config.data_folder.is_absolute(), "dataFolder");
        check(config.rules.size() <= rules::max_rules, "rules");
        check_shown(config);
    } catch (const ConfigError& error) {
        check(!error.problem().empty(), "a refusal has a reason");
        check(std::string_view(error.what()).find('\n') == std::string_view::npos, "a refusal is one line");
    }
    return 0;
}
