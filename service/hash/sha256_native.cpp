#include "service/hash/sha256.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace maptrail {

Sha256 sha256(std::string_view bytes) {
    Sha256 hash{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1 || size != hash.size()) {
        throw std::runtime_error("EVP_Digest failed");
    }
    return hash;
}

} // namespace maptrail
