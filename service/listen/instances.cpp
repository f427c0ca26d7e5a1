#include "service/listen/instances.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

namespace maptrail {

PipeInstance& Instances::add(std::unique_ptr<PipeInstance> instance) {
    PipeInstance& added = *instance;
    const std::scoped_lock lock(mutex_);
    instances_.emplace(&added, std::move(instance));
    return added;
}

void Instances::remove(PipeInstance& instance) {
    std::unique_ptr<PipeInstance> owner; // closes its pipe once the lock is gone
    const std::scoped_lock lock(mutex_);
    if (const auto found = instances_.find(&instance); found != instances_.end()) {
        count_out(instance);
        owner = std::move(found->second);
        instances_.erase(found);
    }
}

void Instances::clear() {
    const std::scoped_lock lock(mutex_);
    instances_.clear();
    processes_.clear();
    clients_ = 0;
    leaving_ = 0;
}

bool Instances::admit(PipeInstance& instance, std::uint64_t process, std::size_t most) {
    const std::scoped_lock lock(mutex_);
    if (const auto found = processes_.find(process); found != processes_.end() && found->second >= most) {
        return false;
    }
    ++processes_[process];
    ++clients_;
    instance.process = process;
    touch(instance);
    return true;
}

void Instances::leave(PipeInstance& instance) {
    const std::scoped_lock lock(mutex_);
    count_out(instance);
}

void Instances::count_out(PipeInstance& instance) {
    if (!instance.process) {
        return;
    }
    if (const auto found = processes_.find(*instance.process); found != processes_.end() && --found->second == 0) {
        processes_.erase(found);
    }
    --clients_;
    leaving_ -= instance.evicted ? 1 : 0;
    instance.evicted = false;
    instance.process.reset();
}

bool Instances::evict() {
    const std::scoped_lock lock(mutex_);
    std::vector<std::tuple<std::size_t, std::uint64_t, PipeInstance*>> candidates;
    for (const auto& [instance, owner] : instances_) {
        if (instance->process && !instance->evicted) {
            // Those of the largest process first, and of these the one that was used longest ago.
            const std::size_t others = clients_ - processes_.at(*instance->process);
            candidates.emplace_back(others, instance->last_used.load(std::memory_order_relaxed), instance);
        }
    }
    while (!candidates.empty()) {
        const auto chosen = std::ranges::min_element(candidates);
        PipeInstance& instance = *std::get<PipeInstance*>(*chosen);
        instance.evicted = true;
        if (CancelIoEx(instance.pipe.get(), nullptr)) {
            ++leaving_;
            ++evicted_;
            return true;
        }
        // A thread has it in hand at this moment, so it is not idle.
        instance.evicted = false;
        *chosen = candidates.back();
        candidates.pop_back();
    }
    return false;
}

void Instances::cancel_all() {
    const std::scoped_lock lock(mutex_);
    for (const auto& [instance, owner] : instances_) {
        CancelIoEx(instance->pipe.get(), nullptr);
    }
}

std::size_t Instances::size() const {
    const std::scoped_lock lock(mutex_);
    return instances_.size();
}

std::size_t Instances::clients() const {
    const std::scoped_lock lock(mutex_);
    return clients_;
}

std::size_t Instances::leaving() const {
    const std::scoped_lock lock(mutex_);
    return leaving_;
}

} // namespace maptrail
