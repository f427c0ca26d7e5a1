// maptrail why: the answer in plain words
#include "common/model/windows_error.hpp"
#include "service/answers/drive_story.hpp"
#include "service/answers/error_help.hpp"
#include "service/cli/database_source.hpp"
#include "tests/unit/answers_world.hpp"
#include "tests/unit/store_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace maptrail;
using namespace maptrail::answers_test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using nlohmann::json;

namespace {

std::string why_text(const std::vector<Operation>& operations, std::vector<std::string> more = {}) {
    AnswersWorld world;
    world.operations = operations;
    more.insert(more.begin(), {"why", "Z:"});
    const std::string text = world.run(more, 0);
    CHECK(world.err.empty());
    return text;
}

} // namespace

TEST_CASE("why: removed by a program") {
    CHECK(why_text({janes_connect(1, 0), janes_disconnect(2, 5)}) ==
          "CORP\\jane disconnected Z: from \\\\files\\projects on 2026-03-04 at 06:11:07 with cleaner.exe (pid 4711).\n"
          "Before that, CORP\\jane connected Z: to \\\\files\\projects on 2026-03-04 at 06:06:07 with net.exe (pid "
          "4711).\n"
          "Nothing is recorded of Z: since.\n");
}

TEST_CASE("why: denied by a rule, or by none") {
    CHECK_THAT(
        why_text({denied_by(janes_connect(1, 0), "no NAS")}),
        StartsWith("CORP\\jane tried to connect Z: to \\\\files\\projects on 2026-03-04 at 06:06:07 with net.exe "
                   "(pid 4711), and MapTrail's rule \"no NAS\" denied it; the program was told "
                   "ERROR_ACCESS_DENIED (5).\nNothing is recorded of Z: before that, of this user.\n"));
    Operation alone = denied_by(janes_connect(1, 0), "x");
    alone.judged.rules.clear();
    CHECK_THAT(why_text({alone}), ContainsSubstring("denied by no rule: the service did not answer in time"));
    Operation late = denied_by(janes_connect(1, 0), "no NAS");
    late.source = Source::spool;
    CHECK_THAT(why_text({late}), ContainsSubstring("denied by no rule: the service did not answer in time"));
    Operation audited = denied_by(janes_connect(1, 0), "trial");
    audited.outcome = Outcome::success;
    audited.decision = Decision::allow;
    audited.error = 0;
    audited.judged.would_deny = true;
    audited.judged.rules.front().audit = true;
    CHECK_THAT(why_text({audited}), ContainsSubstring("The rule \"trial\" would have denied it, but is in audit mode"));
}

TEST_CASE("why: failed with each of the commonest network errors") {
    for (const std::uint32_t error :
         {53U,   67U,   5U,    85U,   86U,   1219U, 1326U, 1327U, 1330U, 1331U, 1909U, 1203U,
          1222U, 2250U, 2401U, 2404U, 1200U, 1204U, 1202U, 1205U, 1206U, 1208U, 1223U, 64U,
          59U,   121U,  1231U, 1232U, 1240U, 1265U, 2202U, 55U,   71U,   51U,   1311U}) {
        INFO(error);
        REQUIRE(error_help(error) != nullptr);
        const std::string text = why_text({failing_with(janes_connect(1, 0), error)});
        CHECK_THAT(text, ContainsSubstring("tried to connect Z: to \\\\files\\projects"));
        CHECK_THAT(text, ContainsSubstring(", and it failed with " + std::string(error_name(error)) + " (" +
                                           std::to_string(error) + "). " + std::string(error_help(error)->meaning) +
                                           " Usual remedy: " + std::string(error_help(error)->remedy) + "\n"));
    }
    CHECK_THAT(why_text({failing_with(janes_connect(1, 0), 1230)}),
               ContainsSubstring("Windows says of it: \"An invalid operation"));
    CHECK_THAT(why_text({failing_with(janes_connect(1, 0), 60'000)}), ContainsSubstring("failed with error 60000.\n"));
}

TEST_CASE("why: what was before, tries between, other sessions, how it ended not known") {
    Operation earlier = janes_connect(1, 0);
    earlier.identity.logon_id = 0x77;
    Operation last = failing_with(janes_connect(4, 8), 85);
    const std::string text =
        why_text({earlier, failing_with(janes_connect(2, 3), 53), failing_with(janes_connect(3, 4), 53), last});
    CHECK_THAT(text, ContainsSubstring("Before that (in another logon session), CORP\\jane connected Z:") &&
                         ContainsSubstring("Between the two, 2 other attempts did not succeed."));
    Operation open = janes_connect(1, 0);
    open.outcome = Outcome::unknown;
    open.reason = "the program ended before the operation's end was notified";
    CHECK_THAT(why_text({open}), ContainsSubstring("how that ended is not known: the program ended before"));
    CHECK_THAT(why_text({open, failing_with(janes_connect(2, 1), 5)}),
               ContainsSubstring("1 other attempt of this user's did not"));
}

TEST_CASE("why: persistent, by force, elevated, inferred, told late") {
    Operation o = janes_connect(1, 0);
    o.flags = 1;
    o.identity.elevated = true;
    o.source = Source::spool;
    const std::string text = why_text({o});
    for (const char* const part :
         {"(pid 4711, elevated)", "Windows restores it at logon", "not elevated have drives", "by a spool file"}) {
        CHECK_THAT(text, ContainsSubstring(part));
    }
    Operation gone = janes_disconnect(2, 1);
    gone.forced = true;
    gone.remote_from = RemoteFrom::record;
    CHECK_THAT(why_text({gone}), ContainsSubstring("(inferred from the last recorded connect)") &&
                                     ContainsSubstring("(pid 4711), by force."));
}

TEST_CASE("why: at a moment, by user, and others' drives") {
    const std::vector<Operation> operations{janes_connect(1, 0), of_bob(janes_connect(2, 5)), janes_disconnect(3, 10),
                                            of_bob(janes_disconnect(4, 15))};
    const std::string then = why_text(operations, {"--at", "2026-03-04 06:08"});
    CHECK_THAT(then,
               StartsWith("CORP\\jane connected") && ContainsSubstring("Since then: CORP\\jane disconnected Z: from"));
    CHECK_THAT(why_text(operations),
               StartsWith("CORP\\bob disconnected") &&
                   ContainsSubstring("Others have Z: too, each his own (CORP\\jane, 2026-03-04 at "
                                     "06:16:07): --user NAME asks for theirs."));
    const std::string janes = why_text(operations, {"--user", "jane"});
    CHECK_THAT(janes, StartsWith("CORP\\jane disconnected"));
    CHECK(janes.find("Others") == std::string::npos);
}

TEST_CASE("why: never seen is said on standard error, with what may be the reason") {
    AnswersWorld world;
    world.operations = {janes_connect(1, 0)};
    CHECK(world.run({"why", "Q:"}, 1).empty());
    CHECK_THAT(world.err, StartsWith("Nothing is recorded of Q:.\nWindows restores remembered connections at logon"));
    world.run({"why", "Z:", "--user", "bob"}, 1);
    CHECK_THAT(world.err, StartsWith("Nothing is recorded of Z:, of that user.\n"));
    world.run({"why", "z", "--at", "2026-03-01"}, 1);
    CHECK_THAT(world.err, StartsWith("Nothing is recorded of Z:, up to 2026-03-01 at 00:00:00.\nThe first after that: "
                                     "CORP\\jane connected Z:"));
    const json answer = world.run_json({"why", "Q:"}, 1);
    CHECK(answer["found"] == false);
    CHECK(answer["answer"].size() == 2);
}

TEST_CASE("why: a remote name, in every spelling") {
    AnswersWorld world;
    world.operations = {janes_connect(1, 0)};
    world.operations[0].local_name.clear();
    for (const char* const name : {R"(\\files\projects)", R"(\\FILES\projects\)", "//files/projects", R"(\\files)"}) {
        CHECK_THAT(world.run({"why", name}, 0),
                   StartsWith("CORP\\jane connected \\\\files\\projects without a drive letter on "));
    }
}

TEST_CASE("why: JSON has the answer and what it is made of") {
    AnswersWorld world;
    world.operations = {janes_connect(1, 0), failing_with(janes_connect(2, 1), 53),
                        denied_by(janes_connect(3, 2), "no NAS")};
    const json denied = world.run_json({"why", "Z:"}, 0);
    CHECK(denied["asked"] == "Z:");
    CHECK(denied["operation"]["event"]["id"] == "3");
    CHECK(denied["rule"] == "no NAS");
    CHECK(denied["before"]["event"]["id"] == "1");
    CHECK(denied["tries_between"] == 1);
    const json failure = world.run_json({"why", "Z:", "--at", "2026-03-04 06:07:30"}, 0);
    CHECK(failure["error"]["name"] == "ERROR_BAD_NETPATH");
    CHECK(failure["error"]["remedy"] == error_help(53)->remedy);
    CHECK(failure["since"].size() == 1);
}

TEST_CASE("why: lines fit the terminal, and names drive nothing") {
    for (const std::size_t width : {80U, 120U, 200U}) {
        AnswersWorld world;
        world.operations = {janes_connect(1, 0), failing_with(janes_connect(2, 1), 1219)};
        world.operations[1].remote_name += "\x1b[2J\r\nfeigned";
        world.shown_on = {true, width, true};
        const std::string text = world.run({"why", "Z:"}, 0);
        check_width(text, width);
        CHECK(text.find('\x1b') == std::string::npos);
        CHECK(text.find('\r') == std::string::npos);
    }
}

TEST_CASE("why: from a real database") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "history.db";
    {
        const auto store = open_store(
            file, StoreMode::read_write, [] { return test::base_time; }, "PC-17");
        Notification before = test::connect(1);
        Notification after = before;
        after.phase = Phase::after;
        ++after.sequence;
        after.status = 53;
        const std::vector<Notification> both{before, after};
        store->record(both);
    }
    const std::u8string name = file.u8string();
    const auto source = open_database_source({name.begin(), name.end()});
    const StoryQuestion question{.name = "Z:", .users = {}, .at = std::nullopt, .now = sample::moment};
    const DriveStory story = story_of(
        question, [&](const Query& query, const auto& row) { source->find(query, row); },
        [](std::int64_t) { return true; }, [](std::int64_t) { return true; });
    REQUIRE(story.last);
    CHECK(story.last->error == 53);
    CHECK_FALSE(story.before);
}
