// A notice of a loss, as it may lie in the inbox: what decodes is within its bounds and survives the way back.
#include "service/inbox/loss_notice.hpp"
#include "service/text/utf.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <string_view>

namespace {

using namespace maptrail;
using fuzz::check;

void read(std::span<const std::byte> record) {
    Loss loss;
    if (!decode_loss_notice(record, loss)) {
        return;
    }
    check(is_loss_notice(record), "what decodes begins as a notice");
    check(loss.count > 0 && loss.time >= earliest_recorded && loss.time <= latest_recorded, "it can be recorded");
    check(is_valid_utf8(loss.reason) && is_valid_utf8(loss.process.path) && is_valid_utf8(loss.identity.user_sid),
          "all text is UTF-8");
    const std::vector<std::byte> told = encode_loss_notice(loss);
    check(told.size() <= max_loss_notice, "a notice is bounded");
    Loss again;
    check(decode_loss_notice(told, again), "what is encoded decodes");
    check(encode_loss_notice(again) == told, "the way there and back changes nothing");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::string_view magic = "MTLOSS1\n";
    const std::vector<std::byte> bytes = fuzz::copy_of(data, size);
    read(bytes);
    const auto start = std::as_bytes(std::span(magic));
    std::vector<std::byte> notice(start.begin(), start.end());
    notice.insert(notice.end(), bytes.begin(), bytes.end());
    read(notice);
    return 0;
}
