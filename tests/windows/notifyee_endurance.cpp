// The DLL as a guest in a foreign process: what it uses, and how its host may end.
#include "tests/windows/installation.hpp"
#include "tests/windows/notifyee_host.hpp"
#include "tests/windows/program.hpp"

#include "common/win32/error.hpp"

#include <catch_amalgamated.hpp>

#include <psapi.h>
#include <tlhelp32.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <thread>
#include <vector>

using namespace maptrail;
using namespace maptrail::test;

namespace {

std::unique_ptr<FakeService> service_if(bool wanted, const std::wstring& mode) {
    return wanted ? std::make_unique<FakeService>(mode) : nullptr;
}

/// What a process has of the system.
struct Footprint {
    DWORD handles = 0;
    DWORD threads = 0;
    SIZE_T memory = 0; ///< bytes of private memory
};

Footprint footprint() {
    Footprint result;
    PROCESS_MEMORY_COUNTERS counters{};
    if (!GetProcessHandleCount(GetCurrentProcess(), &result.handles) ||
        !GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters)) {
        win32::throw_last_error("cannot measure the process");
    }
    result.memory = counters.PagefileUsage;
    const win32::Handle snapshot(CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0));
    THREADENTRY32 thread{};
    thread.dwSize = sizeof thread;
    for (BOOL more = Thread32First(snapshot.get(), &thread); more; more = Thread32Next(snapshot.get(), &thread)) {
        result.threads += thread.th32OwnerProcessID == GetCurrentProcessId() ? 1 : 0;
    }
    return result;
}

#ifdef _WIN64
/// This program again, with one hidden test.
win32::Handle start_self(const wchar_t* test) {
    return start_program(L"\"" + (own_folder() / "maptrail_notifyee_tests.exe").wstring() + L"\" \"" + test + L"\"")
        .process;
}

constexpr UINT host_ended = 47;
#endif

#ifndef _WIN64
/// Takes all memory that the process can get, down to the last page; gives it back at the end.
class Famine {
public:
    Famine() {
        for (SIZE_T size = SIZE_T{256} << 20U; size >= 4096; size /= 2) {
            while (void* piece = VirtualAlloc(nullptr, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)) {
                if (count_ == pieces_.size()) {
                    VirtualFree(piece, 0, MEM_RELEASE);
                    return;
                }
                pieces_[count_++] = piece;
            }
        }
    }
    Famine(const Famine&) = delete;
    Famine& operator=(const Famine&) = delete;
    ~Famine() {
        for (std::size_t i = 0; i < count_; ++i) {
            VirtualFree(pieces_[i], 0, MEM_RELEASE);
        }
    }
    [[nodiscard]] bool complete() const { return count_ < pieces_.size(); }

private:
    static inline std::array<void*, 100'000> pieces_{};
    std::size_t count_ = 0;
};
#endif

void uses_no_more_after(int calls, bool answered) {
    CAPTURE(calls, answered);
    const auto service = service_if(answered, L"quiet");
    wire::Policy policy = Installation::patient();
    policy.spool_process_bytes = max_spool_process_bytes;
    const Installation installation(policy);
    const Notifyee notifyee;
    for (int i = 0; i < 50; ++i) {
        one_operation(notifyee);
    }
    const Footprint first = footprint();
    for (int i = 50; i < calls / 2; ++i) {
        one_operation(notifyee);
    }
    const Footprint last = footprint();
    CHECK(last.handles == first.handles);
    CHECK(last.threads == first.threads);
    CHECK(last.memory <= first.memory + (SIZE_T{256} << 10U)); // the measuring itself
    if (!answered) {
        CHECK(installation.spooled_sequences().size() == static_cast<std::size_t>(calls));
    }
}

} // namespace

TEST_CASE("after 10,000 calls a host has the handles, the threads and the memory that it had after 100") {
    uses_no_more_after(10'000, GENERATE(true, false));
}

// Hidden because it takes minutes under an emulator: 10,000 calls are made with every change, and these by
// `ctest --preset windows-long`, which ./dev test names at its end.
TEST_CASE("after 100,000 calls a host has the handles, the threads and the memory that it had after 100", "[.][long]") {
    uses_no_more_after(100'000, GENERATE(true, false));
}

TEST_CASE("threads that load, call and unload at the same time disturb neither each other nor their host") {
    const bool answered = GENERATE(true, false);
    const auto service = service_if(answered, L"allow");
    const Installation installation;
    {
        const Notifyee first;
        one_operation(first);
    }
    constexpr int threads = 8;
    constexpr int rounds = 20;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < threads; ++i) {
            callers.emplace_back([] {
                for (int round = 0; round < rounds; ++round) {
                    const Notifyee notifyee;
                    one_operation(notifyee);
                }
            });
        }
    }
    constexpr std::size_t all = 2 * (threads * rounds + 1);
    if (answered) {
        CHECK(service->frames(all).size() == all);
    } else {
        CHECK(installation.spooled_sequences().size() == all);
    }
}

TEST_CASE("a before and an after on both sides of an unload are two frames, and no harm") {
    FakeService service(L"allow");
    const Installation installation;
    NOTIFYADD add = make_add(L"Z:", L"\\\\server\\share");
    NOTIFYINFO info = before();
    {
        const Notifyee notifyee;
        REQUIRE(notifyee.add(&info, &add) == WN_SUCCESS);
    }
    const Notifyee again;
    NOTIFYINFO end = after(info, WN_SUCCESS);
    CHECK(again.add(&end, &add) == WN_SUCCESS);
    const auto frames = service.frames(2);
    REQUIRE(frames.size() == 2);
    CHECK(frames[0]["operation"] == frames[1]["operation"]);
    CHECK(frames[0]["producer"] != frames[1]["producer"]);
}

#ifdef _WIN64 // the emulator that runs 32-bit programs in the tests ends threads while they hold locks of its own
namespace {

bool under_wine() {
    return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
}

/// Whether all threads that a process still has are in the call that ends it: ExitProcess has ended the others, has
/// told the DLLs, or is about to, and the system does not return. System DLLs lie at the same place in each process.
bool ends_in_the_system(HANDLE process) {
    constexpr std::uintptr_t stub = 32; // bytes of a system call's code
    const auto call =
        reinterpret_cast<std::uintptr_t>(GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtTerminateProcess"));
    const win32::Handle threads(CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0));
    REQUIRE(threads);
    THREADENTRY32 entry{};
    entry.dwSize = sizeof entry;
    int looked_at = 0;
    for (BOOL more = Thread32First(threads.get(), &entry); more; more = Thread32Next(threads.get(), &entry)) {
        if (entry.th32OwnerProcessID != GetProcessId(process)) {
            continue;
        }
        const win32::Handle thread(OpenThread(THREAD_SUSPEND_RESUME | THREAD_GET_CONTEXT, FALSE, entry.th32ThreadID));
        CONTEXT context{};
        context.ContextFlags = CONTEXT_CONTROL;
        if (!thread || SuspendThread(thread.get()) == DWORD(-1) || !GetThreadContext(thread.get(), &context)) {
            return false;
        }
        ++looked_at;
        if (context.Rip < call || context.Rip >= call + stub) {
            WARN("a thread stands at " << std::hex << context.Rip);
            return false;
        }
    }
    return looked_at > 0;
}

} // namespace

// Hidden because it ends the test program: the next case starts it as a program of its own.
TEST_CASE("a host that ends in the middle of calls ends at once and as it wanted to", "[.host]") {
    const Notifyee notifyee;
    std::vector<std::thread> callers;
    for (int i = 0; i < 8; ++i) {
        callers.emplace_back([&] {
            for (;;) {
                one_operation(notifyee);
            }
        });
    }
    Sleep(300);
    ExitProcess(host_ended);
}

// Wine's call that ends a process may itself wait for ever, for a lock of Wine's that a thread held when that call
// ended it. A host that does not end has to be in this very call, and then another one is tried; anywhere else, or
// where there is no Wine, it is a failure.
TEST_CASE("a host may end while its threads are in calls, whatever the service does") {
    const auto* mode = GENERATE(L"mute", L"quiet", L"none");
    CAPTURE(std::wstring(mode));
    const auto service = service_if(std::wstring(mode) != L"none", mode);
    const Installation installation;
    bool ended = false;
    for (int tries = 0; tries < 6 && !ended; ++tries) {
        const win32::Handle host = start_self(L"a host that ends in the middle of calls*");
        ended = WaitForSingleObject(host.get(), 20'000) == WAIT_OBJECT_0;
        if (!ended) {
            const bool by_wine = under_wine() && ends_in_the_system(host.get());
            REQUIRE(TerminateProcess(host.get(), 1));
            REQUIRE(by_wine);
            WARN("Wine did not end a host");
            continue;
        }
        DWORD code = 0;
        REQUIRE(GetExitCodeProcess(host.get(), &code));
        CHECK(code == host_ended);
    }
    CHECK(ended);
}
#endif

#ifndef _WIN64 // 64 bits of addresses can't be used up, so the 32-bit DLL stands for both: its sources are the same
TEST_CASE("a host without any memory left gets its answer all the same") {
    const bool answered = GENERATE(true, false);
    const auto service = service_if(answered, L"allow");
    const Installation installation;
    const Notifyee fed;
    one_operation(fed);
    NOTIFYADD add = make_add(L"Z:", L"\\\\server\\share");
    NOTIFYCANCEL cancel = make_cancel(L"C:");
    NOTIFYINFO info = before();
    NOTIFYINFO end = before();
    DWORD answers[4] = {1, 1, 1, 1};
    bool complete = false;
    {
        const Famine famine; // from here on nothing of the test may need memory
        complete = famine.complete();
        answers[0] = fed.add(&info, &add);
        end = after(info, WN_SUCCESS);
        answers[1] = fed.add(&end, &add);
        answers[2] = fed.cancel(&info, &cancel);
        end = after(info, ERROR_NOT_CONNECTED);
        answers[3] = fed.cancel(&end, &cancel);
    }
    CHECK(complete);
    for (const DWORD answer : answers) {
        CHECK(answer == WN_SUCCESS);
    }
    one_operation(fed);
    if (answered) {
        CHECK(service->frames(2).size() >= 2);
    } else {
        CHECK(installation.spooled_sequences().back() == 8);
    }
}
#endif
