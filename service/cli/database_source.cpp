#include "service/cli/database_source.hpp"

#include "service/store/store.hpp"

#include <filesystem>
#include <system_error>

namespace maptrail {
namespace {

class DatabaseSource final : public HistorySource {
public:
    explicit DatabaseSource(std::unique_ptr<Store> store) : store_(std::move(store)) {}

    void find(const Query& query, const std::function<bool(const Operation&)>& row) override {
        try {
            store_->find(query, row);
        } catch (const StoreError& error) {
            throw CannotDo(error.what());
        }
    }

private:
    std::unique_ptr<Store> store_;
};

} // namespace

std::unique_ptr<HistorySource> open_database_source(const std::string& utf8_file) {
    const std::filesystem::path file(std::u8string(utf8_file.begin(), utf8_file.end()));
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) {
        throw CannotDo("--db: there is no file " + utf8_file +
                       ". Give a copy of history.db; its history.db-wal belongs beside it if there is one.");
    }
    try {
        return std::make_unique<DatabaseSource>(open_store(file, StoreMode::read_only, [] { return 0; }, {}));
    } catch (const StoreError& failure) {
        throw CannotDo("--db: " + std::string(failure.what()));
    }
}

} // namespace maptrail
