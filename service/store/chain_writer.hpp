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

    /// Of an operation, with its row's hash.
    void append(std::int64_t operation, std::int64_t time, const Sha256& content);

    /// See namespace note.
    void append_note(std::int64_t kind, std::int64_t time, std::string_view text);

    /// The next entry comes after that one, which is not in the database.
    void go_on_after(const ChainHead& head) { head_ = head; }

    /// To be called before the last entries are deleted, after which it goes on.
    void keep_head();

    /// To be called when a transaction failed, or others may have written.
    void forget_cache() { head_.reset(); }

private:
    void add(std::int64_t operation, std::int64_t time, const Sha256& content, std::string_view text);

    Database& database_;
    Sha256Hasher hasher_;
    Statement add_;
    std::optional<ChainHead> head_; ///< kept, so that entries which somebody else takes away leave a gap
};

} // namespace maptrail
