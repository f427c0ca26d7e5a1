// What was found under the router's Notifyees key and on the disk. Plain data: judged elsewhere, on any platform.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace maptrail {

/// One of the two copies of the DLL.
struct LibraryFacts {
    std::string path; ///< where the router of this bitness looks
    bool exists = false;
    std::uint16_t machine = 0; ///< IMAGE_FILE_MACHINE_*; 0 if the file is no PE image
    std::string problem;       ///< why it could not be read; empty if it could, or is not there
};

/// Another program that listens to connections.
struct OtherNotifyee {
    std::string name;
    std::string path;
};

struct RegistrationFacts {
    std::string problem;              ///< why the key could not be read; empty if it could, or is not there
    std::optional<std::string> value; ///< the data of MapTrail's value, as it stands there
    std::uint32_t value_type = 0;     ///< REG_*
    LibraryFacts native;              ///< x64, in System32
    LibraryFacts wow64;               ///< x86, in SysWOW64
    std::vector<OtherNotifyee> others;
};

} // namespace maptrail
