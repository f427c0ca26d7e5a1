// The service's end of the policy page: tells every program that has the notifyee loaded what holds, without being
// asked.
#pragma once

#include "common/wire/policy_page.hpp"

#include <boost/interprocess/mapped_region.hpp>

#include <cstdint>
#include <filesystem>
#include <span>

namespace maptrail {

/// One thread of one process publishes. The file stays, and what it says holds on while no service runs.
class PolicyPublisher {
public:
    /// Opens the file or makes it. One that is there is written in place: programs have it mapped. Whatever is wrong
    /// with its content is mended by the next publish(). `now`, from any clock, starts the generations where none can
    /// be read. Throws std::runtime_error.
    PolicyPublisher(const std::filesystem::path& file, std::uint64_t now);
    PolicyPublisher(const PolicyPublisher&) = delete;
    PolicyPublisher& operator=(const PolicyPublisher&) = delete;
    ~PolicyPublisher();

    /// The generation is the publisher's own affair. Throws std::runtime_error if the disk does not take it.
    void publish(const wire::Policy& policy);

    /// Says that no service runs any more; all else goes on to hold. Without it the destructor does.
    void withdraw() noexcept;

private:
    void write();
    [[nodiscard]] std::span<std::byte> page() const;

    boost::interprocess::mapped_region region_;
    wire::Policy policy_;
};

} // namespace maptrail
