#include "service/cli/backup_command.hpp"

#include "service/cli/files.hpp"
#include "service/cli/progress.hpp"
#include "service/cli/rules_words.hpp"
#include "service/store/backup.hpp"
#include "service/store/database.hpp"
#include "service/store/store.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace maptrail {
namespace {

constexpr const char* backup_notes = R"(Examples:
  maptrail backup E:\backup\history.db           of this machine, while the service runs; as an administrator
  maptrail history --db E:\backup\history.db     asks the copy
  maptrail verify --db E:\backup\history.db --head NUMBER:HASH

The copy is the history as it is when the command begins, in one file. It tells the head of its chain, which proves
later that the copy is the one that was made, if it is kept elsewhere.
Exit code: 0 copied, 1 not copied, 2 usage.)";

void remove_quietly(const std::filesystem::path& file) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
}

/// Of the database that was replaced: SQLite would write them into the new one.
void remove_old_logs(const std::filesystem::path& target) {
    for (const char* const suffix : {"-wal", "-shm", "-journal"}) {
        std::filesystem::path file = target;
        file += suffix;
        std::error_code error;
        if (std::filesystem::remove(file, error); error) {
            throw Failed("cannot remove " + utf8_path(file) + ": " + error.message() +
                         ". It is of the database that was there before: remove it before you open the copy.");
        }
    }
}

} // namespace

void add_backup_options(CLI::App& command, BackupOptions& options) {
    command.add_option("FILE", options.file, "The copy")->type_name("")->required();
    command.add_option("--db", options.database, "Copy this database; not the service's")->type_name("FILE");
    command.add_flag("--force", options.force, "Replace FILE if it is there");
    command.footer(backup_notes);
}

ExitCode run_backup(const BackupOptions& options, Environment& environment) {
    const std::filesystem::path target = path_of_utf8(options.file);
    std::error_code error;
    if (!options.force && std::filesystem::exists(target, error)) {
        throw CannotDo(options.file + " is there already. Name another file, or add --force to replace it.");
    }
    const auto source = history_file(options.database, environment);
    if (!source) {
        return ExitCode::usage;
    }
    if (std::filesystem::equivalent(*source, target, error)) {
        throw CannotDo(options.file + " is the history itself. Name another file.");
    }
    std::filesystem::path beside = target;
    beside += ".new";
    remove_quietly(beside); // of one that was interrupted
    ProgressLine progress(environment);
    try {
        const Backup made = back_up_history(*source, beside, [&](std::uint64_t done, std::uint64_t total) {
            progress.say(size_text(done) + " of " + size_text(total));
            return environment.wait(std::chrono::milliseconds(0));
        });
        progress.clear();
        std::filesystem::rename(beside, target, error);
        if (error) {
            remove_quietly(beside);
            throw Failed("cannot write " + options.file + ": " + error.message() + ". Does a program have it open?");
        }
        remove_old_logs(target);
        (void)environment.write_out(counted(made.operations, "operation") + ", " + size_text(made.bytes) +
                                    ", copied to " + options.file + "\n" +
                                    (made.head.number != 0 ? "Head: " + head_text(made.head) + "\n" : std::string()));
        return ExitCode::ok;
    } catch (const StoreError& failure) {
        progress.clear();
        environment.write_error(history_failure(failure, options.database.has_value()));
        return ExitCode::nothing;
    }
}

} // namespace maptrail
