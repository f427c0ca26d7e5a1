#include "service/text/glob.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;

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
