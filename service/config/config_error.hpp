#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace maptrail {

/// What is wrong with a configuration, and where. what() is one text of all of it:
/// config.json:3:15: log.level: found "loud"; expected one of "trace", "debug", "info", "warn", "error", "off"
class ConfigError : public std::runtime_error {
public:
    /// Lines and columns count from 1, columns in characters; 0 if the whole file is meant.
    ConfigError(const std::string& file, std::size_t line, std::size_t column, std::string path, std::string problem);

    [[nodiscard]] std::size_t line() const { return line_; }
    [[nodiscard]] std::size_t column() const { return column_; }
    /// Keys with dots between them, as in log.level; empty at the top.
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    std::size_t line_;
    std::size_t column_;
    std::string path_;
    std::string problem_;
};

} // namespace maptrail
