#include "service/inbox/loss_notice.hpp"

#include "service/inbox/envelope.hpp"
#include "service/inbox/layout.hpp"
#include "service/text/hex.hpp"
#include "service/text/utf.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

namespace maptrail {
namespace {

using nlohmann::json;

constexpr std::string_view magic = "MTLOSS1\n";

// An escaped control character takes six bytes for one; the numbers and names take less than 1 KiB.
static_assert(magic.size() + 6 * (max_envelope_sid + max_loss_path + max_loss_reason) + 1024 <= max_loss_notice);
static_assert(max_loss_notice <= inbox::max_payload_size);

/// Reads members, and remembers whether one was missing or wrong.
class Reader {
public:
    explicit Reader(const json& object) : object_(object) {}

    template <typename Number>
    void number(const char* key, Number& value, std::uint64_t least = 0,
                std::uint64_t most = static_cast<std::uint64_t>(std::numeric_limits<Number>::max())) {
        const auto found = object_.find(key);
        if (found == object_.end() || !found->is_number_unsigned() || found->template get<std::uint64_t>() < least ||
            found->template get<std::uint64_t>() > most) {
            good_ = false;
            return;
        }
        value = static_cast<Number>(found->template get<std::uint64_t>());
    }

    void flag(const char* key, bool& value) {
        const auto found = object_.find(key);
        if (found == object_.end() || !found->is_boolean()) {
            good_ = false;
            return;
        }
        value = found->get<bool>();
    }

    void text(const char* key, std::string& value, std::size_t most) {
        const auto found = object_.find(key);
        const auto* held = found == object_.end() ? nullptr : found->get_ptr<const std::string*>();
        if (held == nullptr || held->size() > most) {
            good_ = false;
            return;
        }
        value = *held;
    }

    void bytes(const char* key, std::array<std::uint8_t, 16>& value) {
        std::string hex;
        text(key, hex, 2 * value.size());
        const auto read = bytes_of_hex(hex);
        good_ = good_ && read.has_value();
        value = read.value_or(value);
    }

    [[nodiscard]] bool has(const char* key) const { return object_.contains(key); }
    [[nodiscard]] bool good() const { return good_; }

private:
    const json& object_;
    bool good_ = true;
};

std::string bounded(const std::string& text, std::size_t most) {
    // What is no UTF-8 takes three bytes for one, so that comes first.
    return std::string(cut_utf8(valid_utf8(text), most));
}

} // namespace

std::vector<std::byte> encode_loss_notice(const Loss& loss) {
    json object{{"id", hex_bytes(loss.id)},
                {"kind", static_cast<std::uint8_t>(loss.kind)},
                {"count", std::max<std::uint64_t>(loss.count, 1)},
                {"time", static_cast<std::uint64_t>(std::clamp(loss.time, earliest_recorded, latest_recorded))},
                {"sid", bounded(loss.identity.user_sid, max_envelope_sid)},
                {"logonId", loss.identity.logon_id},
                {"session", loss.identity.session_id},
                {"integrity", loss.identity.integrity},
                {"elevated", loss.identity.elevated},
                {"pid", loss.process.pid},
                {"started", static_cast<std::uint64_t>(std::max<std::int64_t>(loss.process.started, 0))},
                {"path", bounded(loss.process.path, max_loss_path)},
                {"bitness", loss.process.bitness},
                {"source", static_cast<std::uint8_t>(loss.source)},
                {"reason", bounded(loss.reason, max_loss_reason)}};
    if (loss.producer) {
        object["producer"] = hex_bytes(*loss.producer);
    }
    const std::string text = std::string(magic) + object.dump();
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

bool is_loss_notice(std::span<const std::byte> record) {
    return record.size() >= magic.size() &&
           std::ranges::equal(record.first(magic.size()), std::as_bytes(std::span(magic)));
}

bool decode_loss_notice(std::span<const std::byte> record, Loss& loss) {
    if (!is_loss_notice(record) || record.size() > max_loss_notice) {
        return false;
    }
    const std::string_view text(reinterpret_cast<const char*>(record.data()) + magic.size(),
                                record.size() - magic.size());
    const json object = json::parse(text, nullptr, false);
    if (!object.is_object()) {
        return false;
    }
    loss = {};
    Reader in(object);
    in.bytes("id", loss.id);
    in.number("kind", loss.kind, 1, 3);
    in.number("count", loss.count, 1);
    in.number("time", loss.time, 0, static_cast<std::uint64_t>(latest_recorded));
    in.text("sid", loss.identity.user_sid, max_envelope_sid);
    in.number("logonId", loss.identity.logon_id);
    in.number("session", loss.identity.session_id);
    in.number("integrity", loss.identity.integrity);
    in.flag("elevated", loss.identity.elevated);
    in.number("pid", loss.process.pid);
    in.number("started", loss.process.started);
    in.text("path", loss.process.path, max_loss_path);
    in.number("bitness", loss.process.bitness, 0, 64);
    in.number("source", loss.source, 1, 2);
    in.text("reason", loss.reason, max_loss_reason);
    if (in.has("producer")) {
        in.bytes("producer", loss.producer.emplace());
    }
    return in.good();
}

} // namespace maptrail
