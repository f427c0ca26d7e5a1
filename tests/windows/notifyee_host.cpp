#include "tests/windows/notifyee_host.hpp"

#include "common/win32/error.hpp"
#include "tests/windows/program.hpp"

#include <array>
#include <chrono>
#include <fstream>
#include <thread>

namespace maptrail::test {

namespace {

constexpr DWORD ready_timeout_ms = 20'000;

template <class T>
T function(HMODULE module, const char* name) {
    // By way of void*: a cast between function types is what the compiler rightly warns of.
    return reinterpret_cast<T>(reinterpret_cast<void*>(GetProcAddress(module, name)));
}

} // namespace

std::filesystem::path own_folder() {
    std::array<wchar_t, 1024> path{};
    GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
    return std::filesystem::path(path.data()).parent_path();
}

void* wild_pointer() {
    static void* const page = VirtualAlloc(nullptr, 65'536, MEM_RESERVE, PAGE_NOACCESS);
    return page;
}

Notifyee::Notifyee() : module_(LoadLibraryW((own_folder() / "maptrail-notifyee.dll").c_str())) {
    if (module_ == nullptr) {
        win32::throw_last_error("cannot load the DLL");
    }
    add = function<Add>(module_, "AddConnectNotify");
    cancel = function<Cancel>(module_, "CancelConnectNotify");
    if (add == nullptr || cancel == nullptr) {
        win32::throw_last_error("the DLL lacks an export");
    }
}

Notifyee::~Notifyee() {
    FreeLibrary(module_);
}

NOTIFYADD make_add(const wchar_t* local, const wchar_t* remote, const wchar_t* provider) {
    NOTIFYADD add{};
    add.hwndOwner = static_cast<HWND>(wild_pointer());
    add.NetResource.dwScope = 0xDEADBEEF;
    add.NetResource.dwType = RESOURCETYPE_DISK;
    add.NetResource.dwDisplayType = 0xDEADBEEF;
    add.NetResource.dwUsage = 0xDEADBEEF;
    add.NetResource.lpLocalName = const_cast<wchar_t*>(local);
    add.NetResource.lpRemoteName = const_cast<wchar_t*>(remote);
    add.NetResource.lpComment = static_cast<wchar_t*>(wild_pointer());
    add.NetResource.lpProvider = const_cast<wchar_t*>(provider);
    add.dwAddFlags = CONNECT_UPDATE_PROFILE;
    return add;
}

NOTIFYCANCEL make_cancel(const wchar_t* name) {
    NOTIFYCANCEL cancel{};
    cancel.lpName = const_cast<wchar_t*>(name);
    cancel.lpProvider = static_cast<wchar_t*>(wild_pointer());
    cancel.dwFlags = CONNECT_UPDATE_PROFILE;
    cancel.fForce = TRUE;
    return cancel;
}

NOTIFYINFO before() {
    return {NOTIFY_PRE, WN_SUCCESS, nullptr};
}

NOTIFYINFO after(const NOTIFYINFO& before, DWORD status) {
    return {NOTIFY_POST, status, before.lpContext};
}

void one_operation(const Notifyee& notifyee) {
    NOTIFYADD add = make_add(L"Z:", L"\\\\server\\share");
    NOTIFYINFO info = before();
    notifyee.add(&info, &add);
    NOTIFYINFO end = after(info, WN_SUCCESS);
    notifyee.add(&end, &add);
}

FakeService::FakeService(const std::wstring& mode) {
    static int number = 0;
    log_ = own_folder() / ("fake-" + std::to_string(GetCurrentProcessId()) + "-" + std::to_string(++number) + ".log");
    const win32::Handle ready(CreateEventW(nullptr, TRUE, FALSE, L"Local\\maptrail-fake-ready"));
    ResetEvent(ready.get());
    std::wstring command = L"\"" + (own_folder() / "maptrail_fake_service.exe").wstring() + L"\" " + mode + L" \"" +
                           log_.wstring() + L"\"";
    process_ = start_program(command).process;
    if (WaitForSingleObject(ready.get(), ready_timeout_ms) != WAIT_OBJECT_0) {
        throw std::runtime_error("the stand-in does not get ready");
    }
}

FakeService::~FakeService() {
    kill();
    std::error_code ignored;
    std::filesystem::remove(log_, ignored);
}

void FakeService::kill() {
    if (process_) {
        TerminateProcess(process_.get(), 1);
        WaitForSingleObject(process_.get(), ready_timeout_ms);
        process_.reset();
    }
}

std::vector<nlohmann::json> FakeService::frames(std::size_t count) {
    std::vector<nlohmann::json> result;
    for (int round = 0; round < 100; ++round) {
        result.clear();
        std::ifstream file(log_, std::ios::binary);
        for (std::string line; std::getline(file, line);) {
            if (nlohmann::json frame = nlohmann::json::parse(line, nullptr, false); !frame.is_discarded()) {
                result.push_back(std::move(frame));
            }
        }
        if (result.size() >= count) {
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return result;
}

std::wstring text(const nlohmann::json& units) {
    std::wstring result;
    for (const nlohmann::json& unit : units) {
        result += static_cast<wchar_t>(unit.get<unsigned>());
    }
    return result;
}

} // namespace maptrail::test
