#include "service/rules/program_name.hpp"
#include "service/sinks/command_line.hpp"

#include <catch_amalgamated.hpp>

using namespace maptrail;

TEST_CASE("Arguments are quoted so that a program gets them back", "[sinks]") {
    const std::u16string program = u"C:\\Program Files\\x.exe";
    const auto line = [&](const std::u16string& argument) {
        return command_line(program, {argument}).substr(program.size() + 3);
    };
    CHECK(command_line(program, {}) == u"\"C:\\Program Files\\x.exe\"");
    CHECK(line(u"") == u"\"\"");
    CHECK(line(u"a b") == u"\"a b\"");
    CHECK(line(u"a\"b") == u"\"a\\\"b\"");
    CHECK(line(u"a\\b") == u"\"a\\b\"");
    CHECK(line(u"a\\") == u"\"a\\\\\"");
    CHECK(line(u"a\\\"b") == u"\"a\\\\\\\"b\"");
    CHECK(line(u"\\\\server\\share\\") == u"\"\\\\server\\share\\\\\"");
    CHECK(line(u"%PATH% & del | > ^") == u"\"%PATH% & del | > ^\"");
}

TEST_CASE("A program that a rule runs is no shell and no batch file, by its name", "[sinks]") {
    using rules::program_name_fault;
    CHECK(program_name_fault("notify.exe").empty());
    CHECK(program_name_fault("NOTIFY.EXE").empty());
    CHECK(program_name_fault("cmdkey.exe").empty());
    for (const char* name : {"cmd.exe", "CMD.EXE", "PowerShell.exe", "pwsh.exe", "wscript.exe", "mshta.exe"}) {
        CAPTURE(name);
        CHECK(program_name_fault(name).find("no shell") != std::string_view::npos);
    }
    for (const char* name : {"a.bat", "a.cmd", "a.BAT", "a.exe.bat", "a.bat.", "a.exe ", "a", ".exe", "", "a.ps1"}) {
        CAPTURE(name);
        CHECK(program_name_fault(name).find("ends in .exe") != std::string_view::npos);
    }
}
