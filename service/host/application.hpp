// The service's parts, made in the order of the data's way and ended in the opposite one.
#pragma once

#include <filesystem>
#include <memory>

namespace maptrail {

/// From the constructor to the destructor, notifications are taken.
class Application {
public:
    /// Reads config.json in `folder` and starts everything. Throws: whatever is wrong, in words that say what to do.
    Application(const std::filesystem::path& folder, bool console);
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;
    ~Application();

    /// Looks soon whether config.json says something else. Any thread; never waits.
    void reload_soon();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace maptrail
