// A notifyee that writes down every call it gets, one line of JSON each, and behaves as its settings say. A copy of the
// DLL is a listener of its own: X.dll reads its settings from X.dll.ini, at every call.
//
//   [probe]
//   log=FILE             where the lines go
//   add=CODE cancel=CODE what it answers before such an operation
//   after=CODE           what it answers after one
//   context=0            leaves no context
//   scribble=1           overwrites all that it was handed, and the thread's last error
#include "tests/router/shim/npapi.hpp"
#include "tests/router/shim/wild.hpp"

#include "common/win32/handle.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <string>

namespace {

using nlohmann::json;
namespace win32 = maptrail::win32;

HMODULE own_module = nullptr;
std::atomic<unsigned> calls = 0;

std::wstring own_path() {
    std::wstring path(MAX_PATH, L'\0');
    path.resize(GetModuleFileNameW(own_module, path.data(), MAX_PATH));
    return path;
}

/// Name without folder and ending.
std::wstring own_name() {
    const std::wstring path = own_path();
    const std::size_t start = path.rfind(L'\\') + 1;
    return path.substr(start, path.rfind(L'.') - start);
}

DWORD setting(const wchar_t* name, int otherwise) {
    return GetPrivateProfileIntW(L"probe", name, otherwise, (own_path() + L".ini").c_str());
}

std::wstring log_path() {
    std::wstring path(MAX_PATH, L'\0');
    path.resize(GetPrivateProfileStringW(L"probe", L"log", L"", path.data(), MAX_PATH, (own_path() + L".ini").c_str()));
    return path;
}

json text(const wchar_t* wide) {
    if (wide == nullptr) {
        return nullptr;
    }
    const int bytes = WideCharToMultiByte(CP_UTF8, 0, wide, -1, nullptr, 0, nullptr, nullptr);
    std::string utf8(static_cast<std::size_t>(bytes), '\0');
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, utf8.data(), bytes, nullptr, nullptr);
    utf8.pop_back();
    return utf8;
}

bool is_readable(const void* address) {
    MEMORY_BASIC_INFORMATION memory{};
    return VirtualQuery(address, &memory, sizeof(memory)) != 0 && memory.State == MEM_COMMIT &&
           (memory.Protect & (PAGE_NOACCESS | PAGE_GUARD)) == 0;
}

/// A pointer that must not be followed says of itself whether one could.
json undefined(const wchar_t* pointer) {
    return pointer == nullptr ? "null" : is_readable(pointer) ? "readable" : "wild";
}

void write(const json& line) {
    // Several probes of one process, on several threads, share the log, and Wine's append is not one step.
    const win32::Handle turn(CreateMutexW(nullptr, FALSE, L"Local\\maptrail-probe-log"));
    constexpr DWORD longest_wait_ms = 10'000;
    if (!turn || WaitForSingleObject(turn.get(), longest_wait_ms) != WAIT_OBJECT_0) {
        return; // the test misses the line
    }
    const win32::Handle file(CreateFileW(log_path().c_str(), FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                         nullptr, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr));
    if (file) {
        const std::string bytes = line.dump() + "\n";
        DWORD written = 0;
        WriteFile(file.get(), bytes.data(), static_cast<DWORD>(bytes.size()), &written, nullptr);
    }
    ReleaseMutex(turn.get());
}

/// Writes the line down, and answers as the settings say.
template <typename Details>
DWORD answer(NOTIFYINFO& info, Details& details, const wchar_t* call, json line) {
    const unsigned serial = ++calls;
    line["probe"] = text(own_name().c_str());
    line["call"] = text(call);
    line["serial"] = serial;
    line["pid"] = GetCurrentProcessId();
    line["thread"] = GetCurrentThreadId();
    line["notify"] = info.dwNotifyStatus;
    line["operation"] = info.dwOperationStatus;
    line["context"] = reinterpret_cast<ULONG_PTR>(info.lpContext);
    const bool before = info.dwNotifyStatus == NOTIFY_PRE;
    const DWORD code = setting(before ? call : L"after", WN_SUCCESS);
    const bool leaves_context = before && setting(L"context", 1) != 0;
    if (leaves_context) {
        line["left"] = serial;
    }
    write(line);
    if (setting(L"scribble", 0) != 0) {
        FillMemory(&details, sizeof(details), 0x5A);
        FillMemory(&info, sizeof(info), 0x5A);
        SetLastError(0x5A5A);
    }
    if (before) {
        info.lpContext = leaves_context ? reinterpret_cast<LPVOID>(static_cast<ULONG_PTR>(serial)) : nullptr;
    }
    return code;
}

} // namespace

extern "C" {

DWORD APIENTRY AddConnectNotify(LPNOTIFYINFO info, LPNOTIFYADD add) {
    const NETRESOURCEW& resource = add->NetResource;
    const json line = {
        {"type", resource.dwType},
        {"local", text(resource.lpLocalName)},
        {"remote", text(resource.lpRemoteName)},
        {"provider", text(resource.lpProvider)},
        {"flags", add->dwAddFlags},
        {"owner", reinterpret_cast<ULONG_PTR>(add->hwndOwner)},
        {"undefined",
         {{"scope", resource.dwScope == maptrail::router::wild_number ? "wild" : "tame"},
          {"display", resource.dwDisplayType == maptrail::router::wild_number ? "wild" : "tame"},
          {"usage", resource.dwUsage == maptrail::router::wild_number ? "wild" : "tame"},
          {"comment", undefined(resource.lpComment)}}},
    };
    return answer(*info, *add, L"add", line);
}

DWORD APIENTRY CancelConnectNotify(LPNOTIFYINFO info, LPNOTIFYCANCEL cancel) {
    const bool defined = info->dwNotifyStatus == NOTIFY_POST && info->dwOperationStatus == WN_SUCCESS;
    const json line = {
        {"name", text(cancel->lpName)},
        {"provider", defined ? text(cancel->lpProvider) : undefined(cancel->lpProvider)},
        {"flags", cancel->dwFlags},
        {"force", cancel->fForce},
    };
    return answer(*info, *cancel, L"cancel", line);
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID) {
    if (reason == DLL_PROCESS_ATTACH) {
        own_module = instance;
    }
    return TRUE;
}

} // extern "C"
