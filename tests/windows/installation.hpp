// What an installed MapTrail leaves for the DLL to find: the registry's value, the folder, the policy page, the spool.
#pragma once

#include "common/wire/policy_page.hpp"
#include "common/wire/spool_file.hpp"

#include <windows.h>

#include <filesystem>
#include <string>
#include <vector>

namespace maptrail::test {

/// A file of the spool, read as the service would.
struct Spooled {
    std::filesystem::path file;
    std::vector<std::byte> bytes;
    wire::SpoolOrigin origin; ///< its path points into `bytes`
    std::wstring owner;       ///< SID
    std::vector<std::uint64_t> sequences;
    std::vector<std::uint32_t> attributes;
};

/// As long as it lives, MapTrail is installed in a folder of its own. DLLs that are loaded before it find it two
/// seconds later.
class Installation {
public:
    /// With a page whose budget is ample: what is asked of an answer is no test of speed.
    Installation();
    explicit Installation(const wire::Policy& policy);
    Installation(const Installation&) = delete;
    Installation& operator=(const Installation&) = delete;
    ~Installation();

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] std::filesystem::path spool() const;
    [[nodiscard]] std::filesystem::path page() const;

    void publish(const wire::Policy& policy) const;

    /// Every file that is there now; fails the test if one of them is not as the DLL should write it.
    [[nodiscard]] std::vector<Spooled> spooled() const;

    /// The numbers of all frames in the spool, in order, each as often as it is there.
    [[nodiscard]] std::vector<std::uint64_t> spooled_sequences() const;

    /// Marks a file as the service does before it reads it.
    static void claim(const std::filesystem::path& file);

    /// An ample budget.
    static wire::Policy patient();

private:
    std::filesystem::path folder_;
};

} // namespace maptrail::test
