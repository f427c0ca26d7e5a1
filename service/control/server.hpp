// The service's end of the control pipe: answers the command line, by who is asking.
#pragma once

#include "common/win32/handle.hpp"
#include "service/config/keeper.hpp"
#include "service/control/followers.hpp"
#include "service/control/stream.hpp"
#include "service/control/turns.hpp"
#include "service/identity/caller_source.hpp"
#include "service/store/store.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace maptrail {

/// Everybody may ask; what they get to see is decided by their token. Entries as on the notify pipe, but app containers
/// and processes of low integrity have no business here.
inline constexpr wchar_t control_pipe_access[] = L"O:SYG:SYD:P(A;;GA;;;SY)(A;;0x12019b;;;AU)";

struct ControlOptions {
    std::wstring pipe_name;
    std::wstring access;  ///< SDDL
    unsigned threads = 8; ///< as many are answered at once; others wait for their turn
    /// Of those, users who are no administrators have so many each, and all of them together; and so many follow.
    unsigned of_one_user = 4;
    unsigned of_users = 6;
    unsigned followers_of_one_user = 32;
    unsigned followers_of_users = 192;
};

/// What there is to ask. Called from several threads at once.
struct ControlSubject {
    std::function<std::unique_ptr<Store>()> open_history; ///< read-only, for one answer; may throw
    std::function<nlohmann::json()> status;
    std::function<ReloadResult()> reload; ///< of the configuration
    /// See Drain::vacuum(), and who asks for it.
    std::function<void(const Retention&, const Identity&)> vacuum;
    std::function<void(const std::string&)> error; ///< one line for the log
};

class ControlServer {
public:
    /// `callers` must outlive it.
    ControlServer(ControlOptions options, CallerSource& callers, ControlSubject subject);
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;
    ~ControlServer();

    /// Throws win32::Error.
    void start();
    void stop();

    /// See Followers::ended(). Any thread, also when it has stopped.
    void ended(const Place& place) noexcept { followers_.ended(place); }

private:
    [[nodiscard]] win32::Handle make_instance(bool first) const;
    void serve(win32::Handle& pipe);
    /// Of those who follow, `pipe` becomes another one. Whether it is still the asker's.
    bool answer(win32::Handle& pipe, MessageStream& stream);
    [[nodiscard]] bool hand_over(win32::Handle& pipe, const nlohmann::json& request, const CallerCache& caller);
    [[nodiscard]] nlohmann::json answer_to(const std::string& command, const nlohmann::json& request,
                                           const Identity& caller);
    void answer_history(HANDLE pipe, MessageStream& stream, const nlohmann::json& request, const CallerCache& caller);

    ControlOptions options_;
    CallerSource& callers_;
    ControlSubject subject_;
    Turns turns_;
    Turns followers_turns_;
    Followers followers_; ///< who keep turns
    win32::Handle stop_;
    std::vector<win32::Handle> pipes_;
    std::vector<std::jthread> threads_;
};

} // namespace maptrail
