#include "service/store/chain_beginning.hpp"

#include "service/store/chain_writer.hpp"
#include "service/store/database.hpp"
#include "service/store/statement.hpp"
#include "service/text/hex.hpp"

#include <nlohmann/json.hpp>

namespace maptrail {

std::string beginning_text(const ChainBeginning& beginning) {
    return nlohmann::ordered_json{{"after", beginning.after.number},
                                  {"hash", hex_bytes(beginning.after.hash)},
                                  {"unproved", beginning.unproved_up_to}}
        .dump();
}

std::optional<ChainBeginning> beginning_of_text(std::string_view text) {
    ChainBeginning beginning;
    try {
        const nlohmann::json json = nlohmann::json::parse(text);
        json.at("after").get_to(beginning.after.number);
        json.at("unproved").get_to(beginning.unproved_up_to);
        if (read_hex(json.at("hash").get_ref<const std::string&>(), beginning.after.hash)) {
            return beginning;
        }
    } catch (const nlohmann::json::exception&) { // told by the answer
    }
    return std::nullopt;
}

std::optional<ChainBeginning> read_beginning(Database& database) {
    Statement newest(database, "SELECT note FROM seal WHERE operation = ? ORDER BY number DESC LIMIT 1",
                     Statement::Life::once);
    newest.bind(1, note::beginning);
    return newest.step() ? beginning_of_text(newest.text(0)) : std::nullopt;
}

void tell_first_beginning(Database& database) {
    ChainBeginning beginning;
    std::int64_t time = 0; // of a new database nothing was cut off
    {
        Statement all(database, "SELECT name, value FROM meta", Statement::Life::once);
        while (all.step()) {
            const std::string_view name = all.text(0);
            if (name == "stump") {
                beginning.after.number = all.bits(1);
            } else if (name == "stump_hash") {
                beginning.after.hash = hash_in(all, 1);
            } else if (name == "stump_time") {
                time = all.integer(1);
            } else if (name == "sealed_from") {
                beginning.unproved_up_to = all.integer(1);
            }
        }
    }
    ChainWriter writer(database);
    if (read_head(database).number == 0) {
        writer.go_on_after(beginning.after);
    }
    writer.append_note(note::beginning, time, beginning_text(beginning));
    database.execute("DELETE FROM meta WHERE name IN ('stump', 'stump_hash', 'stump_time', 'sealed_from')");
}

} // namespace maptrail
