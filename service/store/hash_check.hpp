// Computes hashes beside the thread that reads the database.
#pragma once

#include "service/store/chain.hpp"
#include "service/store/findings.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace maptrail {

/// One entry as it is stored, and what its hashes are to be compared with.
struct StoredEntry {
    ChainEntry entry;
    Sha256 hash{};
    std::optional<Sha256> previous; ///< the hash of the entry before; none where that is missing
    std::size_t content_size = 0;   ///< of the bytes that `entry.content` is the hash of
    bool has_content = false;       ///< those bytes are known
};

/// One thread calls it.
class HashCheck {
public:
    explicit HashCheck(unsigned threads);
    HashCheck(const HashCheck&) = delete;
    HashCheck& operator=(const HashCheck&) = delete;
    ~HashCheck();

    /// The content's bytes, which belong to the next entry that is added.
    [[nodiscard]] std::string& content() { return next_.content; }

    /// Waits while much is not computed yet. Throws what a thread met with.
    void add(const StoredEntry& entry);

    /// To be called once, after the last. Throws what a thread met with.
    [[nodiscard]] Findings& finish();

    /// Of the thread that calls it; finish() has those of the others too.
    [[nodiscard]] Findings& findings() { return findings_; }

private:
    struct Batch {
        std::vector<StoredEntry> entries;
        std::string content;
    };

    void work();
    void hand_over();
    static void check(const Batch& batch, Sha256Hasher& hasher, std::vector<Finding>& found);
    void add_found(std::vector<Finding>& found);

    Batch next_;
    Findings findings_;

    std::mutex mutex_; ///< of what follows
    std::condition_variable changed_;
    std::deque<Batch> batches_;
    std::vector<Batch> spare_; ///< to be filled again
    std::vector<Finding> found_;
    std::size_t under_way_ = 0;
    bool ended_ = false;
    std::exception_ptr failure_;
    std::vector<std::thread> threads_;
};

} // namespace maptrail
