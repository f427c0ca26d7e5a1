// Counting operations, and what errors mean.
#include "common/model/windows_error.hpp"
#include "service/answers/error_help.hpp"
#include "service/answers/error_tally.hpp"
#include "service/answers/tally.hpp"
#include "tests/unit/answers_world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>

using namespace maptrail;
using namespace maptrail::answers_test;

namespace {

using Counts = std::vector<std::pair<std::string, std::uint64_t>>;

Counts counts_by(TallyBy by, const std::vector<Operation>& operations) {
    Tally tally(by, sample::fixed_zone(1));
    for (const Operation& operation : operations) {
        tally.add(operation);
    }
    Counts counts;
    for (const TallyRow& row : tally.rows()) {
        counts.emplace_back(row.name, row.counts.total);
    }
    return counts;
}

Operation with_remote(Operation operation, const std::string& remote) {
    operation.remote_name = remote;
    return operation;
}

} // namespace

TEST_CASE("tally: every key, most frequent first, names that are the same together") {
    const Operation plain = janes_connect(1, 0);
    CHECK(counts_by(TallyBy::user, {plain, of_bob(plain), of_bob(plain)}) ==
          Counts{{"CORP\\bob", 2}, {"CORP\\jane", 1}});
    const std::vector<Operation> remotes{with_remote(plain, R"(\\files\a)"), with_remote(plain, R"(\\FILES\A\below)"),
                                         with_remote(plain, R"(\\files\b)"), with_remote(plain, "//nas/x"),
                                         with_remote(plain, "")};
    CHECK(counts_by(TallyBy::server, remotes) == Counts{{"files", 3}, {"(not known)", 1}, {"nas", 1}});
    CHECK(counts_by(TallyBy::share, remotes) ==
          Counts{{R"(\\files\a)", 2}, {"(not known)", 1}, {R"(\\files\b)", 1}, {R"(\\nas\x)", 1}});
    CHECK(counts_by(TallyBy::exe, {plain, janes_disconnect(2, 1), plain}) ==
          Counts{{"net.exe", 2}, {"cleaner.exe", 1}});
    CHECK(counts_by(TallyBy::error,
                    {plain, failing_with(plain, 53), failing_with(plain, 53), failing_with(plain, 60'000)}) ==
          Counts{{"ERROR_BAD_NETPATH (53)", 2}, {"(no error)", 1}, {"error 60000", 1}});
    CHECK(counts_by(TallyBy::rule, {plain, denied_by(plain, "a"), denied_by(denied_by(plain, "a"), "b"),
                                    denied_by(denied_by(plain, "a"), "a")}) ==
          Counts{{"a", 3}, {"(no rule)", 1}, {"b", 1}});
    // 06:06 by local time, an hour later, and the other way round.
    CHECK(counts_by(TallyBy::hour, {janes_connect(2, 60), janes_connect(3, 60), plain}) ==
          Counts{{"2026-03-04 06:00", 1}, {"2026-03-04 07:00", 2}});
}

TEST_CASE("tally: outcomes, times and the total; losses are passed over") {
    Tally tally(TallyBy::user, sample::fixed_zone(0));
    Operation open = janes_connect(5, 4);
    open.outcome = Outcome::pending;
    for (const Operation& o : {janes_connect(1, 3), failing_with(janes_connect(2, 1), 5),
                               denied_by(janes_connect(3, 2), "x"), open, sample::loss()}) {
        tally.add(o);
    }
    const TallyCounts& counts = tally.total();
    CHECK(counts.total == 4);
    CHECK(counts.success == 1);
    CHECK(counts.failure == 1);
    CHECK(counts.denied == 1);
    CHECK(counts.unknown == 1);
    CHECK(counts.first == sample::moment + 60 * sample::second);
    CHECK(counts.last == sample::moment + 240 * sample::second);
}

TEST_CASE("tally: memory is bounded; what has no room is counted together") {
    Tally tally(TallyBy::share, sample::fixed_zone(0), 2'000);
    for (int i = 0; i < 1'000; ++i) {
        tally.add(with_remote(janes_connect(i, 0), R"(\\files\)" + std::to_string(i)));
    }
    const std::size_t rows = tally.rows().size();
    CHECK(rows > 2);
    CHECK(rows < 10);
    CHECK(tally.others().total == 1'000 - rows);
    CHECK(tally.total().total == 1'000);
    tally.add(with_remote(janes_connect(1, 0), R"(\\files\0)"));
    CHECK(tally.rows().front().counts.total == 2);
}

TEST_CASE("error tally: failures by code with examples, denials apart, codes bounded") {
    ErrorTally tally(2, 3);
    const Operation plain = janes_connect(1, 0);
    for (const Operation& o :
         {failing_with(plain, 53), failing_with(plain, 53), failing_with(of_bob(janes_connect(2, 5)), 53),
          failing_with(with_remote(plain, R"(\\x\y)"), 53), failing_with(plain, 67), denied_by(plain, "r"), plain,
          failing_with(plain, 1), failing_with(plain, 2), failing_with(plain, 2)}) {
        tally.add(o);
    }
    const std::vector<ErrorRow> rows = tally.rows();
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].code == 53);
    CHECK(rows[0].count == 4);
    CHECK(rows[0].first == plain.start);
    CHECK(rows[0].last == plain.start + 300 * sample::second);
    REQUIRE(rows[0].examples.size() == 2);
    CHECK(rows[0].examples[1].identity.user_name == "bob");
    CHECK(tally.failures() == 8);
    CHECK(tally.denied() == 1);
    CHECK(tally.others() == 2);
}

TEST_CASE("error help: each has a name that Windows gave, a meaning and a remedy in whole sentences") {
    CHECK(all_error_help().size() >= 40);
    for (const ErrorHelp& help : all_error_help()) {
        INFO(help.code);
        CHECK(error_help(help.code) == &help);
        CHECK_FALSE(error_name(help.code).empty());
        for (const std::string_view text : {help.meaning, help.remedy}) {
            CHECK(text.size() > 10);
            CHECK(text.ends_with('.'));
            CHECK(text.find("  ") == std::string_view::npos);
        }
    }
    CHECK(error_help(0) == nullptr);
    CHECK(error_help(60'000) == nullptr);
}
