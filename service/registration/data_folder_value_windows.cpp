#include "service/registration/data_folder_value.hpp"

#include "common/win32/error.hpp"
#include "common/win32/registry_key.hpp"

#include <windows.h>

#include <vector>

namespace maptrail {

namespace {

constexpr REGSAM view = KEY_WOW64_64KEY;

std::optional<std::wstring> read(HKEY key) {
    DWORD size = 0;
    if (RegGetValueW(key, nullptr, data_folder_value, RRF_RT_REG_SZ, nullptr, nullptr, &size) != ERROR_SUCCESS) {
        return std::nullopt;
    }
    std::vector<wchar_t> text(size / sizeof(wchar_t) + 1);
    size = static_cast<DWORD>(text.size() * sizeof(wchar_t));
    if (RegGetValueW(key, nullptr, data_folder_value, RRF_RT_REG_SZ, nullptr, text.data(), &size) != ERROR_SUCCESS) {
        return std::nullopt;
    }
    return std::wstring(text.data());
}

LSTATUS write(HKEY key, const std::wstring& text) {
    return RegSetValueExW(key, data_folder_value, 0, REG_SZ, reinterpret_cast<const BYTE*>(text.c_str()),
                          static_cast<DWORD>((text.size() + 1) * sizeof(wchar_t)));
}

} // namespace

DataFolderValue::DataFolderValue(const std::filesystem::path& folder, bool temporary, const std::wstring& key)
    : key_(key), temporary_(temporary) {
    HKEY opened = nullptr;
    DWORD disposition = 0;
    if (const LSTATUS error = RegCreateKeyExW(HKEY_LOCAL_MACHINE, key.c_str(), 0, nullptr, 0,
                                              KEY_QUERY_VALUE | KEY_SET_VALUE | view, nullptr, &opened, &disposition);
        error != ERROR_SUCCESS) {
        throw win32::Error("cannot open the registry key that tells where the data folder is",
                           static_cast<DWORD>(error));
    }
    const win32::RegistryKey owner(opened);
    made_key_ = disposition == REG_CREATED_NEW_KEY;
    before_ = read(opened);
    const std::wstring text = folder.native();
    if (before_ == text) {
        return;
    }
    if (const LSTATUS error = write(opened, text); error != ERROR_SUCCESS) {
        throw win32::Error("cannot tell the registry where the data folder is", static_cast<DWORD>(error));
    }
}

DataFolderValue::~DataFolderValue() {
    if (!temporary_) {
        return;
    }
    // Nobody is left to tell of a failure; the next start writes the value anew.
    HKEY opened = nullptr;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, key_.c_str(), 0, KEY_SET_VALUE | view, &opened) != ERROR_SUCCESS) {
        return;
    }
    {
        const win32::RegistryKey owner(opened);
        if (before_) {
            write(opened, *before_);
        } else {
            RegDeleteValueW(opened, data_folder_value);
        }
    }
    if (made_key_) { // its being there says that MapTrail is installed
        RegDeleteKeyExW(HKEY_LOCAL_MACHINE, key_.c_str(), view, 0);
    }
}

bool forget_data_folder(unsigned long& error, const std::wstring& key) {
    const auto succeeded = [&](LSTATUS status) {
        error = static_cast<unsigned long>(status);
        return status == ERROR_SUCCESS || status == ERROR_FILE_NOT_FOUND;
    };
    HKEY opened = nullptr;
    const LSTATUS opening =
        RegOpenKeyExW(HKEY_LOCAL_MACHINE, key.c_str(), 0, KEY_QUERY_VALUE | KEY_SET_VALUE | view, &opened);
    if (opening != ERROR_SUCCESS) {
        return succeeded(opening);
    }
    DWORD keys = 0;
    DWORD values = 0;
    {
        const win32::RegistryKey owner(opened);
        if (!succeeded(RegDeleteValueW(opened, data_folder_value)) ||
            !succeeded(RegQueryInfoKeyW(opened, nullptr, nullptr, nullptr, &keys, nullptr, nullptr, &values, nullptr,
                                        nullptr, nullptr, nullptr))) {
            return false;
        }
    }
    return keys + values != 0 || succeeded(RegDeleteKeyExW(HKEY_LOCAL_MACHINE, key.c_str(), view, 0));
}

} // namespace maptrail
