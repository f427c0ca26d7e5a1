// Totals that are kept, because counting ten million rows takes too long to ask for.
#pragma once

#include "service/store/statement.hpp"
#include "service/store/store.hpp"

namespace maptrail {

/// What the table says now, under which names a writer keeps it. `duplicates` is not kept.
[[nodiscard]] StoreCounts read_counts(Database& database);

/// Writes all of them; the caller's transaction makes them true together with what they count.
class CounterWriter {
public:
    explicit CounterWriter(Database& database);
    void write(const StoreCounts& counts);

private:
    Statement set_;
};

} // namespace maptrail
