// What the store's statements cost in a history of many operations.
#include "tests/unit/store_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <string>

using namespace maptrail;
using namespace maptrail::test;

namespace {

/// Of all statements in all connections that are opened while it lives.
struct StatementCosts {
    int most_scanned = 0; ///< rows that one run of a statement looked at without an index
    int prepared_anew = 0;
    int runs = 0;
    std::string worst;

    StatementCosts() {
        current = this;
        REQUIRE(sqlite3_auto_extension(reinterpret_cast<void (*)()>(&watch)) == SQLITE_OK);
    }
    StatementCosts(const StatementCosts&) = delete;
    StatementCosts& operator=(const StatementCosts&) = delete;
    ~StatementCosts() { (void)sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&watch)); }

    void forget() {
        most_scanned = prepared_anew = runs = 0;
        worst.clear();
    }

private:
    static int watch(sqlite3* database, char**, const sqlite3_api_routines*) {
        return sqlite3_trace_v2(database, SQLITE_TRACE_PROFILE, &finished, nullptr);
    }
    static int finished(unsigned, void*, void* statement, void*) {
        auto* const of = static_cast<sqlite3_stmt*>(statement);
        ++current->runs;
        const int scanned = sqlite3_stmt_status(of, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
        const int anew = sqlite3_stmt_status(of, SQLITE_STMTSTATUS_REPREPARE, 1);
        if (scanned > current->most_scanned || anew != 0) {
            current->most_scanned = std::max(current->most_scanned, scanned);
            current->prepared_anew += anew;
            current->worst = sqlite3_sql(of);
        }
        return 0;
    }
    static inline StatementCosts* current = nullptr;
};

} // namespace

TEST_CASE("Recording, sweeping and forgetting look at no more rows than they change", "[store]") {
    StatementCosts costs;
    StoreFixture history;
    std::vector<Notification> batch;
    for (std::uint64_t i = 1; i <= 3'000; ++i) {
        batch.push_back(connect(i, base_time + static_cast<std::int64_t>(i) * second));
        if (i % 100 != 0) { // else pending
            batch.push_back(after(batch.back()));
        }
    }
    history.record(batch);
    costs.forget();
    std::uint64_t number = 10'000;
    const auto more = [&] {
        const auto made = connect(number, base_time + static_cast<std::int64_t>(number) * second);
        const auto removed = disconnect(number + 1, base_time + static_cast<std::int64_t>(number + 1) * second);
        number += 2;
        history.record({made, after(made), removed, after(removed, 53)});
    };
    SECTION("record") {
        for (int i = 0; i < 100; ++i) {
            more();
        }
    }
    SECTION("sweep") {
        CHECK(history.store->pending_processes().size() == 1);
        ClientProcess other;
        other.pid = 1;
        (void)history.store->close_pending_of(std::vector{other}, "gone", 100);
        (void)history.store->close_pending_before(base_time, "too long", 100);
        (void)history.store->settle_gaps({});
    }
    SECTION("sweep of many programs") {
        std::vector<ClientProcess> others(1'000);
        for (std::uint32_t i = 0; i < others.size(); ++i) {
            others[i].pid = 10'000 + i;
        }
        (void)history.store->close_pending_of(others, "gone", 100);
        CHECK(costs.runs < 20);
    }
    SECTION("forget") {
        const auto before = history.store->surplus_before({.operations = 2'900}, 50);
        REQUIRE(before);
        costs.forget(); // it has counted them, once
        CHECK(history.store->forget_before(*before, 50) == 50);
        CHECK(history.store->surplus_before({.operations = 2'900}, 50));
    }
    INFO(costs.worst);
    CHECK(costs.most_scanned < 300);
    CHECK(costs.prepared_anew < 10);
}
