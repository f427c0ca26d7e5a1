#include "service/config/waits_for_restart.hpp"

namespace maptrail {

std::string waits_for_restart(const Config& running, const Config& next) {
    std::string keys;
    const auto compare = [&](bool same, const char* key) {
        if (!same) {
            keys += (keys.empty() ? "" : ", ") + std::string(key);
        }
    };
    compare(running.data_folder == next.data_folder, "dataFolder");
    compare(running.inbox.size_mib == next.inbox.size_mib, "inbox.sizeMiB");
    compare(running.inbox.flush_ms == next.inbox.flush_ms, "inbox.flushMs");
    compare(running.log.max_size_mib == next.log.max_size_mib, "log.maxSizeMiB");
    compare(running.log.files == next.log.files, "log.files");
    return keys;
}

} // namespace maptrail
