#include "service/sinks/command_line.hpp"

namespace maptrail {

namespace {

// "Parsing C++ command-line arguments": a backslash means itself, unless a quote follows the run of backslashes that it
// is of. Then two of them are one, and an odd one before the quote makes the quote mean itself.
void append_quoted(std::u16string& line, std::u16string_view argument) {
    line += u'"';
    std::size_t backslashes = 0;
    for (const char16_t c : argument) {
        if (c == u'"') {
            line.append(backslashes + 1, u'\\');
        }
        backslashes = c == u'\\' ? backslashes + 1 : 0;
        line += c;
    }
    line.append(backslashes, u'\\');
    line += u'"';
}

} // namespace

std::u16string command_line(std::u16string_view program, const std::vector<std::u16string>& arguments) {
    std::u16string line;
    // Of the program's name backslashes always mean themselves.
    line.append(u"\"").append(program).append(u"\"");
    for (const std::u16string& argument : arguments) {
        line += u' ';
        append_quoted(line, argument);
    }
    return line;
}

} // namespace maptrail
