#include "tests/bench/judge_sample.hpp"

#include "service/rules/remote_name.hpp"
#include "service/text/utf.hpp"

#include <utility>

namespace maptrail::bench {
namespace {

using rules::Condition;
using rules::Field;
using rules::Rule;

Condition field(Field field, std::vector<std::string> texts, std::vector<std::uint64_t> numbers = {}) {
    Condition condition;
    condition.kind = Condition::Kind::field;
    condition.field = field;
    condition.texts = std::move(texts);
    condition.numbers = std::move(numbers);
    return condition;
}

Condition not_one_of(std::vector<Condition> parts) {
    Condition condition;
    condition.kind = Condition::Kind::none;
    condition.parts = std::move(parts);
    return condition;
}

Condition in_network(const std::string& address, unsigned bits) {
    Condition condition = field(Field::address, {});
    condition.networks = {{rules::address_of(address).value(), static_cast<std::uint8_t>(96 + bits)}};
    return condition;
}

Condition at_night() {
    Condition condition = field(Field::time, {});
    condition.times = {{22 * 60, 6 * 60}};
    return condition;
}

std::string number(std::size_t value) {
    return std::to_string(value);
}

std::vector<Condition> glob_conditions(std::size_t kind, const std::string& n) {
    switch (kind % 6) {
    case 0: // servers that nobody should use any more
        return {field(Field::server, {"old-" + n + "*", "*.branch" + n + ".corp.example", "nas" + n + "-?"})};
    case 1: // administrative shares, but for administrators
        return {field(Field::share, {"?$", "admin$"}), not_one_of({field(Field::user, {"CORP\\adm" + n + "-*"})})};
    case 2: // tools that have no business with a project
        return {field(Field::remote, {"\\\\files*\\project" + n + "*"}),
                field(Field::program, {"*\\temp\\*", "tool" + n + ".exe", "*script.exe"})};
    case 3: // a name with a word in it
        return {field(Field::remote, {"*backup" + n + "*", "*archive*" + n + "*"}), field(Field::local, {"?:"})};
    case 4: // from what was downloaded
        return {
            field(Field::program, {"C:\\Users\\*\\Downloads\\*" + n + "*", "*\\AppData\\Local\\Temp\\*" + n + "*"})};
    default: // another company's servers
        return {field(Field::server, {"*.partner" + n + ".example"}),
                not_one_of({field(Field::user, {"*\\svc-*", "ops-*"})})};
    }
}

std::vector<Condition> plain_conditions(std::size_t kind, std::size_t i) {
    switch (kind % 4) {
    case 0:
        return {in_network("10." + number(i % 250) + ".0.0", 16), field(Field::elevated, {}, {1})};
    case 1:
        return {field(Field::group, {"S-1-5-21-1-2-3-" + number(5'000 + i)}), field(Field::flags, {}, {0x1})};
    case 2:
        return {at_night(), field(Field::integrity, {}, {0x3000}), field(Field::weekday, {}, {5, 6})};
    default:
        return {field(Field::resource_type, {}, {2}), field(Field::session, {}, {2, 3})};
    }
}

} // namespace

std::vector<Rule> sample_rules(std::size_t count) {
    std::vector<Rule> result;
    for (std::size_t i = 0; i < count; ++i) {
        Rule rule;
        rule.name = "rule " + number(i);
        rule.deny = 1223;
        rule.when.parts =
            i % 5 < 3 ? glob_conditions(i / 5 * 3 + i % 5, number(i)) : plain_conditions(i / 5 * 2 + i % 5, i);
        result.push_back(std::move(rule));
    }
    return result;
}

wire::Request SampleCall::request() const {
    wire::Request request;
    request.flags = flags;
    request.resource_type = 1;
    request.local.view = local;
    request.remote.view = remote;
    request.provider.view = provider;
    return request;
}

std::vector<SampleCall> sample_calls(std::size_t count) {
    const std::vector<std::string> servers{
        "files1.corp.example",       "files2", "nas17-b", "10.17.0.4", "old-45", "srv.partner5.example",
        "dc01.branch30.corp.example"};
    const std::vector<std::string> shares{"project12\\docs",          "home$",          "c$",    "public\\backup33",
                                          "departments\\sales\\2024", "archive\\old63", "admin$"};
    const std::vector<std::string> programs{
        "C:\\Windows\\explorer.exe", "C:\\Windows\\System32\\net.exe", "C:\\Program Files\\Office\\excel.exe",
        "C:\\Windows\\System32\\cscript.exe", "C:\\Users\\jane\\Downloads\\setup24.exe"};
    const std::vector<std::string> users{"jane", "joe", "svc-backup", "adm1-root"};
    std::vector<SampleCall> result;
    for (std::size_t i = 0; i < count; ++i) {
        SampleCall call;
        call.local = i % 3 == 0 ? u"" : u"Z:";
        call.remote = to_utf16("\\\\" + servers[i % servers.size()] + "\\" + shares[i / 7 % shares.size()]);
        call.flags = i % 2 == 0 ? 1 : 0;
        call.identity.user_name = users[i % users.size()];
        call.identity.user_domain = "CORP";
        call.identity.user_sid = "S-1-5-21-1-2-3-" + number(1'100 + i % 50);
        call.identity.integrity = i % 4 == 0 ? 0x3000 : 0x2000;
        call.identity.elevated = i % 4 == 0;
        call.process.path = programs[i % programs.size()];
        call.identity.session_type = SessionType::console;
        call.process.bitness = 64;
        result.push_back(std::move(call));
    }
    return result;
}

std::vector<SampleCall> long_calls(std::size_t count) {
    std::vector<SampleCall> result = sample_calls(count);
    for (SampleCall& call : result) {
        call.remote = u"\\\\files1\\";
        while (call.remote.size() + 8 <= wire::max_remote_units) {
            call.remote += u"archive1";
        }
    }
    return result;
}

} // namespace maptrail::bench
