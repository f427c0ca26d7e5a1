#include "tests/router/listeners.hpp"

#include "common/product.hpp"

#include <catch_amalgamated.hpp>

#include <windows.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace maptrail::test {

namespace {

constexpr std::array probes = {L"a", L"b", L"c", L"d"};

std::filesystem::path own_folder() {
    std::wstring path(MAX_PATH, L'\0');
    path.resize(GetModuleFileNameW(nullptr, path.data(), MAX_PATH));
    return std::filesystem::path(path).parent_path();
}

/// In a 32-bit process this is SysWOW64 to whom the files are concerned, and System32 by name.
std::filesystem::path system_folder() {
    std::wstring path(MAX_PATH, L'\0');
    path.resize(GetWindowsDirectoryW(path.data(), MAX_PATH));
    return std::filesystem::path(path) / L"System32";
}

std::filesystem::path log_file() {
    std::wstring path(MAX_PATH, L'\0');
    path.resize(GetTempPathW(MAX_PATH, path.data()));
    return std::filesystem::path(path) / L"maptrail-probes.log";
}

std::wstring dll_of(const std::wstring& probe) {
    return system_folder() / (L"maptrail-probe-" + probe + L".dll");
}

void write_setting(const std::wstring& probe, const std::wstring& name, const wchar_t* value) {
    REQUIRE(WritePrivateProfileStringW(L"probe", name.c_str(), value, (dll_of(probe) + L".ini").c_str()));
}

void register_value(HKEY key, const wchar_t* name, DWORD type, const std::wstring& path) {
    const auto bytes = static_cast<DWORD>((path.size() + 1) * sizeof(wchar_t));
    REQUIRE(RegSetValueExW(key, name, 0, type, reinterpret_cast<const BYTE*>(path.c_str()), bytes) == ERROR_SUCCESS);
}

void install() {
    for (const wchar_t* probe : probes) {
        REQUIRE(CopyFileW((own_folder() / L"maptrail-probe.dll").c_str(), dll_of(probe).c_str(), FALSE));
    }
    RegDeleteKeyW(HKEY_LOCAL_MACHINE, notifyees_key);
    HKEY key = nullptr;
    REQUIRE(RegCreateKeyExW(HKEY_LOCAL_MACHINE, notifyees_key, 0, nullptr, 0, KEY_SET_VALUE, nullptr, &key, nullptr) ==
            ERROR_SUCCESS);
    register_value(key, L"Probe", REG_EXPAND_SZ, L"%SystemRoot%\\System32\\maptrail-probe-a.dll");
    register_value(key, L"any name will do", REG_SZ, dll_of(L"b"));
    register_value(key, L"0", REG_EXPAND_SZ, dll_of(L"c"));
    register_value(key, L"Literal", REG_SZ, L"%SystemRoot%\\System32\\maptrail-probe-d.dll");
    register_value(key, L"Missing", REG_EXPAND_SZ, L"%SystemRoot%\\System32\\maptrail-no-such-probe.dll");
    register_value(key, L"No functions", REG_EXPAND_SZ, L"%SystemRoot%\\System32\\version.dll");
    RegCloseKey(key);
}

} // namespace

Listeners::Listeners() {
    static const bool installed = (install(), true);
    REQUIRE(installed);
    std::filesystem::remove(log_file());
    for (const wchar_t* probe : probes) {
        for (const wchar_t* name : {L"add", L"cancel", L"after", L"context", L"scribble"}) {
            write_setting(probe, name, nullptr);
        }
        write_setting(probe, L"log", log_file().c_str());
    }
}

void Listeners::tell(const std::string& probe, const std::string& setting, unsigned value) const {
    write_setting({probe.begin(), probe.end()}, {setting.begin(), setting.end()}, std::to_wstring(value).c_str());
}

std::vector<nlohmann::json> Listeners::calls() {
    std::vector<nlohmann::json> lines;
    std::ifstream file(log_file());
    for (std::string line; std::getline(file, line);) {
        lines.push_back(nlohmann::json::parse(line));
    }
    return lines;
}

std::vector<std::string> Listeners::order() {
    std::vector<std::string> order;
    for (const nlohmann::json& call : calls()) {
        order.push_back(call.at("probe").get<std::string>().substr(sizeof("maptrail-probe-") - 1) +
                        std::to_string(call.at("notify").get<unsigned>()));
    }
    return order;
}

std::wstring required_variable(const wchar_t* name) {
    std::wstring value(32767, L'\0');
    value.resize(GetEnvironmentVariableW(name, value.data(), static_cast<DWORD>(value.size())));
    INFO("the environment must have this variable: " << std::filesystem::path(name).string());
    REQUIRE_FALSE(value.empty());
    return value;
}

} // namespace maptrail::test
