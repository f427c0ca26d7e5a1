// BEGIN to COMMIT; rolled back when it goes out of scope before.
#pragma once

#include "service/store/database.hpp"

namespace maptrail {

class Transaction {
public:
    /// Takes the write lock at once, so that a later statement cannot fail for the want of it.
    explicit Transaction(Database& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    ~Transaction() {
        // SQLite rolls back by itself on some errors, a full disk for one.
        if (!done_ && sqlite3_get_autocommit(database_.handle()) == 0) {
            (void)sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
        }
    }

    void commit() {
        database_.execute("COMMIT");
        done_ = true;
    }

private:
    Database& database_;
    bool done_ = false;
};

} // namespace maptrail
