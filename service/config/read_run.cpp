#include "service/config/read_run.hpp"

#include "service/rules/program_name.hpp"

namespace maptrail::config {
namespace {

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// What is wrong with a part of a path; empty if nothing is.
std::string_view fault_of(std::string_view part) {
    if (part.empty()) {
        return "without two backslashes in a row";
    }
    if (part == "." || part == "..") {
        return "without \".\" or \"..\"";
    }
    if (part.back() == '.' || part.back() == ' ') {
        return "without a dot or blank at the end of a name, which Windows takes away";
    }
    if (part.find(':') != std::string_view::npos) {
        return "without a stream after a colon";
    }
    return part.find_first_of("\"<>|*?") == std::string_view::npos ? "" : "without any of \" < > | * ?";
}

/// 8.3 names say the same as others, but not which.
bool is_short_name(std::string_view stem) {
    const std::size_t mark = stem.rfind('~');
    return mark != std::string_view::npos && mark + 1 < stem.size() &&
           stem.find_first_not_of("0123456789", mark + 1) == std::string_view::npos;
}

const std::string& read_program(const Document& document, const Node& node) {
    const std::string& text = read_text(document, node, "the path of a program", 1, max_program_path);
    const std::string_view path = text;
    if (path.size() < 4 || !is_letter(path[0]) || path.substr(1, 2) != ":\\" || path.find('/') != path.npos) {
        document.fail_expected(node, "an absolute path on a local drive with backslashes, as C:\\Tools\\notify.exe; no "
                                     "network path, and variables have no meaning in it");
    }
    std::string_view name;
    for (std::size_t at = 3; at <= path.size(); at += name.size() + 1) {
        name = path.substr(at, path.find('\\', at) - at);
        if (const std::string_view fault = fault_of(name); !fault.empty()) {
            document.fail_expected(node, "a path " + std::string(fault));
        }
    }
    if (const std::string_view fault = rules::program_name_fault(name); !fault.empty()) {
        document.fail_expected(node, std::string(fault));
    }
    const std::string_view stem = name.substr(0, name.rfind('.'));
    if (is_short_name(stem)) {
        document.fail_expected(node, "the program's whole name, not its 8.3 name");
    }
    return text;
}

std::vector<std::string> read_arguments(const Document& document, const Node& node) {
    if (!std::holds_alternative<Node::Array>(node.value)) {
        document.fail_expected(node, "a list of arguments, in [ ]");
    }
    std::vector<std::string> arguments;
    std::size_t size = 0;
    for (const Member& member : node.members) {
        if (arguments.size() == max_arguments) {
            document.fail(member.node, "found more than " + std::to_string(max_arguments) + " arguments");
        }
        arguments.push_back(read_text(document, member.node, "an argument", 0, max_arguments_size));
        size += arguments.back().size();
        if (size > max_arguments_size) {
            document.fail(member.node,
                          "found arguments of more than " + std::to_string(max_arguments_size) + " bytes together");
        }
    }
    return arguments;
}

} // namespace

const Words& account_words() {
    static const Words words{"localService", "networkService", "system"};
    return words;
}

rules::Run read_run(const Document& document, const Node& node) {
    const Section section(document, &node, {"program", "arguments", "timeoutSeconds", "account"});
    rules::Run run;
    run.program = read_program(document, section.require("program", "the path of a program"));
    if (const Node* arguments = section.find("arguments")) {
        run.arguments = read_arguments(document, *arguments);
    }
    section.number("timeoutSeconds", run.timeout_s, 1, max_run_s);
    if (const auto account = section.word("account", account_words())) {
        run.account = static_cast<rules::RunAs>(*account);
    }
    return run;
}

} // namespace maptrail::config
