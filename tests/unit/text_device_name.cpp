#include "service/text/device_name.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;

TEST_CASE("The remote name in a device's target", "[store]") {
    const auto remote = [](const char* device) { return remote_of_device(device).value_or("none"); };
    CHECK(remote(R"(\Device\LanmanRedirector\;Z:000000000001234f\server\share)") == R"(\\server\share)");
    CHECK(remote(R"(\Device\Mup\;LanmanRedirector\;Z:000000000001234F\server\share\sub)") == R"(\\server\share\sub)");
    CHECK(remote(R"(\Device\WebDavRedirector\;Z:0000000000012345\host@SSL\DavWWWRoot)") == R"(\\host@SSL\DavWWWRoot)");
    CHECK(remote(R"(\Device\MapTrailTest\;Z:0000000000000001\server\share)") == R"(\\server\share)");
    CHECK(remote(R"(\Device\LanmanRedirector\;LPT1:000000000001234f\server\printer)") == R"(\\server\printer)");
    CHECK(remote(R"(\Device\VBoxMiniRdr\;Z:\vboxsvr\share)") == R"(\\vboxsvr\share)");

    CHECK(remote(R"(\Device\HarddiskVolume3)") == "none");
    CHECK(remote(R"(\??\C:\folder)") == "none");
    CHECK(remote(R"(\Device\Mup\server\share)") == "none");
    CHECK(remote(R"(\Device\LanmanRedirector\;Z:xyz\server\share)") == "none");
    CHECK(remote(R"(\Device\LanmanRedirector\;Z:000000000001234f)") == "none");
    CHECK(remote(R"(\Device\LanmanRedirector\;Z:000000000001234f\)") == "none");
    CHECK(remote(R"(\Device\LanmanRedirector\;Z:000000000001234f\\share)") == "none");
    CHECK(remote(R"(\Device\LanmanRedirector\;:12\server\share)") == "none");
    CHECK(remote("") == "none");
    CHECK(remote("\\") == "none");
    CHECK(remote("Z:") == "none");
}

TEST_CASE("Devices and remote names are told apart", "[store]") {
    CHECK(is_local_device("Z:"));
    CHECK(is_local_device("LPT1"));
    CHECK(is_local_device("lpt1:"));
    CHECK_FALSE(is_local_device(R"(\\server\share)"));
    CHECK_FALSE(is_local_device("http://server/share"));
    CHECK_FALSE(is_local_device("SERVER/VOL:"));
    CHECK_FALSE(is_local_device(""));
}
