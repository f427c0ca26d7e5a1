// Names of local devices, and what they pointed at as the object manager tells it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace maptrail {

/// The remote name in the NT path of a redirected device:
/// `\Device\Mup\;LanmanRedirector\;Z:000000000001234f\server\share` gives `\\server\share`.
/// Nothing for a local disk, a substituted folder, or anything else.
[[nodiscard]] std::optional<std::string> remote_of_device(std::string_view device);

/// The same without a string of its own: all of the remote name but its first backslash.
[[nodiscard]] std::optional<std::string_view> remote_part_of_device(std::string_view device);

/// Whether a disconnect's name is a local device (`Z:`, `LPT1`, `LPT1:`) and not a remote name.
[[nodiscard]] bool is_local_device(std::string_view name);

/// The same key for every spelling of a device: `z:`, `Z:`; `lpt1`, `LPT1:`.
[[nodiscard]] std::string local_key_of(std::string_view local_name);

} // namespace maptrail
