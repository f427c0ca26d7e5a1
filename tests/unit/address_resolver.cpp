#include "service/resolve/address_resolver.hpp"
#include "service/judge/judge.hpp"
#include "service/rules/remote_name.hpp"
#include "tests/unit/drain_fixture.hpp"
#include "tests/unit/rules_fixture.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>

using namespace maptrail;
using rules::Address;

namespace {

/// A name server that knows some names, is mute about "MUTE" until it is cancelled, and breaks at "BROKEN".
class MadeUpNames {
public:
    std::map<std::string, std::string> known;

    ResolverSystem system() {
        return {.look_up = [this](const std::string& server) { return look_up(server); },
                .cancel =
                    [this] {
                        const std::scoped_lock lock(mutex_);
                        cancelled_ = true;
                        changed_.notify_all();
                    }};
    }
    unsigned asked() {
        const std::scoped_lock lock(mutex_);
        return asked_;
    }

private:
    std::vector<Address> look_up(const std::string& server) {
        std::unique_lock lock(mutex_);
        ++asked_;
        if (server == "BROKEN") {
            throw std::runtime_error("broken");
        }
        if (server == "MUTE") {
            changed_.wait(lock, [this] { return cancelled_; });
        }
        const auto found = known.find(server);
        return found == known.end() ? std::vector<Address>() : std::vector{rules::address_of(found->second).value()};
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool cancelled_ = false;
    unsigned asked_ = 0;
};

struct ResolverFixture {
    MadeUpNames names;
    rules::AddressBook book;
    AddressResolver resolver{book, names.system()};

    ResolverFixture() {
        names.known = {{"NAS", "10.0.0.1"}, {"OUTSIDE", "8.8.8.8"}};
        book.set_in_use(true);
    }
    bool learns(const std::string& server, const std::string& address) {
        return drain_test::eventually([&] { return book.find(server) == rules::address_of(address); });
    }
};

} // namespace

TEST_CASE_METHOD(ResolverFixture, "Names that are asked for are looked up, once", "[resolve]") {
    CHECK_FALSE(book.find("NAS")); // before it starts
    resolver.start();
    CHECK(learns("NAS", "10.0.0.1"));
    CHECK(learns("OUTSIDE", "8.8.8.8"));
    CHECK_FALSE(book.find("GONE"));
    CHECK(drain_test::eventually([&] { return names.asked() == 3; }));
    CHECK_FALSE(book.find("GONE"));
    resolver.stop();
    CHECK(names.asked() == 3);
    CHECK(book.find("NAS") == rules::address_of("10.0.0.1"));
}

TEST_CASE_METHOD(ResolverFixture, "A name that nobody answers for holds up no other, and no stop", "[resolve]") {
    resolver.start(2);
    CHECK_FALSE(book.find("MUTE"));
    REQUIRE(drain_test::eventually([&] { return names.asked() == 1; }));
    CHECK(learns("NAS", "10.0.0.1"));
    resolver.stop();
    resolver.stop();
}

TEST_CASE_METHOD(ResolverFixture, "A look-up that fails leaves its name unknown and ends nothing", "[resolve]") {
    resolver.start(1);
    CHECK_FALSE(book.find("BROKEN"));
    REQUIRE(drain_test::eventually([&] { return names.asked() == 1; }));
    CHECK(learns("NAS", "10.0.0.1"));
    CHECK_FALSE(book.find("BROKEN"));
}

TEST_CASE_METHOD(ResolverFixture, "A resolver that never started stops", "[resolve]") {
    CHECK_FALSE(book.find("NAS"));
    resolver.stop();
    CHECK(names.asked() == 0);
}

TEST_CASE_METHOD(ResolverFixture,
                 "The first operation towards a server is judged without its address, later ones by it",
                 "[resolve][judge]") {
    rules::Rule outside = rules_test::rule("outside", rules::Mode::enforce);
    rules::Condition address;
    address.kind = rules::Condition::Kind::field;
    address.field = rules::Field::address;
    address.networks = {{rules::address_of("8.0.0.0").value(), 96 + 8}};
    outside.when.parts = {address};
    outside.deny = 5;
    const rules::RuleSet set({outside}, {}, {});
    CHECK(set.asks_for_addresses());
    CHECK_FALSE(rules::RuleSet({rules_test::rule("all", rules::Mode::audit)}, {}, {}).asks_for_addresses());
    CHECK_FALSE(rules::RuleSet().asks_for_addresses());
    Judge judge(&book);
    judge.take(set);
    const auto decided = [&judge](std::u16string_view remote) {
        wire::Request request;
        request.remote.view = remote;
        const Identity identity;
        const ClientProcess process;
        Judge::Turn turn(judge);
        return turn.judge(request, Source::pipe, {identity, process}).decision;
    };
    CHECK(decided(u"\\\\8.1.2.3\\x") == Decision::deny);
    CHECK(decided(u"\\\\outside\\x") == Decision::allow);
    CHECK(decided(u"\\\\nas\\x") == Decision::allow);
    resolver.start();
    CHECK(drain_test::eventually([&] { return decided(u"\\\\outside\\y") == Decision::deny; }));
    REQUIRE(learns("NAS", "10.0.0.1"));
    CHECK(decided(u"\\\\nas\\x") == Decision::allow);
    CHECK(names.asked() == 2);
}
