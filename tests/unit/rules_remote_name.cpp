#include "service/rules/remote_name.hpp"

#include <catch_amalgamated.hpp>

#include <string>

using namespace maptrail;

namespace {

std::string parts(std::string_view remote) {
    const rules::RemoteParts found = rules::parts_of_remote(remote);
    return found.server ? std::string(*found.server) + " | " + std::string(found.share.value_or("?")) : "none";
}

} // namespace

TEST_CASE("server and share of a remote name", "[rules]") {
    CHECK(parts("\\\\NAS\\PUBLIC\\SUB") == "NAS | PUBLIC");
    CHECK(parts("\\\\NAS\\PUBLIC") == "NAS | PUBLIC");
    CHECK(parts("\\\\NAS\\") == "NAS | ");
    CHECK(parts("\\\\NAS") == "NAS | ");
    CHECK(parts("\\\\NAS\\\\PUBLIC\\") == "NAS | PUBLIC");
    CHECK(parts("\\\\NAS.CORP.EXAMPLE.\\C$") == "NAS.CORP.EXAMPLE | C$");
    CHECK(parts("\\\\FE80--1.IPV6-LITERAL.NET\\X") == "FE80--1.IPV6-LITERAL.NET | X");
    CHECK(parts("\\\\?\\UNC\\NAS\\PUBLIC") == "NAS | PUBLIC");
    CHECK(parts("\\\\.\\UNC\\NAS@SSL\\PUBLIC") == "NAS | PUBLIC");
}

TEST_CASE("server and share of a WebDAV name", "[rules]") {
    CHECK(parts("\\\\NAS@SSL@8443\\DAVWWWROOT\\X") == "NAS | DAVWWWROOT");
    CHECK(parts("HTTP:\\\\NAS\\SHARE\\X") == "NAS | SHARE");
    CHECK(parts("HTTPS:\\\\NAS:8443\\SHARE") == "NAS | SHARE");
    CHECK(parts("HTTPS:\\\\JOE:PW@NAS.:8443\\") == "NAS | ");
    CHECK(parts("HTTP:\\\\[::1]:80\\SHARE") == "::1 | SHARE");
    CHECK(parts("HTTP:\\\\") == "none");
    CHECK(parts("HTTP:\\\\:80\\X") == "none");
}

TEST_CASE("names without a server", "[rules]") {
    for (const char* name : {"", "\\", "\\\\", "\\NAS\\PUBLIC", "@", "\\\\@SSL\\X", "\\\\.\\X", "\\\\.", "\\\\?\\C:\\X",
                             "\\\\?\\UNC\\", "\\\\?"}) {
        CAPTURE(name);
        CHECK(parts(name) == "none");
    }
}
