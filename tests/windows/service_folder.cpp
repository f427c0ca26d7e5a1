#include "service/host/data_folder.hpp"
#include "tests/windows/service_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <fstream>
#include <string_view>

using namespace maptrail;
using namespace maptrail::test;

TEST_CASE("the data folder is made with those above it, and once more does no harm") {
    const TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "a" / "b";
    make_private_folder(path);
    std::ofstream(path / "file") << "x";
    make_private_folder(path);
    CHECK(std::filesystem::exists(path / "file"));
    // What Wine takes and does not enforce: nobody but SYSTEM and the administrators, and nothing from above.
    CHECK(std::wstring_view(data_folder_access) == L"O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
}

TEST_CASE("a folder that somebody else made first is moved aside whole, every time") {
    const TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "data";
    const auto nobody = [](PSID) { return false; };
    for (const char* aside : {"data.foreign-1", "data.foreign-2"}) {
        std::filesystem::remove_all(path);
        std::filesystem::create_directories(path);
        std::ofstream(path / "history.db") << "planted";
        make_private_folder(path, data_folder_access, nobody);
        CHECK(std::filesystem::is_empty(path));
        CHECK(std::filesystem::exists(folder.path() / aside / "history.db"));
    }
}

TEST_CASE("a file where the data folder must be is refused, by name") {
    const TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "taken";
    std::ofstream(path) << "x";
    CHECK_THROWS_WITH(make_private_folder(path), Catch::Matchers::ContainsSubstring("taken"));
}

TEST_CASE("a configuration of one's own is taken, and none at all too") {
    const TemporaryFolder folder;
    CHECK_NOTHROW(refuse_foreign_file(folder.path() / "none.json"));
    std::ofstream(folder.path() / "config.json") << "{}";
    CHECK_NOTHROW(refuse_foreign_file(folder.path() / "config.json"));
}

TEST_CASE("the default data folder lies in ProgramData") {
    CHECK(default_data_folder().filename() == "MapTrail");
    CHECK(default_data_folder().is_absolute());
}
