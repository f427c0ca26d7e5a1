#include "service/config/field_words.hpp"

#include "common/model/notification.hpp"
#include "common/model/operation.hpp"
#include "service/format/words.hpp"
#include "service/rules/subject.hpp"

#include <array>
#include <string>

namespace maptrail::config {
namespace {

using rules::Field;
using AllWords = std::array<FieldWords, rules::field_count>;

template <class Value>
void add(FieldWords& to, std::string_view word, Value value) {
    to.words.push_back(word);
    to.numbers.push_back(static_cast<std::uint64_t>(value));
}

AllWords make_words() {
    static const std::vector<std::string> flags = flag_words(0xFFFF'FFFF);
    AllWords all;
    const auto at = [&all](Field field) -> FieldWords& { return all[static_cast<std::size_t>(field)]; };
    for (const Action action : {Action::connect, Action::disconnect}) {
        add(at(Field::action), word_of(action), action);
    }
    add(at(Field::phase), "before", Phase::before);
    add(at(Field::phase), "after", Phase::after);
    for (const std::string_view word : {"any", "disk", "print"}) {
        add(at(Field::resource_type), word, resource_type_of(word).value());
    }
    for (const std::string& word : flags) {
        add(at(Field::flags), word, flag_of(word).value());
    }
    // Not "untrusted": its number is that of a level that is not known.
    for (const std::string_view word : {"low", "medium", "medium_plus", "high", "system", "protected"}) {
        add(at(Field::integrity), word, integrity_of(word).value());
    }
    add(at(Field::session), "console", rules::SessionType::console);
    add(at(Field::session), "remote", rules::SessionType::remote);
    add(at(Field::session), "service", rules::SessionType::service);
    for (const Outcome outcome : {Outcome::success, Outcome::failure}) {
        add(at(Field::outcome), word_of(outcome), outcome);
    }
    for (const std::string_view day : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}) {
        add(at(Field::weekday), day, at(Field::weekday).words.size());
    }
    for (const Source source : {Source::pipe, Source::spool}) {
        add(at(Field::source), word_of(source), source);
    }
    return all;
}

} // namespace

const Words& field_keys() {
    static const Words keys{"action",  "phase",   "local",   "remote", "server", "share",    "resourceType", "provider",
                            "flags",   "forced",  "user",    "sid",    "group",  "elevated", "integrity",    "session",
                            "program", "bitness", "outcome", "error",  "time",   "weekday",  "address",      "source"};
    return keys;
}

std::string_view key_of(rules::Field field) {
    return field_keys().at(static_cast<std::size_t>(field));
}

const FieldWords& words_of(rules::Field field) {
    static const AllWords all = make_words();
    return all.at(static_cast<std::size_t>(field));
}

const std::vector<rules::Field>& throttle_fields() {
    static const std::vector<Field> fields{Field::remote, Field::server, Field::share,  Field::local,
                                           Field::user,   Field::sid,    Field::program};
    return fields;
}

} // namespace maptrail::config
