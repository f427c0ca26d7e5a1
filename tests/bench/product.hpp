// The call as MPR makes it: the built DLL, loaded from a path, told of connections that begin and end.
#pragma once

#include <windows.h>
#include <winnetwk.h>

extern "C" {
#include <npapi.h>
}

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace maptrail::bench {

class Product {
public:
    explicit Product(const std::wstring& dll);
    Product(const Product&) = delete;
    Product& operator=(const Product&) = delete;
    ~Product();

    /// One operation, before and after: two calls, whose nanoseconds are appended. Any thread.
    void operation(std::vector<std::int64_t>& nanoseconds) const;

    /// What each of its frames has.
    [[nodiscard]] static std::size_t frame_size();

private:
    using Add = DWORD(APIENTRY*)(LPNOTIFYINFO, LPNOTIFYADD);

    HMODULE module_;
    Add add_ = nullptr;
};

} // namespace maptrail::bench
