#include "service/rules/remote_name.hpp"

#include "service/rules/address_text.hpp"
#include "service/text/ascii.hpp"

#include <algorithm>
#include <charconv>

namespace maptrail::rules {
namespace {

constexpr std::string_view ipv6_literal = ".ipv6-literal.net";

/// Takes the text off the front, whatever the case of its letters.
bool take(std::string_view& text, std::string_view front) {
    if (!equal_ascii(text.substr(0, front.size()), front)) {
        return false;
    }
    text.remove_prefix(front.size());
    return true;
}

/// Takes what is before the next backslashes off the front, and them; several are taken for one.
std::string_view take_component(std::string_view& name) {
    const std::string_view component = name.substr(0, std::min(name.find('\\'), name.size()));
    name.remove_prefix(std::min(name.find_first_not_of('\\', component.size()), name.size()));
    return component;
}

/// With the hyphens of a UNC name for colons, and "s" for the "%" before a zone.
std::optional<Address> ipv6_of_literal(std::string_view label) {
    std::array<char, 64> text{};
    label = label.substr(0, std::min(label.find_first_of("sS"), label.size()));
    if (label.size() > text.size()) {
        return std::nullopt;
    }
    std::ranges::replace_copy(label, text.begin(), '-', ':');
    return ipv6_of_text({text.data(), label.size()});
}

} // namespace

RemoteParts parts_of_remote(std::string_view remote) {
    bool url = false;
    if (!take(remote, R"(\\?\UNC\)") && !take(remote, R"(\\.\UNC\)") && !take(remote, R"(\\)")) {
        url = take(remote, R"(http:\\)") || take(remote, R"(https:\\)");
    }
    std::string_view server = take_component(remote);
    if (url && server.find('@') != std::string_view::npos) { // user:password@server
        server.remove_prefix(server.rfind('@') + 1);
    }
    if (server.starts_with('[') && server.find(']') != std::string_view::npos) {
        server = server.substr(1, server.find(']') - 1);
    } else if (url) {
        server = server.substr(0, std::min(server.find(':'), server.size()));
    } else {
        server = server.substr(0, std::min(server.find('@'), server.size())); // server@SSL@443
    }
    if (server.ends_with('.')) { // of a name that is complete; also "\\.\", which is no server
        server.remove_suffix(1);
    }
    RemoteParts parts;
    if (!server.empty() && server != "?") {
        parts.server = server;
        parts.share = take_component(remote);
    }
    return parts;
}

std::optional<Address> address_of(std::string_view server) {
    if (server.size() > ipv6_literal.size() &&
        equal_ascii(server.substr(server.size() - ipv6_literal.size()), ipv6_literal)) {
        return ipv6_of_literal(server.substr(0, server.size() - ipv6_literal.size()));
    }
    if (server.find(':') != std::string_view::npos) {
        return ipv6_of_text(server.substr(0, std::min(server.find('%'), server.size())));
    }
    return ipv4_of_text(server);
}

void unify_separators(std::string& name) {
    std::ranges::replace(name, '/', '\\');
}

} // namespace maptrail::rules
