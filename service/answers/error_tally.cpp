#include "service/answers/error_tally.hpp"

#include <algorithm>

namespace maptrail {
namespace {

bool same_circumstances(const Operation& a, const Operation& b) {
    return a.remote_name == b.remote_name && a.identity.user_sid == b.identity.user_sid &&
           a.process.path == b.process.path;
}

} // namespace

ErrorTally::ErrorTally(std::size_t examples, std::size_t most_codes)
    : most_examples_(examples), most_codes_(most_codes) {}

void ErrorTally::add(const Operation& operation) {
    denied_ += operation.outcome == Outcome::denied ? 1U : 0U;
    if (operation.outcome != Outcome::failure) {
        return;
    }
    ++failures_;
    const auto found = rows_.find(operation.error);
    if (found == rows_.end() && rows_.size() == most_codes_) {
        ++others_;
        return;
    }
    ErrorRow& row = found == rows_.end() ? rows_[operation.error] : found->second;
    row.code = operation.error;
    row.first = row.count == 0 ? operation.start : std::min(row.first, operation.start);
    row.last = row.count == 0 ? operation.start : std::max(row.last, operation.start);
    ++row.count;
    const auto alike = [&](const Operation& example) { return same_circumstances(example, operation); };
    if (row.examples.size() < most_examples_ && std::ranges::none_of(row.examples, alike)) {
        row.examples.push_back(operation);
    }
}

std::vector<ErrorRow> ErrorTally::rows() const {
    std::vector<ErrorRow> rows;
    rows.reserve(rows_.size());
    for (const auto& [code, row] : rows_) {
        rows.push_back(row);
    }
    std::ranges::sort(rows, [](const ErrorRow& a, const ErrorRow& b) {
        return a.count != b.count ? a.count > b.count : a.code < b.code;
    });
    return rows;
}

} // namespace maptrail
