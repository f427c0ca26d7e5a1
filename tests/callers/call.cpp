#include "tests/callers/call.hpp"

#include <winnetwk.h>

namespace maptrail::test {

namespace {

std::string narrow(const std::wstring& text, UINT code_page) {
    const int length = static_cast<int>(text.size());
    const int bytes = WideCharToMultiByte(code_page, 0, text.data(), length, nullptr, 0, nullptr, nullptr);
    std::string result(static_cast<std::size_t>(bytes), '\0');
    WideCharToMultiByte(code_page, 0, text.data(), length, result.data(), bytes, nullptr, nullptr);
    return result;
}

/// The functions take absent strings as null.
template <typename String>
auto* data_or_null(String& text) {
    return text.empty() ? nullptr : text.data();
}

DWORD make_wide(const Call& call) {
    std::wstring local = call.local;
    std::wstring remote = call.remote;
    NETRESOURCEW resource{};
    resource.dwType = call.type;
    resource.lpLocalName = data_or_null(local);
    resource.lpRemoteName = data_or_null(remote);
    const wchar_t* const user = data_or_null(call.user);
    const wchar_t* const password = data_or_null(call.password);
    switch (call.function) {
    case Function::add:
        return WNetAddConnectionW(resource.lpRemoteName, password, resource.lpLocalName);
    case Function::add2:
        return WNetAddConnection2W(&resource, password, user, call.flags);
    case Function::add3:
        return WNetAddConnection3W(call.owner, &resource, password, user, call.flags);
    case Function::cancel:
        return WNetCancelConnectionW(resource.lpRemoteName, call.force);
    case Function::cancel2:
        return WNetCancelConnection2W(resource.lpRemoteName, call.flags, call.force);
    }
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD make_ansi(const Call& call) {
    std::string local = narrow(call.local, CP_ACP);
    std::string remote = narrow(call.remote, CP_ACP);
    const std::string user_text = narrow(call.user, CP_ACP);
    const std::string password_text = narrow(call.password, CP_ACP);
    NETRESOURCEA resource{};
    resource.dwType = call.type;
    resource.lpLocalName = data_or_null(local);
    resource.lpRemoteName = data_or_null(remote);
    const char* const user = data_or_null(user_text);
    const char* const password = data_or_null(password_text);
    switch (call.function) {
    case Function::add:
        return WNetAddConnectionA(resource.lpRemoteName, password, resource.lpLocalName);
    case Function::add2:
        return WNetAddConnection2A(&resource, password, user, call.flags);
    case Function::add3:
        return WNetAddConnection3A(call.owner, &resource, password, user, call.flags);
    case Function::cancel:
        return WNetCancelConnectionA(resource.lpRemoteName, call.force);
    case Function::cancel2:
        return WNetCancelConnection2A(resource.lpRemoteName, call.flags, call.force);
    }
    return ERROR_CALL_NOT_IMPLEMENTED;
}

} // namespace

CallResult make(const Call& call) {
    CallResult result;
    result.status = call.ansi ? make_ansi(call) : make_wide(call);
    result.last_error = GetLastError();
    return result;
}

std::string name_of(Function function, bool ansi) {
    const char* name = "";
    switch (function) {
    case Function::add:
        name = "WNetAddConnection";
        break;
    case Function::add2:
        name = "WNetAddConnection2";
        break;
    case Function::add3:
        name = "WNetAddConnection3";
        break;
    case Function::cancel:
        name = "WNetCancelConnection";
        break;
    case Function::cancel2:
        name = "WNetCancelConnection2";
        break;
    }
    return name + std::string(ansi ? "A" : "W");
}

std::string utf8_of(const std::wstring& text) {
    return narrow(text, CP_UTF8);
}

std::wstring wide_of(const std::string& utf8) {
    const int bytes = static_cast<int>(utf8.size());
    const int units = MultiByteToWideChar(CP_UTF8, 0, utf8.data(), bytes, nullptr, 0);
    std::wstring result(static_cast<std::size_t>(units), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, utf8.data(), bytes, result.data(), units);
    return result;
}

} // namespace maptrail::test
