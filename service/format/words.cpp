#include "service/format/words.hpp"

#include "service/text/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace maptrail {
namespace {

template <typename Value>
struct Word {
    Value value;
    std::string_view word;
};

constexpr auto actions = std::to_array<Word<Action>>(
    {{Action::connect, "connect"}, {Action::disconnect, "disconnect"}, {Action::loss, "loss"}});

// The first match wins, so "unknown" reads as the closed one.
constexpr auto outcomes = std::to_array<Word<Outcome>>({{Outcome::success, "success"},
                                                        {Outcome::failure, "failure"},
                                                        {Outcome::denied, "denied"},
                                                        {Outcome::unknown, "unknown"},
                                                        {Outcome::pending, "unknown"}});

constexpr auto sources = std::to_array<Word<Source>>({{Source::pipe, "pipe"}, {Source::spool, "spool"}});

constexpr auto decisions = std::to_array<Word<Decision>>({{Decision::allow, "allow"}, {Decision::deny, "deny"}});

constexpr auto loss_kinds = std::to_array<Word<LossKind>>(
    {{LossKind::gap, "gap"}, {LossKind::damaged, "damaged"}, {LossKind::refused, "refused"}});

constexpr auto origins = std::to_array<Word<RemoteFrom>>(
    {{RemoteFrom::call, "call"}, {RemoteFrom::device, "device"}, {RemoteFrom::record, "record"}});

constexpr auto session_types = std::to_array<Word<SessionType>>(
    {{SessionType::console, "console"}, {SessionType::remote, "remote"}, {SessionType::service, "service"}});

constexpr auto resource_types = std::to_array<Word<std::uint32_t>>({{0, "any"}, {1, "disk"}, {2, "print"}});

constexpr auto flags_by_bit = std::to_array<Word<std::uint32_t>>({{0x1, "persistent"},
                                                                  {0x2, "update_recent"},
                                                                  {0x4, "temporary"},
                                                                  {0x8, "interactive"},
                                                                  {0x10, "prompt"},
                                                                  {0x20, "need_drive"},
                                                                  {0x40, "refcount"},
                                                                  {0x80, "redirect"},
                                                                  {0x100, "localdrive"},
                                                                  {0x200, "current_media"},
                                                                  {0x400, "deferred"},
                                                                  {0x800, "commandline"},
                                                                  {0x1000, "cmd_savecred"},
                                                                  {0x2000, "cred_reset"},
                                                                  {0x4000, "require_integrity"},
                                                                  {0x8000, "require_privacy"},
                                                                  {0x10000, "write_through_semantics"},
                                                                  {0x40000, "global_mapping"}});

constexpr auto integrities = std::to_array<Word<std::uint32_t>>({{0, "untrusted"},
                                                                 {0x1000, "low"},
                                                                 {0x2000, "medium"},
                                                                 {0x2100, "medium_plus"},
                                                                 {0x3000, "high"},
                                                                 {0x4000, "system"},
                                                                 {0x5000, "protected"}});

template <typename Value, std::size_t Size>
std::string_view look_up(const std::array<Word<Value>, Size>& words, Value value) {
    for (const auto& entry : words) {
        if (entry.value == value) {
            return entry.word;
        }
    }
    return {};
}

template <typename Value, std::size_t Size>
std::optional<Value> look_up(const std::array<Word<Value>, Size>& words, std::string_view word) {
    for (const auto& entry : words) {
        if (equal_ascii(entry.word, word)) {
            return entry.value;
        }
    }
    return std::nullopt;
}

template <std::size_t Size>
std::string word_or_hex(const std::array<Word<std::uint32_t>, Size>& words, std::uint32_t value) {
    const std::string_view word = look_up(words, value);
    return word.empty() ? hex_text(value) : std::string(word);
}

template <std::size_t Size>
std::optional<std::uint32_t> word_or_number(const std::array<Word<std::uint32_t>, Size>& words, std::string_view word) {
    if (const auto value = look_up(words, word)) {
        return value;
    }
    if (!word.starts_with("0x")) {
        return std::nullopt;
    }
    const auto number = number_of(word, std::numeric_limits<std::uint32_t>::max());
    return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
}

} // namespace

std::string_view word_of(Action value) {
    return look_up(actions, value);
}
std::string_view word_of(Outcome value) {
    return look_up(outcomes, value);
}
std::string_view word_of(Source value) {
    return look_up(sources, value);
}
std::string_view word_of(Decision value) {
    return look_up(decisions, value);
}
std::string_view word_of(LossKind value) {
    return look_up(loss_kinds, value);
}
std::string_view word_of(RemoteFrom value) {
    return look_up(origins, value);
}

std::string_view word_of(SessionType value) {
    return look_up(session_types, value);
}

std::optional<Action> action_of(std::string_view word) {
    return look_up(actions, word);
}
std::optional<Outcome> outcome_of(std::string_view word) {
    return look_up(outcomes, word);
}
std::optional<Source> source_of(std::string_view word) {
    return look_up(sources, word);
}
std::optional<Decision> decision_of(std::string_view word) {
    return look_up(decisions, word);
}
std::optional<LossKind> loss_kind_of(std::string_view word) {
    return look_up(loss_kinds, word);
}
std::optional<RemoteFrom> remote_from_of(std::string_view word) {
    return look_up(origins, word);
}

std::optional<SessionType> session_type_of(std::string_view word) {
    return look_up(session_types, word);
}

std::string who_text(const Identity& identity) {
    if (identity.user_name.empty()) {
        return identity.user_sid;
    }
    return identity.user_domain.empty() ? identity.user_name : identity.user_domain + '\\' + identity.user_name;
}

std::string resource_type_word(std::uint32_t type) {
    return word_or_hex(resource_types, type);
}
std::optional<std::uint32_t> resource_type_of(std::string_view word) {
    return word_or_number(resource_types, word);
}

std::vector<std::string> flag_words(std::uint32_t flags) {
    std::vector<std::string> words;
    for (unsigned bit = 0; bit < 32; ++bit) {
        const std::uint32_t mask = std::uint32_t{1} << bit;
        if ((flags & mask) != 0) {
            words.push_back(word_or_hex(flags_by_bit, mask));
        }
    }
    return words;
}

std::optional<std::uint32_t> flag_of(std::string_view word) {
    return word_or_number(flags_by_bit, word);
}

std::string integrity_word(std::uint32_t rid) {
    return word_or_hex(integrities, rid);
}
std::optional<std::uint32_t> integrity_of(std::string_view word) {
    return word_or_number(integrities, word);
}

std::string hex_text(std::uint64_t value) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    return "0x" + std::string(digits.data(), end);
}

std::optional<std::uint64_t> number_of(std::string_view text, std::uint64_t most) {
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    if (hex) {
        text.remove_prefix(2);
    }
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value, hex ? 16 : 10);
    if (text.empty() || error != std::errc{} || rest != end || value > most) {
        return std::nullopt;
    }
    return value;
}

} // namespace maptrail
