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
        for (bool open = show_first(); open && follow_on();) {
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
        bool open = true;
        const Reached reached = source_.find(query_, [&](const Operation& operation) {
            open = none || writer_.write(operation);
            if (open && query_.from) {
                query_.from->number = operation.place + 1;
            }
            return open;
        });
        query_.newest.reset();
        return open && shown_up_to(reached);
    }

    /// As long as one connection lasts. Whether to go on after it.
    bool follow_on() {
        try {
            source_.follow(
                query_, [this](const Operation& operation) { return show(operation); },
                [this](const Reached& reached) { return shown_up_to(reached); },
                [this](std::chrono::milliseconds time) { return environment_.wait(time); });
            return false;
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

    bool show(const Operation& operation) {
        if (!writer_.write(operation)) {
            return false;
        }
        query_.from->number = operation.place + 1;
        return true;
    }

    bool shown_up_to(const Reached& reached) {
        check_reached(reached);
        told_of_loss_ = false;
        query_.from = Place{reached.place.history, reached.place.number + 1};
        keep_cursor(false);
        return writer_.flush() && environment_.wait(std::chrono::milliseconds(0));
    }

    void keep_cursor(bool last) {
        const std::int64_t now = environment_.now();
        if (!options_.cursor_file || !query_.from || (!last && now - kept_ < cursor_file_every && now >= kept_)) {
            return;
        }
        kept_ = now;
        write_cursor_file(*options_.cursor_file, {query_.from->history, query_.from->number - 1});
    }

    const HistoryOptions& options_;
    Query query_;
    HistorySource& source_;
    OperationWriter& writer_;
    Environment& environment_;
    std::int64_t kept_ = 0;
    bool told_of_loss_ = false;
};

} // namespace

ExitCode follow_history(const HistoryOptions& options, Query query, HistorySource& source, OperationWriter& writer,
                        Environment& environment) {
    refuse_what_does_not_go_with_it(options, query);
    Following(options, std::move(query), source, writer, environment).run();
    return ExitCode::ok;
}

} // namespace maptrail
