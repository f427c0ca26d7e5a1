// What became of a drive: which operations tell it, and how far they are looked for.
#include "service/answers/drive_story.hpp"
#include "tests/unit/answers_world.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace maptrail;
using namespace maptrail::answers_test;

namespace {

constexpr std::int64_t story_minute = 60 * sample::second;

struct Asked {
    std::vector<Operation> operations;
    std::vector<Query> queries{};
    std::size_t rows = 0;
    bool patient = true;

    DriveStory about(const std::string& name, std::optional<std::int64_t> at = std::nullopt,
                     std::vector<std::string> users = {}) {
        AnswersWorld world;
        world.operations = operations;
        AnswersWorld::Source source(world);
        StoryQuestion question{.name = name, .users = std::move(users), .at = at, .now = world.now()};
        const auto find = [&](const Query& query, const std::function<bool(const Operation&)>& row) {
            queries.push_back(query);
            source.find(query, [&](const Operation& o) {
                ++rows;
                return row(o);
            });
        };
        return story_of(
            question, find, [](std::int64_t) { return true; }, [&](std::int64_t) { return patient; });
    }
};

std::int64_t id_or_0(const std::optional<Operation>& operation) {
    return operation ? operation->id : 0;
}

} // namespace

TEST_CASE("story: the newest, and what succeeded before it") {
    Asked asked{{janes_connect(1, 0), janes_disconnect(2, 5), failing_with(janes_connect(3, 10), 53),
                 failing_with(janes_connect(4, 11), 53)}};
    const DriveStory story = asked.about("Z:");
    CHECK(id_or_0(story.last) == 4);
    CHECK(id_or_0(story.before) == 2);
    CHECK(story.tries_between == 1);
    CHECK(story.since.empty());
    CHECK_FALSE(story.looked_back_to);
}

TEST_CASE("story: up to a moment, and what came since, three at most") {
    Asked asked{{janes_connect(1, 0), janes_disconnect(2, 5), janes_connect(3, 10), janes_disconnect(4, 15),
                 janes_connect(5, 20), janes_connect(6, 25)}};
    DriveStory story = asked.about("Z:", sample::moment + 5 * story_minute);
    CHECK(id_or_0(story.last) == 2);
    CHECK(id_or_0(story.before) == 1);
    REQUIRE(story.since.size() == 3);
    CHECK(story.since.front().id == 3);
    CHECK(story.more_since);
    story = asked.about("Z:", sample::moment + 15 * story_minute);
    CHECK(story.since.size() == 2);
    CHECK_FALSE(story.more_since);
    story = asked.about("Z:", sample::moment - 1);
    CHECK_FALSE(story.last);
    CHECK(story.since.front().id == 1);
}

TEST_CASE("story: drives belong to users") {
    Asked asked{
        {janes_connect(1, 0), of_bob(janes_connect(2, 1)), janes_connect(3, 2), of_bob(janes_disconnect(4, 3))}};
    DriveStory story = asked.about("z");
    CHECK(id_or_0(story.last) == 4);
    CHECK(id_or_0(story.before) == 2);
    REQUIRE(story.others.size() == 1);
    CHECK(story.others.front().id == 3);
    story = asked.about("Z:", std::nullopt, {"CORP\\jane"});
    CHECK(id_or_0(story.last) == 3);
    CHECK(id_or_0(story.before) == 1);
    CHECK(story.others.empty());
}

TEST_CASE("story: a remote name takes in what is below it, and nothing beside it") {
    Operation below = janes_connect(1, 0);
    below.remote_name = R"(\\files\projects\2026)";
    Operation beside = janes_connect(2, 1);
    beside.remote_name = R"(\\files\projects2)";
    Asked asked{{below, beside}};
    CHECK(id_or_0(asked.about(R"(\\FILES\projects)").last) == 1);
    CHECK(id_or_0(asked.about(R"(\\files)").last) == 2);
    CHECK_FALSE(asked.about(R"(\\other)").last);
}

TEST_CASE("story: the search goes piece by piece, is ended early, and says how far it came") {
    // Jane's first connect is months before the second.
    Asked asked{{janes_connect(1, -60 * 24 * 90), janes_connect(2, 0)}};
    DriveStory story = asked.about("Z:");
    CHECK(id_or_0(story.before) == 1);
    CHECK(asked.queries.size() > 5);
    CHECK(asked.queries.size() < 40);

    asked.patient = false;
    asked.queries.clear();
    story = asked.about("Z:");
    CHECK(id_or_0(story.last) == 2);
    CHECK_FALSE(story.before);
    REQUIRE(story.looked_back_to);
    CHECK(*story.looked_back_to == sample::moment - 60 * story_minute);

    // Pieces lie beside each other without a gap, and the last is open.
    asked.patient = true;
    asked.queries.clear();
    CHECK_FALSE(asked.about("Q:").last);
    CHECK_FALSE(asked.queries.front().until);
    CHECK_FALSE(asked.queries.back().since);
    for (std::size_t i = 1; i < asked.queries.size(); ++i) {
        CHECK(asked.queries[i].until == asked.queries[i - 1].since);
    }
}

TEST_CASE("story: many operations are not all read") {
    Asked asked;
    for (int i = 1; i <= 50'000; ++i) {
        asked.operations.push_back(failing_with(janes_connect(i, 0), 53));
        asked.operations.back().start = sample::moment - (50'000 - i) * sample::second;
    }
    const DriveStory story = asked.about("Z:");
    CHECK(id_or_0(story.last) == 50'000);
    CHECK(story.tries_between == 1'000);
    CHECK(asked.rows < 1'100);
}

TEST_CASE("story: moments at the ends of time") {
    Asked asked{{janes_connect(1, 0)}};
    CHECK_FALSE(asked.about("Z:", std::numeric_limits<std::int64_t>::min()).last);
    CHECK(id_or_0(asked.about("Z:", std::numeric_limits<std::int64_t>::max()).last) == 1);
    CHECK_FALSE(asked.about("Z:", 0).last);
}
