#include "service/inbox/envelope.hpp"
#include "service/inbox/layout.hpp"
#include "service/inbox/loss_notice.hpp"
#include "service/text/utf.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <random>
#include <string>

using namespace maptrail;

namespace {

Loss make_loss() {
    Loss loss;
    loss.id = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255};
    loss.kind = LossKind::refused;
    loss.count = std::numeric_limits<std::uint64_t>::max();
    loss.time = 1'700'000'000'123'456'789;
    loss.producer = std::array<std::uint8_t, 16>{9, 8, 7};
    loss.identity.user_sid = "S-1-5-21-1-2-3-1001";
    loss.identity.logon_id = std::numeric_limits<std::uint64_t>::max() - 1;
    loss.identity.session_id = 3;
    loss.identity.integrity = 0x3000;
    loss.identity.elevated = true;
    loss.process.pid = 4711;
    loss.process.started = 1'690'000'000'000'000'000;
    loss.process.path = "C:\\gr\xC3\xBC\xC3\x9F"
                        "e.exe";
    loss.process.bitness = 32;
    loss.source = Source::spool;
    loss.reason = "a file of the spool is no spool file; kept as \"x\"";
    return loss;
}

std::vector<std::byte> bytes_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

} // namespace

TEST_CASE("loss notice: everything that goes in comes out") {
    const Loss told = make_loss();
    const auto record = encode_loss_notice(told);
    REQUIRE(is_loss_notice(record));
    Loss loss;
    REQUIRE(decode_loss_notice(record, loss));
    CHECK(loss.id == told.id);
    CHECK(loss.kind == told.kind);
    CHECK(loss.count == told.count);
    CHECK(loss.time == told.time);
    CHECK(loss.producer == told.producer);
    CHECK(loss.identity.user_sid == told.identity.user_sid);
    CHECK(loss.identity.logon_id == told.identity.logon_id);
    CHECK(loss.identity.session_id == 3);
    CHECK(loss.identity.integrity == 0x3000);
    CHECK(loss.identity.elevated);
    CHECK(loss.process.pid == 4711);
    CHECK(loss.process.started == told.process.started);
    CHECK(loss.process.path == told.process.path);
    CHECK(loss.process.bitness == 32);
    CHECK(loss.source == Source::spool);
    CHECK(loss.reason == told.reason);
}

TEST_CASE("loss notice: what is not known stays unknown") {
    Loss loss = make_loss();
    REQUIRE(decode_loss_notice(encode_loss_notice(Loss{}), loss));
    CHECK_FALSE(loss.producer.has_value());
    CHECK(loss.count == 1);
    CHECK(loss.identity.user_sid.empty());
    CHECK(loss.process.pid == 0);
}

TEST_CASE("loss notice: long and broken texts and wild times still give a notice that fits the inbox") {
    Loss told = make_loss();
    told.time = -5;
    told.process.started = -1;
    told.process.path = std::string(100'000, '\x01');
    told.identity.user_sid = std::string(100'000, '\x02');
    told.reason = std::string(max_loss_reason - 1, 'x') + "\xC3\xBC";
    SECTION("control characters") {}
    SECTION("no UTF-8") {
        told.process.path = std::string(100'000, '\xFF');
    }
    const auto record = encode_loss_notice(told);
    CHECK(record.size() <= max_loss_notice);
    CHECK(record.size() <= inbox::max_payload_size);
    Loss loss;
    REQUIRE(decode_loss_notice(record, loss));
    CHECK(loss.time == earliest_recorded);
    CHECK(loss.process.started == 0);
    CHECK(loss.process.path.size() <= max_loss_path);
    CHECK(is_valid_utf8(loss.process.path));
    CHECK(loss.reason == std::string(max_loss_reason - 1, 'x'));
}

TEST_CASE("loss notice: no envelope is one, and no notice is an envelope") {
    std::vector<std::byte> envelope(max_envelope_head);
    envelope.resize(encode_envelope(Arrival{}, 8, envelope));
    envelope.resize(envelope.size() + 8);
    CHECK_FALSE(is_loss_notice(envelope));
    Notification notification;
    CHECK(decode_envelope(encode_loss_notice(make_loss()), notification) == EnvelopeError::bad_magic);
}

TEST_CASE("loss notice: bytes that are no notice are refused") {
    Loss loss;
    CHECK_FALSE(decode_loss_notice({}, loss));
    CHECK_FALSE(decode_loss_notice(bytes_of("MTLOSS1"), loss));
    CHECK_FALSE(decode_loss_notice(bytes_of("MTLOSS1\n"), loss));
    CHECK_FALSE(decode_loss_notice(bytes_of("MTLOSS1\n[]"), loss));
    CHECK_FALSE(decode_loss_notice(bytes_of("MTLOSS1\n{}"), loss));
    CHECK_FALSE(decode_loss_notice(bytes_of("MTLOSS1\n" + std::string(30'000, '[')), loss));
    const auto with = [](std::string_view from, std::string_view to) {
        const auto record = encode_loss_notice(make_loss());
        std::string text(reinterpret_cast<const char*>(record.data()), record.size());
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        return bytes_of(text.replace(at, from.size(), to));
    };
    CHECK(decode_loss_notice(with("\"kind\":3", "\"kind\":2"), loss));
    CHECK_FALSE(decode_loss_notice(with("\"kind\":3", "\"kind\":4"), loss));
    CHECK_FALSE(decode_loss_notice(with("\"kind\":3", "\"kind\":0"), loss));
    CHECK_FALSE(decode_loss_notice(with("\"kind\":3", "\"kind\":\"gap\""), loss));
    CHECK_FALSE(decode_loss_notice(with("\"count\":18446744073709551615", "\"count\":0"), loss));
    CHECK_FALSE(decode_loss_notice(with("\"count\":18446744073709551615", "\"count\":18446744073709551616"), loss));
    CHECK_FALSE(decode_loss_notice(with("\"pid\":4711", "\"pid\":-1"), loss));
    CHECK_FALSE(decode_loss_notice(with("\"elevated\":true", "\"elevated\":1"), loss));
    CHECK_FALSE(decode_loss_notice(with("0908070000", "090807000g"), loss));
    CHECK_FALSE(decode_loss_notice(with("\"reason\"", "\"season\""), loss));
}

TEST_CASE("loss notice: any damage gives a notice or a refusal") {
    const auto good = encode_loss_notice(make_loss());
    std::mt19937 random(20);
    std::size_t refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        auto record = good;
        for (auto i = random() % 3; i <= 2; ++i) {
            record[random() % record.size()] = static_cast<std::byte>(random() & 0xFFU);
        }
        record.resize(random() % 4 == 0 ? random() % record.size() : record.size());
        Loss loss;
        if (!decode_loss_notice(record, loss)) {
            ++refused;
            continue;
        }
        CHECK(loss.count >= 1);
        CHECK(is_valid_utf8(loss.reason));
    }
    CHECK(refused > 1'000);
}
