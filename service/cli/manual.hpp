// The manual's pages, one to a command, made of what --help shows.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace maptrail {

struct ManualPage {
    std::string file; ///< its name: history.md, rules-test.md
    std::string text; ///< Markdown
};

/// Of all commands of `app`, and README.md, which lists them.
[[nodiscard]] std::vector<ManualPage> manual_pages(const CLI::App& app);

} // namespace maptrail
