#include "service/store/schema.hpp"

#include "service/store/chain_beginning.hpp"
#include "service/store/statement.hpp"
#include "service/store/transaction.hpp"
#include "service/text/utf.hpp"

#include <maptrail_version.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string>
#include <utility>

namespace maptrail {
namespace {

// Times are nanoseconds since 1970, UTC. Numbers without a sign keep their 64 bits. local_key is the folded local name
// without its colon. half: 0 both notifications are there, 1 the one after is missing, 2 the one before. ticks are
// those of the half that is there. remote_from, outcome and the like are the numbers of the model's enumerations.
//
// operation_mapped and operation_inferred answer where a drive letter pointed; the other partial indexes hold only what
// is unfinished, so they stay small.
constexpr const char* version_1 = R"sql(
CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE producer (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE frame (
    producer INTEGER NOT NULL REFERENCES producer (id),
    sequence INTEGER NOT NULL,
    PRIMARY KEY (producer, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE operation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    producer INTEGER NOT NULL,
    number INTEGER NOT NULL,
    before_sequence INTEGER,
    after_sequence INTEGER,
    half INTEGER NOT NULL,
    ticks INTEGER NOT NULL,
    recorded_time INTEGER NOT NULL,
    action INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    start_time INTEGER NOT NULL,
    end_time INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    error INTEGER NOT NULL,
    reason TEXT NOT NULL,
    local_name TEXT NOT NULL,
    local_key TEXT NOT NULL,
    remote_name TEXT NOT NULL,
    remote_from INTEGER NOT NULL,
    resource_type INTEGER NOT NULL,
    provider TEXT NOT NULL,
    flags INTEGER NOT NULL,
    forced INTEGER NOT NULL,
    truncated INTEGER NOT NULL,
    user_sid TEXT NOT NULL,
    user_name TEXT NOT NULL,
    user_domain TEXT NOT NULL,
    logon_id INTEGER NOT NULL,
    session_id INTEGER NOT NULL,
    integrity INTEGER NOT NULL,
    elevated INTEGER NOT NULL,
    pid INTEGER NOT NULL,
    process_started INTEGER NOT NULL,
    process_path TEXT NOT NULL,
    bitness INTEGER NOT NULL,
    source INTEGER NOT NULL,
    decision INTEGER NOT NULL,
    host TEXT NOT NULL
) STRICT;

CREATE INDEX operation_start ON operation (start_time);
CREATE INDEX operation_user ON operation (user_sid, start_time);
CREATE INDEX operation_half ON operation (producer, number, half) WHERE half <> 0;
CREATE INDEX operation_pending ON operation (start_time) WHERE outcome = 0;
CREATE INDEX operation_mapped ON operation (logon_id, local_key, user_sid, start_time)
    WHERE outcome = 1 AND local_key <> '';
CREATE INDEX operation_inferred ON operation (logon_id, local_key, user_sid, start_time)
    WHERE action = 2 AND remote_from IN (0, 3) AND local_key <> '';
)sql";

// Which numbers of a producer are accounted for: `highest` was seen; up to `checked` each is in the history, or in it
// as lost. highest = stored + quarantined + lost once they are equal. `told`: missing frames that other losses than
// gaps tell of; `quarantined`: how many missing numbers that explains. Of what came before this version nothing is
// known to be missing. loss_kind and what follows is of rows with action 3 alone.
constexpr const char* version_2 = R"sql(
ALTER TABLE producer ADD COLUMN highest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE producer ADD COLUMN checked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE producer ADD COLUMN stored INTEGER NOT NULL DEFAULT 0;
ALTER TABLE producer ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
ALTER TABLE producer ADD COLUMN quarantined INTEGER NOT NULL DEFAULT 0;
ALTER TABLE producer ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;
UPDATE producer SET highest = (SELECT coalesce(max(sequence), 0) FROM frame
    WHERE frame.producer = producer.id AND sequence BETWEEN 1 AND 1000000000);
UPDATE producer SET checked = highest, stored = highest;
INSERT INTO meta (name, value) SELECT 'sent', value FROM meta WHERE name = 'notifications';

ALTER TABLE operation ADD COLUMN loss_kind INTEGER;
ALTER TABLE operation ADD COLUMN loss_count INTEGER;
ALTER TABLE operation ADD COLUMN loss_first INTEGER;
ALTER TABLE operation ADD COLUMN loss_last INTEGER;
ALTER TABLE operation ADD COLUMN loss_producer TEXT;
ALTER TABLE operation ADD COLUMN loss_id TEXT;

CREATE INDEX producer_unsettled ON producer (id) WHERE highest > checked;
CREATE INDEX operation_sequence ON operation (producer, before_sequence);
CREATE INDEX operation_gap ON operation (producer, loss_first) WHERE loss_kind = 1;
CREATE UNIQUE INDEX operation_loss ON operation (loss_id) WHERE loss_id IS NOT NULL;
)sql";

// rules: what matched, as JSON, empty if nothing did. denied_status: what the caller was told, or with decision 1
// (allow) would have been; 0 without a denial. config_before, config_after: whose judgement it is, see config. dropped:
// of operations that a rule kept out of the history, so that their frames are known and the second half is not stored.
constexpr const char* version_3 = R"sql(
ALTER TABLE operation ADD COLUMN rules TEXT NOT NULL DEFAULT '';
ALTER TABLE operation ADD COLUMN rules_more INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operation ADD COLUMN denied_status INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operation ADD COLUMN config_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operation ADD COLUMN config_after INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operation ADD COLUMN session_type INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operation ADD COLUMN group_set INTEGER NOT NULL DEFAULT 0;
UPDATE operation SET denied_status = error WHERE decision = 2;

CREATE TABLE config (
    version INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL,
    first_time INTEGER NOT NULL,
    content TEXT NOT NULL
) STRICT;

CREATE TABLE group_set (
    id INTEGER PRIMARY KEY,
    sids TEXT NOT NULL
) STRICT;

CREATE TABLE dropped (
    producer INTEGER NOT NULL,
    number INTEGER NOT NULL,
    action INTEGER NOT NULL,
    recorded_time INTEGER NOT NULL,
    before_sequence INTEGER,
    after_sequence INTEGER,
    PRIMARY KEY (producer, number, action)
) STRICT, WITHOUT ROWID;
CREATE INDEX dropped_time ON dropped (recorded_time);
)sql";

// ended: the place in the order of ending, 0 of what has not ended. The last one given is kept in meta, so that none is
// given twice; so is the last that retention deleted. history: names this database in cursors.
constexpr const char* version_4 = R"sql(
ALTER TABLE operation ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
UPDATE operation SET ended = id WHERE outcome <> 0;
CREATE INDEX operation_ended ON operation (ended) WHERE ended <> 0;
INSERT INTO meta (name, value)
    SELECT 'ended', coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'operation';
INSERT INTO meta (name, value) VALUES ('history', random());
)sql";

// seal: the chain, see chain.hpp. removed: the ids that were deleted, as JSON, in an entry of operation 0. What is in
// the history before this step has no entry: sealed_from is the last such id.
constexpr const char* version_5 = R"sql(
CREATE TABLE seal (
    number INTEGER PRIMARY KEY,
    operation INTEGER NOT NULL,
    time INTEGER NOT NULL,
    content BLOB NOT NULL,
    hash BLOB NOT NULL,
    removed TEXT
) STRICT;
INSERT INTO meta (name, value) SELECT 'sealed_from', coalesce(max(id), 0) FROM operation;
)sql";

// note: what the removals were, and of the other entries without an operation, see chain.hpp. What meta kept of the
// chain goes into an entry of its own. seal_operation finds the latest entry of an operation, operation_local what
// became of a drive, also one that was hardly ever there.
constexpr const char* version_6 = R"sql(
ALTER TABLE seal RENAME COLUMN removed TO note;
CREATE INDEX seal_operation ON seal (operation);
CREATE INDEX operation_local ON operation (local_key, start_time);
)sql";

constexpr std::array<Migration, 6> steps_to_now{{{1, version_1},
                                                 {2, version_2},
                                                 {3, version_3},
                                                 {4, version_4},
                                                 {5, version_5},
                                                 {6, version_6, tell_first_beginning}}};

} // namespace

std::span<const Migration> migrations() {
    return steps_to_now;
}

std::int64_t version_of(std::span<const Migration> steps) {
    return steps.empty() ? 0 : steps.back().to;
}

std::int64_t check_schema(Database& database, std::span<const Migration> steps) {
    const std::int64_t version = database.integer("PRAGMA user_version");
    const bool ours = database.integer("PRAGMA application_id") == application_id;
    if (!ours && (version != 0 || database.integer("SELECT count(*) FROM sqlite_schema") != 0)) {
        throw StoreError("it is a SQLite database of another program; name another file");
    }
    if (version > version_of(steps)) {
        const std::string writer = database.text("SELECT value FROM meta WHERE name = 'schema_writer'");
        throw StoreError("it was written by MapTrail " + (writer.empty() ? "of a later version" : writer) +
                         " (schema " + std::to_string(version) +
                         "), and this is MapTrail " MAPTRAIL_VERSION " (schema " + std::to_string(version_of(steps)) +
                         "); install that version or a later one, or name another file");
    }
    return version;
}

std::vector<std::string> foreign_parts(Database& database, std::span<const Migration> steps) {
    const auto parts = [](Database& of) {
        std::multiset<std::pair<std::string, std::string>> found; // a trigger may have the name of a table
        Statement all(of, "SELECT name, type || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema",
                      Statement::Life::once);
        while (all.step()) {
            found.emplace(all.text(0), all.text(1));
        }
        return found;
    };
    Database made(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    migrate(made, steps);
    const auto expected = parts(made);
    const auto there = parts(database);
    std::vector<std::pair<std::string, std::string>> different;
    std::ranges::set_symmetric_difference(expected, there, std::back_inserter(different));
    std::vector<std::string> names;
    const std::string* last = nullptr;
    for (const auto& [name, is] : different) {
        if (last == nullptr || *last != name) { // of what was changed both sides are different
            last = &name;
            constexpr std::size_t longest_name = 100;
            names.push_back(valid_utf8(name.substr(0, longest_name)));
        }
    }
    return names;
}

void migrate(Database& database, std::span<const Migration> steps) {
    if (check_schema(database, steps) == version_of(steps)) {
        return;
    }
    Transaction transaction(database);
    // Asked again under the write lock: another process may have been faster.
    const std::int64_t version = check_schema(database, steps);
    for (const Migration& step : steps) {
        if (step.to > version) {
            database.execute(step.sql);
            if (step.then != nullptr) {
                step.then(database);
            }
        }
    }
    database.execute(("PRAGMA application_id = " + std::to_string(application_id)).c_str());
    database.execute(("PRAGMA user_version = " + std::to_string(version_of(steps))).c_str());
    Statement writer(database, "INSERT OR REPLACE INTO meta (name, value) VALUES ('schema_writer', ?)",
                     Statement::Life::once);
    writer.bind(1, std::string_view(MAPTRAIL_VERSION));
    writer.run();
    transaction.commit();
}

} // namespace maptrail
