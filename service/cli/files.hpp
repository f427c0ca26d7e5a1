// Files that commands read and write.
#pragma once

#include "service/cli/environment.hpp"
#include "service/store/store.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace maptrail {

[[nodiscard]] std::filesystem::path path_of_utf8(const std::string& text);

/// The database file that `--db` names; else the running service's; else where its configuration says that it will be.
/// Nothing if that has a mistake, which is then told.
[[nodiscard]] std::optional<std::filesystem::path> history_file(const std::optional<std::string>& named,
                                                                Environment& environment);

/// What of the history's file went wrong, as a user reads it. `named`: by `--db`.
[[nodiscard]] std::string history_failure(const StoreError& error, bool named);

/// A file is written beside its name first and then renamed: whoever opens it sees all of it, and a failure leaves what
/// was there.
class NewFile {
public:
    /// Throws CannotDo.
    explicit NewFile(std::filesystem::path file);
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile();

    /// Both throw CannotDo.
    void write(std::string_view text);
    void finish();

private:
    [[noreturn]] void fail();

    std::filesystem::path file_;
    std::filesystem::path beside_;
    std::ofstream out_;
};

/// "812.3 MiB"
[[nodiscard]] std::string size_text(std::uint64_t bytes);

} // namespace maptrail
