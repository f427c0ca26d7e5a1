#include "service/format/ecs_json.hpp"
#include "service/format/writer.hpp"
#include "service/text/utf.hpp"
#include "tests/unit/cli_sample.hpp"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <string>
#include <tuple>

using namespace maptrail;
using nlohmann::json;

namespace {

auto fields(const Operation& o) {
    return std::tuple(o.id, o.action, o.outcome, o.start, o.end, o.duration, o.error, o.reason, o.local_name,
                      o.remote_name, o.remote_from, o.resource_type, o.provider, o.flags, o.forced, o.truncated,
                      o.identity.user_sid, o.identity.user_name, o.identity.user_domain, o.identity.logon_id,
                      o.identity.session_id, o.identity.integrity, o.identity.elevated, o.process.pid,
                      o.process.started, o.process.path, o.process.bitness, o.source, o.decision, o.host);
}

Operation through_text(const Operation& operation) {
    const std::string line = json_line(operation_to_json(operation));
    Operation read;
    REQUIRE(operation_from_json(json::parse(line), read));
    return read;
}

} // namespace

TEST_CASE("an operation has the names of the Elastic Common Schema, nested") {
    const json written = json::parse(json_line(operation_to_json(sample::full())));
    const json expected = json::parse(R"({
        "@timestamp": "2026-03-04T05:06:07.1234567Z",
        "event": {"id": "42", "kind": "event", "action": "connect", "outcome": "failure",
                  "start": "2026-03-04T05:06:07.1234567Z", "end": "2026-03-04T05:06:07.1357567Z",
                  "duration": 12345600, "reason": "none"},
        "error": {"code": "53", "type": "ERROR_BAD_NETPATH", "message": "The network path was not found."},
        "user": {"name": "user1", "domain": "CORP", "id": "S-1-5-21-1-2-3-1001"},
        "process": {"pid": 4711, "executable": "C:\\Program Files\\App\\app.exe", "name": "app.exe",
                    "start": "2026-03-04T05:05:07.1234567Z"},
        "host": {"name": "PC-17"},
        "session": {"id": 3, "logon_id": "0xabcdef", "elevated": true, "integrity": "high"},
        "mapping": {"local_name": "Z:", "remote_name": "\\\\files\\projects", "remote_from": "call",
                    "resource_type": "disk", "provider": "Microsoft Windows Network",
                    "flags": ["persistent", "interactive", "0x80000"], "forced": true, "source": "spool",
                    "decision": "deny", "bitness": 64, "truncated": true}})");
    CHECK(written == expected);
}

TEST_CASE("what is not known is left out") {
    Operation o;
    o.id = 7;
    o.action = Action::disconnect;
    const json written = json::parse(json_line(operation_to_json(o)));
    CHECK_FALSE(written.contains("error"));
    CHECK_FALSE(written.contains("user"));
    CHECK_FALSE(written.contains("host"));
    CHECK_FALSE(written["event"].contains("end"));
    CHECK_FALSE(written["event"].contains("duration"));
    CHECK_FALSE(written["mapping"].contains("resource_type"));
    CHECK_FALSE(written["mapping"].contains("remote_from"));
    CHECK(written["event"]["outcome"] == "unknown");
    CHECK(written["mapping"]["pending"] == true);
}

TEST_CASE("JSON gives back the operation that it was made of") {
    CHECK(fields(through_text(sample::full())) == fields(sample::full()));
    CHECK(fields(through_text(Operation{})) == fields(Operation{}));
    for (const Outcome outcome : {Outcome::pending, Outcome::success, Outcome::denied, Outcome::unknown}) {
        Operation o = sample::full();
        o.outcome = outcome;
        CHECK(fields(through_text(o)) == fields(o));
    }
    Operation extreme = sample::full();
    extreme.id = std::numeric_limits<std::int64_t>::max();
    extreme.duration = std::numeric_limits<std::int64_t>::max();
    extreme.error = 0xFFFFFFFF;
    extreme.flags = 0xFFFFFFFF;
    extreme.resource_type = 77;
    extreme.identity.logon_id = ~std::uint64_t{0};
    extreme.identity.integrity = 0x1234;
    CHECK(fields(through_text(extreme)) == fields(extreme));
}

TEST_CASE("hostile names pass through JSON as they are and cannot drive a terminal") {
    Operation o = sample::full();
    o.remote_name = "\\\\a\"b\\\x1b]0;owned\x07\u009b31m\u202e\u061ctxt.exe\u2028\x7f {}[],\n";
    const std::string line = json_line(operation_to_json(o));
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK(line.find('\x7f') == std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.find("\u202e") == std::string::npos);
    CHECK(line.find("\u061c") == std::string::npos);
    CHECK(line.find("\u009b") == std::string::npos);
    CHECK(fields(through_text(o)) == fields(o));
}

TEST_CASE("JSON is valid UTF-8 even if a name is not") {
    Operation o = sample::full();
    o.local_name = "\xff\xc2";
    CHECK(is_valid_utf8(json_line(operation_to_json(o))));
}

TEST_CASE("what is no operation is refused") {
    const json good = json::parse(json_line(operation_to_json(sample::full())));
    Operation o;
    REQUIRE(operation_from_json(good, o));
    for (const char* const text : {"null", "[]", "{}", "1", R"({"event":[]})"}) {
        CHECK_FALSE(operation_from_json(json::parse(text), o));
    }
    const auto refused = [&](const char* pointer, const json& value) {
        json bad = good;
        bad[json::json_pointer(pointer)] = value;
        INFO(pointer << " = " << value.dump());
        CHECK_FALSE(operation_from_json(bad, o));
    };
    refused("/event/id", 42);
    refused("/event/id", "-1");
    refused("/event/id", "9223372036854775808");
    refused("/event/action", "reboot");
    refused("/event/outcome", "");
    refused("/event/start", "yesterday");
    refused("/event/start", "2026-13-01T00:00:00Z");
    refused("/event/duration", -1);
    refused("/event/duration", "5");
    refused("/error", "53");
    refused("/error/code", "4294967296");
    refused("/process/pid", 4294967296);
    refused("/process/pid", 1.5);
    refused("/user/name", 1);
    refused("/session/elevated", "yes");
    refused("/session/integrity", "tall");
    refused("/mapping", json::array());
    refused("/mapping/flags", "persistent");
    refused("/mapping/flags", json::array({"flying"}));
    refused("/mapping/flags", json::array({1}));
    refused("/mapping/bitness", 256);
    for (const char* const key : {"id", "action", "outcome", "start"}) {
        json bad = good;
        bad["event"].erase(key);
        CHECK_FALSE(operation_from_json(bad, o));
    }
}

TEST_CASE("json is one array, jsonl one object a line") {
    const auto write = [](auto make, int count) {
        std::string text;
        const auto writer = make([&](std::string_view part) {
            text += part;
            return true;
        });
        for (int i = 1; i <= count; ++i) {
            CHECK(writer->write(sample::plain(i, sample::moment)));
        }
        CHECK(writer->finish());
        return text;
    };
    CHECK(json::parse(write(make_json_writer, 0)) == json::array());
    const json three = json::parse(write(make_json_writer, 3));
    REQUIRE(three.size() == 3);
    CHECK(three[2]["event"]["id"] == "3");

    CHECK(write(make_jsonl_writer, 0).empty());
    const std::string lines = write(make_jsonl_writer, 2);
    CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
    CHECK(json::parse(lines.substr(0, lines.find('\n')))["event"]["id"] == "1");
}

TEST_CASE("a writer says when nobody reads any more") {
    for (auto make : {make_json_writer, make_jsonl_writer, make_csv_writer}) {
        const auto writer = make([](std::string_view) { return false; });
        CHECK_FALSE(writer->write(sample::full()));
    }
}
