#include "service/text/glob.hpp"

#include "service/text/text.hpp"
#include "service/text/utf.hpp"

#include <catch_amalgamated.hpp>

#include <random>
#include <string>
#include <vector>

using namespace maptrail;

namespace {

/// What the words above Glob say, by trying everything: slow, and without a special case.
bool fits(std::string_view pattern, std::string_view text) {
    if (pattern.empty()) {
        return text.empty();
    }
    std::string_view rest = text;
    if (pattern.front() == '*') {
        for (;;) {
            if (fits(pattern.substr(1), rest)) {
                return true;
            }
            if (rest.empty()) {
                return false;
            }
            (void)next_code_point(rest);
        }
    }
    if (text.empty()) {
        return false;
    }
    const char32_t wanted = next_code_point(pattern);
    const char32_t found = next_code_point(rest);
    return (wanted == U'?' || wanted == found) && fits(pattern, rest);
}

} // namespace

TEST_CASE("Globs", "[text]") {
    struct Case {
        const char* pattern;
        const char* text;
        bool fits;
    };
    const Case cases[] = {
        {"z:", "Z:", true},
        {"z", "Z:", false},
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "anything", true},
        {"?", "", false},
        {"\\\\srv\\*", "\\\\SRV\\share\\sub", true},
        {"\\\\srv\\*", "\\\\srv2\\share", false},
        {"*\\share", "\\\\srv\\share", true},
        {"*\\share", "\\\\srv\\share2", false},
        {"*a*b*", "xxaxxbxx", true},
        {"*a*b*", "xxbxxaxx", false},
        {"a*", "ba", false},
        {"*ab", "aab", true},
        {"*aab", "aaab", true},
        {"a?c", "abc", true},
        {"a?c", "ac", false},
        {"***", "x", true},
        {"[a]", "[A]", true},
        {"[a]", "a", false},
        {"\\*", "\\anything", true}, // a backslash is a backslash
        {"\xC3\xA9*", "\xC3\x89t\xC3\xA9", true},
        {"caf?", "caf\xC3\xA9", true}, // one character, two bytes
        {"caf??", "caf\xC3\xA9", false},
        {"?", "\xF0\x9F\x98\x80", true},
        {"*?\xC3\xA9", "\xC3\xA8\xC3\xA9", true}, // first bytes in common
        {"*\xC3\xA9", "\xC3\xA8", false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.pattern, c.text);
        CHECK(Glob(c.pattern).matches(c.text) == c.fits);
    }
}

TEST_CASE("A pattern made to backtrack ends all the same", "[text]") {
    std::string pattern;
    for (int i = 0; i < 200; ++i) {
        pattern += "a*";
    }
    CHECK_FALSE(Glob(pattern + "b").matches(std::string(2000, 'a')));
    CHECK(Glob(pattern).matches(std::string(2000, 'a')));
}

TEST_CASE("A glob's short cuts change nothing", "[text]") {
    std::mt19937_64 engine(1);
    const std::vector<std::string> parts{"*", "*", "?", "A", "A", "B", "\\", "\xC3\x89", "\xE2\x82\xAC", "\xC3\x8A"};
    const auto text_of = [&](std::size_t first, std::size_t longest) {
        std::string text;
        for (std::size_t left = engine() % (longest + 1); left > 0; --left) {
            text += parts[first + engine() % (parts.size() - first)];
        }
        return text;
    };
    int fitting = 0;
    for (int i = 0; i < 100'000; ++i) {
        const std::string pattern = text_of(0, 6);
        const std::string text = text_of(3, 7);
        CAPTURE(pattern, text);
        REQUIRE(Glob(pattern).matches_folded(text) == fits(pattern, text));
        fitting += fits(pattern, text) ? 1 : 0;
    }
    CHECK(fitting > 5'000);
}
