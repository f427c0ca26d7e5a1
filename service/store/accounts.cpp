#include "service/store/accounts.hpp"

#include <algorithm>

namespace maptrail {
namespace {

// Bounds of one sweep, so that it never holds up a batch for long.
constexpr std::size_t producers_at_once = 256;
constexpr std::size_t numbers_at_once = 4096;
constexpr std::size_t pages_at_once = 16; ///< of these, of one producer

} // namespace

void Accounts::arrived(Producer& producer, const Notification& notification, std::int64_t since, StoreCounts& counts) {
    const std::uint64_t sequence = notification.sequence;
    const std::uint64_t last_seen = producer.highest;
    if (sequence == 0 || (sequence > last_seen && sequence - last_seen > most_missing)) {
        ++counts.notifications;
        ++counts.sent;
        return;
    }
    frames_.mark_changed(producer);
    if (producer.highest == 0 && notification.process.started <= since) {
        producer.highest = producer.checked = producer.stored = sequence - 1;
    }
    if (sequence > producer.checked) {
        if (sequence > producer.highest) {
            counts.sent += sequence - producer.highest;
            producer.highest = sequence;
        }
        if (sequence == producer.checked + 1) {
            producer.checked = sequence;
        }
    } else if (const auto taken = losses_.take(producer.id, sequence); taken != LossTable::Taken::none) {
        --producer.lost;
        --counts.lost;
        counts.losses -= taken == LossTable::Taken::last ? 1U : 0U;
    } else if (producer.quarantined > 0) {
        --producer.quarantined;
        --counts.quarantined;
    } else {
        ++counts.duplicates; // of one that is forgotten
        return;
    }
    ++producer.stored;
    ++counts.notifications;
}

void Accounts::told(const Loss& loss, std::int64_t now, StoreCounts& counts) {
    Producer* const producer = loss.producer ? &frames_.producer(*loss.producer) : nullptr;
    if (!losses_.insert(loss, producer != nullptr ? producer->id : 0, now)) {
        return;
    }
    ++counts.losses;
    if (producer != nullptr) {
        producer->told += std::min(loss.count, most_missing);
        frames_.mark_changed(*producer);
    }
}

std::uint64_t Accounts::enter_gap(Producer& producer, const FrameTable::ProducerKey& key, std::uint64_t last,
                                  std::int64_t now, StoreCounts& counts) {
    const std::uint64_t missing = last - producer.checked;
    const std::uint64_t unused = producer.told > producer.quarantined ? producer.told - producer.quarantined : 0;
    const std::uint64_t explained = std::min(unused, missing);
    const std::uint64_t lost = missing - explained;
    if (lost > 0) {
        losses_.insert_gap(key, producer.id, {producer.checked + 1, last, lost}, now);
        ++counts.losses;
    }
    producer.quarantined += explained;
    producer.lost += lost;
    counts.quarantined += explained;
    counts.lost += lost;
    producer.checked = last;
    return lost;
}

std::uint64_t Accounts::advance(Producer& producer, const FrameTable::ProducerKey& key, std::uint64_t final_up_to,
                                std::int64_t now, StoreCounts& counts) {
    std::uint64_t lost = 0;
    for (std::size_t page = 0; page < pages_at_once && producer.checked < producer.highest; ++page) {
        const auto numbers = frames_.numbers(producer.id, producer.checked, producer.highest, numbers_at_once);
        const std::uint64_t checked = producer.checked;
        for (const std::uint64_t number : numbers) {
            if (number != producer.checked + 1) {
                if (number > final_up_to) {
                    break;
                }
                lost += enter_gap(producer, key, number - 1, now, counts);
            }
            producer.checked = number;
        }
        if (producer.checked == checked) {
            break;
        }
        frames_.mark_changed(producer);
    }
    return lost;
}

std::uint64_t Accounts::settle(const GapRules& rules, std::int64_t now, StoreCounts& counts) {
    const auto found = frames_.unsettled(last_looked_at_, producers_at_once);
    std::uint64_t lost = 0;
    for (const auto& [id, key] : found) {
        Producer& producer = frames_.producer(key);
        (void)advance(producer, key, 0, now, counts);
        const auto [entry, fresh] = noticed_.try_emplace(id, Noticed{rules.now, producer.highest, round_});
        entry->second.round = round_;
        const Noticed noticed = entry->second;
        const auto age = rules.now - noticed.time;
        const bool final = !fresh && age >= rules.grace &&
                           (!rules.spool_is_clear || age >= rules.longest || rules.spool_is_clear(noticed.time));
        if (final) {
            lost += advance(producer, key, noticed.highest, now, counts);
        }
        if (producer.checked >= noticed.highest) {
            noticed_.erase(id);
        }
    }
    last_looked_at_ = found.size() < producers_at_once ? 0 : found.back().id;
    if (last_looked_at_ == 0) {
        std::erase_if(noticed_, [this](const auto& entry) { return entry.second.round != round_; });
        ++round_;
    }
    return lost;
}

void Accounts::settle_up_to(std::int64_t id, std::uint64_t sequence, std::int64_t now, StoreCounts& counts) {
    const auto key = frames_.key_of(id);
    if (!key) {
        return;
    }
    Producer& producer = frames_.producer(*key);
    while (producer.checked < sequence && sequence <= producer.highest) {
        const std::uint64_t checked = producer.checked;
        (void)advance(producer, *key, sequence, now, counts);
        if (producer.checked == checked) {
            break;
        }
    }
}

} // namespace maptrail
