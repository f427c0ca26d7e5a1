#include "service/inbox/judgement_record.hpp"

#include "service/text/utf.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace maptrail {
namespace {

constexpr std::uint8_t flag_more = 1U << 0;
constexpr std::uint8_t flag_would_deny = 1U << 1;
constexpr std::uint8_t flag_drop = 1U << 2;

/// The rules' parts follow.
struct RecordHead {
    std::uint64_t version;
    std::uint32_t denied_status;
    std::uint16_t count;
    std::uint8_t flags;
    std::uint8_t reserved;
};
static_assert(sizeof(RecordHead) == 16 && std::is_trivially_copyable_v<RecordHead>);

/// The texts follow: name, technique, and each tag after a byte with its size.
struct RuleHead {
    std::uint16_t effects;
    std::uint8_t audit;
    std::uint8_t severity;
    std::uint8_t name_size;
    std::uint8_t technique_size;
    std::uint8_t tag_count;
    std::uint8_t reserved;
};
static_assert(sizeof(RuleHead) == 8 && std::is_trivially_copyable_v<RuleHead>);
static_assert(sizeof(RecordHead) +
                  rules::Judgement::most * (sizeof(RuleHead) + rules::max_rule_name + rules::max_technique) <=
              max_judgement_record);

template <class Head>
void append(std::string& out, const Head& head) {
    out.append(reinterpret_cast<const char*>(&head), sizeof head);
}

/// Takes parts off the front, as long as there are bytes.
class Taker {
public:
    explicit Taker(std::span<const std::byte> rest) : rest_(rest) {}

    template <class Head>
    bool head(Head& value) {
        if (rest_.size() < sizeof value) {
            return false;
        }
        std::memcpy(&value, rest_.data(), sizeof value);
        rest_ = rest_.subspan(sizeof value);
        return true;
    }

    bool text(std::size_t size, std::string& value) {
        if (rest_.size() < size) {
            return false;
        }
        value.assign(reinterpret_cast<const char*>(rest_.data()), size);
        rest_ = rest_.subspan(size);
        return is_valid_utf8(value);
    }

    [[nodiscard]] bool done() const { return rest_.empty(); }

private:
    std::span<const std::byte> rest_;
};

bool take_rule(Taker& taker, Phase phase, MatchedRule& rule) {
    RuleHead head{};
    if (!taker.head(head) || head.audit > 1 || head.severity > 100 || head.name_size == 0 ||
        !taker.text(head.name_size, rule.name) || !taker.text(head.technique_size, rule.technique)) {
        return false;
    }
    rule.phase = phase;
    rule.audit = head.audit != 0;
    rule.effects = head.effects;
    rule.severity = head.severity;
    rule.tags.resize(head.tag_count);
    return std::ranges::all_of(rule.tags, [&](std::string& tag) {
        std::uint8_t size = 0;
        return taker.head(size) && taker.text(size, tag);
    });
}

} // namespace

JudgementRecords::JudgementRecords(const rules::RuleSet& rules) : version_(short_version(rules.version())) {
    rules::Judgement all;
    for (std::size_t i = 0; i < rules.rules().size(); ++i) {
        all.count = 1;
        all.matched[0] = static_cast<std::uint16_t>(i);
        const MatchedRule rule = rules.judged(all, Phase::before).rules.at(0);
        RuleHead head{};
        head.effects = rule.effects;
        head.audit = rule.audit ? 1 : 0;
        head.severity = rule.severity;
        head.name_size = static_cast<std::uint8_t>(rule.name.size());
        head.technique_size = static_cast<std::uint8_t>(rule.technique.size());
        head.tag_count = static_cast<std::uint8_t>(rule.tags.size());
        Part& part = rules_.emplace_back();
        append(part.name, head);
        part.name += rule.name;
        part.name += rule.technique;
        for (const std::string& tag : rule.tags) {
            append(part.tags, static_cast<std::uint8_t>(tag.size()));
            part.tags += tag;
        }
    }
}

std::size_t JudgementRecords::encode(const rules::Judgement& judgement, std::span<std::byte> out) const noexcept {
    RecordHead head{};
    head.version = version_;
    head.denied_status = judgement.denied_status;
    head.count = judgement.count;
    bool more = judgement.more;
    const std::span matched = std::span(judgement.matched).first(judgement.count);
    std::size_t names = sizeof head;
    for (const std::uint16_t place : matched) {
        names += rules_[place].name.size();
    }
    std::size_t for_tags = out.size() - names;
    std::size_t size = sizeof head;
    for (const std::uint16_t place : matched) {
        const Part& part = rules_[place];
        std::memcpy(out.data() + size, part.name.data(), part.name.size());
        if (part.tags.size() <= for_tags) {
            std::memcpy(out.data() + size + part.name.size(), part.tags.data(), part.tags.size());
            size += part.tags.size();
            for_tags -= part.tags.size();
        } else {
            out[size + offsetof(RuleHead, tag_count)] = std::byte{0};
            more = true;
        }
        size += part.name.size();
    }
    head.flags = static_cast<std::uint8_t>((more ? flag_more : 0U) | (judgement.would_deny ? flag_would_deny : 0U) |
                                           (judgement.drop ? flag_drop : 0U));
    std::memcpy(out.data(), &head, sizeof head);
    return size;
}

bool decode_judgement(std::span<const std::byte> record, Phase phase, JudgementRecord& out) {
    out = {};
    Taker taker(record);
    RecordHead head{};
    if (record.size() > max_judgement_record || !taker.head(head)) {
        return false;
    }
    out.version = head.version;
    out.drop = (head.flags & flag_drop) != 0;
    out.judged.more = (head.flags & flag_more) != 0;
    out.judged.would_deny = (head.flags & flag_would_deny) != 0;
    out.judged.denied_status = head.denied_status;
    for (std::uint16_t i = 0; i < head.count; ++i) {
        if (!take_rule(taker, phase, out.judged.rules.emplace_back())) {
            return false;
        }
    }
    return taker.done();
}

} // namespace maptrail
