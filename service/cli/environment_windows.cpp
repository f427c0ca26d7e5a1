#include "service/cli/console_windows.hpp"
#include "service/cli/database_source.hpp"
#include "service/cli/environment.hpp"

#include "common/product.hpp"
#include "common/win32/error.hpp"
#include "service/control/client.hpp"
#include "service/host/data_folder.hpp"
#include "service/host/run.hpp"
#include "service/identity/account_names.hpp"
#include "service/registration/notifyees.hpp"
#include "service/scm/service_manager.hpp"

#include <chrono>
#include <ctime>
#include <date/date.h>

namespace maptrail {
namespace {

class ServiceSource final : public HistorySource {
public:
    void find(const Query& query, const std::function<bool(const Operation&)>& row) override {
        try {
            ControlClient(control_pipe_name).find(query, row);
        } catch (const ServiceUnreachable& error) {
            throw Unreachable(error.what());
        }
    }
};

/// Local time by the C runtime's rules.
std::int64_t local_offset(std::int64_t utc_seconds) {
    const std::time_t moment = utc_seconds;
    std::tm local{};
    if (localtime_s(&local, &moment) != 0) {
        return 0;
    }
    const auto day = date::sys_days{date::year{local.tm_year + 1900} / (local.tm_mon + 1) / local.tm_mday};
    const std::int64_t clock = (local.tm_hour * 60 + local.tm_min) * 60 + local.tm_sec;
    return std::int64_t{day.time_since_epoch().count()} * 86400 + clock - utc_seconds;
}

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

    Terminal terminal() override { return out_.terminal(); }

    bool errors_on_terminal() override { return error_.terminal().is_terminal; }

    std::int64_t now() override {
        const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count();
    }

    ZoneOffset zone() override { return local_offset; }

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
