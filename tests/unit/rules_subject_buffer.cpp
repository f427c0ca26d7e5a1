#include "service/rules/subject_buffer.hpp"

#include "service/store/correlate.hpp"
#include "service/text/utf.hpp"

#include <catch_amalgamated.hpp>

#include <string>

using namespace maptrail;
using rules::Subject;
using rules::SubjectBuffer;

namespace {

/// One call's request, with the texts that it refers to.
struct Call {
    Action action = Action::connect;
    Phase phase = Phase::before;
    std::uint32_t status = 0;
    std::u16string local;
    std::u16string remote;
    std::u16string provider;
    std::u16string device;

    [[nodiscard]] wire::Request request() const {
        wire::Request request;
        request.action = action == Action::connect ? wire::Action::connect : wire::Action::disconnect;
        request.phase = phase;
        request.operation = 1;
        request.sequence = phase == Phase::before ? 1 : 2;
        request.status = status;
        request.flags = 0x5;
        request.resource_type = action == Action::connect ? 1 : 0;
        request.attributes = action == Action::disconnect ? wire::attribute::forced : 0;
        request.local.view = local;
        request.remote.view = remote;
        request.provider.view = provider;
        request.device.view = device;
        return request;
    }
};

Identity jane() {
    Identity identity;
    identity.user_sid = "S-1-5-21-1-2-3-1104";
    identity.user_name = "jane";
    identity.user_domain = "Corp";
    identity.integrity = 0x2000;
    return identity;
}

ClientProcess net() {
    ClientProcess process;
    process.path = "C:\\Windows\\System32\\net.exe";
    process.bitness = 64;
    return process;
}

const Subject& fill(SubjectBuffer& buffer, const Call& call) {
    return buffer.fill(call.request(), Source::pipe, jane(), net(), nullptr, {90, 2});
}

/// What the history makes of the call.
Notification recorded(const Call& call) {
    const wire::Request request = call.request();
    Notification n;
    n.sequence = request.sequence;
    n.operation = request.operation;
    n.action = call.action;
    n.phase = call.phase;
    n.status = call.status;
    n.flags = request.flags;
    n.resource_type = request.resource_type;
    n.forced = (request.attributes & wire::attribute::forced) != 0;
    n.local_name = to_utf8(call.local);
    n.remote_name = to_utf8(call.remote);
    n.provider = to_utf8(call.provider);
    n.device = to_utf8(call.device);
    n.identity = jane();
    n.process = net();
    return n;
}

void check_same(const Subject& a, const Subject& b) {
    CHECK(a.action == b.action);
    CHECK(a.phase == b.phase);
    CHECK(a.source == b.source);
    CHECK(a.local == b.local);
    CHECK(a.remote == b.remote);
    CHECK(a.server == b.server);
    CHECK(a.share == b.share);
    CHECK(a.resource_type == b.resource_type);
    CHECK(a.provider == b.provider);
    CHECK(a.flags == b.flags);
    CHECK(a.forced == b.forced);
    CHECK(a.user_name == b.user_name);
    CHECK(a.user_domain == b.user_domain);
    CHECK(a.user_sid == b.user_sid);
    CHECK(a.elevated == b.elevated);
    CHECK(a.integrity == b.integrity);
    CHECK(a.program == b.program);
    CHECK(a.bitness == b.bitness);
    CHECK(a.session == b.session);
    CHECK((a.phase == Phase::before || a.status == b.status)); // it means nothing before
    CHECK(a.moment.minute == b.moment.minute);
    CHECK(a.moment.weekday == b.moment.weekday);
    CHECK(a.address == b.address);
}

/// Both phases, live and from the operation that the history makes of them.
void check_replay(const Call& before, const Call& after) {
    OperationRecord record;
    add(record, recorded(before));
    add(record, recorded(after));
    for (const Call& call : {before, after}) {
        CAPTURE(static_cast<int>(call.phase));
        SubjectBuffer live;
        SubjectBuffer replayed;
        check_same(fill(live, call), replayed.fill(record.operation, call.phase, nullptr, {90, 2}));
    }
}

} // namespace

TEST_CASE("a disconnect's provider is known when it has succeeded", "[rules]") {
    SubjectBuffer buffer;
    Call call{Action::disconnect, Phase::before, 0, u"z:", u"", u"Provider", u""};
    CHECK_FALSE(fill(buffer, call).provider);
    call.phase = Phase::after;
    CHECK(fill(buffer, call).provider == "PROVIDER");
    call.status = 2250;
    CHECK_FALSE(fill(buffer, call).provider);
    CHECK(fill(buffer, call).status == 2250);
}

TEST_CASE("an operation of the history gives the subjects that its calls gave", "[rules]") {
    const auto both = [](Call before, std::uint32_t status, const std::u16string& provider_after) {
        Call after = before;
        after.phase = Phase::after;
        after.status = status;
        after.provider = provider_after;
        after.device.clear();
        check_replay(before, after);
    };
    both({Action::connect, Phase::before, 0, u"z:", u"\\\\nas\\x", u"P", u""}, 0, u"P");
    both({Action::connect, Phase::before, 0, u"", u"\\\\nas\\x", u"", u""}, 53, u"");
    both({Action::connect, Phase::before, 0, u"LPT1:", u"", u"", u""}, 53, u"");
    both({Action::connect, Phase::before, 0, u"z:", u"http://[::1]:80/x", u"", u""}, 0, u"");
    both({Action::disconnect, Phase::before, 0, u"z:", u"", u"", u"\\Device\\Mup\\;Z:1f\\nas\\x"}, 0, u"P");
    both({Action::disconnect, Phase::before, 0, u"z:", u"", u"", u"\\Device\\Mup\\;Z:1f\\nas\\x"}, 2250, u"");
    both({Action::disconnect, Phase::before, 0, u"z:", u"", u"", u""}, 0, u"P");
    both({Action::disconnect, Phase::before, 0, u"\\\\nas\\x", u"", u"", u""}, 0, u"P");
    both({Action::disconnect, Phase::before, 0, u"", u"", u"", u""}, 5, u"");
}

TEST_CASE("what the history inferred later is not known to judging", "[rules]") {
    Operation operation;
    operation.action = Action::disconnect;
    operation.local_name = "Z:";
    operation.remote_name = "\\\\nas\\x";
    SubjectBuffer buffer;
    for (const RemoteFrom from : {RemoteFrom::none, RemoteFrom::record}) {
        operation.remote_from = from;
        CHECK_FALSE(buffer.fill(operation, Phase::before, nullptr, {}).remote);
        CHECK_FALSE(buffer.fill(operation, Phase::before, nullptr, {}).server);
    }
    operation.remote_from = RemoteFrom::device;
    CHECK(buffer.fill(operation, Phase::before, nullptr, {}).server == "NAS");
}

TEST_CASE("a subject says nothing of the one before it", "[rules]") {
    SubjectBuffer buffer;
    (void)fill(buffer, {Action::connect, Phase::after, 5, u"z:", u"\\\\10.0.0.7\\x", u"P", u""});
    const Call call{Action::disconnect, Phase::before, 0, u"", u"", u"", u""};
    const Subject& s = buffer.fill(call.request(), Source::pipe, Identity(), ClientProcess(), nullptr, {});
    CHECK(s.local.empty());
    CHECK_FALSE(s.remote);
    CHECK(s.user_sid.empty());
    CHECK_FALSE(s.server);
    CHECK_FALSE(s.address);
    CHECK_FALSE(s.provider);
    CHECK_FALSE(s.program);
    CHECK_FALSE(s.user_name);
}
