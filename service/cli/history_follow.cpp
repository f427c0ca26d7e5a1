#include "service/cli/history_follow.hpp"

#include "service/cli/cursor.hpp"
#include "service/cli/usage_error.hpp"

#include <utility>

namespace maptrail {
namespace {

constexpr std::chrono::milliseconds try_again{250};
constexpr std::int64_t cursor_file_every = 1'000'000'000; ///< nanoseconds: an end that is no Ctrl+C loses no more

void refuse_what_does_not_go_with_it(const HistoryOptions& options, const Query& query) {
    if (options.format == "json") {
        throw UsageError("-f does not go with -o json, which is one array with an end: use -o jsonl.");
    }
    if (options.raw) {
        throw UsageError("-f shows operations when they have ended: --raw does not go with it.");
    }
    if (options.until) {
        throw UsageError("-f goes on for ever: --until does not go with it.");
    }
    if (query.first) {
        throw UsageError("-f with a cursor shows everything after it: -n does not go with that.");
    }
    if (options.show_cursor) {
        throw UsageError(
            "-f has no last operation: --cursor-file keeps its cursor, --show-cursor does not go with it.");
    }
}

class Following {
public:
    Following(const HistoryOptions& options, Query query, HistorySource& source, OperationWriter& writer,
              Environment& environment)
        : options_(options), query_(std::move(query)), source_(source), writer_(writer), environment_(environment) {}

    void run() {
        for (bool open = show_first(); open;) {
            open = replaced_ ? turn_to_replacement() : follow_on();
        }
        keep_cursor(true);
    }

private:
    /// What there is already. False if nobody reads it.
    bool show_first() {
        const bool none = query_.newest == 0U; // asks only how far the history goes
        if (none) {
            query_.newest = 1;
        } else if (!query_.newest && !query_.from && !query_.since) {
            query_.newest = rows_before_following;
        }
        const Query there = query_;
        query_.newest.reset();
        return show(there, !none);
    }

    /// What fits now. False if nobody reads it.
    bool show(const Query& query, bool write) {
        bool open = true;
        const Reached reached = source_.find(query, [&](const Operation& operation) {
            return open = !write || show(operation, query_.from.has_value());
        });
        return open && shown_up_to(reached);
    }

    /// Where another history stands now: it is shown from its beginning.
    bool turn_to_replacement() {
        Query where;
        where.by_ending = true;
        where.newest = 1;
        try {
            const Reached reached = source_.find(where, [](const Operation&) { return true; });
            query_.from = Place{reached.place.history, 1};
            shown_ = Place{reached.place.history, 0};
            replaced_ = false;
            return true;
        } catch (const Unreachable&) {
            if (options_.database) {
                throw;
            }
            return environment_.wait(try_again);
        }
    }

    /// As long as one connection lasts. Whether to go on after it.
    bool follow_on() {
        try {
            source_.follow(
                query_, [this](const Operation& operation) { return show(operation, true); },
                [this](const Reached& reached) {
                    replaced_ = reached.problem == PlaceProblem::foreign;
                    if (replaced_) {
                        environment_.write_error("maptrail: the history was replaced by a new one, which follows from "
                                                 "its beginning.\n");
                    }
                    return !replaced_ && shown_up_to(reached);
                },
                [this](std::chrono::milliseconds time) { return environment_.wait(time); });
            return replaced_;
        } catch (const Unreachable& error) {
            if (options_.database) {
                throw;
            }
            if (!std::exchange(told_of_loss_, true)) {
                environment_.write_error("maptrail: " + std::string(error.what()) +
                                         "\nWaiting for it; what happens meanwhile will be shown.\n");
            }
        }
        return environment_.wait(try_again);
    }

    /// `placed`: what is shown goes on from a place.
    bool show(const Operation& operation, bool placed) {
        if (!writer_.write(operation)) {
            return false;
        }
        if (placed) {
            query_.from->number = operation.place + 1;
            if (writer_.waiting() == 0) {
                shown_ = Place{query_.from->history, operation.place};
            }
        }
        return true;
    }

    bool shown_up_to(const Reached& reached) {
        check_reached(reached);
        told_of_loss_ = false;
        query_.from = Place{reached.place.history, reached.place.number + 1};
        if (!writer_.flush()) {
            return false;
        }
        shown_ = reached.place;
        keep_cursor(false);
        return environment_.wait(std::chrono::milliseconds(0));
    }

    void keep_cursor(bool last) {
        const std::int64_t now = environment_.now();
        if (!options_.cursor_file || !shown_ || (!last && now - kept_ < cursor_file_every && now >= kept_)) {
            return;
        }
        kept_ = now;
        write_cursor_file(*options_.cursor_file, *shown_);
    }

    const HistoryOptions& options_;
    Query query_;
    HistorySource& source_;
    OperationWriter& writer_;
    Environment& environment_;
    std::optional<Place> shown_; ///< up to there everything was written
    std::int64_t kept_ = 0;
    bool told_of_loss_ = false;
    bool replaced_ = false; ///< the history, by another that this one's places say nothing of
};

} // namespace

ExitCode follow_history(const HistoryOptions& options, Query query, HistorySource& source, OperationWriter& writer,
                        Environment& environment) {
    refuse_what_does_not_go_with_it(options, query);
    Following(options, std::move(query), source, writer, environment).run();
    return ExitCode::ok;
}

} // namespace maptrail
