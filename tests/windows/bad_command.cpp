// maptrail_bad_command MODE ...: what a rule may come to run: good, hanging, flooding, breeding.
#include <windows.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

[[noreturn]] void hang() {
    for (;;) {
        Sleep(1'000);
    }
}

void write(std::string_view text) {
    DWORD written = 0;
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), text.data(), static_cast<DWORD>(text.size()), &written, nullptr);
}

/// UTF-16 as numbers, so that no code page comes in between.
void write_numbers(std::wstring_view text) {
    for (const wchar_t c : text) {
        write(std::to_string(static_cast<unsigned>(c)) + " ");
    }
    write("\n");
}

std::string read_all() {
    std::string all;
    std::array<char, 4096> room{};
    DWORD size = 0;
    while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), room.data(), static_cast<DWORD>(room.size()), &size, nullptr) &&
           size != 0) {
        all.append(room.data(), size);
    }
    return all;
}

/// This program once more. Its process id; 0 if the system refused.
DWORD start(const std::wstring& arguments) {
    std::array<wchar_t, 1024> self{};
    GetModuleFileNameW(nullptr, self.data(), static_cast<DWORD>(self.size()));
    std::wstring command = L"\"" + std::wstring(self.data()) + L"\" " + arguments;
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    PROCESS_INFORMATION started{};
    if (!CreateProcessW(self.data(), command.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup, &started)) {
        return 0;
    }
    CloseHandle(started.hThread);
    CloseHandle(started.hProcess);
    return started.dwProcessId;
}

void write_file(const wchar_t* path, const std::string& text) {
    const HANDLE file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, nullptr, CREATE_ALWAYS, 0, nullptr);
    DWORD written = 0;
    WriteFile(file, text.data(), static_cast<DWORD>(text.size()), &written, nullptr);
    CloseHandle(file);
}

std::wstring variable(const wchar_t* name) {
    std::array<wchar_t, 1024> value{};
    return {value.data(), GetEnvironmentVariableW(name, value.data(), static_cast<DWORD>(value.size()))};
}

} // namespace

int wmain(int argc, wchar_t** argv) {
    const std::wstring_view mode = argc > 1 ? argv[1] : L"";
    if (mode == L"print") { // its arguments, then what it is sent
        for (int i = 2; i < argc; ++i) {
            write_numbers(argv[i]);
        }
        write(read_all());
    } else if (mode == L"keep") { // what it is sent, in a file
        write_file(argv[2], read_all());
    } else if (mode == L"exit") {
        return _wtoi(argv[2]);
    } else if (mode == L"hang") { // and never reads what it is sent
        write("waiting");
        hang();
    } else if (mode == L"flood") {
        const std::string lines(10'000, 'x');
        for (;;) {
            write(lines);
        }
    } else if (mode == L"write") { // so many bytes, some of them to standard error
        write(std::string(static_cast<std::size_t>(_wtoi(argv[2])), 'x'));
        DWORD written = 0;
        WriteFile(GetStdHandle(STD_ERROR_HANDLE), "error", 5, &written, nullptr);
    } else if (mode == L"fork") { // without end, each the next two
        start(L"fork");
        start(L"fork");
        hang();
    } else if (mode == L"leave") { // something that runs on
        write_file(argv[2], std::to_string(start(L"hang")));
    } else if (mode == L"family") { // two that run until they are ended
        write_file(argv[2], std::to_string(GetCurrentProcessId()) + " " + std::to_string(start(L"hang")));
        hang();
    } else if (mode == L"set") { // an event, by the number of its handle
        const auto handle = static_cast<ULONG_PTR>(_wtoi64(argv[2]));
        write(SetEvent(reinterpret_cast<HANDLE>(handle)) ? "set" : "not set"); // NOLINT(performance-no-int-to-ptr)
    } else if (mode == L"surroundings") {
        std::array<wchar_t, 1024> folder{};
        GetCurrentDirectoryW(static_cast<DWORD>(folder.size()), folder.data());
        write_numbers(folder.data());
        write_numbers(variable(L"MAPTRAIL_TEST"));
        write_numbers(variable(L"SystemRoot"));
    } else {
        return 2;
    }
    return 0;
}
