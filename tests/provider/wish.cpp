#include "tests/provider/wish.hpp"

namespace maptrail::test {

namespace {

constexpr DWORD longest_delay_ms = 600'000;

/// The number after the prefix, if the text is the prefix and a number.
std::optional<DWORD> number_after(std::wstring_view prefix, std::wstring_view text) {
    if (!text.starts_with(prefix) || text.size() == prefix.size() || text.size() > prefix.size() + 9) {
        return std::nullopt;
    }
    DWORD number = 0;
    for (const wchar_t c : text.substr(prefix.size())) {
        if (c < L'0' || c > L'9') {
            return std::nullopt;
        }
        number = number * 10 + static_cast<DWORD>(c - L'0');
    }
    return number;
}

} // namespace

std::optional<Wish> wish_of(std::wstring_view remote_name) {
    if (!remote_name.starts_with(L"\\\\")) {
        return std::nullopt;
    }
    const std::wstring_view path = remote_name.substr(2);
    const std::size_t end = path.find(L'\\');
    if (end == 0 || end == std::wstring_view::npos || end + 1 == path.size()) {
        return std::nullopt;
    }
    const std::wstring_view server = path.substr(0, end);
    Wish wish;
    if (const auto error = number_after(L"fail-", server)) {
        wish.connect_error = *error;
    } else if (const auto delay = number_after(L"delay-", server)) {
        wish.delay_ms = *delay < longest_delay_ms ? *delay : longest_delay_ms;
    } else if (const auto stuck = number_after(L"stuck-", server)) {
        wish.disconnect_error = *stuck;
    } else if (server == L"busy") {
        wish.open_files = true;
    }
    return wish;
}

} // namespace maptrail::test
