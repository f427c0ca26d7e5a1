#include "service/format/ecs_json.hpp"
#include "service/format/time_text.hpp"
#include "service/inbox/envelope.hpp"
#include "service/store/correlate.hpp"
#include "service/text/utf.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace maptrail;

namespace {

wire::Request make_request() {
    wire::Request request;
    request.action = wire::Action::disconnect;
    request.phase = Phase::after;
    request.producer = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    request.sequence = 42;
    request.operation = 77;
    request.time = 116444736000000000ULL + 15;
    request.ticks = 123456;
    request.status = 2250;
    request.flags = 1;
    request.resource_type = 1;
    request.attributes = wire::attribute::forced;
    request.local = {u"Z:", 2};
    request.remote = {u"\\\\s\xF6rver\\\xD83D\xDE00", 10};
    request.provider = {u"A \xD800 B", 5};
    request.device = {u"\\Device\\Mup", 300};
    return request;
}

Arrival make_arrival() {
    Arrival arrival;
    arrival.source = Source::spool;
    arrival.decision = Decision::deny;
    arrival.received = 1700000000123456789;
    arrival.user_sid = "S-1-5-21-1-2-3-1001";
    arrival.logon_id = 0x123456789;
    arrival.session_id = 2;
    arrival.integrity = 0x3000;
    arrival.elevated = true;
    arrival.pid = 4711;
    arrival.started = 1690000000000000000;
    arrival.path = "C:\\Programme\\gr\xC3\xB6\xC3\x9F"
                   "e.exe";
    arrival.bitness = 32;
    return arrival;
}

std::vector<std::byte> as_record(const Arrival& arrival, const wire::Request& request) {
    std::vector<std::byte> frame(wire::max_frame_size);
    frame.resize(wire::encode(request, frame));
    REQUIRE_FALSE(frame.empty());
    std::vector<std::byte> record(max_envelope_head);
    record.resize(encode_envelope(arrival, frame.size(), record));
    REQUIRE(record.size() % 8 == 0);
    REQUIRE_FALSE(record.empty());
    record.insert(record.end(), frame.begin(), frame.end());
    return record;
}

} // namespace

TEST_CASE("envelope: everything that goes in comes out") {
    const auto record = as_record(make_arrival(), make_request());
    Notification n;
    REQUIRE(decode_envelope(record, n) == EnvelopeError::none);
    CHECK(n.producer[15] == 16);
    CHECK(n.sequence == 42);
    CHECK(n.operation == 77);
    CHECK(n.action == Action::disconnect);
    CHECK(n.phase == Phase::after);
    CHECK(n.time == 1500);
    CHECK(n.ticks == 123456);
    CHECK(n.status == 2250);
    CHECK(n.flags == 1);
    CHECK(n.resource_type == 1);
    CHECK(n.forced);
    CHECK(n.truncated); // the device says that it was longer
    CHECK(n.local_name == "Z:");
    CHECK(n.remote_name == "\\\\s\xC3\xB6rver\\\xF0\x9F\x98\x80");
    CHECK(n.provider == "A \xEF\xBF\xBD B");
    CHECK(n.device == "\\Device\\Mup");
    CHECK(n.identity.user_sid == "S-1-5-21-1-2-3-1001");
    CHECK(n.identity.user_name.empty());
    CHECK(n.identity.logon_id == 0x123456789);
    CHECK(n.identity.session_id == 2);
    CHECK(n.identity.integrity == 0x3000);
    CHECK(n.identity.elevated);
    CHECK(n.process.pid == 4711);
    CHECK(n.process.started == 1690000000000000000);
    CHECK(n.process.path == "C:\\Programme\\gr\xC3\xB6\xC3\x9F"
                            "e.exe");
    CHECK(n.process.bitness == 32);
    CHECK(n.source == Source::spool);
    CHECK(n.decision == Decision::deny);
    Arrival arrival;
    std::span<const std::byte> frame;
    REQUIRE(open_envelope(record, arrival, frame) == EnvelopeError::none);
    CHECK(arrival.received == 1700000000123456789);
    CHECK_FALSE(arrival.path_cut);
}

TEST_CASE("envelope: an identity and a process make an arrival") {
    Identity identity;
    identity.user_sid = "S-1-5-18";
    identity.logon_id = 999;
    ClientProcess process;
    process.pid = 8;
    process.bitness = 64;
    const Arrival arrival = maptrail::make_arrival(identity, process, Source::pipe, Decision::allow, 5);
    Notification n;
    n.truncated = true; // what was in it before must go
    wire::Request request = make_request();
    request.device = {};
    REQUIRE(decode_envelope(as_record(arrival, request), n) == EnvelopeError::none);
    CHECK(n.identity.user_sid == "S-1-5-18");
    CHECK(n.identity.logon_id == 999);
    CHECK_FALSE(n.identity.elevated);
    CHECK(n.process.pid == 8);
    CHECK(n.process.path.empty());
    CHECK(n.process.bitness == 64);
    CHECK_FALSE(n.truncated);
}

TEST_CASE("envelope: a path over the bound is cut between characters, and it is told") {
    std::string path(max_envelope_path - 1, 'a');
    path += "\xC3\xB6";
    Arrival arrival = make_arrival();
    arrival.path = path;
    wire::Request request = make_request();
    request.device = {};
    Notification n;
    REQUIRE(decode_envelope(as_record(arrival, request), n) == EnvelopeError::none);
    CHECK(n.process.path == std::string(max_envelope_path - 1, 'a'));
    CHECK(n.truncated);
}

TEST_CASE("envelope: no room, no envelope") {
    std::vector<std::byte> out(max_envelope_head);
    const std::size_t size = encode_envelope(make_arrival(), 200, out);
    REQUIRE(size > 0);
    CHECK(encode_envelope(make_arrival(), 200, std::span(out).first(size)) == size);
    CHECK(encode_envelope(make_arrival(), 200, std::span(out).first(size - 1)) == 0);
    CHECK(encode_envelope(make_arrival(), wire::max_frame_size + 1, out) == 0);
}

TEST_CASE("envelope: one that was written before rules were judged is read") {
    const auto now = as_record(make_arrival(), make_request());
    auto old = now;
    constexpr std::size_t head = 72;
    constexpr std::size_t more = 16;
    old.erase(old.begin() + head,
              old.begin() + head + more); // the size of a judgement, and a set of groups: there are none
    old[6] = std::byte{head};
    const auto frame_offset = static_cast<std::size_t>(old[8]) | static_cast<std::size_t>(old[9]) << 8U;
    old[8] = static_cast<std::byte>((frame_offset - more) & 0xFFU);
    old[9] = static_cast<std::byte>((frame_offset - more) >> 8U);
    Notification from_old;
    Notification from_now;
    REQUIRE(decode_envelope(old, from_old) == EnvelopeError::none);
    REQUIRE(decode_envelope(now, from_now) == EnvelopeError::none);
    CHECK(from_old.remote_name == from_now.remote_name);
    CHECK(from_old.process.path == from_now.process.path);
    CHECK(from_old.identity.user_sid == from_now.identity.user_sid);
}

TEST_CASE("envelope: a judgement comes along; one that is none is told") {
    const std::array<std::byte, 16> judgement{std::byte{5}}; // a version, and no rules
    Arrival arrival = make_arrival();
    arrival.judgement = judgement;
    arrival.session_type = SessionType::remote;
    auto record = as_record(arrival, make_request());
    Notification n;
    REQUIRE(decode_envelope(record, n) == EnvelopeError::none);
    CHECK(n.config == 5);
    CHECK(n.identity.session_type == SessionType::remote);
    arrival.judgement = std::span(judgement).first(15);
    record = as_record(arrival, make_request());
    CHECK(decode_envelope(record, n) == EnvelopeError::bad_judgement);
}

TEST_CASE("envelope: each kind of wrong is told apart") {
    const auto good = as_record(make_arrival(), make_request());
    Notification n;
    const auto with = [&](std::size_t at, unsigned value) {
        auto bytes = good;
        bytes[at] = static_cast<std::byte>(value);
        return decode_envelope(bytes, n);
    };
    CHECK(decode_envelope({}, n) == EnvelopeError::too_short);
    CHECK(with(0, 0) == EnvelopeError::bad_magic);
    CHECK(with(4, 0) == EnvelopeError::bad_version);
    CHECK(with(6, 71) == EnvelopeError::bad_size);
    CHECK(with(8, 255) == EnvelopeError::bad_size);
    CHECK(with(62, 9) == EnvelopeError::bad_field);   // source
    CHECK(with(63, 0) == EnvelopeError::bad_field);   // decision
    CHECK(with(64, 16) == EnvelopeError::bad_field);  // bitness
    CHECK(with(65, 9) == EnvelopeError::bad_field);   // session type
    CHECK(with(72, 0xFF) == EnvelopeError::bad_size); // of the judgement
    CHECK(with(88, 0xFF) == EnvelopeError::bad_string);
    CHECK(with(good.size() - 1, 0x7F) == EnvelopeError::bad_frame);
    auto longer = good;
    longer.push_back(std::byte{0});
    CHECK(decode_envelope(longer, n) == EnvelopeError::bad_size);
    for (std::size_t size = 0; size < good.size(); ++size) {
        REQUIRE(decode_envelope(std::span(good).first(size), n) != EnvelopeError::none);
    }
}

TEST_CASE("envelope: any bytes give a notification or an error") {
    const auto good = as_record(make_arrival(), make_request());
    std::mt19937 random(99);
    Notification n;
    std::size_t decoded = 0;
    for (int round = 0; round < 100000; ++round) {
        auto bytes = good;
        for (auto change = 1 + random() % 4; change > 0; --change) {
            bytes[random() % (round % 2 == 0 ? 88 : bytes.size())] = static_cast<std::byte>(random() & 0xFFU);
        }
        if (round % 7 == 0) {
            bytes.resize(random() % (bytes.size() + 1));
            bytes.shrink_to_fit();
        }
        if (decode_envelope(bytes, n) == EnvelopeError::none) {
            ++decoded;
            REQUIRE(n.time >= earliest_recorded);
            REQUIRE(n.time <= latest_recorded);
            REQUIRE(is_valid_utf8(n.process.path));
            REQUIRE(is_valid_utf8(n.identity.user_sid));
        }
    }
    CHECK(decoded > 0); // times and numbers may be anything
    CHECK(decoded < 100000);
}

TEST_CASE("envelope: FILETIME becomes nanoseconds, at the ends too") {
    CHECK(filetime_to_unix_ns(116444736000000000ULL) == 0);
    CHECK(filetime_to_unix_ns(116444735999999999ULL) == -100);
    CHECK(filetime_to_unix_ns(133514784000000000ULL) == 1707004800000000000);
    CHECK(filetime_to_unix_ns(0) == std::numeric_limits<std::int64_t>::min());
    CHECK(filetime_to_unix_ns(std::numeric_limits<std::uint64_t>::max()) == std::numeric_limits<std::int64_t>::max());
}

namespace {

constexpr std::int64_t received = 1700000000123456700;
constexpr std::uint64_t any_filetime[] = {0,
                                          1,
                                          116444735999999999ULL,
                                          116444736000000000ULL,
                                          116444736000000000ULL + latest_recorded / 100,
                                          116444736000000001ULL + latest_recorded / 100,
                                          ~std::uint64_t{0} >> 1,
                                          ~std::uint64_t{0}};

std::uint64_t filetime_of(std::int64_t nanoseconds) {
    return 116444736000000000ULL + static_cast<std::uint64_t>(nanoseconds / 100);
}

Notification decoded(Source source, std::int64_t received_at, std::uint64_t filetime, Phase phase = Phase::before,
                     std::uint64_t ticks = 0) {
    Arrival arrival = make_arrival();
    arrival.source = source;
    arrival.decision = Decision::allow;
    arrival.received = received_at;
    wire::Request request = make_request();
    request.time = filetime;
    request.ticks = ticks;
    request.phase = phase;
    request.sequence = phase == Phase::before ? 1 : 2;
    Notification n;
    REQUIRE(decode_envelope(as_record(arrival, request), n) == EnvelopeError::none);
    return n;
}

} // namespace

TEST_CASE("envelope: a time far from the arrival is not believed") {
    const auto piped = [](std::int64_t time) { return decoded(Source::pipe, received, filetime_of(time)).time; };
    for (const std::int64_t near :
         {received, received - max_time_difference, received + max_time_difference, received - 1'000'000'000}) {
        CHECK(piped(near) == near);
    }
    for (const std::int64_t far : {received - max_time_difference - 100, received + max_time_difference + 100}) {
        CHECK(piped(far) == received);
    }
    for (const std::uint64_t filetime : any_filetime) {
        CHECK(decoded(Source::pipe, received, filetime).time == received);
    }
}

TEST_CASE("envelope: a spool file may be old, but not of tomorrow") {
    const auto spooled = [](std::int64_t time) { return decoded(Source::spool, received, filetime_of(time)).time; };
    CHECK(spooled(received) == received);
    CHECK(spooled(received + 100) == received);
    CHECK(spooled(received - 30 * max_time_difference) == received - 30 * max_time_difference);
    CHECK(decoded(Source::spool, received, 0).time == received);
    CHECK(decoded(Source::spool, received, ~std::uint64_t{0}).time == received);
}

TEST_CASE("envelope: without a sane moment of arrival the time is moved into the range") {
    for (const std::int64_t absurd : {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
                                      latest_recorded + 1, std::numeric_limits<std::int64_t>::max()}) {
        for (const Source source : {Source::pipe, Source::spool}) {
            CHECK(decoded(source, absurd, 0).time == earliest_recorded);
            CHECK(decoded(source, absurd, ~std::uint64_t{0}).time == latest_recorded);
            CHECK(decoded(source, absurd, filetime_of(received)).time == received);
        }
    }
}

TEST_CASE("envelope: whatever times and ticks a frame tells, its operation can be read back from JSON") {
    const std::uint64_t any_ticks[] = {0, 1, ~std::uint64_t{0} / 200, ~std::uint64_t{0} >> 1, ~std::uint64_t{0}};
    for (const std::int64_t at : {received, std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
        for (const std::uint64_t filetime : any_filetime) {
            for (const std::uint64_t ticks : any_ticks) {
                OperationRecord record;
                add(record, decoded(Source::pipe, at, filetime, Phase::before, any_ticks[1]));
                add(record, decoded(Source::spool, at, ~filetime, Phase::after, ticks));
                const Operation& written = record.operation;
                CAPTURE(at, filetime, ticks);
                CHECK(written.start >= earliest_recorded);
                CHECK(written.end >= written.start);
                CHECK(written.end <= latest_recorded);
                Operation read;
                REQUIRE(operation_from_json(nlohmann::json::parse(json_line(operation_to_json(written))), read));
                CHECK(read.start == written.start);
                CHECK(read.end == written.end);
                CHECK(read.duration == written.duration);
            }
        }
    }
}

TEST_CASE("envelope: a veto of the notifyee's own is believed of a spooled frame before a connect alone") {
    const auto decision = [](Source source, wire::Action action, Phase phase, std::uint32_t attributes) {
        Arrival arrival = make_arrival();
        arrival.source = source;
        arrival.decision = Decision::allow;
        wire::Request request = make_request();
        request.action = action;
        request.phase = phase;
        request.attributes = attributes;
        Notification n;
        REQUIRE(decode_envelope(as_record(arrival, request), n) == EnvelopeError::none);
        return n.decision;
    };
    using wire::attribute::denied_unrecorded;
    const auto connect = wire::Action::connect;
    CHECK(decision(Source::spool, connect, Phase::before, denied_unrecorded) == Decision::deny);
    CHECK(decision(Source::spool, connect, Phase::before, 0) == Decision::allow);
    CHECK(decision(Source::pipe, connect, Phase::before, denied_unrecorded) == Decision::allow);
    CHECK(decision(Source::spool, connect, Phase::after, denied_unrecorded) == Decision::allow);
    CHECK(decision(Source::spool, wire::Action::disconnect, Phase::before, denied_unrecorded) == Decision::deny);
}
