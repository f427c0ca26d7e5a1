#include "service/store/verify.hpp"

#include "service/store/chain_walk.hpp"
#include "service/store/open.hpp"
#include "service/store/schema.hpp"

namespace maptrail {

Verification verify_history(const std::filesystem::path& file, const std::optional<ChainHead>& kept_head,
                            const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    const auto database = open_for_reading(file, migrations());
    try {
        // All that is read is of one moment: what is recorded meanwhile would not fit the entries that were read
        // before.
        database->execute("BEGIN");
        Verification result = ChainWalk(*database, kept_head, progress).run();
        database->execute("COMMIT");
        return result;
    } catch (const SqliteError& error) {
        throw_described(file, error);
    }
}

} // namespace maptrail
