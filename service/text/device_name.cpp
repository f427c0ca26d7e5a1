#include "service/text/device_name.hpp"

#include "service/text/text.hpp"

#include <algorithm>

namespace maptrail {
namespace {

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// `;Z:` or `;LPT1:`, and the logon session in hexadecimal, which some redirectors leave out.
bool names_a_device(std::string_view component) {
    if (component.empty() || component.front() != ';') {
        return false;
    }
    const std::size_t colon = component.find(':');
    if (colon == std::string_view::npos || colon < 2) {
        return false;
    }
    return std::ranges::all_of(component.substr(colon + 1), is_hex);
}

} // namespace

std::optional<std::string_view> remote_part_of_device(std::string_view device) {
    if (!device.starts_with('\\')) {
        return std::nullopt;
    }
    std::optional<std::string_view> rest;
    for (std::size_t begin = 0; begin < device.size();) {
        std::size_t end = device.find('\\', begin + 1);
        end = end == std::string_view::npos ? device.size() : end;
        if (names_a_device(device.substr(begin + 1, end - begin - 1))) {
            rest = device.substr(end);
        }
        begin = end;
    }
    // A server at least: `\` alone, or an empty name, is no remote.
    if (!rest || rest->size() < 2 || (*rest)[1] == '\\') {
        return std::nullopt;
    }
    return rest;
}

std::optional<std::string> remote_of_device(std::string_view device) {
    const auto part = remote_part_of_device(device);
    return part ? std::optional("\\" + std::string(*part)) : std::nullopt;
}

bool is_local_device(std::string_view name) {
    return !name.empty() && name.find_first_of("\\/") == std::string_view::npos;
}

std::string local_key_of(std::string_view local_name) {
    if (local_name.ends_with(':')) {
        local_name.remove_suffix(1);
    }
    return fold(local_name);
}

} // namespace maptrail
