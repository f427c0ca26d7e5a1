#include "service/config/config_file.hpp"

#include "service/hash/sha256.hpp"
#include "service/text/utf.hpp"

#include <fstream>
#include <system_error>

namespace maptrail {
namespace {

std::filesystem::path whole_path(const std::filesystem::path& file) {
    std::error_code error;
    std::filesystem::path whole = std::filesystem::absolute(file, error);
    return error ? file : whole;
}

} // namespace

std::optional<std::string> read_config_text(const std::filesystem::path& file) {
    const std::filesystem::path whole = whole_path(file);
    const auto fail = [&](const std::string& problem) { throw ConfigError(path_utf8(whole), 0, 0, {}, problem); };
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(whole, error);
    if (status.type() == std::filesystem::file_type::not_found) {
        return std::nullopt;
    }
    if (error) {
        fail("cannot look at it: " + error.message());
    }
    if (status.type() != std::filesystem::file_type::regular) {
        fail("found something that is no file; expected a JSON file");
    }
    std::ifstream in(whole, std::ios::binary);
    if (!in) {
        fail("cannot open it");
    }
    std::string text(max_config_size + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) {
        fail("cannot read it");
    }
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > max_config_size) {
        fail("found more than 1 MiB; expected a small JSON file");
    }
    return text;
}

LoadedConfig config_of_text(const std::optional<std::string>& text, const std::filesystem::path& file) {
    const std::filesystem::path whole = whole_path(file);
    LoadedConfig loaded;
    if (text) {
        loaded.config = parse_config(*text, whole);
        loaded.text = *text;
    } else {
        loaded.config.data_folder = whole.parent_path();
        loaded.from_file = false;
    }
    loaded.version = sha256(loaded.text);
    return loaded;
}

LoadedConfig load_config(const std::filesystem::path& file) {
    return config_of_text(read_config_text(file), file);
}

} // namespace maptrail
