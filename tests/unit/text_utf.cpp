#include "service/text/utf.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;

TEST_CASE("UTF-16 becomes UTF-8, a lone surrogate becomes U+FFFD", "[text]") {
    CHECK(to_utf8(u"Z:\\caf\u00e9\u4f60") == "Z:\\caf\xC3\xA9\xE4\xBD\xA0");
    CHECK(to_utf8(u"\U0001F600") == "\xF0\x9F\x98\x80");
    const char16_t high[] = {u'a', 0xD83D, u'b'};
    CHECK(to_utf8({high, 3}) == "a\xEF\xBF\xBD"
                                "b");
    const char16_t ends_high[] = {u'a', 0xD83D};
    CHECK(to_utf8({ends_high, 2}) == "a\xEF\xBF\xBD");
    const char16_t swapped[] = {0xDE00, 0xD83D};
    CHECK(to_utf8({swapped, 2}) == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(to_utf8({u"a\0b", 3}) == std::string("a\0b", 3));
    CHECK(to_utf8({}).empty());
}

TEST_CASE("UTF-8 becomes UTF-16, bad bytes become U+FFFD", "[text]") {
    CHECK(to_utf16("caf\xC3\xA9\xF0\x9F\x98\x80") == u"caf\u00e9\U0001F600");
    CHECK(to_utf16("a\xFF\xC3") == u"a\uFFFD\uFFFD");
    CHECK(to_utf16(to_utf8(u"\u0416\U0010FFFF")) == u"\u0416\U0010FFFF");
}

TEST_CASE("Only real UTF-8 is valid", "[text]") {
    CHECK(is_valid_utf8("caf\xC3\xA9\xF0\x9F\x98\x80"));
    CHECK(is_valid_utf8(""));
    CHECK_FALSE(is_valid_utf8("\xC3"));             // cut
    CHECK_FALSE(is_valid_utf8("\xC0\xAF"));         // overlong
    CHECK_FALSE(is_valid_utf8("\xED\xA0\x80"));     // a surrogate
    CHECK_FALSE(is_valid_utf8("\xF4\x90\x80\x80")); // above U+10FFFF
    CHECK_FALSE(is_valid_utf8("a\x80"));            // stray continuation
    const std::string cleaned = valid_utf8("a\xC3z\xED\xA0\x80");
    CHECK(is_valid_utf8(cleaned));
    CHECK(cleaned.starts_with("a\xEF\xBF\xBDz"));
}
