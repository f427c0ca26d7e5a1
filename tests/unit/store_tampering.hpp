// A history with records of several kinds, and a hand that changes it behind the service's back.
#pragma once

#include "service/store/statement.hpp"
#include "tests/unit/store_chain.hpp"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <string>
#include <vector>

namespace maptrail::test {

/// Rows of several kinds, each sealed once or twice; by hand.
struct TamperFixture : ChainFixture {
    ChainHead head;

    TamperFixture() {
        for (std::uint64_t i = 1; i <= 5; ++i) {
            Notification n = connect(i, base_time + static_cast<std::int64_t>(i) * second);
            n.provider = "Microsoft Windows Network";
            n.judged.rules.emplace_back().name = "a rule";
            record({n});
            if (i != 4) {
                record({after(n, i == 2 ? 53 : 0)});
            }
        }
        Loss loss;
        loss.id.fill(3);
        loss.time = base_time;
        loss.reason = "the disk was full";
        loss.producer.emplace().fill(7);
        store->record({}, std::span(&loss, 1));
        head = store->head();
        REQUIRE(verify(head).fits());
    }

    /// `aside` is a database beside it, so that what is kept there is not found in the history.
    void by_hand(const std::string& sql) const {
        Database hand(utf8_path(file), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        hand.execute(("ATTACH '" + utf8_path(folder.path() / "aside.db") + "' AS aside; " + sql).c_str());
    }

    /// The only thing that does not fit.
    [[nodiscard]] Finding the_one() const {
        const Verification result = verify();
        REQUIRE(result.misfits == 1);
        REQUIRE(result.findings.size() == 1);
        return result.findings.front();
    }
};

inline bool has(const Verification& result, Misfit misfit, std::int64_t entry) {
    return std::ranges::any_of(result.findings, [&](const Finding& finding) {
        return finding.misfit == misfit && finding.entry == static_cast<std::uint64_t>(entry);
    });
}

} // namespace maptrail::test
