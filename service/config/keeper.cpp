#include "service/config/keeper.hpp"

#include "service/hash/sha256.hpp"
#include "service/text/utf.hpp"

#include <fstream>
#include <system_error>

namespace maptrail {
namespace {

std::filesystem::path last_good_of(const std::filesystem::path& file) {
    return file.parent_path() / "config.last-good.json";
}

LoadedConfig load_checked(const std::filesystem::path& file, const KeeperSystem& system) {
    system.check_file(file);
    return load_config(file);
}

} // namespace

std::pair<LoadedConfig, std::string> ConfigKeeper::load(const std::filesystem::path& file, const KeeperSystem& system) {
    try {
        return {load_checked(file, system), {}};
    } catch (const ConfigError& error) {
        const std::filesystem::path last_good = last_good_of(file);
        std::optional<LoadedConfig> kept;
        try {
            system.check_file(last_good);
            if (const auto text = read_config_text(last_good)) {
                kept = config_of_text(text, file); // its place decides where the data lies
            }
        } catch (const std::exception& other) {
            system.error("the last good configuration can't be used: " + std::string(other.what()));
        }
        if (!kept) {
            throw;
        }
        return {std::move(*kept), error.what()};
    }
}

ConfigKeeper::ConfigKeeper(std::filesystem::path file, const LoadedConfig& in_force, std::string problem,
                           KeeperSystem system)
    : file_(std::move(file)), system_(std::move(system)), in_force_(in_force.version) {
    counts_.problem = std::move(problem);
}

ConfigKeeper::~ConfigKeeper() {
    stop();
}

void ConfigKeeper::start(const LoadedConfig& first, std::chrono::milliseconds every) {
    {
        const std::scoped_lock looking(looking_);
        system_.take(first);
        const std::string problem = counts().problem;
        if (problem.empty()) {
            keep_as_last_good(first);
        } else {
            system_.rejected(problem);
            rejected_ = sha256(read_config_text(file_).value_or(std::string()));
        }
        const std::scoped_lock lock(mutex_);
        ++counts_.taken;
        counts_.rejected += problem.empty() ? 0 : 1;
    }
    thread_ = std::thread([this, every] { run(every); });
}

void ConfigKeeper::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void ConfigKeeper::wake() {
    {
        const std::scoped_lock lock(mutex_);
        woken_ = true;
    }
    changed_.notify_all();
}

KeeperCounts ConfigKeeper::counts() const {
    const std::scoped_lock lock(mutex_);
    return counts_;
}

ReloadResult ConfigKeeper::reload() {
    const std::scoped_lock looking(looking_);
    return look();
}

ConfigKeeper::Stamp ConfigKeeper::stamp() const {
    std::error_code error;
    Stamp result;
    result.time = std::filesystem::last_write_time(file_, error);
    result.size = std::filesystem::file_size(file_, error);
    return result;
}

/// An editor may write a file in several steps: it is taken when two looks found it the same.
void ConfigKeeper::run(std::chrono::milliseconds every) {
    Stamp looked_at; // none: the file may have changed since it was loaded
    Stamp seen;
    for (;;) {
        bool asked = false;
        {
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, every, [&] { return stop_ || woken_; });
            if (stop_) {
                return;
            }
            asked = std::exchange(woken_, false);
        }
        const Stamp now = stamp();
        const bool settled = now == std::exchange(seen, now);
        if (asked || (settled && now != looked_at)) {
            looked_at = now;
            (void)reload();
        }
    }
}

ReloadResult ConfigKeeper::look() {
    std::optional<std::string> text;
    try {
        system_.check_file(file_);
        text = read_config_text(file_);
        const ConfigVersion version = sha256(text.value_or(std::string()));
        if (version == in_force_) {
            rejected_.reset();
            set_problem({});
            return {true, false, "the configuration is as the file says already"};
        }
        const LoadedConfig loaded = config_of_text(text, file_);
        system_.take(loaded);
        in_force_ = version;
        rejected_.reset();
        keep_as_last_good(loaded);
        set_problem({});
        const std::scoped_lock lock(mutex_);
        ++counts_.taken;
        return {true, true, "the configuration is in force"};
    } catch (const std::exception& error) {
        const ConfigVersion version = sha256(text.value_or(std::string()));
        set_problem(error.what());
        if (rejected_ != version) { // once for each bad file
            rejected_ = version;
            system_.rejected(error.what());
            const std::scoped_lock lock(mutex_);
            ++counts_.rejected;
        }
        return {false, false, error.what()};
    }
}

/// Written beside and renamed: at any moment one whole file is there.
void ConfigKeeper::keep_as_last_good(const LoadedConfig& config) {
    const std::filesystem::path place = last_good_of(file_);
    std::error_code error;
    if (!config.from_file) { // the defaults need no file, and an old one must not come back
        std::filesystem::remove(place, error);
        return;
    }
    const std::filesystem::path beside = place.parent_path() / "config.last-good.new";
    {
        std::ofstream out(beside, std::ios::binary | std::ios::trunc);
        out.write(config.text.data(), static_cast<std::streamsize>(config.text.size()));
        out.close();
        if (!out) {
            system_.error("cannot write " + path_utf8(beside) +
                          "; after a restart with a bad config.json the service would not start");
            return;
        }
    }
    std::filesystem::rename(beside, place, error);
    if (error) {
        system_.error("cannot keep the configuration as " + path_utf8(place) + ": " + error.message());
    }
}

void ConfigKeeper::set_problem(std::string problem) {
    const std::scoped_lock lock(mutex_);
    counts_.problem = std::move(problem);
}

} // namespace maptrail
