#include "service/config/config_error.hpp"

#include <utility>

namespace maptrail {
namespace {

std::string compose(const std::string& file, std::size_t line, std::size_t column, const std::string& path,
                    const std::string& problem) {
    std::string text = file;
    if (line > 0) {
        text += ":" + std::to_string(line) + ":" + std::to_string(column);
    }
    text += ": ";
    if (!path.empty()) {
        text += path + ": ";
    }
    return text + problem;
}

} // namespace

ConfigError::ConfigError(const std::string& file, std::size_t line, std::size_t column, std::string path,
                         std::string problem)
    : std::runtime_error(compose(file, line, column, path, problem)), line_(line), column_(column),
      path_(std::move(path)), problem_(std::move(problem)) {}

} // namespace maptrail
