#include "service/store/open_or_replace.hpp"

#include "service/text/utf.hpp"

#include <system_error>
#include <utility>
#include <vector>

namespace maptrail {

namespace {

/// "history.db" to "history.db.damaged-<seconds since 1970>", with what SQLite keeps beside it: a -wal file that stayed
/// behind would be taken for the new database's.
std::filesystem::path move_aside(const std::filesystem::path& file, std::int64_t now) {
    constexpr std::int64_t second = 1'000'000'000;
    std::filesystem::path target;
    for (std::int64_t number = now / second;; ++number) {
        target = file;
        target += ".damaged-" + std::to_string(number);
        if (!std::filesystem::exists(target)) {
            break;
        }
    }
    std::vector<std::pair<std::filesystem::path, std::filesystem::path>> moved;
    try {
        for (const char* suffix : {"-wal", "-shm", ""}) {
            std::filesystem::path from = file;
            from += suffix;
            std::filesystem::path to = target;
            to += suffix;
            if (std::filesystem::exists(from)) {
                std::filesystem::rename(from, to);
                moved.emplace_back(std::move(from), std::move(to));
            }
        }
    } catch (const std::filesystem::filesystem_error&) {
        // The -wal file may hold most of what can be saved: it must not be parted from a database that stays.
        for (const auto& [from, to] : moved) {
            std::error_code ignored; // what is reported is why the move failed
            std::filesystem::rename(to, from, ignored);
        }
        throw;
    }
    return target;
}

} // namespace

std::unique_ptr<Store> open_or_replace_store(const std::filesystem::path& file, Clock clock, std::string host,
                                             const std::function<void(const std::string&)>& report) {
    try {
        return open_store(file, StoreMode::read_write, clock, host);
    } catch (const StoreDamaged& damage) {
        try {
            const std::filesystem::path aside = move_aside(file, clock());
            report(std::string(damage.what()) + "; it was moved aside to " + to_utf8(aside.u16string()) +
                   " and a new history begins");
        } catch (const std::filesystem::filesystem_error& error) {
            throw StoreError(std::string(damage.what()) + "; and it can't be moved aside: " + error.what());
        }
    }
    return open_store(file, StoreMode::read_write, std::move(clock), std::move(host));
}

} // namespace maptrail
