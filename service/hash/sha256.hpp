// SHA-256 by the system's own library: CNG on Windows, OpenSSL elsewhere.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace maptrail {

using Sha256 = std::array<std::uint8_t, 32>;

/// For many of them: what the library needs is set up once. One thread at a time. Throws std::runtime_error if the
/// library fails.
class Sha256Hasher {
public:
    Sha256Hasher();
    Sha256Hasher(const Sha256Hasher&) = delete;
    Sha256Hasher& operator=(const Sha256Hasher&) = delete;
    ~Sha256Hasher();

    [[nodiscard]] Sha256 operator()(std::span<const std::uint8_t> bytes);
    [[nodiscard]] Sha256 operator()(std::string_view bytes) {
        return (*this)(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
    }

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Of one.
[[nodiscard]] inline Sha256 sha256(std::string_view bytes) {
    return Sha256Hasher()(bytes);
}

} // namespace maptrail
