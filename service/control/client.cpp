#include "service/control/client.hpp"

#include "common/win32/error.hpp"
#include "common/win32/pipe_server.hpp"
#include "service/format/ecs_json.hpp"
#include "service/query/query_json.hpp"
#include "service/query/retention_json.hpp"

#include <algorithm>
#include <string_view>

namespace maptrail {

namespace {

using nlohmann::json;

constexpr DWORD longest_wait_for_a_turn = 5'000;
constexpr std::chrono::milliseconds send_timeout{5'000};

/// A query over a large history may search long before its first row.
constexpr std::chrono::milliseconds longest_search{120'000};

/// Of a service that gives a sign of life every second.
constexpr std::chrono::milliseconds longest_silence{15'000};

constexpr DWORD pipe_access =
    FILE_READ_DATA | FILE_WRITE_DATA | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE;

[[noreturn]] void unreachable(const std::string& why) {
    throw ServiceUnreachable("the MapTrail service does not answer: " + why);
}

/// False once `row` has had enough.
bool take_rows(std::string_view lines, const std::function<bool(const Operation&)>& row) {
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
        Operation operation;
        if (!operation_from_json(json::parse(line, nullptr, false), operation)) {
            unreachable("it sent an operation that this version can't read; are both of one version?");
        }
        if (!row(operation)) {
            return false;
        }
    }
    return true;
}

void ask(MessageStream& stream, const json& request) {
    if (!stream.send(MessageKind::request, request.dump(), send_timeout)) {
        unreachable("the connection broke; try again");
    }
}

Message next(MessageStream& stream) {
    Message message;
    if (!stream.receive(message, longest_answer, longest_search)) {
        unreachable("the connection broke in the middle of its answer; try again");
    }
    if (message.kind == MessageKind::error) {
        unreachable(message.text);
    }
    return message;
}

} // namespace

win32::Handle ControlClient::connect() const {
    for (;;) {
        win32::Handle pipe(CreateFileW(pipe_name_.c_str(), pipe_access, 0, nullptr, OPEN_EXISTING,
                                       FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                                       nullptr));
        if (pipe) {
            if (!win32::pipe_belongs_to_system(pipe.get())) {
                unreachable("another program, not the service, owns its pipe; find it before you trust an answer");
            }
            return pipe;
        }
        switch (const DWORD error = GetLastError()) {
        case ERROR_FILE_NOT_FOUND:
            unreachable("it is not running; start it with \"maptrail service start\", or read a copied database "
                        "with --db FILE");
        case ERROR_PIPE_BUSY:
            if (WaitNamedPipeW(pipe_name_.c_str(), longest_wait_for_a_turn)) {
                break;
            }
            unreachable("too many others are asking it; try again");
        default:
            unreachable(win32::error_message(error));
        }
    }
}

Reached ControlClient::find(const Query& query, const std::function<bool(const Operation&)>& row) const {
    const win32::Handle pipe = connect();
    MessageStream stream(pipe.get(), nullptr);
    ask(stream, {{"command", "history"}, {"query", query_to_json(query)}});
    for (;;) {
        const Message message = next(stream);
        if (message.kind == MessageKind::done) {
            Reached reached;
            (void)reached_from_json(json::parse(message.text, nullptr, false), reached); // of before: it says nothing
            return reached;
        }
        if (message.kind != MessageKind::operations) {
            unreachable("it sent something else than operations; are both of one version?");
        }
        if (!take_rows(message.text, row)) {
            return {}; // the service finds the pipe closed, and stops
        }
    }
}

void ControlClient::follow(const Query& query, const std::function<bool(const Operation&)>& row,
                           const std::function<bool(const Reached&)>& reached, HANDLE stop) const {
    const win32::Handle pipe = connect();
    MessageStream stream(pipe.get(), stop);
    ask(stream, {{"command", "follow"}, {"query", query_to_json(query)}});
    Message message;
    while (stream.receive(message, longest_answer, longest_silence)) {
        Reached now;
        if (message.kind == MessageKind::error) {
            unreachable(message.text);
        }
        if (message.kind == MessageKind::operations) {
            if (!take_rows(message.text, row)) {
                return;
            }
        } else if (message.kind != MessageKind::done ||
                   !reached_from_json(json::parse(message.text, nullptr, false), now)) {
            unreachable("it sent something else than operations; are both of one version?");
        } else if (!reached(now)) {
            return;
        }
    }
    if (stop == nullptr || WaitForSingleObject(stop, 0) != WAIT_OBJECT_0) {
        unreachable("the connection broke");
    }
}

json ControlClient::ask_for(const json& request) const {
    const win32::Handle pipe = connect();
    MessageStream stream(pipe.get(), nullptr);
    ask(stream, request);
    const Message message = next(stream);
    json answer = json::parse(message.text, nullptr, false);
    if (message.kind != MessageKind::status || !answer.is_object()) {
        unreachable("it sent something else than an answer to " + request["command"].get<std::string>() +
                    "; are both of one version?");
    }
    return answer;
}

json ControlClient::status() const {
    return ask_for({{"command", "status"}});
}

json ControlClient::reload() const {
    return ask_for({{"command", "reload"}});
}

void ControlClient::vacuum(const Retention& keep) const {
    (void)ask_for({{"command", "vacuum"}, {"keep", retention_to_json(keep)}});
}

std::optional<std::vector<std::string>> ControlClient::groups_of(std::uint64_t set) const {
    const json answer = ask_for({{"command", "groups"}, {"id", set}});
    const auto sids = answer.find("sids");
    if (sids == answer.end() || !sids->is_array() ||
        !std::ranges::all_of(*sids, [](const json& sid) { return sid.is_string(); })) {
        return std::nullopt;
    }
    return sids->get<std::vector<std::string>>();
}

std::optional<std::string> ControlClient::config_of(std::uint64_t version) const {
    const json answer = ask_for({{"command", "config"}, {"id", version}});
    const auto text = answer.find("text");
    return text != answer.end() && text->is_string() ? std::optional(text->get<std::string>()) : std::nullopt;
}

} // namespace maptrail
