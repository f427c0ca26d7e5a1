#include "service/config/config.hpp"

#include "service/config/document.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace maptrail {
namespace {

using config::Document;
using config::in_quotes;
using config::Member;
using config::Node;

std::string utf8_name(const std::filesystem::path& path) {
    const std::u8string name = path.u8string();
    return {name.begin(), name.end()};
}

/// An object whose keys are known. What it is not asked for is an error.
class Section {
public:
    Section(const Document& document, const Node* node, std::vector<std::string_view> keys)
        : document_(document), node_(node) {
        if (node == nullptr) {
            return;
        }
        if (!std::holds_alternative<Node::Object>(node->value)) {
            document.fail_expected(*node, "an object, in { }");
        }
        for (const Member& member : node->members) {
            if (std::ranges::find(keys, member.key) == keys.end()) {
                std::string problem = "unknown key " + in_quotes(member.key);
                if (const std::string_view meant = config::nearest(member.key, keys); !meant.empty()) {
                    problem += "; did you mean " + in_quotes(meant) + "?";
                } else {
                    problem += "; expected one of " + list(keys);
                }
                document.fail(member.offset, member.node.path, problem);
            }
        }
    }

    [[nodiscard]] const Node* find(std::string_view key) const {
        if (node_ == nullptr) {
            return nullptr;
        }
        const auto found = std::ranges::find(node_->members, key, &Member::key);
        return found == node_->members.end() ? nullptr : &found->node;
    }

    void number(std::string_view key, std::uint32_t& value, std::uint32_t least, std::uint32_t most) const {
        const Node* node = find(key);
        if (node == nullptr) {
            return;
        }
        const auto* number = std::get_if<std::uint64_t>(&node->value);
        if (number == nullptr || *number < least || *number > most) {
            document_.fail_expected(*node,
                                    "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        }
        value = static_cast<std::uint32_t>(*number);
    }

    static std::string list(const std::vector<std::string_view>& words) {
        std::string text;
        for (const std::string_view word : words) {
            text += (text.empty() ? "" : ", ") + in_quotes(word);
        }
        return text;
    }

private:
    const Document& document_;
    const Node* node_;
};

void read_version(const Document& document, const Section& section, Config& config) {
    const Node* node = section.find("version");
    if (node == nullptr) {
        return;
    }
    const auto* number = std::get_if<std::uint64_t>(&node->value);
    if (number == nullptr || *number != config.version) {
        document.fail_expected(*node, "1, the only version of this file that this MapTrail knows");
    }
}

/// The place of the key's word among those that there are; nothing without the key.
std::optional<std::size_t> read_word(const Document& document, const Section& section, std::string_view key,
                                     const std::vector<std::string_view>& words) {
    const Node* node = section.find(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto* text = std::get_if<std::string>(&node->value);
    const auto found = text == nullptr ? words.end() : std::ranges::find(words, *text);
    if (found == words.end()) {
        const std::string_view meant = text == nullptr ? std::string_view() : config::nearest(*text, words);
        document.fail_expected(*node, "one of " + Section::list(words) +
                                          (meant.empty() ? "" : "; did you mean " + in_quotes(meant) + "?"));
    }
    return static_cast<std::size_t>(found - words.begin());
}

void read_level(const Document& document, const Section& section, LogLevel& level) {
    static const std::vector<std::string_view> words{"trace", "debug", "info", "warn", "error", "off"};
    if (const auto found = read_word(document, section, "level", words)) {
        level = static_cast<LogLevel>(*found);
    }
}

void read_no_answer(const Document& document, const Section& section, wire::NoAnswer& no_answer) {
    static const std::vector<std::string_view> words{"allow", "denyConnect"};
    if (const auto found = read_word(document, section, "whenNoAnswer", words)) {
        no_answer = *found == 0 ? wire::NoAnswer::allow : wire::NoAnswer::deny_connect;
    }
}

void read_data_folder(const Document& document, const Section& section, std::filesystem::path& folder) {
    constexpr std::size_t longest = 200; // leaves room for the names below it within Windows' 260
    const Node* node = section.find("dataFolder");
    if (node == nullptr) {
        return;
    }
    const auto* text = std::get_if<std::string>(&node->value);
    if (text == nullptr) {
        document.fail_expected(*node, "the absolute path of a folder, in quotes");
    }
    if (std::ranges::any_of(*text, [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
        document.fail_expected(*node,
                               "a path without control characters; a backslash in a path is written twice, as in "
                               R"("D:\\MapTrail")");
    }
    if (text->size() > longest) {
        document.fail_expected(*node, "a path of at most " + std::to_string(longest) + " bytes");
    }
    std::filesystem::path path(std::u8string(text->begin(), text->end()));
    // Two separators start a network or device path: the history would lie where others reach it, or nowhere at all.
    const bool local = !text->starts_with("\\\\") && !text->starts_with("//") && !text->starts_with("\\/") &&
                       !text->starts_with("/\\");
    if (!path.is_absolute() || !local || std::ranges::find(path, "..") != path.end()) {
        document.fail_expected(*node, "the absolute path of a folder on a local disk, without \"..\"");
    }
    folder = std::move(path);
}

} // namespace

Config parse_config(std::string_view text, const std::filesystem::path& file) {
    const Document document(text, utf8_name(file));
    Config config;
    config.data_folder = file.parent_path();
    const Section top(document, &document.root(),
                      {"version", "dataFolder", "budgetMs", "whenNoAnswer", "log", "retention", "inbox", "spool"});
    read_version(document, top, config); // before all else: what else is there may mean something else
    read_data_folder(document, top, config.data_folder);
    top.number("budgetMs", config.budget_ms, min_budget_ms, max_budget_ms);
    read_no_answer(document, top, config.no_answer);
    const Section log(document, top.find("log"), {"level", "maxSizeMiB", "files"});
    read_level(document, log, config.log.level);
    log.number("maxSizeMiB", config.log.max_size_mib, 1, 1024);
    log.number("files", config.log.files, 1, 100);
    const Section retention(document, top.find("retention"), {"days"});
    retention.number("days", config.retention.days, 0, 36500);
    const Section inbox(document, top.find("inbox"), {"sizeMiB", "flushMs"});
    inbox.number("sizeMiB", config.inbox.size_mib, 1, 1024);
    inbox.number("flushMs", config.inbox.flush_ms, 10, 60000);
    const Section spool(document, top.find("spool"), {"maxFileKiB", "maxProcessMiB"});
    spool.number("maxFileKiB", config.spool.max_file_kib, min_spool_file_bytes >> 10U, max_spool_file_bytes >> 10U);
    spool.number("maxProcessMiB", config.spool.max_process_mib, 1, max_spool_process_bytes >> 20U);
    return config;
}

} // namespace maptrail
