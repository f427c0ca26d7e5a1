// The one file that includes spdlog.
#if defined(_WIN32) && !defined(SPDLOG_WCHAR_FILENAMES)
#define SPDLOG_WCHAR_FILENAMES // a data folder may have any name
#endif

#include "service/log/log.hpp"

#include "service/log/one_line.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <spdlog/details/periodic_worker.h> // does not stand alone in every version

#include <algorithm>
#include <chrono>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace maptrail {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
    case LogLevel::trace:
        return spdlog::level::trace;
    case LogLevel::debug:
        return spdlog::level::debug;
    case LogLevel::info:
        return spdlog::level::info;
    case LogLevel::warn:
        return spdlog::level::warn;
    case LogLevel::error:
        return spdlog::level::err;
    case LogLevel::off:
        return spdlog::level::off;
    }
    return spdlog::level::info;
}

class SpdLog final : public Log {
public:
    explicit SpdLog(std::vector<spdlog::sink_ptr> sinks, LogLevel level)
        : logger_("maptrail", sinks.begin(), sinks.end()),
          // spdlog::flush_every serves the loggers of its global registry alone.
          flusher_([this] { flush(); }, std::chrono::seconds(1)) {
        logger_.set_formatter(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %-7l [%t] %v",
                                                                          spdlog::pattern_time_type::utc, "\n"));
        logger_.set_level(to_spdlog(level));
        logger_.flush_on(spdlog::level::warn);
    }

    [[nodiscard]] bool takes(LogLevel level) const noexcept override {
        return level != LogLevel::off && logger_.should_log(to_spdlog(level));
    }

    void write(LogLevel level, std::string_view message) noexcept override {
        if (!takes(level)) {
            return;
        }
        try {
            logger_.log(to_spdlog(level), spdlog::string_view_t(one_line(message)));
        } catch (...) { // out of memory: nobody is left to tell
        }
    }

    void set_level(LogLevel level) noexcept override { logger_.set_level(to_spdlog(level)); }

    void flush() noexcept override {
        try {
            logger_.flush();
        } catch (...) { // spdlog says it on standard error
        }
    }

private:
    spdlog::logger logger_;
    spdlog::details::periodic_worker flusher_; // the last member: it stops before the logger goes
};

} // namespace

std::filesystem::path log_file_in(const std::filesystem::path& data_folder) {
    return data_folder / "logs" / "maptrail.log";
}

std::unique_ptr<Log> open_log(const LogSettings& settings) {
    const std::u8string name = settings.file.u8string();
    const std::string shown(name.begin(), name.end());
    std::error_code error;
    std::filesystem::create_directories(settings.file.parent_path(), error);
    if (error) {
        throw LogError("cannot make the folder of " + shown + ": " + error.message());
    }
    try {
        std::vector<spdlog::sink_ptr> sinks;
        sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
            settings.file.native(), std::size_t{std::max(settings.max_size_mib, 1U)} * 1024 * 1024,
            std::max(settings.files, 1U) - 1));
        if (settings.console) {
            sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
        }
        return std::make_unique<SpdLog>(std::move(sinks), settings.level);
    } catch (const spdlog::spdlog_ex& failure) {
        throw LogError("cannot write the log " + shown + ": " + failure.what());
    }
}

} // namespace maptrail
