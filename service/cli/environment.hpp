// All that the command line needs of the world around it. The tests have one of their own.
#pragma once

#include "common/model/operation.hpp"
#include "common/model/retention.hpp"
#include "service/format/time_text.hpp"
#include "service/query/query.hpp"
#include "service/registration/facts.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail {

/// The service does not answer. The text says why and what to do next.
class Unreachable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What was asked for cannot be done here. The text says why and what to do next.
class CannotDo : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A command was understood and tried, and did not work. The text says why and what to do next.
class Failed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class HistorySource {
public:
    HistorySource() = default;
    HistorySource(const HistorySource&) = delete;
    HistorySource& operator=(const HistorySource&) = delete;
    virtual ~HistorySource() = default;

    /// Calls `row` for each operation that fits, until it returns false. Returns how far the answer went; of one that
    /// `row` ended it may say nothing.
    virtual Reached find(const Query& query, const std::function<bool(const Operation&)>& row) = 0;

    /// Waits for so long. False once all shall end.
    using Wait = std::function<bool(std::chrono::milliseconds)>;

    /// The same for what ends from query.from on, also what is yet to end: calls `row` for each, and `reached` at least
    /// every few seconds, until one of them or `wait` returns false. Throws Unreachable when the service goes away.
    virtual void follow(Query query, const std::function<bool(const Operation&)>& row,
                        const std::function<bool(const Reached&)>& reached, const Wait& wait);

    /// The SIDs of a set of groups (Identity::group_set), folded and sorted; nothing if the history does not have it.
    virtual std::optional<std::vector<std::string>> groups_of(std::uint64_t /*set*/) { return std::nullopt; }

    /// The text of a configuration that judged (Operation::config_before, config_after); nothing as above.
    virtual std::optional<std::string> config_of(std::uint64_t /*version*/) { return std::nullopt; }
};

struct Terminal {
    bool is_terminal = false; ///< standard output is one
    std::size_t width = 80;   ///< its columns
    bool colour = false;      ///< it takes colour, and nobody asked for none
};

/// What the service control manager says.
struct ServiceFacts {
    bool installed = false;
    std::string state; ///< running, stopped, starting, stopping...
    std::uint32_t pid = 0;
    std::string problem; ///< why it could not be asked
};

/// The verbs of `maptrail service`, but for run.
enum class ServiceVerb { install, uninstall, start, stop };

struct RunRequest {
    bool console = false; ///< in the foreground, not under the service control manager
    std::optional<std::string> data_folder;
};

class Environment {
public:
    Environment() = default;
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    virtual ~Environment() = default;

    /// UTF-8 to standard output. False once nobody reads it any more; throws CannotDo on any other failure.
    virtual bool write_out(std::string_view text) = 0;
    /// UTF-8 to standard error.
    virtual void write_error(std::string_view text) = 0;

    /// Waits for so long. False once Ctrl+C was pressed, or nobody reads standard output any more.
    virtual bool wait(std::chrono::milliseconds /*time*/) { return false; }

    virtual Terminal terminal() = 0;
    /// Standard error is a terminal: somebody waits there and wants to see that it goes on.
    virtual bool errors_on_terminal() = 0;
    virtual std::int64_t now() = 0;
    virtual ZoneOffset zone() = 0;

    /// The service's history, or a database file's. Throws Unreachable or CannotDo.
    virtual std::unique_ptr<HistorySource> open_history(const std::optional<std::string>& database) = 0;

    /// The configuration that the service reads. Throws CannotDo.
    virtual std::filesystem::path config_file() = 0;

    /// Nothing if this machine knows no account or group of that name. May ask a domain controller.
    virtual std::optional<std::string> sid_of_account(const std::string& name) = 0;

    virtual ServiceFacts service_facts() = 0;
    virtual RegistrationFacts registration_facts() = 0;
    /// What the running service says of itself. Throws Unreachable.
    virtual nlohmann::json service_status() = 0;
    /// Has the running service look at its configuration: "good", and "text", which says what came of it. Throws
    /// Unreachable.
    virtual nlohmann::json reload_config() = 0;
    /// Has the running service forget what is more than that; its status says how far it is. Throws Unreachable.
    virtual void vacuum(const Retention& keep) = 0;

    /// `progress` is told, a line at a time, what happens. Throws Failed, or CannotDo.
    virtual void control_service(ServiceVerb verb, const std::function<void(const std::string&)>& progress) = 0;
    /// Is the service, until it is stopped. Returns the process' exit code.
    virtual int run_service(const RunRequest& request) = 0;
};

/// The one that goes with the platform.
[[nodiscard]] std::unique_ptr<Environment> make_environment();

} // namespace maptrail
