// Judging allocates nothing: every allocation of this program is counted while a test looks.
#include "service/judge/judge.hpp"
#include "tests/unit/rules_random.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<bool> counting{false};
std::atomic<unsigned> allocations{0};

void* counted(std::size_t size) {
    if (counting) {
        ++allocations;
    }
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) {
        return memory;
    }
    throw std::bad_alloc();
}

} // namespace

void* operator new(std::size_t size) {
    return counted(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

using namespace maptrail;
using namespace maptrail::rules;
using namespace maptrail::rules_test;

namespace {

template <class Work>
unsigned allocations_of(const Work& work) {
    allocations = 0;
    counting = true;
    work();
    counting = false;
    return allocations;
}

std::vector<Rule> three_hundred() {
    std::vector<Rule> rules;
    for (unsigned i = 0; i < 300; ++i) {
        const std::string n = std::to_string(i);
        rules.push_back(i % 5 < 3 ? rule("glob " + n, Mode::enforce,
                                         texts(Field::remote, {"\\\\server" + n + "\\*", "*\\share" + n + "?"}),
                                         texts(Field::user, {"CORP\\u" + n + "*"}))
                                  : rule("other " + n, Mode::enforce, numbers(Field::action, {1}),
                                         inverted(texts(Field::group, {"S-1-5-21-1-2-3-" + n}))));
        rules.back().tags = {"tag " + n};
    }
    return rules;
}

} // namespace

TEST_CASE("the count of allocations sees one", "[rules]") {
    CHECK(allocations_of([] { delete new int(1); }) == 1);
}

TEST_CASE("to judge by 300 rules allocates nothing, from the frame to the record", "[rules]") {
    Judge judge;
    judge.take(RuleSet(three_hundred(), {}, {}));
    const std::vector<std::string> groups{"S-1-5-11", "S-1-5-32-545"};
    Identity identity{.user_sid = "S-1-5-21-1-2-3-1001", .user_name = "jdoe", .user_domain = "CORP"};
    ClientProcess process{.pid = 7, .started = 0, .path = "C:\\" + std::string(30'000, 'p') + ".exe", .bitness = 64};
    const std::u16string long_name(wire::max_remote_units, u'\u0250'); // three bytes in upper case, two in lower
    const std::u16string remote = u"\\\\server17\\share17x";
    const auto judged = [&](std::u16string_view name, Action action) {
        wire::Request request;
        request.action = static_cast<wire::Action>(action);
        request.local.view = action == Action::connect ? std::u16string_view(u"Z:") : name;
        request.remote.view = name;
        request.provider.view = std::u16string_view(long_name).substr(0, wire::max_provider_units);
        request.device.view = u"\\Device\\X\\;Z:1\\server\\share";
        Judge::Turn turn(judge);
        return turn.judge(request, Source::pipe, {identity, process, &groups}).record.size();
    };
    CHECK(judged(remote, Action::connect) > 16); // the first one makes its place to work
    CHECK(allocations_of([&] {
              (void)judged(remote, Action::connect);
              (void)judged(long_name, Action::connect);
              (void)judged(long_name, Action::disconnect);
              (void)judged(u"Z:", Action::disconnect);
          }) == 0);
}

TEST_CASE("to judge by 300 rules of every kind allocates nothing", "[rules]") {
    Random random(300);
    const RuleSet set(random_rules(random, 300), {}, sid_of);
    unsigned matches = 0;
    for (int i = 0; i < 5'000; ++i) {
        const OwnedSubject owned = random_subject(random);
        const Subject subject = owned.view();
        Judgement judgement;
        REQUIRE(allocations_of([&] { set.judge(subject, judgement); }) == 0);
        matches += judgement.count;
    }
    CHECK(matches > 5'000);
}

TEST_CASE("to judge by addresses allocates nothing, whether they are known or to be looked up", "[rules]") {
    AddressBook book;
    Judge judge(&book);
    Rule outside = rule("outside", Mode::enforce);
    Condition address;
    address.kind = Condition::Kind::field;
    address.field = Field::address;
    address.networks = {{{}, 0}};
    outside.when.parts = {address};
    outside.deny = 5;
    const RuleSet set({outside}, {}, {});
    book.set_in_use(set.asks_for_addresses());
    judge.take(set);
    const Identity identity;
    const ClientProcess process;
    const auto decided = [&](std::u16string_view name) {
        wire::Request request;
        request.remote.view = name;
        Judge::Turn turn(judge);
        return turn.judge(request, Source::pipe, {identity, process}).decision;
    };
    book.learn("KNOWN", std::vector<Address>(1));
    std::array<std::u16string, 2 * WantedNames::most> names;
    for (std::size_t i = 0; i < names.size(); ++i) {
        names.at(i) = u"\\\\server-with-a-long-name-" + std::u16string(i + 1, u'x') + u"\\share";
    }
    CHECK(decided(u"\\\\known\\share") == Decision::deny); // the first one makes its place to work
    unsigned denied = 0;
    CHECK(allocations_of([&] {
              denied += decided(u"\\\\known\\share") == Decision::deny ? 1 : 0;
              for (const std::u16string& name : names) { // more than may be wanted
                  denied += decided(name) == Decision::deny ? 1 : 0;
              }
          }) == 0);
    CHECK(denied == 1);
    std::string wanted;
    REQUIRE(book.next(wanted));
    CHECK(wanted == "SERVER-WITH-A-LONG-NAME-X");
}
