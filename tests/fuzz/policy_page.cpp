// A policy page with any content: the notifyee gets settings within their bounds, whatever lies there.
#include "common/wire/policy_page.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace {

using namespace maptrail;
using fuzz::check;

bool same(const wire::Policy& a, const wire::Policy& b) {
    return a.generation == b.generation && a.service_started == b.service_started && a.service_id == b.service_id &&
           a.budget_ms == b.budget_ms && a.no_answer == b.no_answer && a.denied_status == b.denied_status &&
           a.spool_file_bytes == b.spool_file_bytes && a.spool_process_bytes == b.spool_process_bytes;
}

void read(std::span<const std::byte> page) {
    wire::Policy policy;
    policy.budget_ms = 0; // must not be left as it was
    if (!wire::read_policy(page, policy)) {
        check(same(policy, wire::Policy{}), "a page that is not taken leaves the defaults");
        return;
    }
    check(policy.budget_ms >= min_budget_ms && policy.budget_ms <= max_budget_ms, "the budget is within its bounds");
    check(policy.no_answer == wire::NoAnswer::allow || policy.no_answer == wire::NoAnswer::deny_connect,
          "what to do without an answer is known");
    check(policy.denied_status != 0, "a refusal is not a success");
    check(policy.spool_file_bytes >= min_spool_file_bytes && policy.spool_file_bytes <= max_spool_file_bytes &&
              policy.spool_process_bytes <= max_spool_process_bytes,
          "the spool is bounded");
    alignas(8) std::byte published[wire::policy_file_size]{};
    wire::publish(published, policy);
    wire::Policy again;
    check(wire::read_policy(published, again) && same(policy, again), "what is published is what is read");
}

void make_page_fit(std::span<std::byte> page) {
    constexpr std::size_t body = offsetof(wire::PolicyPage, generation);
    if (page.size() < sizeof(wire::PolicyPage)) {
        return;
    }
    const auto lock = fuzz::read_at<std::uint32_t>(page, offsetof(wire::PolicyPage, lock));
    const std::size_t covered =
        std::min<std::size_t>(fuzz::read_at<std::uint32_t>(page, offsetof(wire::PolicyPage, size)), page.size() - body);
    fuzz::write_at(page, offsetof(wire::PolicyPage, magic), wire::policy_magic);
    fuzz::write_at(page, offsetof(wire::PolicyPage, lock), lock & ~1U);
    fuzz::write_at(page, offsetof(wire::PolicyPage, crc), wire::crc32(0, page.subspan(body, covered)));
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<std::byte> page = fuzz::copy_of(data, size);
    read(page);
    make_page_fit(page);
    read(page);
    return 0;
}
