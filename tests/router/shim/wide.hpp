// ANSI arguments as a router that is Unicode passes them on.
#pragma once

#include "tests/router/shim/npapi.hpp"

#include <optional>
#include <string>

namespace maptrail::router {

/// A string that may be absent.
class WideText {
public:
    explicit WideText(const char* ansi);

    /// Null where the ANSI string was null.
    [[nodiscard]] LPWSTR get() { return text_ ? text_->data() : nullptr; }

private:
    std::optional<std::wstring> text_;
};

/// The fields of a NETRESOURCE that are valid for adding a connection. The others come out as zero.
class WideResource {
public:
    explicit WideResource(const NETRESOURCEA& ansi);
    WideResource(const WideResource&) = delete;
    WideResource& operator=(const WideResource&) = delete;

    [[nodiscard]] const NETRESOURCEW* get() const { return &resource_; }

private:
    WideText local_;
    WideText remote_;
    WideText provider_;
    NETRESOURCEW resource_{};
};

} // namespace maptrail::router
