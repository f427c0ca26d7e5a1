// That it never leaves out a rule which matches is rules_reference.cpp's: there every judgement goes by it.
#include "service/rules/prefilter.hpp"
#include "service/text/text.hpp"
#include "tests/unit/rules_fixture.hpp"

using namespace maptrail;
using namespace maptrail::rules;

namespace {

/// Of one rule, which needs nothing but this pattern in a server's name.
bool may_fit(const std::string& pattern, const std::optional<std::string>& server) {
    Prefilter prefilter;
    prefilter.begin_rule();
    prefilter.need_all_of_one(Field::server, {characters_needed_by(fold(pattern))});
    const std::string folded = fold(server.value_or(""));
    Subject subject;
    if (server) {
        subject.server = folded;
    }
    return prefilter.may_match(0, subject_bits(subject));
}

} // namespace

TEST_CASE("a pattern needs its characters, and its wildcards nothing", "[rules]") {
    CHECK(may_fit("nas*", "nas1"));
    CHECK(may_fit("N?S", "nos"));
    CHECK(may_fit("nas*", "san")); // it only is a first look
    CHECK_FALSE(may_fit("nas*", "files"));
    CHECK_FALSE(may_fit("nas-1", "nas1"));
    CHECK(may_fit("*", std::nullopt));
    CHECK_FALSE(may_fit("nas", std::nullopt));
    CHECK_FALSE(may_fit("nas", ""));
    CHECK(may_fit("\xD1\x84*", "\xD1\x84\xD0\xB0")); // Cyrillic
    CHECK_FALSE(may_fit("\xD1\x84*", "fa"));
}

TEST_CASE("a rule needs all of its conditions, of a list one, and each rule its own", "[rules]") {
    Prefilter prefilter;
    prefilter.begin_rule();
    prefilter.need_all_of_one(Field::remote, {characters_needed_by("XY"), characters_needed_by("Z")});
    prefilter.need_one_of(Field::elevated, 1U << 1U);
    prefilter.begin_rule(); // needs nothing
    prefilter.begin_rule();
    prefilter.need_one_of(Field::flags, 0x9);
    const auto matching = [&](std::string_view remote, std::optional<bool> elevated, std::uint32_t flags) {
        Subject subject;
        subject.remote = remote;
        subject.elevated = elevated;
        subject.flags = flags;
        const SubjectBits bits = subject_bits(subject);
        std::string rules;
        for (std::size_t i = 0; i < 3; ++i) {
            rules += prefilter.may_match(i, bits) ? std::to_string(i) : "";
        }
        return rules;
    };
    CHECK(matching("YX", true, 0) == "01");
    CHECK(matching("Z", true, 8) == "012");
    CHECK(matching("X", true, 0) == "1");
    CHECK(matching("YX", false, 1) == "12");
    CHECK(matching("YX", std::nullopt, 2) == "1");
}

TEST_CASE("numbers and what comes after the operation are bits where they are known", "[rules]") {
    Prefilter prefilter;
    prefilter.begin_rule();
    prefilter.need_one_of(Field::integrity, bit_of_number(0x3000));
    prefilter.begin_rule();
    prefilter.need_one_of(Field::error, bit_of_number(53));
    Subject subject;
    subject.integrity = 0x3000;
    subject.status = 53;
    CHECK(prefilter.may_match(0, subject_bits(subject)));
    CHECK_FALSE(prefilter.may_match(1, subject_bits(subject))); // before it nothing is known of an error
    subject.phase = Phase::after;
    subject.integrity = 0x2000;
    CHECK_FALSE(prefilter.may_match(0, subject_bits(subject)));
    CHECK(prefilter.may_match(1, subject_bits(subject)));
}
