// The command line's environment: what it would find is set by a test, and what it did is kept.
#pragma once

#include "service/cli/cli.hpp"
#include "tests/unit/cli_sample.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace maptrail::test {

struct CliWorld final : Environment {
    std::vector<Operation> operations; ///< in the order of time
    Query asked;
    std::optional<std::string> database;
    Terminal shown_on;
    std::string out;
    std::string err;
    bool reachable = true;
    nlohmann::json answer{{"version", "9.9.9"}, {"counts", {{"stored", 12}, {"later_invention", 3}}}};
    bool reader_gone = false;
    std::size_t rows_given = 0;
    RegistrationFacts registration = good_registration();
    std::optional<ServiceVerb> verb;
    std::optional<RunRequest> ran;

    static RegistrationFacts good_registration() {
        RegistrationFacts facts;
        facts.value = R"(%systemroot%\System32\maptrail-notifyee.dll)";
        facts.value_type = 2;
        facts.native = {R"(C:\Windows\System32\maptrail-notifyee.dll)", true, 0x8664, ""};
        facts.wow64 = {R"(C:\Windows\SysWOW64\maptrail-notifyee.dll)", true, 0x014C, ""};
        return facts;
    }

    struct Source final : HistorySource {
        explicit Source(CliWorld& owner) : world(owner) {}
        Reached find(const Query& query, const std::function<bool(const Operation&)>& row) override {
            world.asked = query;
            std::vector<Operation> found = world.operations;
            if (query.newest && found.size() > *query.newest) {
                found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(*query.newest));
            }
            if (query.newest_first) {
                std::ranges::reverse(found);
            }
            for (const Operation& operation : found) {
                ++world.rows_given;
                if (!row(operation)) {
                    break;
                }
            }
            return {};
        }
        CliWorld& world;
    };

    bool write_out(std::string_view text) override {
        out += text;
        return !reader_gone;
    }
    void write_error(std::string_view text) override { err += text; }
    Terminal terminal() override { return shown_on; }
    bool errors_on_terminal() override { return false; }
    std::optional<std::string> sid_of_account(const std::string&) override { return std::nullopt; }
    std::int64_t now() override { return sample::moment; }
    ZoneOffset zone() override { return sample::fixed_zone(1); }
    std::unique_ptr<HistorySource> open_history(const std::optional<std::string>& file) override {
        database = file;
        if (file == "missing.db") {
            throw CannotDo("--db: there is no file missing.db");
        }
        if (!reachable && !file) {
            throw Unreachable("The service does not answer. Start it with `maptrail service start`.");
        }
        return std::make_unique<Source>(*this);
    }
    std::filesystem::path config_file() override { throw CannotDo("name the file"); }
    ServiceFacts service_facts() override {
        return {true, reachable ? "running" : "stopped", reachable ? 99U : 0U, ""};
    }
    RegistrationFacts registration_facts() override { return registration; }
    nlohmann::json reload_config() override { return {}; }
    void vacuum(const Retention&) override {}
    nlohmann::json service_status() override {
        if (!reachable) {
            throw Unreachable("The service does not answer.");
        }
        return answer;
    }
    void control_service(ServiceVerb asked_verb, const std::function<void(const std::string&)>& progress) override {
        if (asked_verb == ServiceVerb::stop) {
            throw Failed(
                "OpenService failed: ERROR_ACCESS_DENIED (5): Access is denied. Run this as an administrator.");
        }
        verb = asked_verb;
        progress("Done.");
    }
    int run_service(const RunRequest& request) override {
        ran = request;
        return 17;
    }
};

} // namespace maptrail::test
