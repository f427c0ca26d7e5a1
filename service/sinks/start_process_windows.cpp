#include "service/sinks/start_process.hpp"

#include "common/win32/error.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace maptrail {

namespace {

/// The token of a service account; none for the service's own.
win32::Handle log_on(rules::RunAs account, const AccountCalls& calls) {
    if (account == rules::RunAs::system) {
        return {};
    }
    const bool local = account == rules::RunAs::local_service;
    win32::Handle logged_on;
    if (!calls.log_on(local ? L"LocalService" : L"NetworkService", L"NT AUTHORITY", nullptr, LOGON32_LOGON_SERVICE,
                      LOGON32_PROVIDER_DEFAULT, logged_on.receive())) {
        win32::throw_last_error(local ? "cannot log on LocalService, which only the service can, as SYSTEM"
                                      : "cannot log on NetworkService, which only the service can, as SYSTEM");
    }
    // As services these accounts may impersonate whoever connects to them. A command needs none of their privileges.
    win32::Handle token;
    if (!calls.restrict_token(logged_on.get(), DISABLE_MAX_PRIVILEGE, 0, nullptr, 0, nullptr, 0, nullptr,
                              token.receive())) {
        win32::throw_last_error("cannot take the privileges off a command's token");
    }
    return token;
}

/// The account's variables, none of the service's own.
class Environment {
public:
    Environment(HANDLE token, const AccountCalls& calls) {
        if (!calls.make_environment(&block_, token, FALSE)) {
            win32::throw_last_error("cannot make an environment for a command");
        }
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() { DestroyEnvironmentBlock(block_); }

    [[nodiscard]] void* get() const { return block_; }

private:
    void* block_ = nullptr;
};

/// Which handles the process inherits, and the job that it is born into.
class Attributes {
public:
    explicit Attributes(const ProcessStart& start) : handles_{start.input, start.output}, job_(start.job) {
        SIZE_T size = 0;
        InitializeProcThreadAttributeList(nullptr, 2, 0, &size);
        memory_.resize(size);
        if (!InitializeProcThreadAttributeList(get(), 2, 0, &size)) {
            win32::throw_last_error("cannot make a command's attributes");
        }
        if (!UpdateProcThreadAttribute(get(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_.data(),
                                       handles_.size() * sizeof(HANDLE), nullptr, nullptr) ||
            !UpdateProcThreadAttribute(get(), 0, PROC_THREAD_ATTRIBUTE_JOB_LIST, &job_, sizeof job_, nullptr,
                                       nullptr)) {
            const DWORD error = GetLastError();
            DeleteProcThreadAttributeList(get());
            throw win32::Error("cannot set a command's attributes", error);
        }
    }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    ~Attributes() { DeleteProcThreadAttributeList(get()); }

    [[nodiscard]] LPPROC_THREAD_ATTRIBUTE_LIST get() {
        return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());
    }

private:
    std::array<HANDLE, 2> handles_; // the list points at them
    HANDLE job_;
    std::vector<std::byte> memory_;
};

std::wstring system_folder() {
    std::array<wchar_t, MAX_PATH> path{};
    const UINT size = GetSystemDirectoryW(path.data(), static_cast<UINT>(path.size()));
    if (size == 0 || size >= path.size()) {
        win32::throw_last_error("cannot ask for the system's folder");
    }
    return {path.data(), size};
}

} // namespace

win32::Handle start_process(const ProcessStart& start, const AccountCalls& calls) {
    const win32::Handle token = log_on(start.account, calls);
    const Environment environment(token.get(), calls);
    Attributes attributes(start);
    const std::wstring folder = system_folder();
    std::wstring command_line = start.command_line; // CreateProcessW writes into it
    std::array<wchar_t, 1> own_desktop{};           // not the service's, which other accounts can't open

    STARTUPINFOEXW startup{};
    startup.StartupInfo.cb = sizeof startup;
    startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    startup.StartupInfo.hStdInput = start.input;
    startup.StartupInfo.hStdOutput = start.output;
    startup.StartupInfo.hStdError = start.output;
    startup.lpAttributeList = attributes.get();
    constexpr DWORD flags =
        CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT | CREATE_DEFAULT_ERROR_MODE | EXTENDED_STARTUPINFO_PRESENT;
    PROCESS_INFORMATION started{};
    BOOL done = FALSE;
    if (token) {
        startup.StartupInfo.lpDesktop = own_desktop.data();
        done = calls.create_process(token.get(), start.program.c_str(), command_line.data(), nullptr, nullptr, TRUE,
                                    flags, environment.get(), folder.c_str(), &startup.StartupInfo, &started);
    } else {
        done = CreateProcessW(start.program.c_str(), command_line.data(), nullptr, nullptr, TRUE, flags,
                              environment.get(), folder.c_str(), &startup.StartupInfo, &started);
    }
    if (!done) {
        win32::throw_last_error("cannot start the program");
    }
    CloseHandle(started.hThread);
    return win32::Handle(started.hProcess);
}

} // namespace maptrail
