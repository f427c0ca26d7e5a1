#include "tests/router/shim/registry.hpp"

#include "common/product.hpp"

#include <optional>

namespace maptrail::router {

namespace {

class Key {
public:
    explicit Key(const std::wstring& path) {
        if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path.c_str(), 0, KEY_READ, &key_) != ERROR_SUCCESS) {
            key_ = nullptr;
        }
    }
    Key(const Key&) = delete;
    Key& operator=(const Key&) = delete;
    ~Key() {
        if (key_ != nullptr) {
            RegCloseKey(key_);
        }
    }

    [[nodiscard]] HKEY get() const { return key_; }

private:
    HKEY key_ = nullptr;
};

constexpr DWORD longest_text = 32767; // of a path, and of a text with variables
constexpr DWORD longest_name = 16383; // of a registry value

/// What a registry string holds need not end with a zero.
std::wstring text_of(const std::wstring& buffer, DWORD bytes) {
    std::wstring text = buffer.substr(0, bytes / sizeof(wchar_t));
    return text.substr(0, text.find(L'\0'));
}

std::wstring expand(const std::wstring& text) {
    std::wstring expanded(longest_text, L'\0');
    const DWORD length = ExpandEnvironmentStringsW(text.c_str(), expanded.data(), longest_text);
    return length == 0 || length > longest_text ? text : expanded.substr(0, length - 1);
}

std::optional<std::wstring> string_value(const Key& key, const wchar_t* name) {
    std::wstring buffer(longest_text, L'\0');
    DWORD bytes = longest_text * sizeof(wchar_t);
    if (RegGetValueW(key.get(), nullptr, name, RRF_RT_REG_SZ, nullptr, buffer.data(), &bytes) != ERROR_SUCCESS) {
        return std::nullopt;
    }
    return text_of(buffer, bytes);
}

} // namespace

std::vector<std::wstring> notifyee_paths() {
    std::vector<std::wstring> paths;
    const Key key(notifyees_key);
    if (key.get() == nullptr) {
        return paths;
    }
    std::wstring name(longest_name + 1, L'\0');
    std::wstring data(longest_text, L'\0');
    for (DWORD index = 0;; ++index) {
        DWORD name_length = longest_name + 1;
        DWORD bytes = longest_text * sizeof(wchar_t);
        DWORD type = REG_NONE;
        const LSTATUS status = RegEnumValueW(key.get(), index, name.data(), &name_length, nullptr, &type,
                                             reinterpret_cast<BYTE*>(data.data()), &bytes);
        if (status == ERROR_MORE_DATA) {
            continue; // no path is as long as that
        }
        if (status != ERROR_SUCCESS) {
            return paths;
        }
        if (type == REG_EXPAND_SZ) {
            paths.push_back(expand(text_of(data, bytes)));
        } else if (type == REG_SZ) {
            paths.push_back(text_of(data, bytes));
        }
    }
}

std::wstring first_provider_name() {
    const Key order(L"SYSTEM\\CurrentControlSet\\Control\\NetworkProvider\\Order");
    if (order.get() == nullptr) {
        return {};
    }
    const std::wstring services = string_value(order, L"ProviderOrder").value_or(L"");
    const std::wstring first = services.substr(0, services.find(L','));
    if (first.empty()) {
        return {};
    }
    const Key provider(L"SYSTEM\\CurrentControlSet\\Services\\" + first + L"\\NetworkProvider");
    return provider.get() == nullptr ? std::wstring{} : string_value(provider, L"Name").value_or(L"");
}

} // namespace maptrail::router
