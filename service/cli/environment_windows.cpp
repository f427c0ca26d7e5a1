#include "service/cli/console_windows.hpp"
#include "service/cli/database_source.hpp"
#include "service/cli/environment.hpp"

#include "common/product.hpp"
#include "common/win32/error.hpp"
#include "service/control/client.hpp"
#include "service/format/local_zone.hpp"
#include "service/host/data_folder.hpp"
#include "service/host/run.hpp"
#include "service/identity/account_names.hpp"
#include "service/registration/notifyees.hpp"
#include "service/scm/service_manager.hpp"

#include <chrono>
#include <type_traits>

namespace maptrail {
namespace {

/// Set by Ctrl+C once somebody waits for it. Null if it could not be made.
HANDLE interrupt_event() {
    static const win32::Handle event = [] {
        win32::Handle made(CreateEventW(nullptr, TRUE, FALSE, nullptr));
        return made;
    }();
    static const bool handled = SetConsoleCtrlHandler(
                                    [](DWORD) -> BOOL {
                                        SetEvent(interrupt_event());
                                        return TRUE;
                                    },
                                    TRUE) != FALSE;
    return handled ? event.get() : nullptr;
}

class ServiceSource final : public HistorySource {
public:
    void follow(Query query, const std::function<bool(const Operation&)>& row,
                const std::function<bool(const Reached&)>& reached, const Wait& /*wait*/) override {
        ask([&](const ControlClient& client) { client.follow(query, row, reached, interrupt_event()); });
    }

    Reached find(const Query& query, const std::function<bool(const Operation&)>& row) override {
        return ask([&](const ControlClient& client) { return client.find(query, row); });
    }

    std::optional<std::vector<std::string>> groups_of(std::uint64_t set) override {
        return ask([&](const ControlClient& client) { return client.groups_of(set); });
    }

    std::optional<std::string> config_of(std::uint64_t version) override {
        return ask([&](const ControlClient& client) { return client.config_of(version); });
    }

private:
    template <class Question>
    static std::invoke_result_t<const Question&, const ControlClient&> ask(const Question& question) {
        try {
            return question(ControlClient(control_pipe_name));
        } catch (const ServiceUnreachable& error) {
            throw Unreachable(error.what());
        }
    }
};

class WindowsEnvironment final : public Environment {
public:
    bool write_out(std::string_view text) override { return out_.write(text); }

    void write_error(std::string_view text) override {
        try {
            (void)error_.write(text);
        } catch (const CannotDo&) {
            // There is nowhere left to tell it.
        }
    }

    bool wait(std::chrono::milliseconds time) override {
        const HANDLE interrupt = interrupt_event();
        if (interrupt == nullptr) {
            Sleep(static_cast<DWORD>(time.count()));
        } else if (WaitForSingleObject(interrupt, static_cast<DWORD>(time.count())) == WAIT_OBJECT_0) {
            return false;
        }
        return out_.is_read();
    }

    Terminal terminal() override { return out_.terminal(); }

    bool errors_on_terminal() override { return error_.terminal().is_terminal; }

    std::int64_t now() override {
        const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count();
    }

    ZoneOffset zone() override { return local_zone(); }

    std::unique_ptr<HistorySource> open_history(const std::optional<std::string>& database) override {
        if (database) {
            return open_database_source(*database);
        }
        return std::make_unique<ServiceSource>();
    }

    std::filesystem::path config_file() override {
        try {
            return default_data_folder() / "config.json";
        } catch (const win32::Error& error) {
            throw CannotDo(error.what());
        }
    }

    std::optional<std::string> sid_of_account(const std::string& name) override {
        return maptrail::sid_of_account(name);
    }

    ServiceFacts service_facts() override {
        ServiceFacts facts;
        try {
            const ServiceState state = query_service();
            facts.installed = state.installed;
            facts.state = state.state;
            facts.pid = state.pid;
        } catch (const ServiceManagerError& error) {
            facts.problem = error.what();
        }
        return facts;
    }

    RegistrationFacts registration_facts() override { return read_registration(); }

    nlohmann::json service_status() override {
        try {
            return ControlClient(control_pipe_name).status();
        } catch (const ServiceUnreachable& error) {
            throw Unreachable(error.what());
        }
    }

    nlohmann::json reload_config() override {
        try {
            return ControlClient(control_pipe_name).reload();
        } catch (const ServiceUnreachable& error) {
            throw Unreachable(error.what());
        }
    }

    void vacuum(const Retention& keep) override {
        try {
            ControlClient(control_pipe_name).vacuum(keep);
        } catch (const ServiceUnreachable& error) {
            throw Unreachable(error.what());
        }
    }

    void control_service(ServiceVerb verb, const std::function<void(const std::string&)>& progress) override {
        try {
            switch (verb) {
            case ServiceVerb::install:
                return install_service(progress);
            case ServiceVerb::uninstall:
                return uninstall_service(progress);
            case ServiceVerb::start:
                return start_service(progress);
            case ServiceVerb::stop:
                return stop_service(progress);
            }
        } catch (const ServiceManagerError& error) {
            throw Failed(error.what());
        }
    }

    int run_service(const RunRequest& request) override {
        RunOptions options;
        options.console = request.console;
        if (request.data_folder) {
            const std::string& folder = *request.data_folder;
            options.data_folder = std::filesystem::path(std::u8string(folder.begin(), folder.end()));
        }
        return maptrail::run_service(options);
    }

private:
    ConsoleStream out_{ConsoleStream::Which::output};
    ConsoleStream error_{ConsoleStream::Which::error};
};

} // namespace

std::unique_ptr<Environment> make_environment() {
    return std::make_unique<WindowsEnvironment>();
}

} // namespace maptrail
