// A folder in memory for one target's files.
#pragma once

#include <filesystem>
#include <string>

#include <unistd.h>

namespace maptrail::fuzz {

class Scratch {
public:
    Scratch() {
        const std::filesystem::path memory = "/dev/shm";
        path_ = (std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path()) /
                ("maptrail-fuzz-" + std::to_string(::getpid()));
        std::filesystem::create_directories(path_);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored; // a left-over in the memory's folder is no finding
        std::filesystem::remove_all(path_, ignored);
    }

    void clear() const {
        for (const auto& entry : std::filesystem::directory_iterator(path_)) {
            std::filesystem::remove_all(entry);
        }
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace maptrail::fuzz
