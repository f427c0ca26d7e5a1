#include "service/config/keeper.hpp"

#include "service/hash/sha256.hpp"
#include "service/text/utf.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

namespace maptrail {
namespace {

std::filesystem::path last_good_of(const std::filesystem::path& file) {
    return file.parent_path() / "config.last-good.json";
}

constexpr std::chrono::seconds first_complete_after{15}; // a network may be up by then
constexpr std::chrono::seconds last_complete_after{3'600};

LoadedConfig load_checked(const std::filesystem::path& file, const KeeperSystem& system) {
    system.check_file(file);
    return load_config(file);
}

} // namespace

std::pair<LoadedConfig, std::string> ConfigKeeper::load(const std::filesystem::path& file, const KeeperSystem& system) {
    try {
        return {load_checked(file, system), {}};
    } catch (const std::exception& error) { // also of a file that can't be read, or that somebody else owns
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
        put_in_force(first);
        const std::string problem = counts().problem;
        if (problem.empty()) {
            keep_as_last_good(first);
        } else {
            system_.rejected(problem);
            rejected_ = problem;
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
            // One that could not be read is tried again: what is in the way (a lock, an owner) changes no stamp.
            looked_at = reload().read ? now : Stamp();
        }
        const std::scoped_lock looking(looking_);
        if (incomplete_ && std::chrono::steady_clock::now() >= complete_at_) {
            complete();
        }
    }
}

void ConfigKeeper::put_in_force(const LoadedConfig& config) {
    const bool whole = system_.take(config);
    incomplete_.reset();
    if (!whole) {
        incomplete_ = config;
        complete_after_ = first_complete_after;
        complete_at_ = std::chrono::steady_clock::now() + complete_after_;
    }
}

/// Seldomer each time: an account that is looked up in vain may cost a domain controller's answer.
void ConfigKeeper::complete() {
    try {
        if (system_.take(*incomplete_)) {
            incomplete_.reset();
            return;
        }
    } catch (const std::exception& error) {
        system_.error("the accounts that rules name can't be looked up again: " + std::string(error.what()));
    }
    complete_after_ = std::min(2 * complete_after_, last_complete_after);
    complete_at_ = std::chrono::steady_clock::now() + complete_after_;
}

ReloadResult ConfigKeeper::look() {
    bool read = false;
    try {
        system_.check_file(file_);
        const std::optional<std::string> text = read_config_text(file_);
        read = true;
        const ConfigVersion version = sha256(text.value_or(std::string()));
        if (version == in_force_) {
            rejected_.clear();
            set_problem({});
            if (incomplete_) { // somebody asks, perhaps because the account is there now
                complete();
            }
            return {true, false, true, "the configuration is as the file says already"};
        }
        const LoadedConfig loaded = config_of_text(text, file_);
        put_in_force(loaded);
        in_force_ = version;
        rejected_.clear();
        keep_as_last_good(loaded);
        set_problem({});
        const std::scoped_lock lock(mutex_);
        ++counts_.taken;
        return {true, true, true, "the configuration is in force"};
    } catch (const std::exception& error) {
        set_problem(error.what());
        if (rejected_ != error.what()) { // once for each mistake, however often it is looked at
            rejected_ = error.what();
            system_.rejected(rejected_);
            const std::scoped_lock lock(mutex_);
            ++counts_.rejected;
        }
        return {false, false, read, error.what()};
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
