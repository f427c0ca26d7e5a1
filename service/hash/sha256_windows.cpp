#include "service/hash/sha256.hpp"

#include <windows.h>

#include <bcrypt.h>

#include <limits>
#include <stdexcept>
#include <string>

namespace maptrail {
namespace {

class Provider {
public:
    Provider() {
        check("BCryptOpenAlgorithmProvider",
              BCryptOpenAlgorithmProvider(&handle_, BCRYPT_SHA256_ALGORITHM, nullptr, 0));
    }
    Provider(const Provider&) = delete;
    Provider& operator=(const Provider&) = delete;
    ~Provider() { BCryptCloseAlgorithmProvider(handle_, 0); }

    static void check(const char* function, NTSTATUS status) {
        if (status < 0) {
            throw std::runtime_error(std::string(function) + " failed with status " + std::to_string(status));
        }
    }

    [[nodiscard]] BCRYPT_ALG_HANDLE get() const { return handle_; }

private:
    BCRYPT_ALG_HANDLE handle_ = nullptr;
};

} // namespace

Sha256 sha256(std::string_view bytes) {
    if (bytes.size() > std::numeric_limits<ULONG>::max()) {
        throw std::runtime_error("too long for one SHA-256");
    }
    const Provider provider;
    std::string input(bytes); // the function's parameter is not const
    Sha256 hash{};
    Provider::check("BCryptHash",
                    BCryptHash(provider.get(), nullptr, 0, reinterpret_cast<PUCHAR>(input.data()),
                               static_cast<ULONG>(input.size()), hash.data(), static_cast<ULONG>(hash.size())));
    return hash;
}

} // namespace maptrail
