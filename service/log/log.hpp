// The service's own log. An object that is passed down; nobody finds it by a global name.
#pragma once

#include "service/log/level.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace maptrail {

/// Any number of threads. What is written becomes one line, whatever is in it (see one_line.hpp).
class Log {
public:
    Log() = default;
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    virtual ~Log() = default;

    /// False if a line of that level would go nowhere, so that it need not be made.
    [[nodiscard]] virtual bool takes(LogLevel level) const noexcept = 0;

    /// Never throws: a log that cannot be written stops nothing.
    virtual void write(LogLevel level, std::string_view message) noexcept = 0;

    /// Any thread.
    virtual void set_level(LogLevel level) noexcept = 0;

    /// Hands everything to the system.
    virtual void flush() noexcept = 0;

    void trace(std::string_view message) noexcept { write(LogLevel::trace, message); }
    void debug(std::string_view message) noexcept { write(LogLevel::debug, message); }
    void info(std::string_view message) noexcept { write(LogLevel::info, message); }
    void warn(std::string_view message) noexcept { write(LogLevel::warn, message); }
    void error(std::string_view message) noexcept { write(LogLevel::error, message); }
};

struct LogSettings {
    std::filesystem::path file; ///< its folder is made where it is missing
    LogLevel level = LogLevel::info;
    std::uint32_t max_size_mib = 10; ///< then the file becomes maptrail.1.log, and so on
    std::uint32_t files = 5;         ///< the current one and those before it
    bool console = false;            ///< standard error as well
};

/// <data folder>/logs/maptrail.log
[[nodiscard]] std::filesystem::path log_file_in(const std::filesystem::path& data_folder);

/// Warnings and errors reach the system at once, everything else within a second. Throws LogError.
[[nodiscard]] std::unique_ptr<Log> open_log(const LogSettings& settings);

/// The text names the file and what went wrong.
class LogError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace maptrail
