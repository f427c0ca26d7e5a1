// The connections that there are at a moment.
#include "service/answers/mappings.hpp"
#include "tests/unit/answers_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace maptrail;
using namespace maptrail::answers_test;

namespace {

std::vector<std::int64_t> left_of(const std::vector<Operation>& operations) {
    Mappings mappings;
    for (const Operation& operation : operations) {
        mappings.add(operation);
    }
    std::vector<std::int64_t> ids;
    for (const Operation& mapping : mappings.now()) {
        ids.push_back(mapping.id);
    }
    return ids;
}

using Ids = std::vector<std::int64_t>;

Operation with_names(Operation o, const std::string& local, const std::string& remote) {
    o.local_name = local;
    o.remote_name = remote;
    return o;
}

} // namespace

TEST_CASE("mappings: a connect adds, a disconnect removes, whatever the case of the letter") {
    CHECK(left_of({janes_connect(1, 0)}) == Ids{1});
    CHECK(left_of({janes_connect(1, 0), with_names(janes_disconnect(2, 1), "z:", "")}).empty());
    CHECK(left_of({janes_connect(1, 0), janes_disconnect(2, 1), janes_connect(3, 2)}) == Ids{3});
    CHECK(left_of({janes_connect(1, 0), janes_connect(2, 1)}) == Ids{2}); // it ended without a word
}

TEST_CASE("mappings: what failed, was denied or has no end changes nothing; not connected means gone") {
    Operation open = janes_disconnect(2, 1);
    open.outcome = Outcome::unknown;
    CHECK(left_of({janes_connect(1, 0), open}) == Ids{1});
    CHECK(left_of({janes_connect(1, 0), failing_with(janes_disconnect(2, 1), 2401)}) == Ids{1});
    CHECK(left_of({janes_connect(1, 0), failing_with(janes_disconnect(2, 1), 2250)}).empty());
    CHECK(
        left_of({failing_with(janes_connect(1, 0), 53), denied_by(janes_connect(2, 1), "r"), sample::loss()}).empty());
}

TEST_CASE("mappings: they belong to a user and a logon session") {
    Operation elevated = janes_connect(2, 1);
    elevated.identity.logon_id = 0x9999;
    CHECK(left_of({janes_connect(1, 0), elevated, of_bob(janes_connect(3, 2))}) == Ids{3, 1, 2});
    Operation gone = janes_disconnect(4, 3);
    gone.identity.logon_id = 0x9999;
    CHECK(left_of({janes_connect(1, 0), elevated, gone}) == Ids{1});
}

TEST_CASE("mappings: without a drive it is the remote name, and a drive's stays") {
    const Operation bare = with_names(janes_connect(1, 0), "", R"(\\files\x)");
    const Operation drive = with_names(janes_connect(2, 1), "Z:", R"(\\files\x)");
    CHECK(left_of({bare, drive}) == Ids{1, 2});
    CHECK(left_of({bare, drive, with_names(janes_disconnect(3, 2), "", R"(\\FILES\x\)")}) == Ids{2});
    CHECK(left_of({bare, drive, with_names(janes_disconnect(3, 2), "Z:", R"(\\files\x)")}) == Ids{1});
}

TEST_CASE("mappings: memory is bounded, the oldest are given up") {
    const int minutes_between = GENERATE(1, 0);
    Mappings mappings(10);
    for (int i = 1; i <= 25; ++i) {
        mappings.add(with_names(janes_connect(i, i * minutes_between), "", R"(\\files\)" + std::to_string(i)));
    }
    const auto now = mappings.now();
    CHECK(now.size() <= 10);
    CHECK(now.size() + mappings.given_up() == 25);
    CHECK(std::ranges::all_of(
        now, [&](const Operation& o) { return o.id > static_cast<std::int64_t>(mappings.given_up()); }));
}
