// Appends entries to the chain.
#pragma once

#include "service/store/chain.hpp"
#include "service/store/statement.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace maptrail {

/// Within a transaction of its caller's.
class ChainWriter {
public:
    explicit ChainWriter(Database& database);

    /// To be called when a transaction begins. False: the last entry is not the one that this wrote last.
    [[nodiscard]] bool begin();

    /// To be called when it was committed, or failed.
    void committed() { committed_ = head_; }
    void rolled_back() { head_ = committed_; }

    /// Of an operation, with its row's hash.
    void append(std::int64_t operation, std::int64_t time, const Sha256& content);

    /// See namespace note.
    void append_note(std::int64_t kind, std::int64_t time, std::string_view text);

    /// The next entry comes after that one, which is not in the database.
    void go_on_after(const ChainHead& head) { head_ = head; }

    /// Others may have written.
    void forget() {
        head_.reset();
        committed_.reset();
    }

private:
    void add(std::int64_t operation, std::int64_t time, const Sha256& content, std::string_view text);

    Database& database_;
    Sha256Hasher hasher_;
    Statement add_;
    std::optional<ChainHead> head_;      ///< kept, so that entries which somebody else takes away leave a gap
    std::optional<ChainHead> committed_; ///< the same, as of the last commit
};

} // namespace maptrail
