// Where MapTrail's folder is, and what the service's policy page says. Looked up again now and then, so that a process
// that runs for weeks notices an installation, a removal, and a service that moved.
#pragma once

#include "common/wire/policy_page.hpp"

#include <windows.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace maptrail::notifyee {

/// A data folder, with room for the names below it. Once filled in, the path never changes.
struct Place {
    static constexpr std::size_t longest_folder = 512; ///< UTF-16 units
    static constexpr std::size_t longest_name = 64;

    std::array<wchar_t, longest_folder + 1> folder{};
    std::size_t length = 0;
    std::atomic<const std::byte*> page{nullptr}; ///< the policy page's view

    /// The defaults if there is no good page.
    [[nodiscard]] wire::Policy policy() const;
};

/// The path of something in a folder.
struct Path {
    std::array<wchar_t, Place::longest_folder + 2 * Place::longest_name> text{};
    std::size_t length = 0;

    explicit Path(const Place& place);
    void add(const wchar_t* part);
};

/// Part of the state; any thread.
class Settings {
public:
    /// Null: MapTrail is not installed. Looks it up if the last look is two seconds old; one thread does, the others go
    /// on with what is known.
    const Place* place();

    /// Unmaps the pages. For DLL_PROCESS_DETACH with no call under way.
    void close();

private:
    void look();

    // A folder that is moved while the DLL is loaded gets the next place; who still reads the old one may. There are
    // enough of them for any installation's life; after that the last one stays.
    static constexpr std::size_t most_places = 4;
    std::array<Place, most_places> places_{};
    std::size_t used_ = 0; ///< of the thread that looks
    std::atomic<const Place*> current_{nullptr};
    std::atomic<std::uint64_t> next_look_{0}; ///< monotonic, 100 ns units
    std::atomic<bool> looking_{false};
};

} // namespace maptrail::notifyee
