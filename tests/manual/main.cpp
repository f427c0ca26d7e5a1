// maptrail-manual [--check] FOLDER: writes the pages of docs/commands, or says which are not what `maptrail help`
// shows.
#include "service/cli/cli.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace {

std::string text_of_page(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

int run_manual(const std::filesystem::path& folder, bool check) {
    int wrong = 0;
    const auto tell = [&](const std::filesystem::path& file, const char* what) {
        std::fprintf(stderr, "%s: %s; run ./dev manual\n", file.string().c_str(), what);
        ++wrong;
    };
    std::set<std::string> names;
    for (const maptrail::ManualPage& page : maptrail::manual()) {
        const std::filesystem::path file = folder / page.file;
        names.insert(page.file);
        if (text_of_page(file) == page.text) {
            continue;
        }
        if (check) {
            tell(file, "is not what `maptrail help` shows");
        } else if (!(std::ofstream(file, std::ios::binary) << page.text).flush()) {
            tell(file, "cannot be written");
        }
    }
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (!names.contains(entry.path().filename().string())) {
            if (check) {
                tell(entry.path(), "is no command's");
            } else {
                std::filesystem::remove(entry.path());
            }
        }
    }
    return wrong == 0 ? 0 : 1;
}

} // namespace

int main(int count, char** arguments) {
    const bool check = count == 3 && std::string(arguments[1]) == "--check";
    if (count != 2 && !check) {
        std::fprintf(stderr, "usage: maptrail-manual [--check] FOLDER\n");
        return 2;
    }
    try {
        return run_manual(arguments[count - 1], check);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "maptrail-manual: %s\n", error.what());
        return 1;
    }
}
