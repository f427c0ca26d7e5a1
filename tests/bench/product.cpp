#include "tests/bench/product.hpp"

#include "common/win32/error.hpp"
#include "common/wire/codec.hpp"
#include "tests/bench/sample.hpp"

#include <array>
#include <stdexcept>
#include <string_view>

namespace maptrail::bench {

namespace {
constexpr wchar_t local_name[] = L"Z:";
constexpr wchar_t remote_name[] = L"\\\\server.example\\share";
constexpr wchar_t provider_name[] = L"Microsoft Windows Network";

std::u16string_view units(std::wstring_view text) {
    return {reinterpret_cast<const char16_t*>(text.data()), text.size()};
}
} // namespace

Product::Product(const std::wstring& dll) : module_(LoadLibraryW(dll.c_str())) {
    if (module_ == nullptr) {
        win32::throw_last_error("cannot load the DLL");
    }
    // By way of void*: a cast between function types is what the compiler rightly warns of.
    add_ = reinterpret_cast<Add>(reinterpret_cast<void*>(GetProcAddress(module_, "AddConnectNotify")));
    if (add_ == nullptr) {
        win32::throw_last_error("the DLL lacks AddConnectNotify");
    }
}

Product::~Product() {
    FreeLibrary(module_);
}

void Product::operation(std::vector<std::int64_t>& nanoseconds) const {
    NOTIFYADD add{};
    add.NetResource.dwType = RESOURCETYPE_DISK;
    add.NetResource.lpLocalName = const_cast<wchar_t*>(local_name);
    add.NetResource.lpRemoteName = const_cast<wchar_t*>(remote_name);
    add.NetResource.lpProvider = const_cast<wchar_t*>(provider_name);
    NOTIFYINFO info{NOTIFY_PRE, WN_SUCCESS, nullptr};
    const std::int64_t start = ticks();
    const DWORD verdict = add_(&info, &add);
    const std::int64_t middle = ticks();
    nanoseconds.push_back(middle - start);
    if (verdict != WN_SUCCESS || info.lpContext == nullptr) {
        throw std::runtime_error("a call was vetoed");
    }
    info.dwNotifyStatus = NOTIFY_POST;
    const std::int64_t again = ticks();
    (void)add_(&info, &add);
    nanoseconds.push_back(ticks() - again);
}

std::size_t Product::frame_size() {
    wire::Request request;
    request.sequence = 1;
    request.operation = 1;
    request.local = {units(local_name), 0};
    request.remote = {units(remote_name), 0};
    request.provider = {units(provider_name), 0};
    std::array<std::byte, wire::max_frame_size> frame{};
    return wire::encode(request, frame);
}

} // namespace maptrail::bench
