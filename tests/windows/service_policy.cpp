#include "common/product.hpp"
#include "service/policy/page_file.hpp"
#include "service/policy/publisher.hpp"
#include "service/registration/data_folder_value.hpp"
#include "tests/windows/service_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <array>
#include <string_view>

using namespace maptrail;
using namespace maptrail::test;

namespace {

constexpr wchar_t test_key[] = L"SOFTWARE\\MapTrailTest";

std::wstring read_value(const wchar_t* key = test_key) {
    std::array<wchar_t, 512> text{};
    auto size = static_cast<DWORD>(sizeof text);
    const LSTATUS error = RegGetValueW(HKEY_LOCAL_MACHINE, key, data_folder_value,
                                       RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY, nullptr, text.data(), &size);
    return error == ERROR_SUCCESS ? std::wstring(text.data()) : L"none";
}

struct TestKey {
    TestKey() { RegDeleteTreeW(HKEY_LOCAL_MACHINE, test_key); }
    TestKey(const TestKey&) = delete;
    TestKey& operator=(const TestKey&) = delete;
    ~TestKey() { RegDeleteTreeW(HKEY_LOCAL_MACHINE, test_key); }

    [[nodiscard]] static bool exists() {
        HKEY key = nullptr;
        if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, test_key, 0, KEY_QUERY_VALUE | KEY_WOW64_64KEY, &key) != ERROR_SUCCESS) {
            return false;
        }
        RegCloseKey(key);
        return true;
    }
};

} // namespace

TEST_CASE("the policy page is grown and published while a program has it open and mapped") {
    const TemporaryFolder folder;
    const std::filesystem::path file = folder.path() / "policy.page";
    wire::Policy policy;
    policy.service_id = GetCurrentProcessId();
    policy.budget_ms = 99;
    PolicyPublisher(file, 1).publish(policy);
    const win32::Handle reader(CreateFileW(file.c_str(), GENERIC_READ,
                                           FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                           OPEN_EXISTING, 0, nullptr));
    REQUIRE(reader);
    const win32::Handle mapping(CreateFileMappingW(reader.get(), nullptr, PAGE_READONLY, 0, 0, nullptr));
    REQUIRE(mapping);
    void* const view = MapViewOfFile(mapping.get(), FILE_MAP_READ, 0, 0, wire::policy_file_size);
    REQUIRE(view != nullptr);
    PolicyPublisher second(file, 1);
    second.publish(policy);
    wire::Policy seen;
    CHECK(wire::read_policy({static_cast<const std::byte*>(view), wire::policy_file_size}, seen));
    CHECK(seen.service_id == GetCurrentProcessId());
    CHECK(seen.budget_ms == 99);
    second.withdraw();
    CHECK(wire::read_policy({static_cast<const std::byte*>(view), wire::policy_file_size}, seen));
    CHECK(seen.service_id == 0);
    CHECK(seen.budget_ms == 99);
    UnmapViewOfFile(view);
}

TEST_CASE("the policy page's access list, which Wine takes and does not enforce") {
    CHECK(std::wstring_view(policy::page_access) == L"O:SYG:SYD:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;AU)(A;;FR;;;AC)");
}

TEST_CASE("the data folder's value is written for good, or until the end, and then it is as it was") {
    const TestKey key;
    {
        const DataFolderValue temporary(L"C:\\one", true, test_key);
        CHECK(read_value() == L"C:\\one");
    }
    CHECK_FALSE(TestKey::exists());
    { const DataFolderValue lasting(L"C:\\two", false, test_key); }
    CHECK(read_value() == L"C:\\two");
    {
        const DataFolderValue temporary(L"C:\\three", true, test_key);
        CHECK(read_value() == L"C:\\three");
    }
    CHECK(read_value() == L"C:\\two");
}

TEST_CASE("a service that is removed takes the data folder's value with it, and leaves what else is there") {
    const TestKey key;
    unsigned long error = 0;
    CHECK(forget_data_folder(error, test_key));
    { const DataFolderValue lasting(L"C:\\one", false, test_key); }
    CHECK(forget_data_folder(error, test_key));
    CHECK_FALSE(TestKey::exists());
    { const DataFolderValue lasting(L"C:\\one", false, test_key); }
    const std::wstring version = L"1";
    REQUIRE(RegSetKeyValueW(HKEY_LOCAL_MACHINE, test_key, L"Version", REG_SZ, version.c_str(), 4) == ERROR_SUCCESS);
    CHECK(forget_data_folder(error, test_key));
    CHECK(TestKey::exists());
    CHECK(read_value() == L"none");
}
