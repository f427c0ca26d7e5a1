// Whatever happens to a spool file's bytes: what is good is found, what is not is counted.
#include "service/spool/reader.hpp"
#include "tests/unit/spool_sample.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <random>

using namespace maptrail;
using namespace maptrail::spool;
using namespace maptrail::spool_test;

namespace {

SpoolBytes sample(std::uint64_t frames) {
    SpoolBytes file;
    file.add_numbered(1, frames);
    return file;
}

bool found(const Contents& contents, const Place& place) {
    return std::ranges::any_of(
        contents.frames, [&](const Stretch& frame) { return frame.begin == place.begin && frame.end == place.end; });
}

std::size_t troubles(const Contents& contents) {
    return contents.damaged.size() + (contents.torn ? 1 : 0);
}

} // namespace

TEST_CASE("spool reader: a file as its writer left it") {
    SpoolBytes file = sample(9);
    const Contents contents = read_file(file.bytes());
    REQUIRE(contents.header == wire::DecodeError::none);
    CHECK(contents.origin.process_id == 4711);
    CHECK(contents.origin.path == make_origin().path);
    REQUIRE(contents.frames.size() == 9);
    CHECK(std::ranges::all_of(file.places(), [&](const Place& place) { return found(contents, place); }));
    CHECK(troubles(contents) == 0);
}

TEST_CASE("spool reader: a header alone, and a claimed file") {
    SpoolBytes file;
    file.bytes().at(offsetof(wire::SpoolHeader, claimed)) = std::byte{1};
    const Contents contents = read_file(file.bytes());
    CHECK(contents.header == wire::DecodeError::none);
    CHECK(contents.frames.empty());
    CHECK(troubles(contents) == 0);
}

TEST_CASE("spool reader: each byte flipped in turn costs the frame that it is in, and no other") {
    SpoolBytes file = sample(9);
    std::vector<std::byte>& bytes = file.bytes();
    for (const unsigned flip : {0x01U, 0x80U, 0xFFU}) {
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            INFO("byte " << at << " flip " << flip);
            bytes[at] ^= static_cast<std::byte>(flip);
            const Contents contents = read_file(bytes);
            bytes[at] ^= static_cast<std::byte>(flip);
            if (at < file.header_size()) {
                const bool claimed = at >= offsetof(wire::SpoolHeader, claimed) &&
                                     at < offsetof(wire::SpoolHeader, claimed) + sizeof(wire::SpoolHeader::claimed);
                REQUIRE((contents.header == wire::DecodeError::none) == claimed);
                REQUIRE(contents.frames.size() == (claimed ? 9 : 0));
                continue;
            }
            REQUIRE(troubles(contents) == 1);
            for (const Place& place : file.places()) {
                REQUIRE(found(contents, place) == !(at >= place.begin && at < place.end));
            }
        }
    }
}

TEST_CASE("spool reader: cut off at each byte, what is whole is found and the rest is the tail") {
    SpoolBytes file = sample(9);
    for (std::size_t size = 0; size < file.bytes().size(); ++size) {
        INFO("size " << size);
        const Contents contents = read_file(std::span(file.bytes()).first(size));
        if (size < file.header_size()) {
            REQUIRE(contents.header != wire::DecodeError::none);
            continue;
        }
        REQUIRE(contents.damaged.empty());
        bool within = false;
        for (const Place& place : file.places()) {
            REQUIRE(found(contents, place) == (size >= place.end));
            within = within || (size > place.begin && size < place.end);
        }
        REQUIRE(contents.torn.has_value() == within);
    }
}

TEST_CASE("spool reader: a tail whose room is there before its bytes may still become a frame") {
    SpoolBytes file = sample(3);
    const Place last = file.places().back();
    std::fill(file.bytes().begin() + static_cast<std::ptrdiff_t>(last.begin + 40), file.bytes().end(), std::byte{0});
    const Contents contents = read_file(file.bytes());
    CHECK(contents.frames.size() == 2);
    REQUIRE(contents.torn.has_value());
    CHECK(contents.torn->begin == last.begin);
    CHECK(contents.damaged.empty());
}

TEST_CASE("spool reader: zeros between frames are holes, other bytes are damage") {
    SpoolBytes file = sample(2);
    file.bytes().resize(file.bytes().size() + 4096);
    file.add_numbered(3, 1);
    file.bytes().resize(file.bytes().size() + 24, std::byte{0x5A});
    file.add_numbered(4, 1);
    file.bytes().resize(file.bytes().size() + 4096);
    const Contents contents = read_file(file.bytes());
    CHECK(contents.frames.size() == 4);
    CHECK(contents.damaged.size() == 1);
    CHECK_FALSE(contents.torn.has_value());
}

TEST_CASE("spool reader: sizes of zero and of more than a frame's do not hide what follows") {
    for (const std::uint32_t size : {0U, 8U, 127U, 8193U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
        SpoolBytes file = sample(5);
        std::memcpy(file.bytes().data() + file.places()[1].begin + offsetof(wire::RequestHeader, frame_size), &size,
                    sizeof size);
        const Contents contents = read_file(file.bytes());
        CHECK(contents.frames.size() == 4);
        CHECK(troubles(contents) == 1);
    }
}

TEST_CASE("spool reader: a header of a later version is told from a damaged one") {
    SpoolBytes file = sample(1);
    file.bytes().at(offsetof(wire::SpoolHeader, min_reader)) = std::byte{2};
    CHECK(read_file(file.bytes()).header == wire::DecodeError::bad_version);
}

TEST_CASE("spool reader: bytes that look like the starts of a million frames cost no minutes") {
    SpoolBytes file;
    std::vector<std::byte>& bytes = file.bytes();
    bytes.resize(max_file_size);
    wire::RequestHeader fake{};
    fake.magic = wire::request_magic;
    fake.frame_size = wire::max_frame_size;
    fake.min_reader = wire::oldest_reader;
    for (std::size_t at = file.header_size(); at + 16 <= bytes.size(); at += 16) {
        std::memcpy(bytes.data() + at, &fake, 16);
    }
    const auto begin = std::chrono::steady_clock::now();
    const Contents contents = read_file(bytes);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
    CHECK(contents.frames.empty());
    CHECK(troubles(contents) == 1);
}

TEST_CASE("spool reader: random bytes with frames among them") {
    std::mt19937 random(20240501);
    for (int round = 0; round < 300; ++round) {
        SpoolBytes file;
        std::vector<std::byte>& bytes = file.bytes();
        std::size_t frames = 0;
        for (int part = 0; part < 6; ++part) {
            if (random() % 2 == 0) {
                file.add_numbered(frames + 1, 1);
                ++frames;
            } else {
                for (auto i = 8 * (random() % 40); i > 0; --i) {
                    bytes.push_back(static_cast<std::byte>(random()));
                }
            }
        }
        const Contents contents = read_file(bytes);
        REQUIRE(contents.frames.size() == frames);
        std::size_t end = file.header_size();
        for (const Stretch& frame : contents.frames) { // in order, apart from each other, within the file
            REQUIRE(frame.begin >= end);
            REQUIRE(frame.end > frame.begin);
            end = frame.end;
        }
        REQUIRE(end <= bytes.size());
    }
}
