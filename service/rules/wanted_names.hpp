// Names of servers that are to be looked up: noted while somebody waits for a verdict, so without an allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail::rules {

/// First in, first out. One thread at a time.
class WantedNames {
public:
    static constexpr std::size_t most = 64;     ///< more are not noted: whoever names them again is asked again
    static constexpr std::size_t longest = 255; ///< bytes; DNS has none longer

    /// Whether it was noted, and was not yet. Allocates nothing.
    bool add(std::string_view name) noexcept;

    /// False: there is none. Allocates nothing if `name` has room for the longest.
    [[nodiscard]] bool take(std::string& name);

    [[nodiscard]] bool empty() const { return size_ == 0; }
    void clear() { size_ = 0; }

private:
    struct Name {
        std::array<char, longest> bytes;
        std::uint8_t size;
        [[nodiscard]] std::string_view text() const { return {bytes.data(), size}; }
    };
    [[nodiscard]] Name& at(std::size_t place) { return names_[(first_ + place) % most]; }

    std::vector<Name> names_ = std::vector<Name>(most);
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

} // namespace maptrail::rules
