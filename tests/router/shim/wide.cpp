#include "tests/router/shim/wide.hpp"

namespace maptrail::router {

WideText::WideText(const char* ansi) {
    if (ansi == nullptr) {
        return;
    }
    const int units = MultiByteToWideChar(CP_ACP, 0, ansi, -1, nullptr, 0);
    text_.emplace(static_cast<std::size_t>(units > 0 ? units : 1), L'\0');
    MultiByteToWideChar(CP_ACP, 0, ansi, -1, text_->data(), units);
}

WideResource::WideResource(const NETRESOURCEA& ansi)
    : local_(ansi.lpLocalName), remote_(ansi.lpRemoteName), provider_(ansi.lpProvider) {
    resource_.dwType = ansi.dwType;
    resource_.lpLocalName = local_.get();
    resource_.lpRemoteName = remote_.get();
    resource_.lpProvider = provider_.get();
}

} // namespace maptrail::router
