// maptrail.exe: the command line, of which the service is one command.
#include "service/cli/cli.hpp"
#include "service/text/utf.hpp"

#include <string>
#include <vector>

namespace {

int run(const std::vector<std::string>& args) {
    const auto environment = maptrail::make_environment();
    return maptrail::run_cli(args, *environment);
}

} // namespace

#ifdef _WIN32
int wmain(int argc, wchar_t** argv) {
    std::vector<std::string> args;
    for (int i = 1; i < argc; ++i) {
        const std::wstring argument = argv[i];
        args.push_back(maptrail::to_utf8(std::u16string(argument.begin(), argument.end())));
    }
    return run(args);
}
#else
int main(int argc, char** argv) {
    return run({argv + 1, argv + argc});
}
#endif
