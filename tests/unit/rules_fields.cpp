#include "tests/unit/rules_fixture.hpp"

#include "service/rules/remote_name.hpp"

using namespace maptrail;
using namespace maptrail::rules;
using namespace maptrail::rules_test;

namespace {

bool fits(const Event& event, Condition condition) {
    Rule one = rule("one", Mode::enforce, std::move(condition));
    one.log = true;
    return verdict(RuleSet({one}, {}, {}), event).count == 1;
}

Event connecting(std::string remote) {
    Event event;
    event.remote = std::move(remote);
    return event;
}

Network network(const char* address, std::uint8_t bits) {
    return {
        *address_of(address),
        static_cast<std::uint8_t>(std::string_view(address).find(':') == std::string_view::npos ? bits + 96 : bits)};
}

bool in_network(const char* remote, const Network& wanted) {
    Condition condition = numbers(Field::address, {});
    condition.networks = {wanted};
    return fits(connecting(remote), condition);
}

bool at(std::uint16_t minute, TimeRange range) {
    Condition condition = numbers(Field::time, {});
    condition.times = {range};
    Event event;
    event.moment.minute = minute;
    return fits(event, condition);
}

} // namespace

TEST_CASE("names are compared by globs, without regard to case or to the kind of slash", "[rules]") {
    CHECK(fits(connecting("\\\\Files\\Data"), texts(Field::remote, {"\\\\files\\*"})));
    CHECK(fits(connecting("//files/data"), texts(Field::remote, {"\\\\files\\*"})));
    CHECK(fits(connecting("\\\\files\\data"), texts(Field::remote, {"//files/*"})));
    CHECK_FALSE(fits(connecting("\\\\files2\\data"), texts(Field::remote, {"\\\\files\\*"})));
    CHECK(fits(connecting("\\\\ws17\\c$"), texts(Field::share, {"?$"})));
    CHECK(fits(connecting("\\\\ws17\\c$\\users"), texts(Field::share, {"C$"})));
    CHECK(fits(connecting("\\\\?\\UNC\\ws17\\c$"), texts(Field::server, {"WS*"})));
    CHECK(fits(connecting("https://user@cloud.example:8443/dav/x"), texts(Field::server, {"cloud.example"})));
    CHECK(fits(connecting("\\\\cloud.example@SSL@8443\\DavWWWRoot"), texts(Field::server, {"cloud.example"})));
    CHECK(fits(connecting("\\\\server"), texts(Field::share, {""})));
}

TEST_CASE("a local name is one however it is written; the empty one is none", "[rules]") {
    Event event;
    event.local = "z:";
    CHECK(fits(event, texts(Field::local, {"Z"})));
    CHECK(fits(event, texts(Field::local, {"Z:"})));
    CHECK_FALSE(fits(event, texts(Field::local, {""})));
    event.local = "";
    CHECK(fits(event, texts(Field::local, {""})));
    CHECK_FALSE(fits(event, texts(Field::local, {"*"})));
    CHECK(fits(event, inverted(texts(Field::local, {"*"}))));
}

TEST_CASE("a disconnect's remote name comes from its device, or is its name", "[rules]") {
    Event event;
    event.action = Action::disconnect;
    event.local = "Z:";
    event.device = "\\Device\\LanmanRedirector\\;Z:000000000001234f\\nas\\share";
    CHECK(fits(event, texts(Field::remote, {"\\\\nas\\share"})));
    CHECK(fits(event, texts(Field::local, {"Z"})));
    event.device = "";
    CHECK_FALSE(fits(event, texts(Field::remote, {"*"})));
    CHECK_FALSE(fits(event, inverted(texts(Field::remote, {"\\\\nas\\*"}))));
    event.local = "\\\\nas\\share";
    CHECK(fits(event, texts(Field::server, {"nas"})));
    CHECK(fits(event, texts(Field::local, {""})));
}

TEST_CASE("a provider is known where the router defines one", "[rules]") {
    Event event;
    event.provider = "Microsoft Windows Network";
    CHECK(fits(event, texts(Field::provider, {"microsoft*"})));
    event.action = Action::disconnect;
    CHECK_FALSE(fits(event, texts(Field::provider, {"*"})));
}

TEST_CASE("who calls: name, domain, SID, program, session", "[rules]") {
    Event event;
    CHECK(fits(event, texts(Field::user, {"JDOE"})));
    CHECK(fits(event, texts(Field::user, {"corp\\j*"})));
    CHECK(fits(event, texts(Field::user, {"jdoe@corp"})));
    CHECK_FALSE(fits(event, texts(Field::user, {"other\\jdoe"})));
    CHECK(fits(event, texts(Field::sid, {"s-1-5-21-*-1001"})));
    CHECK(fits(event, texts(Field::program, {"explorer.exe"})));
    CHECK(fits(event, texts(Field::program, {"c:/windows/*"})));
    CHECK_FALSE(fits(event, texts(Field::program, {"plorer.exe"})));
    CHECK(fits(event, numbers(Field::bitness, {64})));
    CHECK_FALSE(fits(event, numbers(Field::session, {3})));
    CHECK_FALSE(fits(event, inverted(numbers(Field::session, {3}))));
    event.identity.session_type = SessionType::remote;
    CHECK(fits(event, inverted(numbers(Field::session, {3}))));
    event.identity.user_name = "Jane@Example.com"; // an account on the internet
    event.identity.user_domain = "MicrosoftAccount";
    CHECK(fits(event, texts(Field::user, {"jane@example.com"})));
    CHECK(fits(event, texts(Field::user, {"*@example.*"})));
    CHECK(fits(event, texts(Field::user, {"microsoftaccount\\jane@*"})));
    CHECK_FALSE(fits(event, texts(Field::user, {"jane"})));
    CHECK_FALSE(fits(event, texts(Field::user, {"microsoftaccount"})));
    event.identity.user_name.clear();
    CHECK_FALSE(fits(event, inverted(texts(Field::user, {"jdoe"}))));
    event.identity.elevated = true;
    event.identity.integrity = 0x3000;
    CHECK(fits(event, numbers(Field::elevated, {1})));
    CHECK(fits(event, numbers(Field::integrity, {0x3000})));
}

TEST_CASE("how it is called: type, flags, force, outcome, error", "[rules]") {
    Event event;
    event.flags = 0x5;
    event.attributes = wire::attribute::forced;
    CHECK(fits(event, numbers(Field::resource_type, {1, 2})));
    CHECK(fits(event, numbers(Field::flags, {0x4})));
    CHECK_FALSE(fits(event, numbers(Field::flags, {0x8})));
    CHECK(fits(event, numbers(Field::forced, {1})));
    CHECK_FALSE(fits(event, numbers(Field::error, {0})));
    event.phase = Phase::after;
    event.status = 53;
    CHECK(fits(event, numbers(Field::error, {53, 67})));
    CHECK(fits(event, numbers(Field::outcome, {2})));
    CHECK_FALSE(fits(event, numbers(Field::outcome, {1})));
}

TEST_CASE("times of a day, also over midnight, and days", "[rules]") {
    CHECK(at(9 * 60, {9 * 60, 17 * 60}));
    CHECK_FALSE(at(17 * 60, {9 * 60, 17 * 60}));
    CHECK(at(23 * 60, {22 * 60, 6 * 60}));
    CHECK(at(0, {22 * 60, 6 * 60}));
    CHECK_FALSE(at(6 * 60, {22 * 60, 6 * 60}));
    CHECK(at(5, {0, 0}));
    CHECK(local_moment(0).weekday == 3);
    CHECK(local_moment(-1).weekday == 2);
    CHECK(local_moment(-1).minute == 23 * 60 + 59);
    CHECK(local_moment(86'400 * 4 + 61).weekday == 0);
    CHECK(local_moment(86'400 * 4 + 61).minute == 1);
}

TEST_CASE("addresses that a name spells out, and nothing else", "[rules]") {
    CHECK(in_network("\\\\10.1.2.3\\x", network("10.0.0.0", 8)));
    CHECK_FALSE(in_network("\\\\11.1.2.3\\x", network("10.0.0.0", 8)));
    CHECK(in_network("\\\\172.16.255.1\\x", network("172.16.0.0", 12)));
    CHECK_FALSE(in_network("\\\\172.32.0.1\\x", network("172.16.0.0", 12)));
    CHECK(in_network("\\\\fe80--1s4.ipv6-literal.net\\x", network("fe80::", 10)));
    CHECK(in_network("https://[2001:db8::5]:443/x", network("2001:db8::", 32)));
    for (const char* name : {"server", "10.1.2", "10.1.2.3.4", "10.1.2.256", "010.1.2.3", "0x0a.1.2.3", "10.1.2.3.",
                             "167838211", "", ".", "1.2.3.-4", "fe80::1::2", "12345::", ":::", "x.ipv6-literal.net"}) {
        CAPTURE(name);
        CHECK_FALSE(address_of(name));
    }
}
