#include "service/cli/why_words.hpp"

#include "common/model/windows_error.hpp"
#include "service/answers/error_help.hpp"
#include "service/cli/answer_output.hpp"
#include "service/cli/rules_words.hpp"
#include "service/format/ecs_json.hpp"
#include "service/format/judged_json.hpp"
#include "service/format/words.hpp"
#include "service/text/device_name.hpp"
#include "service/text/text.hpp"

namespace maptrail {
namespace {

constexpr std::uint32_t connect_persistent = 0x1; // CONNECT_UPDATE_PROFILE

std::string moment_text(std::int64_t moment, const ZoneOffset& zone) {
    const std::string text = local_time(moment, zone);
    const std::size_t blank = text.find(' ');
    return text.substr(0, blank) + " at " + text.substr(blank + 1);
}

std::string object_of(const Operation& o) {
    const std::string remote = o.remote_name.empty() ? "a name that is not known" : o.remote_name;
    const char* const inferred =
        o.remote_from == RemoteFrom::record ? " (inferred from the last recorded connect)" : "";
    if (o.local_name.empty()) {
        return o.action == Action::connect ? remote + " without a drive letter" : remote;
    }
    if (o.action == Action::connect) {
        return o.local_name + " to " + remote;
    }
    return o.remote_name.empty() ? o.local_name : o.local_name + " from " + remote + inferred;
}

std::string circumstances(const Operation& o, const ZoneOffset& zone) {
    const std::string program = file_name_of(o.process.path);
    return " on " + moment_text(o.start, zone) + " with " + (program.empty() ? "a program" : program) + " (pid " +
           std::to_string(o.process.pid) + (o.identity.elevated ? ", elevated)" : ")");
}

std::string denial_text(const Operation& o) {
    const std::string rule = denying_rule(o);
    return (rule.empty() && o.judged.more && o.source != Source::spool
                ? "and a rule of MapTrail's, whose name is not recorded, denied it"
            : rule.empty() ? "and it was denied by no rule: the service did not answer in time, and whenNoAnswer is "
                             "denyConnect"
                           : "and MapTrail's rule \"" + rule + "\" denied it") +
           "; the program was told " + status_text(o.error) + ".";
}

/// The way it ended, where that is not success.
std::string end_text(const Operation& o) {
    switch (o.outcome) {
    case Outcome::failure:
        return ", and it failed with " + status_text(o.error) + ".";
    case Outcome::denied:
        return ", " + denial_text(o);
    case Outcome::pending:
    case Outcome::unknown:
        return ", and how that ended is not known" + (o.reason.empty() ? "" : ": " + o.reason) + ".";
    case Outcome::success:
        break;
    }
    return ".";
}

std::string error_paragraph(std::uint32_t error) {
    if (const ErrorHelp* const help = error_help(error)) {
        return " " + std::string(help->meaning) + " Usual remedy: " + std::string(help->remedy);
    }
    const std::string_view text = error_text(error);
    return text.empty() ? "" : " Windows says of it: \"" + std::string(text) + "\"";
}

/// What else is to be known of the operation that is the answer.
std::string remarks(const Operation& o) {
    std::string text = o.outcome == Outcome::failure ? error_paragraph(o.error) : "";
    const std::string rule = denying_rule(o);
    if (o.outcome != Outcome::denied && o.judged.would_deny && !rule.empty()) {
        text += " The rule \"" + rule + "\" would have denied it, but is in audit mode, or it was too late.";
    }
    const bool success = o.outcome == Outcome::success;
    if (success && (o.flags & connect_persistent) != 0) {
        text += o.action == Action::connect ? " It is persistent: Windows restores it at logon."
                                            : " Windows does not restore it at logon any more.";
    }
    if (success && o.action == Action::connect && o.identity.elevated && !o.local_name.empty()) {
        text += " Programs of the same user that are not elevated have drives of their own, and may not see it.";
    }
    if (o.source == Source::spool) {
        text += " MapTrail heard of it late, by a spool file: who it was is told by the file's owner.";
    }
    return text;
}

std::string another_session(const Operation& a, const Operation& b) {
    return a.identity.logon_id == b.identity.logon_id ? "" : " (in another logon session)";
}

std::string before_paragraph(const DriveStory& story, const std::string& it, const ZoneOffset& zone) {
    std::string between;
    if (story.tries_between != 0) {
        between = " Between the two, " + counted(story.tries_between, "other attempt") + " did not succeed.";
    }
    if (story.before) {
        return "Before that" + another_session(*story.last, *story.before) + ", " +
               operation_sentence(*story.before, zone) + between;
    }
    if (story.looked_back_to) {
        return "Nothing of this user's on " + it + " succeeded between " + moment_text(*story.looked_back_to, zone) +
               " and then; `maptrail history` looks back further.";
    }
    return story.tries_between == 0 ? "Nothing is recorded of " + it + " before that, of this user."
                                    : "Before that, " + counted(story.tries_between, "other attempt") +
                                          " of this user's did not succeed, and none did.";
}

std::string since_paragraph(const DriveStory& story, const StoryQuestion& question, const std::string& it,
                            const ZoneOffset& zone) {
    std::string text;
    for (const Operation& operation : story.since) {
        text += (text.empty() ? "Since then: " : " ") + operation_sentence(operation, zone);
    }
    text += story.more_since ? " And more: `maptrail history`." : "";
    if (!text.empty()) {
        return text;
    }
    const std::string of_whom = story.last && question.users.empty() && question.at ? ", of this user" : "";
    return story.looked_on_to ? "Nothing is recorded of " + it + " up to " + moment_text(*story.looked_on_to, zone) +
                                    of_whom + "; `maptrail history` looks further."
                              : "Nothing is recorded of " + it + " since" + of_whom + ".";
}

std::string others_paragraph(const DriveStory& story, const std::string& it, const ZoneOffset& zone) {
    std::string text;
    for (const Operation& other : story.others) {
        text +=
            (text.empty() ? "" : "; ") + printable(who_text(other.identity)) + ", " + moment_text(other.start, zone);
    }
    return "Others have " + it + " too, each his own (" + text + "): --user NAME asks for theirs.";
}

std::vector<std::string> never_seen(const DriveStory& story, const StoryQuestion& question, const std::string& it,
                                    const ZoneOffset& zone) {
    std::string text = "Nothing is recorded of " + it;
    text += question.users.empty() ? "" : ", of that user";
    text += question.at ? ", up to " + moment_text(*question.at, zone) : "";
    std::vector<std::string> result{text + "."};
    if (!story.since.empty()) {
        result.push_back("The first after that: " + operation_sentence(story.since.front(), zone));
    } else {
        result.emplace_back("Windows restores remembered connections at logon without telling anybody, and what was "
                            "connected before MapTrail was installed is not known either. An elevated prompt sees what "
                            "others did; `maptrail status` shows whether MapTrail listens.");
    }
    return result;
}

} // namespace

std::string operation_sentence(const Operation& o, const ZoneOffset& zone) {
    const std::string who = who_text(o.identity);
    const bool connect = o.action == Action::connect;
    const char* const verb = o.outcome == Outcome::success ? (connect ? " connected " : " disconnected ")
                                                           : (connect ? " tried to connect " : " tried to disconnect ");
    std::string text = (who.empty() ? "Somebody" : who) + verb + object_of(o) + circumstances(o, zone);
    text += o.action == Action::disconnect && o.forced ? ", by force" : "";
    return printable(text + end_text(o));
}

std::vector<std::string> story_paragraphs(const DriveStory& story, const StoryQuestion& question,
                                          const ZoneOffset& zone) {
    const std::string it = printable(question.name);
    if (!story.last) {
        return never_seen(story, question, it, zone);
    }
    std::vector<std::string> result{operation_sentence(*story.last, zone) + printable(remarks(*story.last)),
                                    before_paragraph(story, it, zone), since_paragraph(story, question, it, zone)};
    if (!story.others.empty()) {
        result.push_back(others_paragraph(story, it, zone));
    }
    return result;
}

} // namespace maptrail
