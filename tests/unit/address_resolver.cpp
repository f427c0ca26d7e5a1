#include "service/resolve/address_resolver.hpp"

#include "service/judge/judge.hpp"
#include "service/rules/remote_name.hpp"
#include "tests/unit/rules_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace maptrail;
using namespace std::chrono_literals;

namespace {

/// Shared with look-ups that outlive the test's resolver.
struct NameServer {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> asked;
    bool hangs = false;

    std::vector<rules::Address> answer(const std::string& server) {
        std::unique_lock lock(mutex);
        asked.push_back(server);
        changed.notify_all();
        changed.wait(lock, [this] { return !hangs; });
        return server == "NAS" ? std::vector{rules::address_of("8.8.8.8").value()} : std::vector<rules::Address>{};
    }
    bool was_asked(std::size_t times) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 10s, [&] { return asked.size() >= times; });
    }
};

struct ResolverFixture {
    std::shared_ptr<NameServer> names = std::make_shared<NameServer>();
    std::shared_ptr<rules::AddressBook> book = std::make_shared<rules::AddressBook>();
    std::shared_ptr<std::atomic<std::int64_t>> seconds = std::make_shared<std::atomic<std::int64_t>>(0);
    AddressResolver resolver{book,
                             [names = names](const std::string& server) { return names->answer(server); },
                             {.clock = [seconds = seconds, start = AddressResolverTimes::Clock::now()] {
                                 return start + std::chrono::seconds(*seconds);
                             }}};

    bool learns(const std::string& server) {
        for (int i = 0; i < 2'000 && !book->find(server); ++i) {
            std::this_thread::sleep_for(5ms);
        }
        return book->find(server).has_value();
    }
};

} // namespace

TEST_CASE_METHOD(ResolverFixture, "a name is looked up once, and once more while it is in use", "[resolve]") {
    resolver.use(true);
    resolver.start();
    for (int i = 0; i < 5; ++i) {
        resolver.saw("\\\\nas\\home");
        resolver.saw("//NAS/other");
    }
    REQUIRE(learns("NAS"));
    CHECK(book->find("NAS") == rules::address_of("8.8.8.8"));
    CHECK(names->asked == std::vector<std::string>{"NAS"});
    *seconds = 301;
    resolver.saw("\\\\nas\\home");
    CHECK(names->was_asked(2));
}

TEST_CASE_METHOD(ResolverFixture, "what is no name is looked up by nobody; what is not found, after a while",
                 "[resolve]") {
    resolver.start();
    resolver.saw("\\\\nas\\home"); // no rule asks
    resolver.use(true);
    resolver.saw("\\\\10.0.0.1\\home");
    resolver.saw("LPT1:");
    resolver.saw("");
    resolver.saw("\\\\" + std::string(300, 'n') + "\\home");
    resolver.saw("\\\\nobody\\home");
    REQUIRE(names->was_asked(1));
    resolver.saw("\\\\nobody\\home");
    resolver.saw("\\\\nas\\home");
    REQUIRE(learns("NAS"));
    CHECK(names->asked == std::vector<std::string>{"NOBODY", "NAS"});
    *seconds = 61;
    resolver.saw("\\\\nobody\\home");
    CHECK(names->was_asked(3));
}

TEST_CASE_METHOD(ResolverFixture, "made-up names neither pile up nor hold up whoever names them", "[resolve]") {
    names->hangs = true;
    resolver.use(true);
    resolver.start();
    for (int i = 0; i < 10'000; ++i) {
        resolver.saw("\\\\server" + std::to_string(i) + "\\share");
    }
    REQUIRE(names->was_asked(1));
    const auto begin = std::chrono::steady_clock::now();
    resolver.stop(); // though the look-up hangs
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    {
        const std::scoped_lock lock(names->mutex);
        names->hangs = false;
        CHECK(names->asked.size() == 1);
    }
    names->changed.notify_all();
}

TEST_CASE_METHOD(ResolverFixture, "rules judge a server by the address that was learned", "[resolve][judge]") {
    rules::Rule outside = rules_test::rule("outside", rules::Mode::enforce);
    rules::Condition& when = outside.when.parts.emplace_back();
    when.kind = rules::Condition::Kind::field;
    when.field = rules::Field::address;
    when.networks = {{rules::address_of("8.0.0.0").value(), 96 + 8}};
    outside.deny = 5;
    Judge judge(book.get());
    rules::RuleSet set({outside}, ConfigVersion{}, {});
    CHECK(set.asks_addresses());
    CHECK_FALSE(rules::RuleSet({rules_test::rule("other", rules::Mode::enforce)}, {}, {}).asks_addresses());
    judge.take(std::move(set));
    const auto denied = [&] {
        wire::Request request;
        request.remote.view = u"\\\\nas\\home";
        const Identity identity;
        const ClientProcess process;
        Judge::Turn turn(judge);
        return turn.judge(request, Source::pipe, {identity, process}).decision == Decision::deny;
    };
    CHECK_FALSE(denied());
    resolver.use(true);
    resolver.start();
    resolver.saw("\\\\nas\\home");
    REQUIRE(learns("NAS"));
    CHECK(denied());
}
