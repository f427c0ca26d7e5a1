#include "service/cli/cursor.hpp"

#include "service/cli/environment.hpp"
#include "service/cli/usage_error.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <system_error>

namespace maptrail {
namespace {

constexpr std::string_view cursor_version = "v=1";
constexpr std::size_t longest_cursor = 128;

/// Takes what is before the next semicolon off the front.
std::string_view take_part(std::string_view& text) {
    const std::string_view part = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return part;
}

template <typename Number>
bool read_part(std::string_view part, std::string_view name, int base, Number& value) {
    if (!part.starts_with(name)) {
        return false;
    }
    part.remove_prefix(name.size());
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value, base);
    return error == std::errc() && end == part.data() + part.size() && !part.empty();
}

std::filesystem::path file_path(const std::string& utf8) {
    return {std::u8string(utf8.begin(), utf8.end())};
}

/// Nothing if there is no file, or nothing in it.
std::optional<std::string> read_cursor_file(const std::string& utf8_file) {
    const std::filesystem::path file = file_path(utf8_file);
    std::error_code error;
    if (!std::filesystem::exists(file, error)) {
        return std::nullopt;
    }
    std::ifstream in(file, std::ios::binary);
    std::string text(longest_cursor + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in.is_open() || in.bad()) {
        throw CannotDo("--cursor-file: " + utf8_file + " cannot be read.");
    }
    text.resize(static_cast<std::size_t>(in.gcount()));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
        text.pop_back();
    }
    return text.empty() ? std::nullopt : std::optional(text);
}

Place known_place(const std::string& option, const std::string& text) {
    const auto place = place_of_cursor(text);
    if (!place) {
        throw CursorError(ExitCode::bad_cursor, option + ": \"" + text.substr(0, longest_cursor) +
                                                    "\" is no cursor. --show-cursor tells one.");
    }
    return *place;
}

} // namespace

std::string cursor_text(const Place& place) {
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "v=1;h=%016llx;n=%lld", static_cast<unsigned long long>(place.history),
                  static_cast<long long>(place.number));
    return buffer.data();
}

std::optional<Place> place_of_cursor(std::string_view text) {
    Place place;
    if (text.size() > longest_cursor || text.ends_with(';') || take_part(text) != cursor_version ||
        !read_part(take_part(text), "h=", 16, place.history) || !read_part(take_part(text), "n=", 10, place.number) ||
        !text.empty() || place.number < 0 || place.number == std::numeric_limits<std::int64_t>::max()) {
        return std::nullopt;
    }
    return place;
}

bool uses_cursor(const HistoryOptions& options) {
    return options.cursor || options.after_cursor || options.cursor_file || options.show_cursor;
}

std::optional<Place> first_place(const HistoryOptions& options) {
    if (int{options.cursor.has_value()} + int{options.after_cursor.has_value()} + int{options.cursor_file.has_value()} >
        1) {
        throw UsageError("--cursor, --after-cursor and --cursor-file each say where to begin: give one of them.");
    }
    if (options.cursor) {
        Place place = known_place("--cursor", *options.cursor);
        place.number = std::max<std::int64_t>(place.number, 1);
        return place;
    }
    std::optional<Place> seen;
    if (options.after_cursor) {
        seen = known_place("--after-cursor", *options.after_cursor);
    } else if (options.cursor_file) {
        if (const auto text = read_cursor_file(*options.cursor_file)) {
            seen = known_place("--cursor-file", *text);
        }
    }
    if (seen) {
        ++seen->number;
    }
    return seen;
}

void check_reached(const Reached& reached) {
    switch (reached.problem) {
    case PlaceProblem::none:
        break;
    case PlaceProblem::foreign:
        throw CursorError(ExitCode::bad_cursor,
                          "The cursor is not of this history: it is of another machine's or of one that was replaced. "
                          "Begin without it.");
    case PlaceProblem::expired:
        throw CursorError(ExitCode::cursor_expired,
                          "The cursor has expired: operations after it are older than the retention and were deleted. "
                          "Begin without it, or with --since.");
    }
    if (reached.place.history == 0) {
        throw Unreachable("The service tells no cursor; are both of one version?");
    }
}

void write_cursor_file(const std::string& utf8_file, const Place& place) {
    const std::filesystem::path file = file_path(utf8_file);
    std::filesystem::path fresh = file;
    fresh += ".new";
    std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
    out << cursor_text(place) << '\n';
    out.close();
    std::error_code error;
    if (out) {
        std::filesystem::rename(fresh, file, error);
    }
    if (!out || error) {
        throw CannotDo("--cursor-file: " + utf8_file + " cannot be written" +
                       (error ? ": " + error.message() : std::string()) + ".");
    }
}

} // namespace maptrail
