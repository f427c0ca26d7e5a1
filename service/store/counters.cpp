#include "service/store/counters.hpp"

#include "service/store/database.hpp"

#include <utility>

namespace maptrail {
namespace {

constexpr std::pair<std::string_view, std::uint64_t StoreCounts::*> kept[] = {
    {"operations", &StoreCounts::operations},
    {"pending", &StoreCounts::pending},
    {"notifications", &StoreCounts::notifications},
    {"sent", &StoreCounts::sent},
    {"lost", &StoreCounts::lost},
    {"quarantined", &StoreCounts::quarantined},
    {"losses", &StoreCounts::losses},
    {"dropped", &StoreCounts::dropped},
    {"ended", &StoreCounts::ended},
    {"forgotten", &StoreCounts::forgotten},
};

} // namespace

StoreCounts read_counts(Database& database) {
    StoreCounts counts;
    Statement all(database, "SELECT name, value FROM meta", Statement::Life::once);
    while (all.step()) {
        if (all.text(0) == "history") {
            counts.history = all.bits(1);
        }
        for (const auto& [name, member] : kept) {
            if (all.text(0) == name) {
                counts.*member = all.bits(1);
            }
        }
    }
    return counts;
}

CounterWriter::CounterWriter(Database& database)
    : set_(database, "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = "
                     "excluded.value") {}

void CounterWriter::write(const StoreCounts& counts) {
    for (const auto& [name, member] : kept) {
        set_.bind(1, name);
        set_.bind_bits(2, counts.*member);
        set_.run();
    }
}

} // namespace maptrail
