// Where there is no Windows: copied databases can be read and configurations be checked, nothing else.
#include "service/cli/database_source.hpp"
#include "service/cli/environment.hpp"
#include "service/format/local_zone.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace maptrail {
namespace {

[[noreturn]] void needs_windows(const std::string& what) {
    throw CannotDo(what + " needs Windows. Here, `maptrail history --db FILE` reads a copied database.");
}

volatile std::sig_atomic_t interrupted = 0;

void interrupt(int /*signal*/) {
    interrupted = 1;
}

class NativeEnvironment final : public Environment {
public:
    NativeEnvironment() {
        // A reader that has gone is then an error of write, and ends the output quietly.
        std::signal(SIGPIPE, SIG_IGN);
    }

    bool write_out(std::string_view text) override {
        if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) {
            return true;
        }
        if (errno == EPIPE) {
            return false;
        }
        throw CannotDo("Standard output cannot be written: " + std::string(std::strerror(errno)) + ".");
    }

    void write_error(std::string_view text) override { std::fwrite(text.data(), 1, text.size(), stderr); }

    bool wait(std::chrono::milliseconds time) override {
        if (!handles_interrupts_) {
            handles_interrupts_ = true;
            std::signal(SIGINT, interrupt);
            std::signal(SIGTERM, interrupt);
        }
        pollfd output{STDOUT_FILENO, 0, 0}; // an error is told of without being asked for
        (void)poll(&output, 1, static_cast<int>(time.count()));
        return interrupted == 0 && (output.revents & POLLERR) == 0;
    }

    Terminal terminal() override {
        Terminal terminal;
        terminal.is_terminal = isatty(STDOUT_FILENO) == 1;
        winsize size{};
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
            terminal.width = size.ws_col;
        }
        const char* const refused = std::getenv("NO_COLOR");
        terminal.colour = terminal.is_terminal && (refused == nullptr || *refused == '\0');
        return terminal;
    }

    bool errors_on_terminal() override { return isatty(STDERR_FILENO) == 1; }

    std::int64_t now() override {
        const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count();
    }

    ZoneOffset zone() override { return local_zone(); }

    std::unique_ptr<HistorySource> open_history(const std::optional<std::string>& database) override {
        if (!database) {
            needs_windows("Asking the service");
        }
        return open_database_source(*database);
    }

    std::filesystem::path config_file() override {
        throw CannotDo("There is no service here, so name the file: `maptrail config check FILE`, `maptrail rules list "
                       "--config FILE`.");
    }

    std::optional<std::string> sid_of_account(const std::string&) override { return std::nullopt; }

    ServiceFacts service_facts() override { needs_windows("status"); }
    RegistrationFacts registration_facts() override { needs_windows("status"); }
    nlohmann::json service_status() override { needs_windows("status"); }
    nlohmann::json reload_config() override { needs_windows("Reloading the configuration"); }

    void vacuum(const Retention&) override { needs_windows("A vacuum"); }

    void control_service(ServiceVerb, const std::function<void(const std::string&)>&) override {
        needs_windows("Controlling the service");
    }

    int run_service(const RunRequest&) override { needs_windows("Running the service"); }

private:
    bool handles_interrupts_ = false;
};

} // namespace

std::unique_ptr<Environment> make_environment() {
    return std::make_unique<NativeEnvironment>();
}

} // namespace maptrail
