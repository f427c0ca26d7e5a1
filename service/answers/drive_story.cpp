#include "service/answers/drive_story.hpp"

#include "service/text/device_name.hpp"

#include <algorithm>
#include <limits>

namespace maptrail {
namespace {

constexpr std::size_t most_since = 3;
constexpr std::size_t most_others = 3;
constexpr std::size_t rows_for_others = 20;   ///< looked at, beside the one that is wanted
constexpr std::uint64_t most_between = 1'000; ///< attempts, before the search for what succeeded ends

Query story_query(const StoryQuestion& question) {
    Query query;
    query.actions = {Action::connect, Action::disconnect};
    query.users = question.users;
    if (is_local_device(question.name)) {
        query.drives = {question.name};
    } else {
        query.remotes = {question.name, question.name + "\\*"};
    }
    return query;
}

bool same_user(const Operation& a, const Operation& b) {
    return a.identity.user_sid == b.identity.user_sid;
}

/// From now on of the user of `last`, who may be one of several that were asked for.
void narrow_to_user(Query& query, const Operation& last) {
    if (!last.identity.user_sid.empty()) {
        query.users = {last.identity.user_sid};
    }
}

void add_other(DriveStory& story, const Operation& operation) {
    const bool known = same_user(*story.last, operation) ||
                       std::ranges::any_of(story.others, [&](const Operation& o) { return same_user(o, operation); });
    if (!known && story.others.size() < most_others) {
        story.others.push_back(operation);
    }
}

void find_last(DriveStory& story, const StoryQuestion& question, const Find& find, const GoOn& go_on) {
    Query query = story_query(question);
    if (question.at) {
        query.until = *question.at < std::numeric_limits<std::int64_t>::max() ? *question.at + 1 : *question.at;
    }
    const bool with_others = question.users.empty() && !query.drives.empty();
    std::size_t rows = 0;
    (void)look_back(
        find, query, question.at.value_or(question.now),
        [&](const Operation& operation) {
            if (!story.last) {
                story.last = operation;
            } else {
                add_other(story, operation);
            }
            return with_others && ++rows < rows_for_others;
        },
        // What is further away than the piece in which the last one lies is not looked at for the others' sake.
        [&](std::int64_t moment) { return !story.last && go_on(moment); });
}

void find_before(DriveStory& story, const StoryQuestion& question, const Find& find, const GoOn& go_on) {
    Query query = story_query(question);
    narrow_to_user(query, *story.last);
    query.until = story.last->start;
    story.looked_back_to = look_back(
        find, query, story.last->start,
        [&](const Operation& operation) {
            if (operation.outcome == Outcome::success) {
                story.before = operation;
                return false;
            }
            return ++story.tries_between < most_between;
        },
        go_on);
}

void find_since(DriveStory& story, const StoryQuestion& question, const Find& find, const GoOn& go_on) {
    if (!question.at || *question.at >= question.now) {
        return;
    }
    Query query = story_query(question);
    if (story.last) {
        narrow_to_user(query, *story.last);
    }
    query.since = *question.at + 1;
    story.looked_on_to = look_on(
        find, query, question.now,
        [&](const Operation& operation) {
            story.more_since = story.since.size() == most_since;
            if (!story.more_since) {
                story.since.push_back(operation);
            }
            return !story.more_since;
        },
        go_on);
}

} // namespace

DriveStory story_of(const StoryQuestion& question, const Find& find, const GoOn& go_on, const GoOn& go_on_beside) {
    DriveStory story;
    find_last(story, question, find, go_on);
    if (story.last) {
        find_before(story, question, find, go_on_beside);
    }
    find_since(story, question, find, go_on_beside);
    return story;
}

} // namespace maptrail
