#include "service/text/wrap.hpp"

#include <catch2/catch_test_macros.hpp>

using maptrail::wrapped;

TEST_CASE("wrap: lines end at blanks, and are as long as there is room") {
    CHECK(wrapped("one two three four five six", 0, 20) == "one two three four\nfive six\n");
    CHECK(wrapped("one two three four fi six", 2, 23) == "  one two three four fi\n  six\n");
    CHECK(wrapped("one two", 2, std::nullopt) == "  one two\n");
    CHECK(wrapped("", 0, 80) == "\n");
}

TEST_CASE("wrap: a word that is too long is broken between characters") {
    CHECK(wrapped("a 12345678901234567890xyz b", 0, 20) == "a\n12345678901234567890\nxyz b\n");
    // Wide characters take two columns; three bytes each.
    CHECK(wrapped("\u30d5\u30a1\u30a4\u30eb\u30d5\u30a1\u30a4\u30eb\u30d5\u30a1\u30a4", 0, 21) ==
          "\u30d5\u30a1\u30a4\u30eb\u30d5\u30a1\u30a4\u30eb\u30d5\u30a1\n\u30a4\n");
}
