#include "common/wire/policy_page.hpp"

#include "common/wire/codec.hpp"

#include <atomic>
#include <cstring>

namespace maptrail::wire {

namespace {

constexpr std::size_t body_offset = offsetof(PolicyPage, generation);
constexpr std::size_t body_size = sizeof(PolicyPage) - body_offset;

/// Longer than a writer takes; a writer that died in the middle leaves `lock` odd for good.
constexpr int most_tries = 16;

/// The lock lies in memory that another process writes; it is aligned, so a volatile access is one access.
std::uint32_t read_lock(std::span<const std::byte> page) {
    return *reinterpret_cast<const volatile std::uint32_t*>(page.data() + offsetof(PolicyPage, lock));
}

void write_lock(std::span<std::byte> page, std::uint32_t value) {
    *reinterpret_cast<volatile std::uint32_t*>(page.data() + offsetof(PolicyPage, lock)) = value;
}

bool copy_unchanged(std::span<const std::byte> page, PolicyPage& copy) {
    for (int i = 0; i < most_tries; ++i) {
        const std::uint32_t before = read_lock(page);
        std::atomic_thread_fence(std::memory_order_acquire);
        std::memcpy(&copy, page.data(), sizeof copy);
        std::atomic_thread_fence(std::memory_order_acquire);
        if (before % 2 == 0 && read_lock(page) == before) {
            return true;
        }
    }
    return false;
}

bool within(std::uint32_t value, std::uint32_t least, std::uint32_t most) {
    return value >= least && value <= most;
}

} // namespace

void publish(std::span<std::byte> page, const Policy& policy) {
    PolicyPage next{};
    next.magic = policy_magic;
    next.lock = read_lock(page) | 1U;
    next.version = policy_version;
    next.min_reader = policy_oldest_reader;
    next.size = body_size;
    next.generation = policy.generation;
    next.service_started = policy.service_started;
    next.service_id = policy.service_id;
    next.budget_ms = policy.budget_ms;
    next.no_answer = static_cast<std::uint32_t>(policy.no_answer);
    next.denied_status = policy.denied_status;
    next.spool_file_bytes = policy.spool_file_bytes;
    next.spool_process_bytes = policy.spool_process_bytes;
    next.crc = crc32(0, std::as_bytes(std::span(&next, 1)).subspan(body_offset));

    write_lock(page, next.lock);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    std::memcpy(page.data(), &next, sizeof next);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    write_lock(page, next.lock + 1);
}

bool read_policy(std::span<const std::byte> page, Policy& policy) {
    policy = {};
    PolicyPage found{};
    if (page.size() < sizeof found || !copy_unchanged(page, found) || found.magic != policy_magic ||
        found.min_reader > policy_version || found.size < body_size || found.size > page.size() - body_offset) {
        return false;
    }
    // What a later version appended is in the CRC and outside of `found`. It may be written anew just now: then the
    // CRC does not fit, and this call goes on with the defaults.
    std::uint32_t crc = crc32(0, std::as_bytes(std::span(&found, 1)).subspan(body_offset));
    crc = crc32(crc, page.subspan(sizeof found, found.size - body_size));
    if (crc != found.crc) {
        return false;
    }
    policy.generation = found.generation;
    policy.service_started = found.service_started;
    policy.service_id = found.service_id;
    if (within(found.budget_ms, min_budget_ms, max_budget_ms)) {
        policy.budget_ms = found.budget_ms;
    }
    if (found.no_answer == static_cast<std::uint32_t>(NoAnswer::deny_connect)) {
        policy.no_answer = NoAnswer::deny_connect;
    }
    if (found.denied_status != 0) {
        policy.denied_status = found.denied_status;
    }
    if (within(found.spool_file_bytes, min_spool_file_bytes, max_spool_file_bytes)) {
        policy.spool_file_bytes = found.spool_file_bytes;
    }
    if (found.spool_process_bytes <= max_spool_process_bytes) {
        policy.spool_process_bytes = found.spool_process_bytes;
    }
    return true;
}

} // namespace maptrail::wire
