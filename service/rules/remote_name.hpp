// The parts of a remote name that rules ask for.
#pragma once

#include "service/rules/subject.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace maptrail::rules {

struct RemoteParts {
    std::optional<std::string_view>
        server; ///< without a port, "@SSL" or a dot at its end; an IPv6 address without brackets
    std::optional<std::string_view> share; ///< empty if the name has none
};

/// Of a name in which every slash is a backslash: \\server\share\..., \\?\UNC\server\share, http:\\server:80\share,
/// server\volume. Nothing where there is no server.
[[nodiscard]] RemoteParts parts_of_remote(std::string_view remote);

/// The address that a server's name spells out: dotted decimal, IPv6, or what Windows makes of that in a UNC name,
/// 2001-db8--1.ipv6-literal.net. Never asks anybody; other spellings that a resolver might take for an address are
/// names.
[[nodiscard]] std::optional<Address> address_of(std::string_view server);

/// Every slash a backslash: both mean the same to Windows.
void unify_separators(std::string& name);

} // namespace maptrail::rules
