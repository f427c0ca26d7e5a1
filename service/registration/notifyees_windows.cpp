#include "service/registration/notifyees.hpp"

#include "common/product.hpp"
#include "common/win32/registry_key.hpp"
#include "service/registration/pe_machine.hpp"
#include "service/scm/win32_failure.hpp"
#include "service/text/text.hpp"
#include "service/text/utf.hpp"

#include <vector>
#include <windows.h>

namespace maptrail {
namespace {

std::string narrow(std::wstring_view text) {
    return to_utf8(std::u16string(text.begin(), text.end()));
}

/// A registry text need not end in a zero, and may have one in its middle.
std::string text_of(const std::vector<BYTE>& data, DWORD size) {
    std::u16string text;
    for (DWORD i = 0; i + 1 < size; i += 2) {
        const auto unit = static_cast<char16_t>(data[i] | (data[i + 1] << 8U));
        if (unit == 0) {
            break;
        }
        text += unit;
    }
    return to_utf8(text);
}

std::string data_text(DWORD type, const std::vector<BYTE>& data, DWORD size) {
    const bool is_text = type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ;
    return is_text ? text_of(data, size) : "(" + std::to_string(size) + " bytes of type " + std::to_string(type) + ")";
}

void read_values(const win32::RegistryKey& key, RegistrationFacts& facts) {
    const std::string own = fold(narrow(service_name));
    std::vector<wchar_t> name(16384); // longer than a value's name can be
    std::vector<BYTE> data(1024);
    for (DWORD index = 0;;) {
        auto name_length = static_cast<DWORD>(name.size());
        auto size = static_cast<DWORD>(data.size());
        DWORD type = 0;
        const LSTATUS result =
            RegEnumValueW(key.get(), index, name.data(), &name_length, nullptr, &type, data.data(), &size);
        if (result == ERROR_MORE_DATA && data.size() < (1U << 20U)) {
            data.resize(data.size() * 4);
            continue;
        }
        if (result == ERROR_NO_MORE_ITEMS) {
            return;
        }
        if (result != ERROR_SUCCESS) {
            facts.problem = win32_failure("RegEnumValue", static_cast<std::uint32_t>(result));
            return;
        }
        const std::string value_name = narrow({name.data(), name_length});
        if (fold(value_name) == own) {
            facts.value = data_text(type, data, size);
            facts.value_type = type;
        } else {
            facts.others.push_back({value_name, data_text(type, data, size)});
        }
        ++index;
    }
}

std::wstring system_folder(UINT(WINAPI* ask)(LPWSTR, UINT)) {
    std::wstring folder(MAX_PATH, L'\0');
    const UINT length = ask(folder.data(), static_cast<UINT>(folder.size()));
    if (length == 0 || length >= folder.size()) {
        return {};
    }
    folder.resize(length);
    return folder;
}

LibraryFacts library_in(const std::wstring& folder, const char* call) {
    LibraryFacts facts;
    if (folder.empty()) {
        facts.problem = win32_failure(call, GetLastError());
        return facts;
    }
    const std::wstring path = folder + L"\\" + dll_file_name;
    facts.path = narrow(path);
    read_pe_machine(path, facts);
    return facts;
}

} // namespace

RegistrationFacts read_registration() {
    RegistrationFacts facts;
    HKEY opened = nullptr;
    const LSTATUS result =
        RegOpenKeyExW(HKEY_LOCAL_MACHINE, notifyees_key, 0, KEY_QUERY_VALUE | KEY_WOW64_64KEY, &opened);
    const win32::RegistryKey key(opened);
    if (result == ERROR_SUCCESS) {
        read_values(key, facts);
    } else if (result != ERROR_FILE_NOT_FOUND) {
        facts.problem = win32_failure("RegOpenKeyEx", static_cast<std::uint32_t>(result));
    }
    facts.native = library_in(system_folder(GetSystemDirectoryW), "GetSystemDirectory");
    facts.wow64 = library_in(system_folder(GetSystemWow64DirectoryW), "GetSystemWow64Directory");
    return facts;
}

} // namespace maptrail
