#include "service/cli/database_source.hpp"

#include "service/store/store.hpp"

#include <filesystem>
#include <system_error>
#include <type_traits>

namespace maptrail {
namespace {

class DatabaseSource final : public HistorySource {
public:
    explicit DatabaseSource(std::unique_ptr<Store> store) : store_(std::move(store)) {}

    Reached find(const Query& query, const std::function<bool(const Operation&)>& row) override {
        return ask([&] { return store_->find(query, row); });
    }

    std::optional<std::vector<std::string>> groups_of(std::uint64_t set) override {
        return ask([&] { return store_->groups_of(set); });
    }

    std::optional<std::string> config_of(std::uint64_t version) override {
        return ask([&] { return store_->config_of(version); });
    }

private:
    template <class Question>
    static std::invoke_result_t<const Question&> ask(const Question& question) {
        try {
            return question();
        } catch (const StoreError& error) {
            throw CannotDo(error.what());
        }
    }

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
