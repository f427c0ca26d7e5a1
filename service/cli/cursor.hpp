// Cursors: a place in a history as text, and the file that keeps one.
#pragma once

#include "service/cli/exit_code.hpp"
#include "service/cli/history_options.hpp"
#include "service/query/place.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace maptrail {

/// A cursor that leads nowhere. The text says why and what to do.
class CursorError : public std::runtime_error {
public:
    CursorError(ExitCode code, const std::string& text) : std::runtime_error(text), code_(code) {}
    [[nodiscard]] ExitCode code() const { return code_; }

private:
    ExitCode code_;
};

/// "v=1;h=0123456789abcdef;n=42": of the operation with that place, or, with 0, before the first.
[[nodiscard]] std::string cursor_text(const Place& place);
[[nodiscard]] std::optional<Place> place_of_cursor(std::string_view text);

/// Whether an option asks for the order of ending.
[[nodiscard]] bool uses_cursor(const HistoryOptions& options);

/// Where the answer begins, as --cursor, --after-cursor or --cursor-file say. Nothing: with the first. Throws
/// UsageError, CursorError, CannotDo.
[[nodiscard]] std::optional<Place> first_place(const HistoryOptions& options);

/// Throws CursorError if the answer could not begin there.
void check_reached(const Reached& reached);

/// Replaces the file as a whole. Throws CannotDo.
void write_cursor_file(const std::string& utf8_file, const Place& place);

} // namespace maptrail
