#include "service/identity/account_names.hpp"

#include "common/win32/handle.hpp"
#include "service/text/utf.hpp"

#include <windows.h>

#include <sddl.h>

#include <array>
#include <cstddef>

namespace maptrail {

namespace {

constexpr std::size_t most_entries = 4096;

AccountName look_up(const std::string& sid_text) {
    const std::u16string wide = to_utf16(sid_text);
    win32::LocalMemory<void> sid;
    if (!ConvertStringSidToSidW(reinterpret_cast<const wchar_t*>(wide.c_str()), sid.receive())) {
        return {};
    }
    std::array<wchar_t, 512> name{};
    std::array<wchar_t, 512> domain{};
    auto name_size = static_cast<DWORD>(name.size());
    auto domain_size = static_cast<DWORD>(domain.size());
    SID_NAME_USE use{};
    if (!LookupAccountSidW(nullptr, sid.get(), name.data(), &name_size, domain.data(), &domain_size, &use)) {
        return {};
    }
    return {to_utf8(reinterpret_cast<const char16_t*>(name.data())),
            to_utf8(reinterpret_cast<const char16_t*>(domain.data()))};
}

} // namespace

AccountName AccountNames::of(const std::string& sid) {
    {
        const std::scoped_lock lock(mutex_);
        const auto found = entries_.find(sid);
        if (found != entries_.end() && std::chrono::steady_clock::now() < found->second.expires) {
            return found->second.name;
        }
    }
    AccountName name = look_up(sid);
    const auto life = name.name.empty() ? std::chrono::minutes(1) : std::chrono::minutes(60);
    const std::scoped_lock lock(mutex_);
    if (entries_.size() >= most_entries) {
        entries_.clear();
    }
    entries_[sid] = {name, std::chrono::steady_clock::now() + life};
    return name;
}

AccountName AccountNames::known(const std::string& sid) const {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(sid);
    return found != entries_.end() ? found->second.name : AccountName{};
}

std::optional<std::string> sid_of_account(const std::string& name) {
    const std::u16string wide = to_utf16(name);
    std::array<std::byte, SECURITY_MAX_SID_SIZE> sid{};
    std::array<wchar_t, 512> domain{};
    auto sid_size = static_cast<DWORD>(sid.size());
    auto domain_size = static_cast<DWORD>(domain.size());
    SID_NAME_USE use{};
    win32::LocalMemory<wchar_t> text;
    if (!LookupAccountNameW(nullptr, reinterpret_cast<const wchar_t*>(wide.c_str()), sid.data(), &sid_size,
                            domain.data(), &domain_size, &use) ||
        !ConvertSidToStringSidW(sid.data(), text.receive())) {
        return std::nullopt;
    }
    return to_utf8(reinterpret_cast<const char16_t*>(text.get()));
}

} // namespace maptrail
