#include "service/store/hash_check.hpp"

#include <system_error>
#include <utility>

namespace maptrail {
namespace {

constexpr std::size_t entries_at_once = 1'000;
constexpr std::size_t content_at_once = 4U << 20U;

Finding finding_of(Misfit misfit, const ChainEntry& entry) {
    return {misfit, entry.number, entry.operation, entry.time, {}};
}

} // namespace

HashCheck::HashCheck(unsigned threads) {
    try {
        for (unsigned i = 0; i < threads; ++i) {
            threads_.emplace_back([this] { work(); });
        }
    } catch (const std::system_error&) {
        if (threads_.empty()) {
            throw;
        } // else fewer will do
    }
}

HashCheck::~HashCheck() {
    {
        const std::scoped_lock lock(mutex_);
        ended_ = true;
        batches_.clear(); // nobody will ask any more
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) {
        thread.join();
    }
}

void HashCheck::check(const Batch& batch, Sha256Hasher& hasher, std::vector<Finding>& found) {
    std::string_view content = batch.content;
    for (const StoredEntry& stored : batch.entries) {
        const ChainEntry& entry = stored.entry;
        if (stored.previous && link_hash(hasher, entry, *stored.previous) != stored.hash) {
            found.push_back(finding_of(Misfit::entry_changed, entry));
        }
        if (stored.has_content) {
            if (hasher(content.substr(0, stored.content_size)) != entry.content) {
                const bool of_record = entry.operation > 0;
                found.push_back(finding_of(of_record ? Misfit::content_changed : Misfit::entry_changed, entry));
            }
            content.remove_prefix(stored.content_size);
        }
    }
}

void HashCheck::work() {
    std::exception_ptr failure;
    try {
        Sha256Hasher hasher;
        std::unique_lock lock(mutex_);
        for (;;) {
            changed_.wait(lock, [this] { return ended_ || !batches_.empty(); });
            if (batches_.empty()) {
                return;
            }
            Batch batch = std::move(batches_.front());
            batches_.pop_front();
            ++under_way_;
            lock.unlock();
            std::vector<Finding> found;
            check(batch, hasher, found);
            batch.entries.clear();
            batch.content.clear();
            lock.lock();
            --under_way_;
            found_.insert(found_.end(), found.begin(), found.end());
            spare_.push_back(std::move(batch));
            changed_.notify_all();
        }
    } catch (...) {
        failure = std::current_exception();
    }
    const std::scoped_lock lock(mutex_);
    failure_ = failure;
    changed_.notify_all();
}

void HashCheck::add_found(std::vector<Finding>& found) {
    for (const Finding& finding : found) {
        findings_.add(finding);
    }
    found.clear();
}

void HashCheck::hand_over() {
    std::unique_lock lock(mutex_);
    const std::size_t most_waiting = 2 * threads_.size();
    changed_.wait(lock, [&] { return failure_ || batches_.size() < most_waiting; });
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    batches_.push_back(std::move(next_));
    next_ = {};
    if (!spare_.empty()) {
        next_ = std::move(spare_.back());
        spare_.pop_back();
    }
    add_found(found_);
    changed_.notify_all();
}

void HashCheck::add(const StoredEntry& entry) {
    next_.entries.push_back(entry);
    if (next_.entries.size() >= entries_at_once || next_.content.size() >= content_at_once) {
        hand_over();
    }
}

Findings& HashCheck::finish() {
    hand_over();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return failure_ || (batches_.empty() && under_way_ == 0); });
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    add_found(found_);
    return findings_;
}

} // namespace maptrail
