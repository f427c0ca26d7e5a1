// Operations that other histories have, as `maptrail export` writes them, into a database for questions.
#pragma once

#include "common/model/operation.hpp"
#include "service/store/store.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace maptrail {

struct ImportCounts {
    std::uint64_t added = 0;
    std::uint64_t completed = 0; ///< were there without their end
    std::uint64_t known = 0;     ///< were there already
};

/// What is imported is told apart by the notifications that it is made of, or, where those are not told, by its
/// content; so the same operation may come as often as it likes. One thread.
class HistoryImport {
public:
    /// Makes the database if there is none. Throws StoreError.
    HistoryImport(const std::filesystem::path& file, Clock clock);
    HistoryImport(const HistoryImport&) = delete;
    HistoryImport& operator=(const HistoryImport&) = delete;
    ~HistoryImport();

    /// All of them or, with a StoreError, none.
    void add(std::span<const Operation> operations);

    [[nodiscard]] const ImportCounts& counts() const { return counts_; }

private:
    struct Tables;

    std::filesystem::path file_;
    Clock clock_;
    std::unique_ptr<Database> database_;
    std::unique_ptr<Tables> tables_;
    ImportCounts counts_;
    bool damaged_ = false;
};

} // namespace maptrail
