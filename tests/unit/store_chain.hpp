// A store, and what the chain says of its history.
#pragma once

#include "service/store/verify.hpp"
#include "tests/unit/store_fixture.hpp"

#include <optional>

namespace maptrail::test {

struct ChainFixture : StoreFixture {
    [[nodiscard]] Verification verify(const std::optional<ChainHead>& kept = {}) const {
        return verify_history(file, kept);
    }
};

} // namespace maptrail::test
