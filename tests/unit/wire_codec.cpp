#include "common/wire/codec.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

using namespace maptrail;
using namespace maptrail::wire;

namespace {

struct alignas(8) Buffer {
    std::array<std::byte, max_frame_size + 64> bytes{};
};

Request sample() {
    Request request;
    request.action = maptrail::wire::Action::connect;
    request.phase = Phase::before;
    request.producer = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    request.sequence = 42;
    request.operation = 7;
    request.time = 133'000'000'000'000'000;
    request.ticks = 99;
    request.flags = 1;
    request.resource_type = 1;
    request.process_id = 1234;
    request.thread_id = 5678;
    request.local = {u"Z:", 2};
    request.remote = {u"\\\\server\\share", 14};
    return request;
}

/// Gives a frame that was changed on purpose the right checksum again.
void reseal(std::span<std::byte> frame) {
    const std::uint32_t zero = 0;
    std::memcpy(frame.data() + offsetof(RequestHeader, crc), &zero, sizeof zero);
    const std::uint32_t crc = crc32(0, frame);
    std::memcpy(frame.data() + offsetof(RequestHeader, crc), &crc, sizeof crc);
}

template <class T>
void patch(std::span<std::byte> frame, std::size_t offset, T value) {
    std::memcpy(frame.data() + offset, &value, sizeof value);
    reseal(frame);
}

} // namespace

TEST_CASE("CRC-32 gives the check value of its catalogue entry") {
    const std::string text = "123456789";
    CHECK(crc32(0, std::as_bytes(std::span(text))) == 0xCBF43926U);
    const auto bytes = std::as_bytes(std::span(text));
    CHECK(crc32(crc32(0, bytes.first(4)), bytes.subspan(4)) == 0xCBF43926U);
}

TEST_CASE("a request comes back as it went") {
    Buffer buffer;
    const Request sent = sample();
    const std::size_t size = encode(sent, buffer.bytes);
    REQUIRE(size == sizeof(RequestHeader) + 2 * (2 + 14));
    Request got;
    REQUIRE(decode(std::span(buffer.bytes).first(size), got) == DecodeError::none);
    CHECK(got.action == sent.action);
    CHECK(got.phase == sent.phase);
    CHECK(got.producer == sent.producer);
    CHECK(got.sequence == sent.sequence);
    CHECK(got.operation == sent.operation);
    CHECK(got.time == sent.time);
    CHECK(got.ticks == sent.ticks);
    CHECK(got.flags == sent.flags);
    CHECK(got.resource_type == sent.resource_type);
    CHECK(got.process_id == sent.process_id);
    CHECK(got.thread_id == sent.thread_id);
    CHECK(got.local.view == u"Z:");
    CHECK(got.remote.view == u"\\\\server\\share");
    CHECK(got.provider.view.empty());
    CHECK_FALSE(got.remote.cut());
}

TEST_CASE("a name over its bound is cut and its length told") {
    Buffer buffer;
    Request sent = sample();
    const std::u16string longest(32'767, u'x');
    sent.local = {longest, 0};
    sent.remote = {longest, 0};
    sent.provider = {longest, 0};
    sent.device = {longest, 0};
    const std::size_t size = encode(sent, buffer.bytes);
    REQUIRE(size != 0);
    REQUIRE(size <= max_frame_size);
    Request got;
    REQUIRE(decode(std::span(buffer.bytes).first(size), got) == DecodeError::none);
    CHECK(got.remote.view.size() == max_remote_units);
    CHECK(got.remote.full_length == 32'767);
    CHECK(got.remote.cut());
}

TEST_CASE("lone surrogates and embedded zeros travel unchanged") {
    Buffer buffer;
    Request sent = sample();
    const std::u16string odd = {u'a', char16_t{0xD800}, u'b', u'\0', char16_t{0xDC00}};
    sent.remote = {odd, 0};
    const std::size_t size = encode(sent, buffer.bytes);
    Request got;
    REQUIRE(decode(std::span(buffer.bytes).first(size), got) == DecodeError::none);
    CHECK(got.remote.view == odd);
}

TEST_CASE("encode refuses a buffer that is too small, at every size") {
    Buffer buffer;
    const Request sent = sample();
    const std::size_t size = encode(sent, buffer.bytes);
    for (std::size_t room = 0; room < size; ++room) {
        CHECK(encode(sent, std::span(buffer.bytes).first(room)) == 0);
    }
    CHECK(encode(sent, std::span(buffer.bytes).first(size)) == size);
}

TEST_CASE("a frame that was cut short, lengthened or shifted is refused") {
    Buffer buffer;
    const std::size_t size = encode(sample(), buffer.bytes);
    Request got;
    for (std::size_t length = 0; length < size; ++length) {
        CHECK(decode(std::span(buffer.bytes).first(length), got) != DecodeError::none);
    }
    CHECK(decode(std::span(buffer.bytes).first(size + 1), got) == DecodeError::bad_size);
    CHECK(decode(std::span(buffer.bytes), got) == DecodeError::too_long);
    std::memmove(buffer.bytes.data() + 1, buffer.bytes.data(), size);
    CHECK(decode(std::span(buffer.bytes).subspan(1, size), got) == DecodeError::misaligned);
}

TEST_CASE("every flipped bit of a frame is noticed") {
    Buffer buffer;
    const std::size_t size = encode(sample(), buffer.bytes);
    Request got;
    for (std::size_t bit = 0; bit < size * 8; ++bit) {
        const auto mask = static_cast<std::byte>(1U << (bit % 8));
        buffer.bytes[bit / 8] ^= mask;
        CHECK(decode(std::span(buffer.bytes).first(size), got) != DecodeError::none);
        buffer.bytes[bit / 8] ^= mask;
    }
}

TEST_CASE("fields that contradict each other are refused although the checksum fits") {
    Buffer buffer;
    const std::size_t size = encode(sample(), buffer.bytes);
    const std::span<std::byte> frame = std::span(buffer.bytes).first(size);
    Request got;
    const auto ref = [&](std::uint32_t offset, std::uint16_t length, std::uint16_t full) {
        patch(frame, offsetof(RequestHeader, remote), StringRef{offset, length, full});
        return decode(frame, got);
    };
    const auto end = static_cast<std::uint32_t>(size);
    CHECK(ref(end, 1, 1) == DecodeError::bad_string);
    CHECK(ref(end - 2, 2, 2) == DecodeError::bad_string);
    CHECK(ref(0xFFFF'FFFE, 1, 1) == DecodeError::bad_string);
    CHECK(ref(0, 4, 4) == DecodeError::bad_string);
    CHECK(ref(129, 1, 1) == DecodeError::bad_string);
    CHECK(ref(128, 3, 2) == DecodeError::bad_string);
    CHECK(ref(128, max_remote_units + 1, 0xFFFF) == DecodeError::bad_string);
    CHECK(ref(128, 3, 3) == DecodeError::none);

    patch(frame, offsetof(RequestHeader, action), std::uint16_t{3});
    CHECK(decode(frame, got) == DecodeError::bad_field);
    patch(frame, offsetof(RequestHeader, action), std::uint16_t{2});
    patch(frame, offsetof(RequestHeader, phase), std::uint16_t{0});
    CHECK(decode(frame, got) == DecodeError::bad_field);
    patch(frame, offsetof(RequestHeader, phase), std::uint16_t{2});
    CHECK(decode(frame, got) == DecodeError::none);
    patch(frame, offsetof(RequestHeader, operation), std::uint64_t{0});
    CHECK(decode(frame, got) == DecodeError::bad_field);
    patch(frame, offsetof(RequestHeader, operation), std::uint64_t{1});
    patch(frame, offsetof(RequestHeader, header_size), std::uint16_t{127});
    CHECK(decode(frame, got) == DecodeError::bad_size);
    patch(frame, offsetof(RequestHeader, header_size), std::uint16_t{0xFFFF});
    CHECK(decode(frame, got) == DecodeError::bad_size);
    patch(frame, offsetof(RequestHeader, header_size), std::uint16_t{128});
    patch(frame, offsetof(RequestHeader, min_reader), std::uint16_t{current_version + 1});
    CHECK(decode(frame, got) == DecodeError::bad_version);
    patch(frame, offsetof(RequestHeader, min_reader), oldest_reader);
    patch(frame, offsetof(RequestHeader, magic), reply_magic);
    CHECK(decode(frame, got) == DecodeError::bad_magic);
}

TEST_CASE("a later version's frame with a larger header is read as far as it is known") {
    Buffer buffer;
    Request sent = sample();
    sent.remote = {};
    sent.local = {};
    const std::size_t size = encode(sent, buffer.bytes);
    REQUIRE(size == sizeof(RequestHeader));
    const std::size_t later = size + 16; // two fields of version 2, whatever they say
    std::fill_n(buffer.bytes.begin() + static_cast<std::ptrdiff_t>(size), 16, std::byte{0xAB});
    const std::span<std::byte> frame = std::span(buffer.bytes).first(later);
    patch(frame, offsetof(RequestHeader, frame_size), static_cast<std::uint32_t>(later));
    patch(frame, offsetof(RequestHeader, header_size), static_cast<std::uint16_t>(later));
    patch(frame, offsetof(RequestHeader, version), std::uint16_t{2});
    Request got;
    REQUIRE(decode(frame, got) == DecodeError::none);
    CHECK(got.sequence == 42);
    // A string must not lie in the part of the header that this version does not know.
    patch(frame, offsetof(RequestHeader, local), StringRef{128, 1, 1});
    CHECK(decode(frame, got) == DecodeError::bad_string);
}

TEST_CASE("a reply comes back as it went, and damage is noticed") {
    Buffer buffer;
    Reply sent{};
    sent.result = static_cast<std::uint16_t>(Result::accepted);
    sent.verdict = 1223;
    sent.sequence = 42;
    seal(sent);
    std::memcpy(buffer.bytes.data(), &sent, sizeof sent);
    const std::span<std::byte> frame = std::span(buffer.bytes).first(sizeof sent);
    Reply got{};
    REQUIRE(decode(frame, got) == DecodeError::none);
    CHECK(got.verdict == 1223);
    CHECK(got.sequence == 42);
    for (std::size_t i = 0; i < frame.size(); ++i) {
        frame[i] ^= std::byte{0x10};
        CHECK(decode(frame, got) != DecodeError::none);
        frame[i] ^= std::byte{0x10};
    }
}

TEST_CASE("arbitrary bytes with a right checksum give a request or an error, and views stay inside the frame") {
    std::mt19937_64 random(20'261); // any fixed seed: a failure must come again
    Buffer buffer;
    std::size_t good = 0;
    for (int round = 0; round < 20'000; ++round) {
        const std::size_t size = encode(sample(), buffer.bytes);
        const std::span<std::byte> frame = std::span(buffer.bytes).first(size);
        const auto changes = 1 + random() % 4;
        for (std::uint64_t i = 0; i < changes; ++i) {
            frame[20 + static_cast<std::size_t>(random() % (size - 20))] = static_cast<std::byte>(random());
        }
        reseal(frame);
        Request got;
        if (decode(frame, got) != DecodeError::none) {
            continue;
        }
        ++good;
        for (const Text* text : {&got.local, &got.remote, &got.provider, &got.device}) {
            if (text->view.empty()) {
                continue;
            }
            const auto* begin = reinterpret_cast<const std::byte*>(text->view.data());
            REQUIRE(begin >= frame.data() + sizeof(RequestHeader));
            REQUIRE(begin + text->view.size() * 2 <= frame.data() + size);
        }
    }
    CHECK(good > 0);
}
