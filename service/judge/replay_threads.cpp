#include "service/judge/replay_threads.hpp"

#include "service/judge/start_threads.hpp"

#include <algorithm>
#include <utility>

namespace maptrail {
namespace {

constexpr std::size_t batch_size = 2'000;

constexpr unsigned most_threads = 8;

} // namespace

unsigned replay_threads() {
    return std::clamp(std::thread::hardware_concurrency(), 1U, most_threads);
}

ReplayThreads::ReplayThreads(const rules::RuleSet& rules, ZoneOffset zone, std::size_t examples, unsigned threads,
                             RecordedJudge::Groups groups)
    : rules_(rules), zone_(std::move(zone)), examples_(examples), most_waiting_(std::size_t{2} * threads),
      groups_(std::move(groups)), total_(make_replay()), next_(std::make_unique<Batch>()) {
    threads_ = start_threads(threads, [this] { return std::thread([this] { work(); }); });
}

ReplayThreads::~ReplayThreads() {
    {
        const std::scoped_lock lock(mutex_);
        ended_ = true;
        taken_ = batches_.size(); // nobody will ask any more
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) {
        thread.join();
    }
}

std::unique_ptr<Replay> ReplayThreads::make_replay() {
    return std::make_unique<Replay>(rules_, zone_, examples_, [this](std::uint64_t set) {
        const std::scoped_lock lock(groups_mutex_);
        const auto found = known_groups_.find(set);
        return found == known_groups_.end() ? std::nullopt : found->second;
    });
}

/// Where they are asked for is no place for several threads.
void ReplayThreads::learn_groups(std::uint64_t set) {
    if (set == 0 || !groups_) {
        return;
    }
    {
        const std::scoped_lock lock(groups_mutex_);
        if (known_groups_.contains(set)) {
            return;
        }
    }
    auto sids = groups_(set);
    const std::scoped_lock lock(groups_mutex_);
    known_groups_.emplace(set, std::move(sids));
}

void ReplayThreads::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return ended_ || taken_ < batches_.size(); });
        if (taken_ == batches_.size()) {
            return;
        }
        Batch& batch = *batches_[taken_++];
        lock.unlock();
        std::exception_ptr failure;
        try {
            batch.replay = make_replay();
            for (const Operation& operation : batch.operations) {
                batch.replay->add(operation);
            }
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        failure_ = failure_ ? failure_ : failure;
        batch.done = true;
        changed_.notify_all();
    }
}

void ReplayThreads::put_together(std::unique_lock<std::mutex>& lock) {
    while (!batches_.empty() && batches_.front()->done) {
        const std::unique_ptr<Batch> batch = std::move(batches_.front());
        batches_.pop_front();
        --taken_;
        if (failure_) {
            std::rethrow_exception(failure_);
        }
        lock.unlock();
        total_->append(*batch->replay);
        lock.lock();
    }
}

void ReplayThreads::hand_over() {
    std::unique_lock lock(mutex_);
    batches_.push_back(std::exchange(next_, std::make_unique<Batch>()));
    changed_.notify_all();
    put_together(lock);
    while (batches_.size() > most_waiting_) {
        changed_.wait(lock, [this] { return batches_.front()->done; });
        put_together(lock);
    }
}

void ReplayThreads::add(const Operation& operation) {
    learn_groups(operation.identity.group_set);
    next_->operations.push_back(operation);
    if (next_->operations.size() == batch_size) {
        hand_over();
    }
}

const Replay& ReplayThreads::finish() {
    hand_over();
    std::unique_lock lock(mutex_);
    while (!batches_.empty()) {
        changed_.wait(lock, [this] { return batches_.front()->done; });
        put_together(lock);
    }
    return *total_;
}

} // namespace maptrail
