#include "service/cli/files.hpp"

#include "service/cli/named_config.hpp"
#include "service/text/utf.hpp"

#include <array>
#include <cstdio>
#include <system_error>

namespace maptrail {

std::filesystem::path path_of_utf8(const std::string& text) {
    return {std::u8string(text.begin(), text.end())};
}

std::optional<std::filesystem::path> history_file(const std::optional<std::string>& named, Environment& environment) {
    if (named) {
        return path_of_utf8(*named);
    }
    const std::filesystem::path name = std::filesystem::path("data") / "history.db";
    try {
        return path_of_utf8(environment.service_status().value("dataFolder", std::string())) / name;
    } catch (const Unreachable&) {
        const auto config = load_named_config({}, environment);
        return config ? std::optional(config->loaded.config.data_folder / name) : std::nullopt;
    }
}

std::string history_failure(const StoreError& error, bool named) {
    const bool refused = !named && dynamic_cast<const StoreRefused*>(&error) != nullptr;
    return "maptrail: " + std::string(error.what()) + ".\n" +
           (refused ? "Only an administrator can read the history of this machine as a whole; from an elevated prompt, "
                      "that is.\n"
                    : "");
}

NewFile::NewFile(std::filesystem::path file) : file_(std::move(file)), beside_(file_) {
    beside_ += ".new";
    out_.open(beside_, std::ios::binary | std::ios::trunc);
    if (!out_) {
        fail();
    }
}

NewFile::~NewFile() {
    if (out_.is_open()) {
        out_.close();
        std::error_code ignored;
        std::filesystem::remove(beside_, ignored);
    }
}

void NewFile::write(std::string_view text) {
    out_.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!out_) {
        fail();
    }
}

void NewFile::finish() {
    out_.close();
    std::error_code error;
    if (!out_) {
        std::filesystem::remove(beside_, error);
        fail();
    }
    std::filesystem::rename(beside_, file_, error);
    if (error) {
        const std::string why = error.message();
        std::filesystem::remove(beside_, error);
        throw CannotDo("cannot write " + path_utf8(file_) + ": " + why + ". Does a program have it open?");
    }
}

void NewFile::fail() {
    throw CannotDo("cannot write " + path_utf8(beside_) + ". Name a folder that is there, with room in it.");
}

std::string size_text(std::uint64_t bytes) {
    constexpr double mib = 1024.0 * 1024.0;
    std::array<char, 32> text{};
    const int length = std::snprintf(text.data(), text.size(), "%.1f MiB", static_cast<double>(bytes) / mib);
    return {text.data(), static_cast<std::size_t>(length)};
}

} // namespace maptrail
