// Keeps the configuration in force true to config.json while the service runs. What is not good changes nothing.
#pragma once

#include "service/config/config_file.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace maptrail {

/// What the keeper does to the world. Called by one thread at a time.
struct KeeperSystem {
    /// Throws if the file is not one to believe (its owner).
    std::function<void(const std::filesystem::path&)> check_file;
    /// Puts a configuration in force: from its return on nothing is judged by the one before. False: it names accounts
    /// that the machine does not know, or not yet. Then the same one is taken again from time to time.
    std::function<bool(const LoadedConfig&)> take;
    std::function<void(const std::string&)> rejected; ///< the text says where and why
    std::function<void(const std::string&)> error;    ///< one line for the log
};

struct KeeperCounts {
    std::uint64_t taken = 0;    ///< the first one included
    std::uint64_t rejected = 0; ///< since the start
    std::string problem;        ///< why the file is not what is in force; empty if it is
};

/// What a reload came to.
struct ReloadResult {
    bool good = false;    ///< what the file says is in force
    bool changed = false; ///< it was not before
    bool read = false;    ///< the file could be read, whatever is in it
    std::string text;     ///< a sentence; of a bad file what is wrong with it
};

class ConfigKeeper {
public:
    /// Loads the configuration, or, if that is not good, can't be read, or is not one to believe, the last good one
    /// that a keeper of this folder had. Throws what is wrong with the file if there is none.
    static std::pair<LoadedConfig, std::string> load(const std::filesystem::path& file, const KeeperSystem& system);

    /// `in_force` and `problem` are load()'s.
    ConfigKeeper(std::filesystem::path file, const LoadedConfig& in_force, std::string problem, KeeperSystem system);
    ConfigKeeper(const ConfigKeeper&) = delete;
    ConfigKeeper& operator=(const ConfigKeeper&) = delete;
    ~ConfigKeeper();

    /// Puts the first one in force, and looks for changes of the file from then on.
    void start(const LoadedConfig& first, std::chrono::milliseconds every = std::chrono::milliseconds(1'000));
    void stop();

    /// Looks now, and tells what came of it. Any thread.
    ReloadResult reload();

    /// Looks soon. Any thread; never waits.
    void wake();

    [[nodiscard]] KeeperCounts counts() const;

private:
    struct Stamp {
        std::filesystem::file_time_type time{};
        std::uintmax_t size = 0;
        bool operator==(const Stamp&) const = default;
    };

    void run(std::chrono::milliseconds every);
    [[nodiscard]] Stamp stamp() const;
    ReloadResult look();
    void put_in_force(const LoadedConfig& config);
    void complete();
    void keep_as_last_good(const LoadedConfig& config);
    void set_problem(std::string problem);

    std::filesystem::path file_;
    KeeperSystem system_;
    std::mutex looking_; ///< one at a time; guards what follows, up to the next mutex
    ConfigVersion in_force_;
    std::string rejected_;                   ///< told already
    std::optional<LoadedConfig> incomplete_; ///< in force, and to be taken again
    std::chrono::seconds complete_after_{0};
    std::chrono::steady_clock::time_point complete_at_{};
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stop_ = false;
    bool woken_ = false;
    KeeperCounts counts_;
    std::thread thread_;
};

} // namespace maptrail
