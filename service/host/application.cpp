#include "service/host/application.hpp"

#include "common/product.hpp"
#include "common/win32/error.hpp"
#include "maptrail_version.h"
#include "service/config/keeper.hpp"
#include "service/config/waits_for_restart.hpp"
#include "service/control/server.hpp"
#include "service/drain/drain.hpp"
#include "service/format/local_zone.hpp"
#include "service/format/time_text.hpp"
#include "service/format/words.hpp"
#include "service/host/data_folder.hpp"
#include "service/identity/account_names.hpp"
#include "service/identity/process.hpp"
#include "service/inbox/inbox.hpp"
#include "service/judge/judge.hpp"
#include "service/listen/intake.hpp"
#include "service/listen/listener.hpp"
#include "service/log/log.hpp"
#include "service/policy/publisher.hpp"
#include "service/registration/data_folder_value.hpp"
#include "service/resolve/resolve_name.hpp"
#include "service/sinks/commands.hpp"
#include "service/sinks/effects.hpp"
#include "service/sinks/event_log.hpp"
#include "service/spool/access.hpp"
#include "service/spool/collector.hpp"
#include "service/store/open_or_replace.hpp"
#include "service/text/hex.hpp"
#include "service/text/utf.hpp"

#include <windows.h>

#include <array>
#include <chrono>
#include <optional>

namespace maptrail {

namespace {

std::int64_t now() {
    using namespace std::chrono;
    return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

std::string host_name() {
    std::array<wchar_t, 256> name{};
    auto size = static_cast<DWORD>(name.size());
    if (!GetComputerNameExW(ComputerNameDnsHostname, name.data(), &size)) {
        win32::throw_last_error("cannot ask for the computer's name");
    }
    return to_utf8({reinterpret_cast<const char16_t*>(name.data()), size});
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "\"" : ", \"") + name + '"';
    }
    return text;
}

/// The folder that config.json names, with all that the service keeps in it.
std::filesystem::path prepare(const Config& config) {
    make_private_folder(config.data_folder);
    make_private_folder(config.data_folder / "data");
    make_private_folder(config.data_folder / "quarantine");
    make_private_folder(config.data_folder / spool_folder_name, spool::folder_access);
    return config.data_folder;
}

std::unique_ptr<Log> make_log(const Config& config, bool console) {
    const std::filesystem::path file = log_file_in(config.data_folder);
    make_private_folder(file.parent_path());
    LogSettings settings;
    settings.file = file;
    settings.level = config.log.level;
    settings.max_size_mib = config.log.max_size_mib;
    settings.files = config.log.files;
    settings.console = console;
    return open_log(settings);
}

/// The file decides where the service writes, so only who may decide that may have written it.
std::pair<LoadedConfig, std::string> read_config(const std::filesystem::path& file, bool console) {
    make_private_folder(file.parent_path());
    // Where the log belongs is not known yet, but an administrator looks here first.
    const auto tell = [&](const std::string& line) {
        Config defaults;
        defaults.data_folder = file.parent_path();
        make_log(defaults, console)->error(line);
    };
    KeeperSystem system;
    system.check_file = &refuse_foreign_file;
    system.error = tell;
    try {
        return ConfigKeeper::load(file, system);
    } catch (const std::exception& error) {
        tell(error.what());
        throw;
    }
}

Retention retention_of(const RetentionConfig& config) {
    return {std::chrono::hours(24) * config.days, config.operations, std::uint64_t{config.size_mib} << 20U};
}

DrainOptions drain_options(const Config& config) {
    DrainOptions options;
    options.keep = retention_of(config.retention);
    options.flush_every = std::chrono::milliseconds(config.inbox.flush_ms);
    return options;
}

/// The page's number of generations goes on where it was; the clock only starts it.
std::unique_ptr<PolicyPublisher> make_policy(const std::filesystem::path& file) {
    refuse_foreign_file(file);
    return std::make_unique<PolicyPublisher>(file, static_cast<std::uint64_t>(now()));
}

wire::Policy policy_of(const Config& config) {
    FILETIME started{};
    FILETIME exited{};
    FILETIME kernel{};
    FILETIME user{};
    if (!GetProcessTimes(GetCurrentProcess(), &started, &exited, &kernel, &user)) {
        win32::throw_last_error("cannot ask for the time of the service's own start");
    }
    wire::Policy policy;
    policy.service_id = GetCurrentProcessId();
    policy.service_started = (std::uint64_t{started.dwHighDateTime} << 32U) | started.dwLowDateTime;
    policy.budget_ms = config.budget_ms;
    policy.no_answer = config.no_answer;
    policy.spool_file_bytes = config.spool.max_file_kib << 10U;
    policy.spool_process_bytes = config.spool.max_process_mib << 20U;
    return policy;
}

} // namespace

struct Application::Parts {
    Parts(const std::filesystem::path& folder, bool console);
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;
    ~Parts();

    void start();

    /// What goes wrong at the start is in the log, and goes on to whoever asked for the start.
    template <class Step>
    auto logged(const Step& step) {
        try {
            return step();
        } catch (const std::exception& error) {
            log->error(std::string("the service can't start: ") + error.what());
            throw;
        }
    }

    [[nodiscard]] EffectsSystem effects_system();
    [[nodiscard]] DrainSystem drain_system();
    [[nodiscard]] ControlSubject control_subject();
    [[nodiscard]] spool::CollectorSystem collector_system();
    [[nodiscard]] KeeperSystem keeper_system();
    [[nodiscard]] bool take(const LoadedConfig& next);
    void complete(rules::RuleSet rules);
    void look_at_zone();
    void fill_in_names(Identity& identity);
    [[nodiscard]] nlohmann::json config_status() const;
    [[nodiscard]] nlohmann::json status() const;

    bool console;
    std::filesystem::path config_file;
    std::pair<LoadedConfig, std::string> first; ///< the configuration of the start, and why it is not the file's
    const LoadedConfig& loaded;
    std::filesystem::path folder;
    std::filesystem::path database;
    std::int64_t started = now();
    std::unique_ptr<Log> log;
    EventLog events;
    Effects effects;
    CommandRunner commands;
    AccountNames names;
    std::unique_ptr<Inbox> inbox;
    std::unique_ptr<Store> store; ///< the drain thread's
    PipeCallerSource callers;
    std::shared_ptr<rules::AddressBook> addresses = std::make_shared<rules::AddressBook>();
    AddressResolver resolver{addresses, &resolve_name};
    Judge judge{addresses.get()};
    Intake intake;
    Drain drain;
    spool::Collector collector;
    std::unique_ptr<PolicyPublisher> policy;
    std::optional<DataFolderValue> data_folder_value;
    ConfigKeeper keeper;
    Listener listener;
    ControlServer control;
};

Application::Parts::Parts(const std::filesystem::path& config_folder, bool in_foreground)
    : console(in_foreground), config_file(config_folder / "config.json"), first(read_config(config_file, console)),
      loaded(first.first), folder(prepare(loaded.config)), database(folder / "data" / "history.db"),
      log(make_log(loaded.config, console)), effects(effects_system()),
      commands([this](const Command& command, const CommandResult& result) { effects.ended(command, result); }),
      inbox(logged([this] {
          return Inbox::open(folder / "data" / "inbox", std::uint64_t{loaded.config.inbox.size_mib} << 20U);
      })),
      store(logged([this] {
          return open_or_replace_store(database, &now, host_name(),
                                       [this](const std::string& line) { log->error(line); });
      })),
      callers({.is_own = [this](const ClientProcess& process) { return commands.started(process); },
               .name_of = [this](const std::string& sid) { return names.known(sid); }}),
      intake(*inbox, judge), drain(*inbox, *store, drain_system(), drain_options(loaded.config)),
      collector(*inbox, judge, folder / spool_folder_name, folder / "quarantine", collector_system()),
      policy(logged([this] { return make_policy(folder / policy_file_name); })),
      keeper(config_file, loaded, first.second, keeper_system()),
      listener({notify_pipe_name, notify_pipe_access}, callers, intake),
      control({control_pipe_name, control_pipe_access}, callers, control_subject()) {}

void Application::Parts::start() {
    const InboxCounts found = inbox->counts();
    log->info("MapTrail " MAPTRAIL_VERSION " starts; data folder " + path_utf8(folder) +
              (loaded.from_file ? "" : "; no config.json, so the defaults hold"));
    if (found.recovered != 0 || found.damaged != 0) {
        log->info("the inbox held " + std::to_string(found.recovered) + " notifications and " +
                  std::to_string(found.damaged) + " damaged stretches");
    }
    // The last to open is the door.
    logged([this] {
        look_at_zone();
        // Its rules judge what comes. It publishes the page that a program reads before it connects: the pipe is the
        // service's only if the page says so.
        keeper.start(loaded);
        resolver.start();
        drain.start();
        collector.start();
        control.start();
        data_folder_value.emplace(folder, console);
        listener.start();
    });
    log->info("listening");
    events.report(EventKind::service_started, {MAPTRAIL_VERSION, path_utf8(folder)});
}

Application::Parts::~Parts() {
    log->info("stopping");
    listener.stop();
    control.stop(); // somebody who asks for a reload now would have the page published again
    keeper.stop();
    policy->withdraw();
    collector.stop();
    drain.stop();
    resolver.stop();
    commands.stop();
    log->info("stopped");
    events.report(EventKind::service_stopped, {MAPTRAIL_VERSION});
    log->flush();
}

EffectsSystem Application::Parts::effects_system() {
    EffectsSystem system;
    system.report = [this](EventKind kind, const std::vector<std::string>& strings) { events.report(kind, strings); };
    system.error = [this](const std::string& line) { log->error(line); };
    system.run = [this](Command command) { (void)commands.submit(std::move(command)); };
    system.is_own = [this](const ClientProcess& process) { return commands.started(process); };
    return system;
}

void Application::Parts::fill_in_names(Identity& identity) {
    AccountName name = names.of(identity.user_sid);
    identity.user_name = std::move(name.name);
    identity.user_domain = std::move(name.domain);
}

DrainSystem Application::Parts::drain_system() {
    DrainSystem system;
    system.fill_in_names = [this](Identity& identity) { fill_in_names(identity); };
    system.is_running = &is_running;
    system.clock = &now;
    system.spool_is_clear = [this](auto since) { return collector.clear_since(since); };
    system.stored = [this](const Notification& notification) { resolver.saw(notification.remote_name); };
    system.matched = [this](const Operation& operation) { effects.act(operation); };
    system.lost = [this](const Loss& loss) { effects.lost(loss); };
    system.tampering = [this](const std::string& what) { events.report(EventKind::history_altered, {what}); };
    system.ended = [this](const Place& place) { control.ended(place); };
    system.swept = [this] { look_at_zone(); };
    system.head = [this](const ChainHead& head) {
        log->info("the head of the history is " + head_text(head));
        events.report(EventKind::history_head, {std::to_string(head.number), hex_bytes(head.hash)});
    };
    system.info = [this](const std::string& line) { log->info(line); };
    system.error = [this](const std::string& line) { log->error(line); };
    return system;
}

void Application::Parts::look_at_zone() {
    refresh_local_zone();
    judge.set_zone(rules::ZoneTable(local_zone(), now() / 1'000'000'000));
}

ControlSubject Application::Parts::control_subject() {
    ControlSubject subject;
    subject.open_history = [this] { return open_store(database, StoreMode::read_only, &now, {}); };
    subject.status = [this] { return status(); };
    subject.reload = [this] { return keeper.reload(); };
    subject.vacuum = [this](const Retention& keep, const Identity& asker) {
        Identity who = asker;
        fill_in_names(who);
        const std::string user = who.user_domain.empty() ? who.user_name : who.user_domain + "\\" + who.user_name;
        log->info(user + " (" + who.user_sid + ") asked for a vacuum of the history; to be kept: " + limits_text(keep));
        events.report(EventKind::vacuum_asked, {user, who.user_sid, limits_text(keep)});
        drain.vacuum(keep);
    };
    subject.error = [this](const std::string& line) { log->error(line); };
    return subject;
}

KeeperSystem Application::Parts::keeper_system() {
    KeeperSystem system;
    system.check_file = &refuse_foreign_file;
    system.take = [this](const LoadedConfig& next) { return take(next); };
    system.rejected = [this](const std::string& why) {
        log->error("the configuration is not taken: " + why);
        events.report(EventKind::config_rejected, {path_utf8(config_file), why});
    };
    system.error = [this](const std::string& line) { log->error(line); };
    return system;
}

/// Which of the accounts that the rules name are known now: all that is left to do with a configuration in force.
void Application::Parts::complete(rules::RuleSet rules) {
    const std::size_t unknown = rules.unknown_accounts();
    if (unknown >= judge.rules()->unknown_accounts()) {
        return;
    }
    judge.take(std::move(rules));
    effects.take(judge.rules());
    log->info("accounts that the rules name were found; still unknown: " + std::to_string(unknown));
}

/// What can change while the service runs does; the rest is named, and waits for the next start. False: accounts are
/// not known, and may be later.
bool Application::Parts::take(const LoadedConfig& next) {
    rules::RuleSet rules(next.config.rules, next.version, &sid_of_account);
    const bool whole = rules.unknown_accounts() == 0;
    if (const auto before = judge.rules(); before && before->version() == next.version) {
        complete(std::move(rules));
        return whole;
    }
    const std::string unknown = joined(rules.unknown_groups());
    policy->publish(policy_of(next.config));
    judge.take(std::move(rules));
    effects.take(judge.rules());
    resolver.use(judge.rules()->asks_addresses());
    drain.keep_config(next.version, next.text);
    drain.keep(retention_of(next.config.retention));
    log->set_level(next.config.log.level);
    const std::string version = hex_text(short_version(next.version));
    const std::string count = std::to_string(next.config.rules.size());
    log->info("configuration " + version + " is in force: " + count + " rules");
    events.report(EventKind::config_taken, {path_utf8(config_file), version, count});
    if (!unknown.empty()) {
        log->warn("no account is known here by the name of " + unknown +
                  ": conditions on such a group fit nobody until it is found; its SID would do");
        events.report(EventKind::groups_unknown, {path_utf8(config_file), unknown});
    }
    if (const std::string later = waits_for_restart(loaded.config, next.config); !later.empty()) {
        log->warn("takes effect when the service is started again: " + later);
    }
    return whole;
}

spool::CollectorSystem Application::Parts::collector_system() {
    spool::CollectorSystem system;
    system.clock = &now;
    system.fill_in_names = [this](Identity& identity) { fill_in_names(identity); };
    system.error = [this](const std::string& line) { log->error(line); };
    return system;
}

nlohmann::json Application::Parts::config_status() const {
    const KeeperCounts kept = keeper.counts();
    const auto rules = judge.rules();
    nlohmann::json json = {{"file", path_utf8(config_file)},
                           {"version", hex_text(short_version(rules->version()))},
                           {"rules", rules->rules().size()},
                           {"taken", kept.taken},
                           {"rejected", kept.rejected}};
    if (!rules->unknown_groups().empty()) {
        json["unknownGroups"] = rules->unknown_groups();
    }
    if (!kept.problem.empty()) {
        json["problem"] = kept.problem;
    }
    return json;
}

nlohmann::json Application::Parts::status() const {
    const ListenerCounts listening = listener.counts();
    const InboxCounts waiting = inbox->counts();
    const DrainCounts drained = drain.counts();
    const spool::CollectorCounts spooled = collector.counts();
    const CommandCounts ran = commands.counts();
    return {{"version", MAPTRAIL_VERSION},
            {"pid", GetCurrentProcessId()},
            {"started", iso_utc(started)},
            {"config", config_status()},
            {"dataFolder", path_utf8(folder)},
            {"pipe",
             {{"name", to_utf8(reinterpret_cast<const char16_t*>(notify_pipe_name))},
              {"instances", listening.instances},
              {"waiting", listening.waiting}}},
            {"history",
             {{"bytes", drained.store.bytes},
              {"freeBytes", drained.store.free_bytes},
              {"forgotten", drained.forgotten},
              {"vacuuming", drained.vacuuming},
              {"vacuumProblem", drained.vacuum_failure},
              {"problem", drained.chore_failure}}},
            {"counts",
             {{"received", listening.received},
              {"malformed", listening.malformed},
              {"unidentified", listening.unidentified},
              {"overQuota", listening.over_quota},
              {"evicted", listening.evicted},
              {"clients", listening.clients},
              {"inbox", waiting.waiting},
              {"inboxFull", waiting.refused},
              {"inboxDamaged", waiting.damaged + drained.unreadable},
              {"spooled", spooled.frames},
              {"spoolFiles", spooled.files},
              {"spoolDamaged", spooled.damaged},
              {"spoolWaiting", spooled.waiting},
              {"stored", drained.stored},
              {"storeFailures", drained.failures},
              {"duplicates", drained.store.duplicates},
              {"sent", drained.store.sent},
              {"lost", drained.store.lost},
              {"quarantined", drained.store.quarantined},
              {"losses", drained.store.losses},
              {"operations", drained.store.operations},
              {"dropped", drained.store.dropped},
              {"commandsSucceeded", ran.succeeded},
              {"commandsFailed", ran.failed},
              {"commandsDropped", ran.dropped},
              {"commandsWaiting", ran.waiting + ran.running},
              {"eventsNotWritten", events.failures()},
              {"pending", drained.store.pending}}}};
}

Application::Application(const std::filesystem::path& folder, bool console)
    : parts_(std::make_unique<Parts>(folder, console)) {
    parts_->start();
}

Application::~Application() = default;

void Application::reload_soon() {
    parts_->keeper.wake();
}

} // namespace maptrail
