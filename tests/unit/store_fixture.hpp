// A store in a folder of its own, a clock that a test sets, and notifications to feed it.
#pragma once

#include "service/store/database.hpp"
#include "service/store/store.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace maptrail::test {

inline constexpr std::int64_t second = 1'000'000'000;
inline constexpr std::int64_t base_time = 1'700'000'000 * second;

class TemporaryFolder {
public:
    TemporaryFolder()
        : path_(std::filesystem::temp_directory_path() /
                std::filesystem::path(u8"maptrail-\u00e9\u4f60-" + random_name())) {
        std::filesystem::create_directories(path_);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored; // nothing to be done about a folder that will not go
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    static std::u8string random_name() {
        std::random_device device;
        const std::string digits = std::to_string(device()) + std::to_string(device());
        return {digits.begin(), digits.end()};
    }
    std::filesystem::path path_;
};

/// A before-call that maps Z:; change what the test is about.
inline Notification connect(std::uint64_t number, std::int64_t time = base_time) {
    Notification n;
    n.producer.fill(7);
    n.sequence = number * 2 - 1;
    n.operation = number;
    n.time = time;
    n.ticks = 1000 + number * 100;
    n.flags = 4;
    n.resource_type = 1;
    n.local_name = "Z:";
    n.remote_name = R"(\\server\share)";
    n.identity.user_sid = "S-1-5-21-1-2-3-1001";
    n.identity.user_name = "user1";
    n.identity.user_domain = "CORP";
    n.identity.logon_id = 0xFFFFFFFF12345678;
    n.identity.session_id = 1;
    n.process.pid = 4242;
    n.process.started = base_time - 60 * second;
    n.process.path = R"(C:\Windows\System32\net.exe)";
    n.process.bitness = 64;
    return n;
}

inline Notification disconnect(std::uint64_t number, std::int64_t time = base_time) {
    Notification n = connect(number, time);
    n.action = Action::disconnect;
    n.flags = 0;
    n.resource_type = 0;
    n.remote_name.clear();
    return n;
}

/// The after-call to a before-call, `milliseconds` later.
inline Notification after(Notification n, std::uint32_t status = 0, std::int64_t milliseconds = 5) {
    n.phase = Phase::after;
    n.sequence += 1;
    n.status = status;
    n.time += milliseconds * 1'000'000;
    n.ticks += static_cast<std::uint64_t>(milliseconds) * 10'000;
    n.device.clear();
    return n;
}

struct StoreFixture {
    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "history.db";
    std::int64_t now = base_time;
    std::unique_ptr<Store> store;

    StoreFixture() { open(); }

    void open() {
        store = open_store(
            file, StoreMode::read_write, [this] { return now; }, "HOST");
    }

    void record(const std::vector<Notification>& batch) const { store->record(batch); }

    [[nodiscard]] std::vector<Operation> find(const Query& query = {}) const { return find_in(*store, query); }

    /// The numbers of what was found, as one text.
    [[nodiscard]] std::string ids(const Query& query) const {
        std::string text;
        for (const Operation& operation : find(query)) {
            text += std::to_string(operation.id);
        }
        return text;
    }

    [[nodiscard]] static std::vector<Operation> find_in(Store& from, const Query& query = {}) {
        std::vector<Operation> found;
        from.find(query, [&found](const Operation& operation) {
            found.push_back(operation);
            return true;
        });
        return found;
    }

    /// The only one.
    [[nodiscard]] Operation one() const {
        const auto all = find();
        if (all.size() != 1) {
            throw std::runtime_error("one operation expected, not " + std::to_string(all.size()));
        }
        return all.front();
    }

    /// Beside the store, as a test's own hand in the database.
    [[nodiscard]] Database raw() const { return Database(utf8_path(file), SQLITE_OPEN_READWRITE); }

    /// Operations of which that is so cannot be inserted: an index on an expression that overflows. The store's
    /// connection runs no triggers.
    void refuse(const std::string& condition) const {
        raw().execute(
            ("CREATE INDEX refuse ON operation (CASE WHEN " + condition + " THEN abs(-9223372036854775807 - 1) END)")
                .c_str());
    }
    void refuse_nothing() const { raw().execute("DROP INDEX refuse"); }
};

} // namespace maptrail::test
