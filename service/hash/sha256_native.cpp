#include "service/hash/sha256.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace maptrail {

struct Sha256Hasher::State {
    struct Free {
        void operator()(EVP_MD* method) const { EVP_MD_free(method); }
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    // Fetched once: to look it up by its name takes longer than a short hash.
    std::unique_ptr<EVP_MD, Free> method{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
};

Sha256Hasher::Sha256Hasher() : state_(std::make_unique<State>()) {
    if (!state_->method || !state_->context) {
        throw std::runtime_error("OpenSSL has no SHA-256");
    }
}

Sha256Hasher::~Sha256Hasher() = default;

Sha256 Sha256Hasher::operator()(std::span<const std::uint8_t> bytes) {
    Sha256 hash{};
    unsigned size = 0;
    EVP_MD_CTX* const context = state_->context.get();
    if (EVP_DigestInit_ex2(context, state_->method.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context, bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(context, hash.data(), &size) != 1 || size != hash.size()) {
        throw std::runtime_error("OpenSSL's SHA-256 failed");
    }
    return hash;
}

} // namespace maptrail
