// The event that `maptrail rules test` judges: from flags, or as `maptrail history -o json` writes one.
#pragma once

#include "service/cli/environment.hpp"
#include "service/judge/recorded_judge.hpp"
#include "service/rules/subject.hpp"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace maptrail {

/// As typed. What is not given is not known, where that is possible.
struct EventOptions {
    std::optional<std::string> file; ///< "-": standard input
    std::optional<std::string> action;
    std::optional<std::string> remote;
    std::optional<std::string> drive;
    std::optional<std::string> type;
    std::optional<std::string> provider;
    std::vector<std::string> flags;
    bool forced = false;
    std::optional<std::string> user;
    std::optional<std::string> sid;
    std::vector<std::string> groups;
    std::optional<std::string> elevated;
    std::optional<std::string> integrity;
    std::optional<std::string> session;
    std::optional<std::string> program;
    std::optional<std::string> bitness;
    std::optional<std::string> address;
    std::optional<std::string> source;
    std::optional<std::string> error;
    std::optional<std::string> at;
};

void add_event_options(CLI::App& command, EventOptions& options);

/// An operation, and what of it is known beyond what an operation can say.
struct TestEvent {
    Operation operation;
    bool after = false; ///< its result is known
    bool elevated_known = false;
    bool type_known = false;
    bool provider_known = false;
    std::optional<std::vector<std::string>> groups; ///< SIDs, folded and sorted
    std::optional<rules::Address> address;          ///< of a server that is named by no address
};

/// Throws UsageError, whose text names the option or what is wrong with the file.
[[nodiscard]] TestEvent test_event_of(const EventOptions& options, Environment& environment);

/// An event as `maptrail history -o json` writes one. Id, outcome, start and action may be missing: then it is a
/// connect, now, whose result is not known. `file` is for the message. Throws UsageError.
[[nodiscard]] TestEvent test_event_of_json(nlohmann::json json, const std::string& file, std::int64_t now);

/// Valid until the judge's next subject, and as long as the event.
[[nodiscard]] rules::Subject subject_of(const TestEvent& event, Phase phase, RecordedJudge& judge);

} // namespace maptrail
