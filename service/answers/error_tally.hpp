// Operations that failed, by their Windows error, in bounded memory.
#pragma once

#include "common/model/operation.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace maptrail {

struct ErrorRow {
    std::uint32_t code = 0;
    std::uint64_t count = 0;
    std::int64_t first = 0; ///< start of the earliest
    std::int64_t last = 0;
    std::vector<Operation> examples; ///< the first that were given, no two of one user, program and remote name
};

class ErrorTally {
public:
    ErrorTally(std::size_t examples, std::size_t most_codes = 1'000);

    /// Failures count, denials are counted apart, the rest is passed over.
    void add(const Operation& operation);

    /// The most frequent first.
    [[nodiscard]] std::vector<ErrorRow> rows() const;
    [[nodiscard]] std::uint64_t failures() const { return failures_; }
    [[nodiscard]] std::uint64_t denied() const { return denied_; }
    /// Failures with other codes, of which there were too many: a program may report what it likes.
    [[nodiscard]] std::uint64_t others() const { return others_; }

private:
    std::size_t most_examples_;
    std::size_t most_codes_;
    std::unordered_map<std::uint32_t, ErrorRow> rows_;
    std::uint64_t failures_ = 0;
    std::uint64_t denied_ = 0;
    std::uint64_t others_ = 0;
};

} // namespace maptrail
