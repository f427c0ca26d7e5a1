// MapTrail's service in the service control manager: made, removed, started, stopped, asked.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

namespace maptrail {

/// The text names the call, the error and what to do.
class ServiceManagerError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Is told, a line at a time, what happens.
using Progress = std::function<void(const std::string&)>;

struct ServiceState {
    bool installed = false;
    std::string state; ///< stopped, starting, running, stopping...
    std::uint32_t pid = 0;
};

/// How long start and stop wait before they give up.
inline constexpr std::chrono::seconds service_wait{30};

/// Makes the service: LocalSystem, automatic start, this executable with "service run".
void install_service(const Progress& progress);

/// Stops it if it runs, and removes it.
void uninstall_service(const Progress& progress);

/// Returns when it runs. Started already is well.
void start_service(const Progress& progress);

/// Returns when it has stopped. Stopped already is well.
void stop_service(const Progress& progress);

[[nodiscard]] ServiceState query_service();

} // namespace maptrail
