#include "service/cli/health.hpp"

#include "service/format/words.hpp"
#include "service/text/text.hpp"

namespace maptrail {
namespace {

constexpr std::uint32_t reg_expand_sz = 2;
constexpr std::uint16_t machine_x86 = 0x014C;
constexpr std::uint16_t machine_x64 = 0x8664;
constexpr std::uint16_t machine_arm64 = 0xAA64;

// What common/product.hpp gives the installer, as UTF-8.
constexpr std::string_view expected_value = "%SystemRoot%\\System32\\maptrail-notifyee.dll";

void judge(const LibraryFacts& library, std::uint16_t machine, std::vector<std::string>& problems) {
    const std::string who = machine == machine_x64 ? "64-bit programs" : "32-bit programs";
    if (!library.problem.empty()) {
        problems.push_back("The DLL for " + who + ", " + library.path + ", cannot be read: " + library.problem +
                           ". Repair the installation.");
    } else if (!library.exists) {
        problems.push_back("The DLL for " + who + " is missing: " + library.path +
                           ". Their connections are not recorded. Repair the installation.");
    } else if (library.machine != machine) {
        const std::string kind = library.machine == 0 ? "no DLL" : "for " + machine_word(library.machine);
        problems.push_back("The DLL for " + who + ", " + library.path + ", is " + kind + ", not for " +
                           machine_word(machine) + ". Repair the installation.");
    }
}

} // namespace

std::string machine_word(std::uint16_t machine) {
    switch (machine) {
    case machine_x86:
        return "x86";
    case machine_x64:
        return "x64";
    case machine_arm64:
        return "arm64";
    default:
        return hex_text(machine);
    }
}

std::vector<std::string> registration_problems(const RegistrationFacts& facts) {
    std::vector<std::string> problems;
    if (!facts.problem.empty()) {
        problems.push_back("The Notifyees key cannot be read: " + facts.problem + ".");
    } else if (!facts.value) {
        problems.emplace_back(
            "The DLL is not registered: there is no value MapTrail under the Notifyees key, so nothing "
            "is recorded. Install the MSI, or repair it.");
    } else if (facts.value_type != reg_expand_sz) {
        problems.push_back("The registered value is of type " + std::to_string(facts.value_type) +
                           ", not REG_EXPAND_SZ, so the router cannot expand it. Repair the installation.");
    } else if (fold(*facts.value) != fold(expected_value)) {
        problems.push_back("The registered path is \"" + *facts.value + "\", not \"" + std::string(expected_value) +
                           "\". Repair the installation, and find out who changed it.");
    }
    judge(facts.native, machine_x64, problems);
    judge(facts.wow64, machine_x86, problems);
    return problems;
}

} // namespace maptrail
