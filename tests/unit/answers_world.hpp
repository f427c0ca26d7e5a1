// A history in memory, which answers queries as the store does, and a world for commands that ask it.
#pragma once

#include "service/cli/cli.hpp"
#include "service/text/device_name.hpp"
#include "service/text/glob.hpp"
#include "service/text/text.hpp"
#include "tests/unit/cli_sample.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace maptrail::answers_test {

/// Jane's Z: to \\files\projects, by net.exe, allowed and well; `minutes` after sample::moment.
inline Operation janes_connect(std::int64_t id, std::int64_t minutes) {
    Operation o = sample::plain(id, sample::moment + minutes * 60 * sample::second);
    o.identity = {"S-1-5-21-1-2-3-1001", "jane", "CORP", 0x1111, 1, 0x2000, false};
    o.process = {4711, sample::moment - 3600 * sample::second, R"(C:\Windows\System32\net.exe)", 64};
    o.decision = Decision::allow;
    o.source = Source::pipe;
    o.flags = 0;
    o.forced = false;
    o.truncated = false;
    return o;
}

inline Operation janes_disconnect(std::int64_t id, std::int64_t minutes) {
    Operation o = janes_connect(id, minutes);
    o.action = Action::disconnect;
    o.remote_from = RemoteFrom::device;
    o.process.path = R"(C:\Tools\cleaner.exe)";
    return o;
}

inline Operation failing_with(Operation o, std::uint32_t error) {
    o.outcome = Outcome::failure;
    o.error = error;
    return o;
}

inline Operation denied_by(Operation o, const std::string& rule) {
    o.outcome = Outcome::denied;
    o.decision = Decision::deny;
    o.error = 5;
    o.judged.denied_status = 5;
    MatchedRule match;
    match.name = rule;
    match.effects = effect::deny;
    o.judged.rules.push_back(match);
    return o;
}

inline Operation of_bob(Operation o) {
    o.identity.user_sid = "S-1-5-21-1-2-3-1002";
    o.identity.user_name = "bob";
    o.identity.logon_id = 0x2222;
    return o;
}

inline bool query_fits(const Query& query, const Operation& o) {
    const auto any = [](const auto& wanted, const auto& test) {
        return wanted.empty() || std::ranges::any_of(wanted, test);
    };
    const auto glob = [](const std::string& text) {
        return [&text](const std::string& pattern) { return !text.empty() && Glob(pattern).matches(text); };
    };
    const auto is = [](const auto& value) { return [&value](const auto& wanted) { return wanted == value; }; };
    const std::string key = local_key_of(o.local_name);
    return (!query.since || o.start >= *query.since) && (!query.until || o.start < *query.until) &&
           any(query.drives,
               [&](const std::string& drive) { return !key.empty() && Glob(local_key_of(drive)).matches(key); }) &&
           any(query.remotes, glob(o.remote_name)) &&
           any(query.users,
               [&](const std::string& user) {
                   return Glob(user).matches(o.identity.user_name) || Glob(user).matches(o.identity.user_sid) ||
                          Glob(user).matches(o.identity.user_domain + "\\" + o.identity.user_name);
               }) &&
           any(query.actions, is(o.action)) && any(query.outcomes, is(o.outcome));
}

class AnswersWorld final : public Environment {
public:
    std::vector<Operation> operations; ///< in the order of time
    std::vector<Query> asked;
    std::optional<std::string> database;
    Terminal shown_on;
    bool reachable = true;
    std::string out;
    std::string err;

    /// What the command wrote, if its exit code is that.
    std::string run(const std::vector<std::string>& args, int code) {
        out.clear();
        err.clear();
        asked.clear();
        const int result = run_cli(args, *this);
        INFO(out << err);
        CHECK(result == code);
        return out;
    }
    nlohmann::json run_json(std::vector<std::string> args, int code) {
        args.insert(args.end(), {"-o", "json"});
        return nlohmann::json::parse(run(args, code));
    }

    struct Source final : HistorySource {
        explicit Source(AnswersWorld& owner) : world(owner) {}
        Reached find(const Query& query, const std::function<bool(const Operation&)>& row) override {
            world.asked.push_back(query);
            std::vector<Operation> found;
            std::ranges::copy_if(world.operations, std::back_inserter(found),
                                 [&](const Operation& o) { return query_fits(query, o); });
            if (query.newest_first) {
                std::ranges::reverse(found);
            }
            for (const Operation& operation : found) {
                if (!row(operation)) {
                    break;
                }
            }
            return {};
        }
        AnswersWorld& world;
    };

    bool write_out(std::string_view text) override {
        out += text;
        return true;
    }
    void write_error(std::string_view text) override { err += text; }
    Terminal terminal() override { return shown_on; }
    bool errors_on_terminal() override { return false; }
    std::int64_t now() override { return sample::moment + 3600 * sample::second; }
    ZoneOffset zone() override { return sample::fixed_zone(1); }
    std::unique_ptr<HistorySource> open_history(const std::optional<std::string>& file) override {
        database = file;
        if (!reachable && !file) {
            throw Unreachable("The service does not answer. Start it with `maptrail service start`.");
        }
        return std::make_unique<Source>(*this);
    }
    std::filesystem::path config_file() override { throw CannotDo("name the file"); }
    std::optional<std::string> sid_of_account(const std::string&) override { return std::nullopt; }
    ServiceFacts service_facts() override { return {}; }
    RegistrationFacts registration_facts() override { return {}; }
    nlohmann::json service_status() override { return {}; }
    nlohmann::json reload_config() override { return {}; }
    void vacuum(const Retention&) override {}
    void control_service(ServiceVerb, const std::function<void(const std::string&)>&) override {}
    int run_service(const RunRequest&) override { return 0; }
};

inline std::vector<std::string> text_lines(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

/// Every line of the text takes no more than that.
inline void check_width(const std::string& text, std::size_t width) {
    for (const std::string& line : text_lines(text)) {
        INFO(line);
        CHECK(static_cast<std::size_t>(display_width(line)) <= width);
    }
}

} // namespace maptrail::answers_test
