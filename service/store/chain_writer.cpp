#include "service/store/chain_writer.hpp"

#include "service/store/database.hpp"

#include <span>

namespace maptrail {

ChainWriter::ChainWriter(Database& database)
    : database_(database),
      add_(database, "INSERT INTO seal (number, operation, time, content, hash, note) VALUES (?, ?, ?, ?, ?, ?)") {}

bool ChainWriter::begin() {
    const ChainHead there = read_head(database_);
    if (!committed_) {
        committed_ = there;
    }
    const bool is_mine = *committed_ == there;
    // Behind entries that somebody added the chain can only go on. What he took away leaves a gap. Until a commit they
    // count as not told of: the note goes with its transaction.
    head_ = there.number > committed_->number ? there : committed_;
    return is_mine;
}

void ChainWriter::append(std::int64_t operation, std::int64_t time, const Sha256& content) {
    add(operation, time, content, {});
}

void ChainWriter::append_note(std::int64_t kind, std::int64_t time, std::string_view text) {
    add(kind, time, hasher_(text), text);
}

void ChainWriter::add(std::int64_t operation, std::int64_t time, const Sha256& content, std::string_view text) {
    if (!head_) {
        head_ = read_head(database_);
    }
    const ChainEntry entry{head_->number + 1, operation, time, content};
    const ChainHead next{entry.number, link_hash(hasher_, entry, head_->hash)};
    add_.bind_bits(1, entry.number);
    add_.bind(2, operation);
    add_.bind(3, time);
    add_.bind(4, std::span<const std::uint8_t>(entry.content));
    add_.bind(5, std::span<const std::uint8_t>(next.hash));
    if (text.empty()) {
        add_.bind_null(6);
    } else {
        add_.bind(6, text);
    }
    add_.run();
    head_ = next;
}

} // namespace maptrail
