#include "service/scm/win32_failure.hpp"

#include "common/model/windows_error.hpp"

#include <windows.h>

namespace maptrail {
namespace {

std::string hint(std::uint32_t error) {
    switch (error) {
    case ERROR_ACCESS_DENIED:
        return " Run this as an administrator.";
    case ERROR_SERVICE_DOES_NOT_EXIST:
        return " Install MapTrail with its MSI first.";
    case ERROR_SERVICE_MARKED_FOR_DELETE:
        return " Close the programs that show services, then try again.";
    case ERROR_SERVICE_EXISTS:
        return " Remove it first with `maptrail service uninstall`.";
    case ERROR_SERVICE_DISABLED:
        return " Set its start type to automatic first.";
    case ERROR_SERVICE_REQUEST_TIMEOUT:
        return " Its log in the data folder tells why.";
    default:
        return {};
    }
}

} // namespace

std::string win32_failure(const char* call, std::uint32_t error) {
    const std::string_view name = error_name(error);
    std::string text = std::string(call) + " failed: ";
    text += name.empty() ? "error " + std::to_string(error) : std::string(name) + " (" + std::to_string(error) + ")";
    text += name.empty() ? "." : ": " + std::string(error_text(error));
    return text + hint(error);
}

} // namespace maptrail
