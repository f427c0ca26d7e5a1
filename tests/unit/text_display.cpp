#include "service/text/text.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;

namespace {
const std::string dots = "\xE2\x80\xA6";
}

TEST_CASE("Folding makes names equal that Windows takes for the same", "[text]") {
    CHECK(fold("Stra\xC3\x9F"
               "e-\xC3\xA4z:") == "STRA\xC3\x9F"
                                  "E-\xC3\x84Z:"); // sharp s stays
    CHECK(fold("\xD0\xB6") == fold("\xD0\x96"));   // Cyrillic zhe
    CHECK(fold("\xCF\x82") == fold("\xCE\xA3"));   // final sigma
    CHECK(fold("\xC4\xB1") != "I");                // dotless i is no I
    CHECK(fold("\xC5\xBF") != "S");                // long s is no S
    CHECK(fold("a\xFF") == "A\xEF\xBF\xBD");
}

TEST_CASE("Width counts columns, not bytes", "[text]") {
    CHECK(display_width("abc") == 3);
    CHECK(display_width("\xE4\xBD\xA0\xE5\xA5\xBD") == 4); // two Chinese characters
    CHECK(display_width("e\xCC\x81") == 1);                // e and a combining acute
    CHECK(display_width("") == 0);
}

TEST_CASE("Fitting cuts between characters", "[text]") {
    CHECK(fit("abc", 3) == "abc");
    CHECK(fit("abcd", 3) == "ab" + dots);
    CHECK(fit("abcd", 1) == dots);
    CHECK(fit("abcd", 0).empty());
    CHECK(fit("abcd", -4).empty());
    const std::string wide = "\xE4\xBD\xA0\xE5\xA5\xBD\xE5\x90\x97";
    CHECK(fit(wide, 6) == wide);
    CHECK(fit(wide, 5) == "\xE4\xBD\xA0\xE5\xA5\xBD" + dots);
    CHECK(fit(wide, 4) == "\xE4\xBD\xA0" + dots); // half a character is no character
    CHECK(fit("ae\xCC\x81xyz", 3) == "ae\xCC\x81" + dots);
    for (int columns = 0; columns < 8; ++columns) {
        CHECK(display_width(fit("a\xE4\xBD\xA0"
                                "e\xCC\x81\xE5\xA5\xBDz",
                                columns)) <= columns);
    }
}

TEST_CASE("Nothing printable drives a terminal", "[text]") {
    CHECK(printable("a\x1B[31mb") == "a\xE2\x90\x9B[31mb");
    CHECK(printable("a\r\nb\x7F") == "a\xE2\x90\x8D\xE2\x90\x8A"
                                     "b\xE2\x90\xA1");
    CHECK(printable(std::string("\0", 1)) == "\xE2\x90\x80");
    CHECK(printable("\xC2\x9B"
                    "31m") == "\xEF\xBF\xBD"
                              "31m"); // C1: control sequence introducer
    for (const char* bidi : {"\xE2\x80\xAA", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA9", "\xE2\x80\xA8"}) {
        CHECK(printable(bidi) == "\xEF\xBF\xBD");
    }
    CHECK(printable("\xD7\x90 \xE4\xBD\xA0 e\xCC\x81") == "\xD7\x90 \xE4\xBD\xA0 e\xCC\x81");
    CHECK(printable("\x9B") == "\xEF\xBF\xBD");
}
