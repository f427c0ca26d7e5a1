#include "service/control/server.hpp"

#include "common/win32/error.hpp"
#include "service/format/ecs_json.hpp"
#include "service/query/query_json.hpp"
#include "service/query/retention_json.hpp"

#include <sddl.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace maptrail {

namespace {

using nlohmann::json;

constexpr DWORD pipe_buffer = 64U * 1024U;
constexpr std::size_t batch_size = 32U * 1024U;
constexpr std::chrono::milliseconds request_timeout{2'000}; ///< of who has just connected to ask
constexpr std::chrono::milliseconds refusal_timeout{500};   ///< of who asks too much: he shall not gain by it

/// A reader may stop to look (`| more`), but not for ever: there are only so many threads.
constexpr std::chrono::milliseconds answer_timeout{60'000};

constexpr DWORD after_failure_ms = 500;

std::string command_of(const json& request) {
    const auto member = request.is_object() ? request.find("command") : request.end();
    return member != request.end() && member->is_string() ? member->get<std::string>() : std::string();
}

/// By one object.
bool is_answered_at_once(std::string_view command) {
    constexpr std::array<std::string_view, 5> commands{"status", "reload", "vacuum", "groups", "config"};
    return std::ranges::find(commands, command) != commands.end();
}

/// What is asked for, of what the asker may see.
Query query_in(const json& request, const CallerCache& caller) {
    Query query;
    const auto asked = request.find("query");
    if (asked == request.end() || !query_from_json(*asked, query)) {
        throw std::invalid_argument("it does not understand this query; are both of one version?");
    }
    if (!caller.administrator) {
        query.only_user_sid = caller.identity->user_sid;
    }
    return query;
}

} // namespace

ControlServer::ControlServer(ControlOptions options, CallerSource& callers, ControlSubject subject)
    : options_(std::move(options)), callers_(callers), subject_(std::move(subject)),
      turns_(options_.of_one_user, options_.of_users),
      followers_turns_(options_.followers_of_one_user, options_.followers_of_users),
      followers_(
          {}, [this] { return subject_.open_history(); }, [this](const std::string& line) { subject_.error(line); }) {}

ControlServer::~ControlServer() {
    stop();
}

win32::Handle ControlServer::make_instance(bool first) const {
    win32::LocalMemory<void> descriptor;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(options_.access.c_str(), SDDL_REVISION_1,
                                                              descriptor.receive(), nullptr)) {
        win32::throw_last_error("cannot read the control pipe's access list");
    }
    SECURITY_ATTRIBUTES attributes{sizeof attributes, descriptor.get(), FALSE};
    win32::Handle pipe(
        CreateNamedPipeW(options_.pipe_name.c_str(),
                         PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0U),
                         PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS,
                         PIPE_UNLIMITED_INSTANCES, pipe_buffer, pipe_buffer, 0, &attributes));
    if (!pipe) {
        win32::throw_last_error("cannot make the control pipe (does another program own its name?)");
    }
    return pipe;
}

void ControlServer::start() {
    stop_ = win32::Handle(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    if (!stop_) {
        win32::throw_last_error("cannot make an event");
    }
    for (unsigned i = 0; i < options_.threads; ++i) {
        pipes_.push_back(make_instance(i == 0));
    }
    followers_.start();
    for (win32::Handle& pipe : pipes_) {
        threads_.emplace_back([this, &pipe] { serve(pipe); });
    }
}

void ControlServer::stop() {
    if (stop_) {
        SetEvent(stop_.get());
    }
    threads_.clear();
    followers_.stop();
    pipes_.clear();
}

void ControlServer::serve(win32::Handle& pipe) {
    while (WaitForSingleObject(stop_.get(), 0) != WAIT_OBJECT_0) {
        bool askers = true;
        try {
            MessageStream stream(pipe.get(), stop_.get());
            askers = !stream.wait_for_client() || answer(pipe, stream);
        } catch (const std::exception& error) {
            subject_.error(std::string("the control pipe could not answer: ") + error.what());
            WaitForSingleObject(stop_.get(), after_failure_ms); // rather than to fail again at once
        }
        if (askers) {
            DisconnectNamedPipe(pipe.get());
        }
    }
}

bool ControlServer::answer(win32::Handle& pipe, MessageStream& stream) {
    Message message;
    if (!stream.receive(message, longest_request, request_timeout)) {
        return true;
    }
    const json request = json::parse(message.text, nullptr, false);
    const std::string command = command_of(request);
    CallerCache caller;
    DWORD error = 0;
    std::string refusal;
    std::unique_ptr<Turns::Turn> turn;
    std::chrono::milliseconds patience = answer_timeout;
    try {
        if (!callers_.identify(pipe.get(), caller, error)) {
            refusal = "it can't tell who is asking: " + win32::error_message(error);
            patience = refusal_timeout;
        } else if (turn = turns_.take(caller.identity->user_sid, caller.administrator); !turn) {
            refusal = "it is answering as many questions as users may ask at once; wait for one to end";
            patience = refusal_timeout;
        } else if (is_answered_at_once(command)) {
            if (command != "status" && !caller.administrator) {
                refusal = "only an administrator may ask for that: " + command;
            } else if (!stream.send(MessageKind::status,
                                    json_line(answer_to(command, request, caller.identity.value_or(Identity{}))),
                                    answer_timeout)) {
                return true;
            }
        } else if (command == "history") {
            answer_history(pipe.get(), stream, request, caller);
        } else if (command == "follow") {
            if (hand_over(pipe, request, caller)) {
                return false;
            }
            refusal = "too many follow its history already; end one of them";
        } else {
            refusal = "it does not know this question; are both of one version?";
        }
    } catch (const std::invalid_argument& fault) {
        refusal = fault.what(); // the asker's own; anybody could fill the log with them
    } catch (const std::exception& failure) {
        subject_.error(std::string("a question could not be answered: ") + failure.what());
        refusal = caller.administrator ? failure.what() : "it can't read its history; its log tells why";
    }
    if (!refusal.empty() && !stream.send(MessageKind::error, refusal, patience)) {
        return true;
    }
    // Disconnecting would take away what the client has not read yet. It closes its end when it has everything.
    (void)stream.receive(message, longest_request, patience);
    return true;
}

/// To what is answered by one object.
json ControlServer::answer_to(const std::string& command, const json& request, const Identity& caller) {
    if (command == "status") {
        return subject_.status();
    }
    if (command == "reload") {
        const ReloadResult result = subject_.reload();
        return {{"good", result.good}, {"changed", result.changed}, {"text", result.text}};
    }
    if (command == "vacuum") {
        Retention keep;
        if (!retention_from_json(request.value("keep", json()), keep)) {
            throw std::invalid_argument("it does not understand how much is to be kept; are both of one version?");
        }
        subject_.vacuum(keep, caller);
        return json::object();
    }
    const auto id = request.find("id");
    if (id == request.end() || !id->is_number_unsigned()) {
        throw std::invalid_argument("it does not understand this question; are both of one version?");
    }
    const std::unique_ptr<Store> history = subject_.open_history();
    json answer = json::object();
    if (command == "config") {
        if (const auto text = history->config_of(id->get<std::uint64_t>())) {
            answer["text"] = *text;
        }
    } else if (const auto sids = history->groups_of(id->get<std::uint64_t>())) {
        answer["sids"] = *sids;
    }
    return answer;
}

bool ControlServer::hand_over(win32::Handle& pipe, const json& request, const CallerCache& caller) {
    Query query = query_in(request, caller);
    if (!query.by_ending || !query.from) {
        throw std::invalid_argument("it can't tell from where on to follow; are both of one version?");
    }
    auto turn = followers_turns_.take(caller.identity->user_sid, caller.administrator);
    win32::Handle fresh = make_instance(false); // first: without it the pipe stays this thread's
    if (!turn || !followers_.add(pipe, std::move(query), std::move(turn))) {
        return false;
    }
    pipe = std::move(fresh);
    return true;
}

void ControlServer::answer_history(HANDLE pipe, MessageStream& stream, const json& request, const CallerCache& caller) {
    const Query query = query_in(request, caller);
    const std::unique_ptr<Store> history = subject_.open_history();
    std::string batch;
    bool sent = true;
    const auto row = [&](const Operation& operation) {
        batch += json_line(operation_to_json(operation));
        batch += '\n';
        if (batch.size() >= batch_size) {
            sent = stream.send(MessageKind::operations, batch, answer_timeout);
            batch.clear();
        }
        return sent;
    };
    // A search through a long history may find nothing to send for a while, and so not notice that nobody waits for it.
    const auto go_on = [&] {
        sent = sent && WaitForSingleObject(stop_.get(), 0) != WAIT_OBJECT_0 &&
               PeekNamedPipe(pipe, nullptr, 0, nullptr, nullptr, nullptr);
        return sent;
    };
    const Reached reached = history->find(query, row, go_on);
    if (sent && !batch.empty()) {
        sent = stream.send(MessageKind::operations, batch, answer_timeout);
    }
    if (sent) {
        (void)stream.send(MessageKind::done, reached_to_json(reached).dump(), answer_timeout);
    }
}

} // namespace maptrail
