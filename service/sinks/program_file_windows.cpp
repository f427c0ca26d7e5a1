#include "service/sinks/program_file.hpp"

#include "common/win32/error.hpp"
#include "service/rules/program_name.hpp"
#include "service/text/utf.hpp"

#include <stdexcept>

namespace maptrail {

namespace {

bool is_drive_letter(wchar_t c) {
    return (c >= L'A' && c <= L'Z') || (c >= L'a' && c <= L'z');
}

/// "C:\..." with something behind it.
bool is_on_a_drive(std::wstring_view path) {
    return path.size() > 3 && is_drive_letter(path[0]) && path[1] == L':' && path[2] == L'\\';
}

std::wstring wide(const std::string& text) {
    const std::u16string units = to_utf16(text);
    return {units.begin(), units.end()};
}

std::string narrow(std::wstring_view text) {
    return to_utf8({reinterpret_cast<const char16_t*>(text.data()), text.size()});
}

/// As the system names the open file, with the prefix that it gives: \\?\C:\... or \\?\UNC\server\...
std::wstring final_path(HANDLE file) {
    std::wstring path(MAX_PATH, L'\0');
    for (;;) {
        const DWORD size = GetFinalPathNameByHandleW(file, path.data(), static_cast<DWORD>(path.size()), 0);
        if (size == 0) {
            win32::throw_last_error("cannot ask for the program's path");
        }
        const bool fits = size < path.size();
        path.resize(size);
        if (fits) {
            return path;
        }
    }
}

} // namespace

ProgramFile::ProgramFile(const std::string& path) {
    const std::wstring asked = wide(path);
    if (!is_on_a_drive(asked) || asked.find(L'\0') != std::wstring::npos) {
        throw std::runtime_error("\"" + path + "\" is no absolute path on a drive of this machine");
    }
    // Sharing is checked for those who ask for more than attributes.
    file_ = win32::Handle(CreateFileW(asked.c_str(), FILE_EXECUTE | FILE_READ_ATTRIBUTES, FILE_SHARE_READ, nullptr,
                                      OPEN_EXISTING, 0, nullptr));
    if (!file_) {
        const DWORD error = GetLastError();
        throw win32::Error("cannot open \"" + path + "\"", error);
    }
    constexpr std::wstring_view prefix = L"\\\\?\\";
    path_ = final_path(file_.get());
    if (path_.starts_with(prefix)) {
        path_.erase(0, prefix.size()); // programs do not expect it in front of their own path
    }
    if (!is_on_a_drive(path_)) {
        throw std::runtime_error("\"" + path + "\" lies on another machine: \"" + narrow(path_) + "\"");
    }
    const std::string name = narrow(std::wstring_view(path_).substr(path_.rfind(L'\\') + 1));
    if (const std::string_view fault = rules::program_name_fault(name); !fault.empty()) {
        throw std::runtime_error("\"" + path + "\" is the file \"" + narrow(path_) + "\"; expected " +
                                 std::string(fault));
    }
}

} // namespace maptrail
