#include "service/control/followers.hpp"

#include "common/win32/error.hpp"
#include "service/control/stream.hpp"
#include "service/query/query_json.hpp"

#include <algorithm>

namespace maptrail {
namespace {

/// While something is being written: when to look whether it was.
constexpr DWORD look_at_writes_ms = 15;

constexpr std::chrono::milliseconds after_failed_read{500};

} // namespace

/// One client. At most one write is under way; until it is over nothing else is kept for him.
class Followers::Connection {
public:
    /// Takes the pipe, unless it throws.
    Connection(win32::Handle& pipe, Query query, std::unique_ptr<Turns::Turn> turn)
        : turn_(std::move(turn)), event_(CreateEventW(nullptr, TRUE, FALSE, nullptr)), follower_(std::move(query)) {
        if (!event_) {
            win32::throw_last_error("cannot make an event");
        }
        pipe_ = std::move(pipe);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() {
        if (writing_) {
            CancelIoEx(pipe_.get(), &write_);
            DWORD moved = 0; // until it is over, the system may read the bytes
            GetOverlappedResult(pipe_.get(), &write_, &moved, TRUE);
        }
    }

    [[nodiscard]] Follower& follower() { return follower_; }
    [[nodiscard]] const Follower& follower() const { return follower_; }
    [[nodiscard]] bool is_writing() const { return writing_; }
    [[nodiscard]] bool is_over() const { return broken_ || (last_said_ && !writing_); }
    [[nodiscard]] bool was_read_for() const { return read_for_; }
    [[nodiscard]] Time last_write() const { return begun_; }

    /// What waits, and how far that goes; of a reading that found nothing for him, nothing. Returns how much it is.
    std::size_t send_waiting(Time now) {
        read_for_ = true;
        const std::string lines = follower_.take();
        last_said_ = follower_.problem() != PlaceProblem::none;
        if (!lines.empty() || last_said_) {
            begin((lines.empty() ? std::string() : framed(MessageKind::operations, lines)) + where(), now);
        }
        return lines.size();
    }

    void send_sign_of_life(Time now) { begin(where(), now); }

    void look_at_write() {
        DWORD moved = 0;
        if (!writing_ ||
            (!GetOverlappedResult(pipe_.get(), &write_, &moved, FALSE) && GetLastError() == ERROR_IO_INCOMPLETE)) {
            return;
        }
        writing_ = false;
        broken_ = broken_ || moved != bytes_.size();
        bytes_.clear();
    }

private:
    [[nodiscard]] std::string where() const {
        return framed(MessageKind::done, reached_to_json(follower_.reached()).dump());
    }

    void begin(std::string bytes, Time now) {
        bytes_ = std::move(bytes);
        write_ = {};
        write_.hEvent = event_.get();
        begun_ = now;
        writing_ = true;
        if (!WriteFile(pipe_.get(), bytes_.data(), static_cast<DWORD>(bytes_.size()), nullptr, &write_) &&
            GetLastError() != ERROR_IO_PENDING) {
            writing_ = false;
            broken_ = true;
        }
    }

    std::unique_ptr<Turns::Turn> turn_;
    win32::Handle pipe_;
    win32::Handle event_;
    Follower follower_;
    OVERLAPPED write_{};
    std::string bytes_; ///< of the write
    Time begun_{};
    bool writing_ = false;
    bool broken_ = false;
    bool last_said_ = false;
    bool read_for_ = false;
};

Followers::Followers(FollowersOptions options, OpenHistory open_history, std::function<void(const std::string&)> error)
    : options_(options), open_history_(std::move(open_history)), error_(std::move(error)),
      wake_(CreateEventW(nullptr, FALSE, FALSE, nullptr)) {
    if (!wake_) {
        win32::throw_last_error("cannot make an event");
    }
}

Followers::~Followers() {
    stop();
}

void Followers::start() {
    thread_ = std::jthread([this] { run(); });
}

void Followers::stop() {
    stopping_ = true;
    SetEvent(wake_.get());
    if (thread_.joinable()) {
        thread_.join();
    }
    const std::scoped_lock lock(mutex_);
    new_.clear();
}

bool Followers::add(win32::Handle& pipe, Query query, std::unique_ptr<Turns::Turn> turn) {
    {
        const std::scoped_lock lock(mutex_);
        if (stopping_ || count_ >= options_.most) {
            return false;
        }
        new_.reserve(new_.size() + 1);
        new_.push_back(std::make_unique<Connection>(pipe, std::move(query), std::move(turn)));
        ++count_;
    }
    SetEvent(wake_.get());
    return true;
}

void Followers::ended(const Place& place) noexcept {
    const bool other_history = history_.exchange(place.history) != place.history;
    if (ended_.exchange(place.number) != place.number || other_history) {
        ended_at_ = std::chrono::steady_clock::now();
        SetEvent(wake_.get());
    }
}

void Followers::run() {
    // What programs do, and the storing of it, come first. No more than a wish.
    (void)SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_BELOW_NORMAL);
    while (!stopping_) {
        WaitForSingleObject(wake_.get(), time_to_wait(std::chrono::steady_clock::now()));
        try {
            take_new();
            for (const auto& connection : connections_) {
                connection->look_at_write();
            }
            const Time now = std::chrono::steady_clock::now();
            drop_dead(now);
            for (const auto& connection : connections_) { // also while nothing can be read
                if (!connection->is_writing() && now - connection->last_write() >= options_.sign_of_life) {
                    connection->send_sign_of_life(now);
                }
            }
            read(now);
        } catch (const std::exception& failure) {
            next_read_ = std::chrono::steady_clock::now() + after_failed_read;
            if (last_failure_ != failure.what()) { // once, not twice a second
                last_failure_ = failure.what();
                error_("those who follow the history can't be served: " + last_failure_);
            }
        }
    }
    connections_.clear();
}

bool Followers::is_behind(const Connection& connection) const {
    return !connection.is_writing() && !connection.is_over() &&
           (!connection.was_read_for() || (history_ != 0 && connection.follower().from().history != history_) ||
            connection.follower().from().number <= ended_);
}

DWORD Followers::time_to_wait(Time now) const {
    if (connections_.empty()) {
        return INFINITE;
    }
    std::chrono::milliseconds time = options_.sign_of_life;
    for (const auto& connection : connections_) {
        if (connection->is_writing()) {
            time = std::min(time, std::chrono::milliseconds(look_at_writes_ms));
        } else if (is_behind(*connection)) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_read_ - now);
            time = std::clamp(left, std::chrono::milliseconds(0), time);
        }
    }
    return static_cast<DWORD>(time.count());
}

void Followers::take_new() {
    const std::scoped_lock lock(mutex_);
    for (auto& connection : new_) {
        connections_.push_back(std::move(connection));
    }
    new_.clear();
}

void Followers::drop_dead(Time now) {
    std::erase_if(connections_, [&](const std::unique_ptr<Connection>& connection) {
        return connection->is_over() ||
               (connection->is_writing() && now - connection->last_write() >= options_.longest_write);
    });
    const std::scoped_lock lock(mutex_);
    count_ = connections_.size() + new_.size();
}

void Followers::read(Time now) {
    if (now < next_read_) {
        return;
    }
    std::vector<Connection*> behind;
    std::vector<Follower*> followers;
    for (const auto& connection : connections_) {
        if (is_behind(*connection)) {
            behind.push_back(connection.get());
            followers.push_back(&connection->follower());
        }
    }
    if (behind.empty()) {
        return;
    }
    const bool recording = now - ended_at_.load() < options_.afterwards;
    const std::size_t at_once =
        options_.most_a_second * static_cast<std::size_t>(options_.longest_pause.count()) / 1'000;
    // Opened anew each time: a damaged history can be moved aside only while nobody has it open.
    serve(*open_history_(), followers, recording ? std::min(most_waiting, at_once / followers.size()) : most_waiting);
    last_failure_.clear();
    std::size_t sent = 0;
    for (Connection* const connection : behind) {
        sent += connection->send_waiting(now);
    }
    next_read_ = now + (recording ? std::max(options_.read_every, time_for(sent)) : options_.read_every);
}

std::chrono::milliseconds Followers::time_for(std::size_t bytes) const {
    return std::chrono::milliseconds(bytes * 1'000 / options_.most_a_second);
}

} // namespace maptrail
