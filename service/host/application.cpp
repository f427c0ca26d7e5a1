#include "service/host/application.hpp"

#include "common/product.hpp"
#include "common/win32/error.hpp"
#include "maptrail_version.h"
#include "service/config/config.hpp"
#include "service/control/server.hpp"
#include "service/drain/drain.hpp"
#include "service/format/time_text.hpp"
#include "service/host/data_folder.hpp"
#include "service/identity/account_names.hpp"
#include "service/identity/process.hpp"
#include "service/inbox/inbox.hpp"
#include "service/listen/intake.hpp"
#include "service/listen/listener.hpp"
#include "service/log/log.hpp"
#include "service/policy/publisher.hpp"
#include "service/registration/data_folder_value.hpp"
#include "service/spool/access.hpp"
#include "service/spool/collector.hpp"
#include "service/store/open_or_replace.hpp"
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
LoadedConfig read_config(const std::filesystem::path& file, bool console) {
    make_private_folder(file.parent_path());
    try {
        refuse_foreign_file(file);
        return load_config(file);
    } catch (const std::exception& error) {
        // Where the log belongs is not known, but an administrator looks here first.
        Config defaults;
        defaults.data_folder = file.parent_path();
        make_log(defaults, console)->error(error.what());
        throw;
    }
}

DrainOptions drain_options(const Config& config) {
    DrainOptions options;
    options.keep = std::chrono::hours(24) * config.retention.days;
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

    [[nodiscard]] DrainSystem drain_system();
    [[nodiscard]] ControlSubject control_subject();
    [[nodiscard]] spool::CollectorSystem collector_system();
    [[nodiscard]] nlohmann::json status() const;

    bool console;
    std::filesystem::path config_file;
    LoadedConfig loaded;
    std::filesystem::path folder;
    std::filesystem::path database;
    std::int64_t started = now();
    std::unique_ptr<Log> log;
    AccountNames names; ///< the drain thread's
    std::unique_ptr<Inbox> inbox;
    std::unique_ptr<Store> store; ///< the drain thread's
    PipeCallerSource callers;
    Intake intake;
    Drain drain;
    spool::Collector collector;
    std::unique_ptr<PolicyPublisher> policy;
    std::optional<DataFolderValue> data_folder_value;
    Listener listener;
    ControlServer control;
};

Application::Parts::Parts(const std::filesystem::path& config_folder, bool in_foreground)
    : console(in_foreground), config_file(config_folder / "config.json"), loaded(read_config(config_file, console)),
      folder(prepare(loaded.config)), database(folder / "data" / "history.db"), log(make_log(loaded.config, console)),
      inbox(logged([this] {
          return Inbox::open(folder / "data" / "inbox", std::uint64_t{loaded.config.inbox.size_mib} << 20U);
      })),
      store(logged([this] {
          return open_or_replace_store(database, &now, host_name(),
                                       [this](const std::string& line) { log->error(line); });
      })),
      intake(*inbox), drain(*inbox, *store, drain_system(), drain_options(loaded.config)),
      collector(*inbox, folder / spool_folder_name, folder / "quarantine", collector_system()),
      policy(logged([this] { return make_policy(folder / policy_file_name); })),
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
        drain.start();
        collector.start();
        control.start();
        // What a program reads before it connects: it takes the pipe for the service's only if the page says so.
        policy->publish(policy_of(loaded.config));
        data_folder_value.emplace(folder, console);
        listener.start();
    });
    log->info("listening");
}

Application::Parts::~Parts() {
    log->info("stopping");
    listener.stop();
    policy->withdraw();
    control.stop();
    collector.stop();
    drain.stop();
    log->info("stopped");
    log->flush();
}

DrainSystem Application::Parts::drain_system() {
    DrainSystem system;
    system.fill_in_names = [this](Identity& identity) {
        const AccountName& name = names.of(identity.user_sid);
        identity.user_name = name.name;
        identity.user_domain = name.domain;
    };
    system.is_running = &is_running;
    system.clock = &now;
    system.spool_is_clear = [this](auto since) { return collector.clear_since(since); };
    system.info = [this](const std::string& line) { log->info(line); };
    system.error = [this](const std::string& line) { log->error(line); };
    return system;
}

ControlSubject Application::Parts::control_subject() {
    ControlSubject subject;
    subject.open_history = [this] { return open_store(database, StoreMode::read_only, &now, {}); };
    subject.status = [this] { return status(); };
    subject.error = [this](const std::string& line) { log->error(line); };
    return subject;
}

spool::CollectorSystem Application::Parts::collector_system() {
    spool::CollectorSystem system;
    system.clock = &now;
    system.error = [this](const std::string& line) { log->error(line); };
    return system;
}

nlohmann::json Application::Parts::status() const {
    const ListenerCounts listening = listener.counts();
    const InboxCounts waiting = inbox->counts();
    const DrainCounts drained = drain.counts();
    const spool::CollectorCounts spooled = collector.counts();
    return {{"version", MAPTRAIL_VERSION},
            {"pid", GetCurrentProcessId()},
            {"started", iso_utc(started)},
            {"config", {{"file", path_utf8(config_file)}, {"found", loaded.from_file}}},
            {"dataFolder", path_utf8(folder)},
            {"pipe",
             {{"name", to_utf8(reinterpret_cast<const char16_t*>(notify_pipe_name))},
              {"instances", listening.instances},
              {"waiting", listening.waiting}}},
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
              {"pending", drained.store.pending}}}};
}

Application::Application(const std::filesystem::path& folder, bool console)
    : parts_(std::make_unique<Parts>(folder, console)) {
    parts_->start();
}

Application::~Application() = default;

} // namespace maptrail
