#include "service/cli/manual.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace maptrail {
namespace {

constexpr std::string_view generated =
    "<!-- Made by `./dev manual` from what `maptrail help` shows. Change it there: service/cli. -->\n";

/// Text as Markdown, but for what stands in backticks. In a table a bar would end the cell.
std::string markdown(std::string_view text) {
    std::string out;
    bool code = false;
    for (const char c : text) {
        code = code != (c == '`');
        if (c == '|' || (!code && std::string_view("\\*_<>#[]").find(c) != std::string_view::npos)) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

/// Indented lines are examples, to be shown as they are; the others are paragraphs.
std::string notes_of(const std::string& footer) {
    std::string out;
    bool in_code = false;
    std::istringstream lines(footer);
    for (std::string line; std::getline(lines, line);) {
        const bool is_code = line.starts_with("  ");
        if (is_code != in_code) {
            out += is_code ? "\n```text\n" : "```\n";
            in_code = is_code;
        }
        out += is_code ? line.substr(2) + "\n" : markdown(line) + "\n";
    }
    return out + (in_code ? "```\n" : "");
}

std::string option_name(const CLI::Option& option) {
    const std::string names = option.get_positional() ? option.get_name(true) : option.get_name(false, true);
    std::string text;
    for (const char c : names) {
        text += c == ',' ? std::string(", ") : std::string(1, c);
    }
    const std::string type = option.get_positional() ? std::string() : option.get_type_name();
    return text + (type.empty() ? "" : " " + type);
}

std::string options_of(const CLI::App& command) {
    std::string out;
    for (const CLI::Option* const option : command.get_options()) {
        if (!option->get_group().empty()) { // else it is hidden
            out += "| `" + option_name(*option) + "` | " + markdown(option->get_description()) +
                   (option->get_required() ? " (required)" : "") + " |\n";
        }
    }
    return out.empty() ? out : "\n| Option | |\n|---|---|\n" + out;
}

std::string usage_of(const CLI::App& command, const std::string& name) {
    std::string usage = "maptrail " + name;
    if (!command.get_subcommands({}).empty()) {
        return usage + " COMMAND";
    }
    usage += " [OPTIONS]";
    for (const CLI::Option* const option : command.get_options()) {
        if (option->get_positional()) {
            const std::string words = option->get_name(true) + (option->get_items_expected_max() > 1 ? "..." : "");
            usage += option->get_required() ? " " + words : " [" + words + "]";
        }
    }
    return usage;
}

std::string file_of(const std::string& name) {
    std::string file = name;
    std::ranges::replace(file, ' ', '-');
    return file + ".md";
}

std::string row_of(const CLI::App& command, const std::string& name) {
    return "| [`maptrail " + name + "`](" + file_of(name) + ") | " + markdown(command.get_description()) + " |\n";
}

void add_page(const CLI::App& command, const std::string& name, std::vector<ManualPage>& pages, std::string& list) {
    ManualPage page{file_of(name), std::string(generated)};
    page.text += "# maptrail " + name + "\n" + markdown(command.get_description()) + ".\n\n```text\n" +
                 usage_of(command, name) + "\n```\n" + options_of(command);
    list += row_of(command, name);
    std::string own_list;
    std::vector<ManualPage> below;
    for (const CLI::App* const one : command.get_subcommands({})) {
        add_page(*one, name + " " + one->get_name(), below, own_list);
    }
    if (!own_list.empty()) {
        page.text += "\n| Command | |\n|---|---|\n" + own_list;
        list += own_list;
    }
    if (const std::string footer = command.get_footer(); !footer.empty()) {
        page.text += "\n" + notes_of(footer);
    }
    pages.push_back(std::move(page));
    pages.insert(pages.end(), below.begin(), below.end());
}

} // namespace

std::vector<ManualPage> manual_pages(const CLI::App& app) {
    std::vector<ManualPage> pages;
    std::string list;
    for (const CLI::App* const command : app.get_subcommands({})) {
        add_page(*command, command->get_name(), pages, list);
    }
    pages.push_back({"README.md", std::string(generated) + "# The commands of maptrail\n" +
                                      markdown(app.get_description()) + "\n\n| Command | |\n|---|---|\n" + list + "\n" +
                                      notes_of(app.get_footer())});
    return pages;
}

} // namespace maptrail
