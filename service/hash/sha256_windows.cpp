#include "service/hash/sha256.hpp"

#include <windows.h>

#include <bcrypt.h>

#include <limits>
#include <stdexcept>
#include <string>

namespace maptrail {
namespace {

void check_cng(const char* function, NTSTATUS status) {
    if (status < 0) {
        throw std::runtime_error(std::string(function) + " failed with status " + std::to_string(status));
    }
}

} // namespace

struct Sha256Hasher::State {
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (hash != nullptr) {
            BCryptDestroyHash(hash);
        }
        if (provider != nullptr) {
            BCryptCloseAlgorithmProvider(provider, 0);
        }
    }

    BCRYPT_ALG_HANDLE provider = nullptr;
    BCRYPT_HASH_HANDLE hash = nullptr;
};

Sha256Hasher::Sha256Hasher() : state_(std::make_unique<State>()) {
    check_cng("BCryptOpenAlgorithmProvider",
              BCryptOpenAlgorithmProvider(&state_->provider, BCRYPT_SHA256_ALGORITHM, nullptr, 0));
    check_cng("BCryptCreateHash",
              BCryptCreateHash(state_->provider, &state_->hash, nullptr, 0, nullptr, 0, BCRYPT_HASH_REUSABLE_FLAG));
}

Sha256Hasher::~Sha256Hasher() = default;

Sha256 Sha256Hasher::operator()(std::span<const std::uint8_t> bytes) {
    if (bytes.size() > std::numeric_limits<ULONG>::max()) {
        throw std::runtime_error("too long for one SHA-256");
    }
    Sha256 result{};
    if (!bytes.empty()) {
        // The parameter is not const, but only read.
        check_cng("BCryptHashData",
                  BCryptHashData(state_->hash, const_cast<PUCHAR>(bytes.data()), static_cast<ULONG>(bytes.size()), 0));
    }
    // Makes it ready for the next one.
    check_cng("BCryptFinishHash", BCryptFinishHash(state_->hash, result.data(), static_cast<ULONG>(result.size()), 0));
    return result;
}

} // namespace maptrail
