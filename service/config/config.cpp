#include "service/config/config.hpp"

#include "service/config/document.hpp"
#include "service/config/read_rules.hpp"
#include "service/config/section.hpp"
#include "service/text/utf.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace maptrail {
namespace {

using config::Document;
using config::Node;
using config::Section;

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

void read_schema(const Document& document, const Section& section) {
    const Node* node = section.find("$schema");
    if (node != nullptr && !std::holds_alternative<std::string>(node->value)) {
        document.fail_expected(*node, "the address of a JSON Schema, in quotes; it is for editors alone");
    }
}

void read_level(const Section& section, LogLevel& level) {
    if (const auto found = section.word("level", config_log_levels)) {
        level = static_cast<LogLevel>(*found);
    }
}

void read_no_answer(const Section& section, wire::NoAnswer& no_answer) {
    if (const auto found = section.word("whenNoAnswer", config_no_answers)) {
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
    const Document document(text, path_utf8(file));
    Config config;
    config.data_folder = file.parent_path();
    const Section top(document, &document.root(),
                      {"version", "dataFolder", "budgetMs", "whenNoAnswer", "log", "retention", "inbox", "spool",
                       "rules", "$schema"});
    read_version(document, top, config); // before all else: what else is there may mean something else
    read_schema(document, top);
    read_data_folder(document, top, config.data_folder);
    top.number("budgetMs", config.budget_ms, min_budget_ms, max_budget_ms);
    read_no_answer(top, config.no_answer);
    const Section log(document, top.find("log"), {"level", "maxSizeMiB", "files"});
    read_level(log, config.log.level);
    log.number("maxSizeMiB", config.log.max_size_mib, 1, 1024);
    log.number("files", config.log.files, 1, 100);
    const Section retention(document, top.find("retention"), {"days", "operations", "sizeMiB"});
    retention.number("days", config.retention.days, 0, 36500);
    retention.number("operations", config.retention.operations, 0, 4'000'000'000);
    retention.number("sizeMiB", config.retention.size_mib, 0, 1'048'576);
    const Section inbox(document, top.find("inbox"), {"sizeMiB", "flushMs"});
    inbox.number("sizeMiB", config.inbox.size_mib, 1, 1024);
    inbox.number("flushMs", config.inbox.flush_ms, 10, 60000);
    const Section spool(document, top.find("spool"), {"maxFileKiB", "maxProcessMiB"});
    spool.number("maxFileKiB", config.spool.max_file_kib, min_spool_file_bytes >> 10U, max_spool_file_bytes >> 10U);
    spool.number("maxProcessMiB", config.spool.max_process_mib, 1, max_spool_process_bytes >> 20U);
    if (const Node* rules = top.find("rules")) {
        config.rules = config::read_rules(document, *rules);
    }
    return config;
}

} // namespace maptrail
