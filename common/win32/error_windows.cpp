#include "common/win32/error.hpp"

#include "common/win32/handle.hpp"

namespace maptrail::win32 {

std::string error_message(DWORD error) {
    LocalMemory<wchar_t> text;
    const DWORD length =
        FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                       nullptr, error, 0, reinterpret_cast<wchar_t*>(text.receive()), 0, nullptr);
    std::string message;
    if (length != 0) {
        const int units = static_cast<int>(length);
        const int size = WideCharToMultiByte(CP_UTF8, 0, text.get(), units, nullptr, 0, nullptr, nullptr);
        message.resize(static_cast<std::size_t>(size));
        WideCharToMultiByte(CP_UTF8, 0, text.get(), units, message.data(), size, nullptr, nullptr);
        while (!message.empty() && (message.back() == '\n' || message.back() == '\r' || message.back() == ' ')) {
            message.pop_back();
        }
        message += ' ';
    }
    return message + "(error " + std::to_string(error) + ")";
}

Error::Error(std::string_view what, DWORD error)
    : std::runtime_error(std::string(what) + ": " + error_message(error)), code_(error) {}

void throw_last_error(std::string_view what) {
    const DWORD error = GetLastError();
    throw Error(what, error);
}

} // namespace maptrail::win32
