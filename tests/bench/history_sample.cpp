#include "tests/bench/history_sample.hpp"

#include "service/store/store.hpp"
#include "service/text/utf.hpp"

#include <array>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail::bench {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t first_time = 1'750'000'000 * second;
constexpr std::int64_t day = 86'400 * second;
constexpr std::int64_t days = 30;
constexpr std::size_t batch_size = 50'000; ///< rather few transactions: it is the answers that are measured

/// The letters that logon scripts give, the more often the more of them; what is rare is in add_names().
constexpr std::string_view letters = "HHHHHHHHSSSSSSPPPPXXXXZZZUUTTVWYMNGK";

constexpr auto statuses =
    std::to_array<std::uint32_t>({53,   53,   53,   53, 53, 67,  67, 67,   85,   85,   85,   85,   5,    5,    5,  1326,
                                  1326, 1219, 1219, 86, 64, 121, 59, 1203, 1222, 1231, 1909, 1330, 1331, 1202, 71, 55});
constexpr auto disconnect_statuses = std::to_array<std::uint32_t>({2250, 2250, 2250, 2250, 2401, 2401, 2404});

/// Markup, a formula, Arabic, Hebrew before digits, Japanese.
const std::array<std::string, 5> odd_names{
    R"(\\x\<script>document.title='hacked'</script>)", R"(\\files1.corp.example\=1+1)",
    to_utf8(u"\\\\files1.corp.example\\\u0645\u0644\u0641\u0627\u062A"),
    to_utf8(u"\\\\files2.corp.example\\\u05D7\u05E9\u05D1\u05D5\u05E0\u05D5\u05EA 2026"),
    to_utf8(u"\\\\files3.corp.example\\\u7D4C\u7406\u90E8")};

class Generator {
public:
    explicit Generator(std::uint64_t count) : count_(count) {}

    /// The notifications of an operation.
    void add(std::vector<Notification>& batch, std::uint64_t number) {
        Notification n;
        const std::uint64_t program = below(sequences_.size());
        n.producer.fill(static_cast<std::uint8_t>(program));
        n.sequence = ++sequences_[program];
        n.operation = number + 1;
        n.time = time_of_number(number);
        n.ticks = number * 100'000;
        n.action = below(3) == 0 ? Action::disconnect : Action::connect;
        add_names(n);
        add_caller(n);
        n.config = 0x0123'4567'89AB'CDEF;
        const bool denied = below(200) == 0;
        if (denied || below(6) == 0) {
            n.judged.rules.push_back({denied ? "private NAS" : "administrative shares",
                                      Phase::before,
                                      !denied,
                                      effect::deny | effect::tag,
                                      75,
                                      {"lateral-movement"},
                                      "T1021.002"});
        }
        if (denied) {
            n.decision = Decision::deny;
            n.judged.denied_status = 5;
        }
        batch.push_back(n);
        if (denied || below(500) == 0) {
            return;
        }
        n.judged = {};
        n.phase = Phase::after;
        n.sequence = ++sequences_[program];
        n.time += 20'000'000;
        n.ticks += 200'000;
        if (below(10) == 0) {
            n.status = n.action == Action::connect ? statuses[below(statuses.size())]
                                                   : disconnect_statuses[below(disconnect_statuses.size())];
        }
        n.device.clear();
        batch.push_back(std::move(n));
    }

private:
    std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }

    /// Each number's is after that of the one before it: four of five lie between 8 and 18 o'clock.
    [[nodiscard]] std::int64_t time_of_number(std::uint64_t number) const {
        const double at = static_cast<double>(number) / static_cast<double>(count_) * static_cast<double>(days);
        const auto whole = static_cast<std::int64_t>(at);
        const double part = at - static_cast<double>(whole);
        const double hour = part < 0.1 ? part * 80 : part < 0.9 ? 8 + (part - 0.1) * 12.5 : 18 + (part - 0.9) * 60;
        return first_time + whole * day + static_cast<std::int64_t>(hour * 3'600e9);
    }

    /// Q: is rare, and B: is never there.
    std::string letter() {
        const char letter = below(20'000) == 0 ? 'Q' : letters[below(letters.size())];
        return std::string(1, letter) + ":";
    }

    void add_names(Notification& n) {
        const std::string server = below(20) == 0 ? "10.17." + number(below(250)) + "." + number(below(250))
                                                  : "files" + number(below(60)) + ".corp.example";
        std::string remote = "\\\\" + server + "\\" + (below(30) == 0 ? "c$" : "project" + number(below(400)));
        if (below(500) == 0) {
            remote = odd_names[below(odd_names.size())];
        }
        n.local_name = below(4) == 0 ? "" : letter();
        if (n.action == Action::connect) {
            n.remote_name = remote;
            n.provider = "Microsoft Windows Network";
            n.resource_type = 1;
            n.flags = static_cast<std::uint32_t>(below(2));
        } else if (n.local_name.empty()) {
            n.local_name = remote;
        } else {
            n.device = "\\Device\\Mup\\;LanmanRedirector\\;" + n.local_name + "0000000000012345" + remote.substr(1);
        }
    }

    void add_caller(Notification& n) {
        static const std::vector<std::string> programs{"C:\\Windows\\explorer.exe",
                                                       "C:\\Windows\\System32\\net.exe",
                                                       "C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE",
                                                       "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
                                                       "C:\\Windows\\System32\\svchost.exe",
                                                       "C:\\Program Files (x86)\\Company\\Tool\\tool.exe"};
        const std::uint64_t user = below(below(2'000) + 1); // few of them do much
        n.identity.user_name = "user" + number(user);
        n.identity.user_domain = "CORP";
        n.identity.user_sid = "S-1-5-21-1004336348-1177238915-682003330-" + number(1'100 + user);
        n.identity.logon_id = 0x10000 + user;
        n.identity.session_id = 1;
        n.identity.integrity = user % 4 == 0 ? 0x3000 : 0x2000;
        n.identity.elevated = user % 4 == 0;
        n.identity.session_type = SessionType::console;
        n.process.path = programs[below(programs.size())];
        n.process.pid = static_cast<std::uint32_t>(1'000 + below(20'000));
        n.process.started = first_time - day;
        n.process.bitness = 64;
    }

    static std::string number(std::uint64_t value) { return std::to_string(value); }

    std::uint64_t count_;
    std::array<std::uint64_t, 40> sequences_{}; ///< each program's last
    std::mt19937_64 engine_{1};
};

} // namespace

void make_history(const std::filesystem::path& file, std::uint64_t operations,
                  const std::function<void(std::uint64_t)>& progress) {
    std::int64_t now = first_time; // what was recorded, and sealed, was so when it happened
    const auto store = open_store(
        file, StoreMode::read_write, [&now] { return now; }, "PC-17");
    Generator generator(operations);
    std::vector<Notification> batch;
    for (std::uint64_t i = 0; i < operations; ++i) {
        generator.add(batch, i);
        if (batch.size() >= batch_size || i + 1 == operations) {
            now = batch.back().time;
            store->record(batch);
            batch.clear();
            if (progress) {
                progress(i + 1);
            }
        }
    }
}

} // namespace maptrail::bench
