// The probes as the tests see them: registered, told what to do, and read back.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace maptrail::test {

/// Registers the probes when it is first made, in this process's bitness, and starts each test with an empty log and
/// probes that agree to everything. The router of this process loads them for good, so they are the same in all tests:
///   a: REG_EXPAND_SZ with a variable    b: REG_SZ    c: REG_EXPAND_SZ
/// and three values that must lead to no call: a file that is missing, a DLL with neither of the functions, and probe d
/// by a REG_SZ with a variable in it, which nobody may expand.
class Listeners {
public:
    Listeners();
    Listeners(const Listeners&) = delete;
    Listeners& operator=(const Listeners&) = delete;
    ~Listeners() = default;

    /// One setting of one probe ("a", "b" or "c"), until the end of the test.
    void tell(const std::string& probe, const std::string& setting, unsigned value) const;

    /// The calls since the test began, in the order in which they were made.
    [[nodiscard]] static std::vector<nlohmann::json> calls();

    /// The same in short: "a1" is the call of probe a before an operation, "a2" the one after it.
    [[nodiscard]] static std::vector<std::string> order();
};

/// Text from an environment variable; fails the test if there is none.
[[nodiscard]] std::wstring required_variable(const wchar_t* name);

} // namespace maptrail::test
