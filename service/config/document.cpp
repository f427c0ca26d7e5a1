#include "service/config/document.hpp"

#include "service/log/one_line.hpp"
#include "service/text/utf.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace maptrail::config {
namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Where the next token starts. Between two tokens that the parser has accepted there can be nothing but this.
std::size_t skip_to_token(std::string_view text, std::size_t at) {
    while (at < text.size()) {
        if (is_space(text[at]) || text[at] == ',' || text[at] == ':') {
            ++at;
        } else if (text.substr(at, 2) == "//") {
            at = std::min(text.find_first_of("\r\n", at), text.size()); // either ends it for the parser
        } else if (text.substr(at, 2) == "/*") {
            const std::size_t end = text.find("*/", at + 2);
            at = end == std::string_view::npos ? text.size() : end + 2;
        } else {
            break;
        }
    }
    return at;
}

std::size_t token_size(std::string_view text, std::size_t at) {
    const std::size_t start = at;
    if (at < text.size() && text[at] == '"') {
        for (++at; at < text.size() && text[at] != '"'; ++at) {
            at += text[at] == '\\' ? 1 : 0;
        }
        return std::min(at + 1, text.size()) - start;
    }
    while (at < text.size() &&
           (std::string_view("+-.").find(text[at]) != std::string_view::npos || (text[at] >= '0' && text[at] <= '9') ||
            (text[at] >= 'a' && text[at] <= 'z') || (text[at] >= 'A' && text[at] <= 'Z'))) {
        ++at;
    }
    return std::max<std::size_t>(at - start, 1);
}

/// A key as a path has it: on one line, not too long.
std::string shown_key(std::string_view key) {
    constexpr std::size_t most = 60;
    return one_line(key.substr(0, most)) + (key.size() > most ? "..." : "");
}

} // namespace

/// Takes the parser's events and finds each one's token in the text, which the parser itself does not tell.
class Builder {
public:
    Builder(Document& document, std::string_view text) : document_(document), text_(text) {
        if (text_.starts_with(utf8_mark)) {
            cursor_ = utf8_mark.size();
        }
    }

    bool null() { return leaf(Node::Null{}); }
    bool boolean(bool value) { return leaf(value); }
    bool number_integer(std::int64_t value) { return leaf(value); }
    bool number_unsigned(std::uint64_t value) { return leaf(value); }
    bool number_float(double value, const std::string&) { return leaf(value); }
    bool string(std::string& value) { return leaf(std::move(value)); }
    bool binary(nlohmann::json::binary_t&) { return false; } // JSON text has none

    bool start_object(std::size_t) { return start(Node::Object{}); }
    bool start_array(std::size_t) { return start(Node::Array{}); }
    bool end_object() { return end(); }
    bool end_array() { return end(); }

    bool key(std::string& key) {
        const std::size_t offset = take().first;
        Node& object = *open_.back();
        const bool twice = std::ranges::find(object.members, key, &Member::key) != object.members.end();
        object.members.push_back({key, offset, {}});
        if (twice) {
            document_.fail(object.members.back(), "the key " + in_quotes(key) + " is there twice");
        }
        if (object.members.size() > max_keys) {
            document_.fail(object.members.back(),
                           "found more than " + std::to_string(max_keys) + " keys in one object");
        }
        return true;
    }

    bool parse_error(std::size_t position, const std::string& token, const nlohmann::json::exception& error) {
        std::string problem = error.what();
        if (const std::size_t end = problem.find("column "); end != std::string::npos) {
            problem = problem.substr(std::min(problem.find(": ", end), problem.size() - 2) + 2);
        } else if (const std::size_t id = problem.find("] "); id != std::string::npos) {
            problem = problem.substr(id + 2);
        }
        std::size_t at = std::min(position > 0 ? position - 1 : 0, text_.size());
        // A token that should not be there, or a number that is too large: its start. A token that is wrong in itself:
        // the byte where it went wrong. The parser's text of a bracket has what came before it, too.
        const bool whole = problem.find("unexpected") != std::string::npos || problem.starts_with("number overflow");
        const bool bracket = at < text_.size() && std::string_view("{}[],:").find(text_[at]) != std::string_view::npos;
        if (whole && !bracket && !token.empty() && at + 1 >= token.size() &&
            text_.substr(at + 1 - token.size(), token.size()) == token) {
            at = at + 1 - token.size();
        }
        if (problem.find("forbidden character after backslash") != std::string::npos ||
            problem.find("must be followed by 4 hex digits") != std::string::npos) {
            problem += R"(; a backslash in a path is written twice, as in "D:\\MapTrail")";
        }
        document_.fail(at, open_.empty() ? std::string() : current_path(), one_line(valid_utf8(problem)));
    }

private:
    std::pair<std::size_t, std::size_t> take() {
        const std::size_t offset = skip_to_token(text_, cursor_);
        const std::size_t size = token_size(text_, offset);
        cursor_ = offset + size;
        return {offset, size};
    }

    [[nodiscard]] std::string current_path() const {
        const Node& open = *open_.back();
        const bool awaits_value = !open.members.empty() && open.members.back().node.size == 0;
        return awaits_value ? document_.path_at(open.members.back().offset) : document_.path_of(open);
    }

    Node& place() {
        if (open_.empty()) {
            return document_.root_;
        }
        Node& parent = *open_.back();
        if (std::holds_alternative<Node::Array>(parent.value)) {
            parent.members.push_back({});
        }
        return parent.members.back().node;
    }

    template <class Value>
    bool leaf(Value value) {
        Node& node = place();
        std::tie(node.offset, node.size) = take();
        node.value = std::move(value);
        if (!open_.empty() && std::holds_alternative<Node::Array>(open_.back()->value)) {
            open_.back()->members.back().offset = node.offset;
        }
        if (++values_ > max_values) {
            document_.fail(node, "found more than " + std::to_string(max_values) + " values in all");
        }
        return true;
    }

    template <class Value>
    bool start(Value value) {
        leaf(value);
        Node& node = open_.empty() ? document_.root_ : open_.back()->members.back().node;
        if (open_.size() >= max_depth) {
            document_.fail(node, "nested too deep: more than " + std::to_string(max_depth) + " brackets in each other");
        }
        open_.push_back(&node); // members of it are added only while it is the last open one, so it stays where it is
        return true;
    }

    bool end() {
        (void)take();
        open_.pop_back();
        return true;
    }

    Document& document_;
    std::string_view text_;
    std::size_t cursor_ = 0;
    std::size_t values_ = 0;
    std::vector<Node*> open_;
};

Document::Document(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {
    const std::string_view start = text.substr(0, 4);
    if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF") || start.find('\0') != std::string_view::npos) {
        fail(0, {}, "found UTF-16 or other than text; expected JSON in UTF-8 (save it with that encoding)");
    }
    if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
        fail(zero, {}, "found a zero byte, which would end the file for the parser; expected text");
    }
    if (skip_to_token(text, text.starts_with(utf8_mark) ? utf8_mark.size() : 0) == text.size() &&
        text.find("/*") == std::string_view::npos) {
        fail(text.size(), {}, "found no content; expected a JSON object, {} at the least");
    }
    Builder builder(*this, text);
    (void)nlohmann::json::sax_parse(text, &builder, nlohmann::json::input_format_t::json, true, true);
}

void Document::fail(std::size_t offset, const std::string& path, const std::string& problem) const {
    offset = std::min(offset, text_.size());
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t at = text_.starts_with(utf8_mark) ? utf8_mark.size() : 0; at < offset; ++at) {
        if (text_[at] == '\n') {
            ++line;
            column = 1;
        } else if ((static_cast<unsigned char>(text_[at]) & 0xC0U) != 0x80U) {
            ++column;
        }
    }
    throw ConfigError(file_, line, column, path, problem);
}

void Document::fail(const Member& member, const std::string& problem) const {
    fail(member.offset, path_at(member.offset), problem);
}

void Document::fail(const Node& node, const std::string& problem) const {
    fail(node.offset, path_of(node), problem);
}

std::string Document::path_at(std::size_t offset) const {
    std::string path;
    const Node* node = &root_;
    while (true) {
        // Members lie one after the other, so the last that starts before the place is the one around it.
        const auto after = std::ranges::upper_bound(node->members, offset, {}, &Member::offset);
        if (after == node->members.begin()) {
            break;
        }
        const Member& member = *(after - 1);
        if (std::holds_alternative<Node::Array>(node->value)) {
            path += "[" + std::to_string(after - 1 - node->members.begin()) + "]";
        } else {
            path += (path.empty() ? "" : ".") + shown_key(member.key);
        }
        node = &member.node;
    }
    return path;
}

void Document::fail_expected(const Node& node, const std::string& expected) const {
    std::string found;
    if (std::holds_alternative<Node::Object>(node.value)) {
        found = "an object";
    } else if (std::holds_alternative<Node::Array>(node.value)) {
        found = "an array";
    } else if (const auto* text = std::get_if<std::string>(&node.value)) {
        found = in_quotes(*text);
    } else {
        found = one_line(text_.substr(node.offset, std::min<std::size_t>(node.size, 60)));
    }
    fail(node, "found " + found + "; expected " + expected);
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t most = 120;
    std::string shown = one_line(text.substr(0, most));
    return '"' + shown + (text.size() > most ? "..." : "") + '"';
}

} // namespace maptrail::config
