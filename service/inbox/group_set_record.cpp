#include "service/inbox/group_set_record.hpp"

#include "service/hash/sha256.hpp"
#include "service/inbox/envelope.hpp"
#include "service/inbox/layout.hpp"
#include "service/text/utf.hpp"

#include <algorithm>
#include <string_view>

namespace maptrail {
namespace {

constexpr std::string_view group_set_magic = "MTGRPS1\n";

/// Each SID with a line's end; none has one in it.
std::string text_of(const std::vector<std::string>& sids) {
    std::string text;
    for (const std::string& sid : sids) {
        text += sid + '\n';
    }
    return text;
}

} // namespace

std::uint64_t group_set_id(const std::vector<std::string>& sids) {
    const Sha256 hash = sha256(text_of(sids));
    std::uint64_t id = 0;
    for (std::size_t i = 0; i < sizeof id; ++i) {
        id = (id << 8U) | hash.at(i);
    }
    return std::max<std::uint64_t>(id, 1);
}

std::vector<std::byte> encode_group_set(const GroupSet& set) {
    const std::string text = std::string(group_set_magic) + text_of(set.sids);
    if (set.sids.size() > most_groups || text.size() > inbox::max_payload_size) {
        return {};
    }
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

bool is_group_set(std::span<const std::byte> record) {
    return record.size() >= group_set_magic.size() &&
           std::ranges::equal(record.first(group_set_magic.size()), std::as_bytes(std::span(group_set_magic)));
}

bool decode_group_set(std::span<const std::byte> record, GroupSet& set) {
    if (!is_group_set(record)) {
        return false;
    }
    std::string_view text(reinterpret_cast<const char*>(record.data()), record.size());
    text.remove_prefix(group_set_magic.size());
    set = {};
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view sid = text.substr(0, end);
        if (end == std::string_view::npos || sid.empty() || sid.size() > max_envelope_sid || !is_valid_utf8(sid) ||
            set.sids.size() == most_groups || (!set.sids.empty() && sid <= set.sids.back())) {
            return false;
        }
        set.sids.emplace_back(sid);
        text.remove_prefix(end + 1);
    }
    set.id = group_set_id(set.sids);
    return true;
}

} // namespace maptrail
