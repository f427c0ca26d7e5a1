// replay FOLDER: feeds every file of a corpus to the target that it is linked with. What libFuzzer does, without it.
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: replay FOLDER\n", stderr);
        return 2;
    }
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) {
        files.push_back(entry.path());
    }
    std::ranges::sort(files);
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        const std::vector<char> bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        std::printf("%s\n", file.filename().c_str()); // the last line names the one that failed
        std::fflush(stdout);
        const std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
        if (LLVMFuzzerTestOneInput(input.data(), input.size()) != 0) {
            return 1;
        }
    }
    std::printf("%zu files\n", files.size());
    return files.empty() ? 1 : 0;
}
