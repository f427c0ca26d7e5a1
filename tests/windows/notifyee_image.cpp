// The built DLL as a file: what it exports, what it needs, how large it is, which protections it has.
#include "tests/windows/notifyee_host.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <cctype>
#include <set>

using namespace maptrail::test;

namespace {

class Image {
public:
    explicit Image(HMODULE module) : base_(reinterpret_cast<const std::byte*>(module)) {
        const auto* dos = reinterpret_cast<const IMAGE_DOS_HEADER*>(base_);
        headers_ = reinterpret_cast<const IMAGE_NT_HEADERS*>(base_ + dos->e_lfanew);
    }

    [[nodiscard]] const IMAGE_NT_HEADERS& headers() const { return *headers_; }

    template <class T>
    [[nodiscard]] const T* directory(unsigned index) const {
        const IMAGE_DATA_DIRECTORY& entry = headers_->OptionalHeader.DataDirectory[index];
        return entry.VirtualAddress == 0 ? nullptr : at<T>(entry.VirtualAddress);
    }

    template <class T>
    [[nodiscard]] const T* at(DWORD address) const {
        return reinterpret_cast<const T*>(base_ + address);
    }

private:
    const std::byte* base_;
    const IMAGE_NT_HEADERS* headers_;
};

} // namespace

TEST_CASE("the DLL exports the two plain names and nothing else") {
    const Notifyee notifyee;
    const Image image(notifyee.module());
    const auto* exports = image.directory<IMAGE_EXPORT_DIRECTORY>(IMAGE_DIRECTORY_ENTRY_EXPORT);
    REQUIRE(exports != nullptr);
    CHECK(exports->NumberOfFunctions == 2);
    std::set<std::string> names;
    for (DWORD i = 0; i < exports->NumberOfNames; ++i) {
        names.insert(image.at<char>(image.at<DWORD>(exports->AddressOfNames)[i]));
    }
    CHECK(names == std::set<std::string>{"AddConnectNotify", "CancelConnectNotify"});
}

TEST_CASE("the DLL imports from KERNEL32 and ADVAPI32 alone") {
    const Notifyee notifyee;
    const Image image(notifyee.module());
    const auto* import = image.directory<IMAGE_IMPORT_DESCRIPTOR>(IMAGE_DIRECTORY_ENTRY_IMPORT);
    REQUIRE(import != nullptr);
    std::set<std::string> libraries;
    for (; import->Name != 0; ++import) {
        std::string name = image.at<char>(import->Name);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
        libraries.insert(name);
    }
    CHECK(libraries == std::set<std::string>{"ADVAPI32.DLL", "KERNEL32.DLL"});
    CHECK(image.directory<void>(IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT) == nullptr);
    CHECK(image.directory<void>(IMAGE_DIRECTORY_ENTRY_TLS) == nullptr);
}

TEST_CASE("the DLL has the loader's protections") {
    const Notifyee notifyee;
    const WORD flags = Image(notifyee.module()).headers().OptionalHeader.DllCharacteristics;
    CHECK((flags & IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE) != 0);
    CHECK((flags & IMAGE_DLLCHARACTERISTICS_NX_COMPAT) != 0);
#ifdef _WIN64
    CHECK((flags & IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA) != 0);
#endif
}

#ifdef _WIN64
TEST_CASE("the system can unwind the DLL's frames: a fault below it reaches its host's handlers") {
    const Notifyee notifyee;
    CHECK(Image(notifyee.module()).directory<void>(IMAGE_DIRECTORY_ENTRY_EXCEPTION) != nullptr);
}
#endif

TEST_CASE("the DLL is 64 KiB at most and has a version resource") {
    const std::filesystem::path file = own_folder() / "maptrail-notifyee.dll";
    CHECK(std::filesystem::file_size(file) <= 64 * 1024);
    const Notifyee notifyee;
    CHECK(FindResourceW(notifyee.module(), MAKEINTRESOURCEW(VS_VERSION_INFO), MAKEINTRESOURCEW(16)) != nullptr);
}
