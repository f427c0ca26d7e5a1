// A store, and what the chain says of its history.
#pragma once

#include "service/store/row_digest.hpp"
#include "service/store/verify.hpp"
#include "tests/unit/store_fixture.hpp"

#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace maptrail::test {

struct ChainFixture : StoreFixture {
    [[nodiscard]] Verification verify(const std::optional<ChainHead>& kept = {}) const {
        return verify_history(file, kept);
    }
};

/// In the order in which they are hashed.
inline std::vector<std::string> hashed_columns() {
    std::vector<std::string> names;
    std::istringstream list(sealed_columns);
    for (std::string name; list >> name;) {
        names.push_back(name.ends_with(',') ? name.substr(0, name.size() - 1) : name);
    }
    return names;
}

} // namespace maptrail::test
