#include "service/sinks/event_kind.hpp"
#include "service/sinks/rule_event.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;

namespace {

std::vector<std::u16string> strings_of(EventKind kind, const std::vector<std::string>& strings) {
    return event_strings(shape_of(kind), strings);
}

} // namespace

TEST_CASE("An event has as many strings as its text wants, whatever it is given", "[sinks]") {
    CHECK(strings_of(EventKind::loss, {}) == std::vector<std::u16string>{u"-", u"-", u"-"});
    CHECK(strings_of(EventKind::loss, {"1", "", "3", "4"}) == std::vector<std::u16string>{u"1", u"-", u"3"});
}

TEST_CASE("Names in an event keep to one line and insert nothing", "[sinks]") {
    const auto text = [](const std::string& name) { return strings_of(EventKind::start_failed, {name}).at(0); };
    CHECK(text("a\r\nb\x1b[1m") == u"a\\x0D\\x0Ab\\x1B[1m");
    CHECK(text(std::string("a\0b", 3)) == u"a\\x00b");
    CHECK(text("fe80::1%12") == u"fe80::1\\x2512");
    CHECK(text("%%1 %n %") == u"\\x25\\x251 %n \\x25");
    CHECK(text("100 % of it") == u"100 % of it");
    CHECK(text("\xC3\xA9\xF0\x9F\x98\x80") == u"\u00E9\U0001F600");
}

TEST_CASE("An event's strings together are no longer than one may be", "[sinks]") {
    const std::vector<std::string> long_ones(13, "x" + std::string(40'000, '\xFF'));
    std::size_t size = 0;
    for (const std::u16string& text : strings_of(EventKind::denied, long_ones)) {
        CHECK(text.ends_with(u"..."));
        size += text.size();
    }
    CHECK(size <= max_event_text);
    CHECK(size > max_event_text - 13 * 4);
}

TEST_CASE("An event's text is not cut within a character", "[sinks]") {
    for (const std::string start : {"", "x"}) {
        std::string faces = start;
        for (int i = 0; i < 3'000; ++i) {
            faces += "\xF0\x9F\x98\x80";
        }
        const std::u16string text = strings_of(EventKind::denied, {faces}).at(0);
        CHECK(text.size() <= max_event_text / 13);
        CHECK(text.substr(text.size() - 5) == u"\U0001F600...");
    }
}

TEST_CASE("An event of a rule says who did what with which program, and what the rule says of it", "[sinks]") {
    Operation n;
    n.remote_name = "\\\\nas\\x";
    n.local_name = "Z:";
    n.identity.user_sid = "S-1-5-21-1";
    n.identity.user_name = "eve";
    n.identity.user_domain = "CORP";
    n.process.path = "C:\\net.exe";
    n.process.pid = 77;
    MatchedRule rule;
    rule.name = "no private NAS";
    rule.severity = 80;
    rule.tags = {"nas", "exfiltration"};
    rule.technique = "T1021.002";
    rule.effects = effect::deny;
    n.error = 5;
    n.judged.denied_status = 1223;
    const std::vector<std::string> strings = rule_event_strings(n, rule, 4);
    CHECK(strings == std::vector<std::string>{"no private NAS", "connect", "\\\\nas\\x", "Z:", "CORP\\eve",
                                              "S-1-5-21-1", "C:\\net.exe", "77", "1223", "80", "nas, exfiltration",
                                              "T1021.002", "4"});
    for (const EventKind kind : {EventKind::denied, EventKind::would_be_denied, EventKind::alert}) {
        CHECK(shape_of(kind).strings == strings.size());
    }
    CHECK(rule_event_strings(Operation(), MatchedRule(), 0).at(4).empty());
    rule.effects = effect::log;
    CHECK(rule_event_strings(n, rule, 0).at(8) == "5");
}
