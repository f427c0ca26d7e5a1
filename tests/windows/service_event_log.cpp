#include "service/sinks/event_log.hpp"
#include "tests/windows/command_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <array>
#include <memory>

using namespace maptrail;
using namespace maptrail::test;

namespace {

struct FreeModule {
    void operator()(HMODULE module) const { FreeLibrary(module); }
};
using Module = std::unique_ptr<std::remove_pointer_t<HMODULE>, FreeModule>;

/// The program that the installer takes.
Module product() {
    const std::filesystem::path file = own_folder().parent_path().parent_path() / "ship" / "maptrail.exe";
    return Module(LoadLibraryExW(file.c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_IMAGE_RESOURCE));
}

/// As a viewer makes it. Empty if there is no such message.
std::string message(HMODULE module, const EventShape& shape) {
    constexpr std::size_t most = 20;
    std::array<std::wstring, most> strings;
    std::array<DWORD_PTR, most> insertions{};
    for (std::size_t i = 0; i < most; ++i) {
        strings[i] = L"<" + std::to_wstring(i + 1) + L">";
        insertions[i] = reinterpret_cast<DWORD_PTR>(strings[i].c_str());
    }
    win32::LocalMemory<wchar_t> text;
    const DWORD size =
        FormatMessageW(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_ARGUMENT_ARRAY,
                       module, message_id(shape), MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US),
                       reinterpret_cast<wchar_t*>(text.receive()), 0, reinterpret_cast<va_list*>(insertions.data()));
    return size == 0 ? std::string() : to_utf8({reinterpret_cast<const char16_t*>(text.get()), size});
}

std::size_t times(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

/// An Event Log that forgets its sources when it fails.
struct ForgetfulLog {
    static inline int opened = 0;
    static inline int closed = 0;
    static inline int written = 0;
    static inline bool fails = false;

    static HANDLE WINAPI open(LPCWSTR, LPCWSTR) { return reinterpret_cast<HANDLE>(static_cast<INT_PTR>(++opened)); }
    static BOOL WINAPI write(HANDLE source, WORD, WORD, DWORD, PSID, WORD, DWORD, LPCWSTR*, LPVOID) {
        const bool known = source == reinterpret_cast<HANDLE>(static_cast<INT_PTR>(opened));
        written += known && !fails ? 1 : 0;
        return known && !fails;
    }
    static BOOL WINAPI close(HANDLE) { return ++closed != 0; }
    static void reset() {
        opened = closed = written = 0;
        fails = false;
    }
};

} // namespace

TEST_CASE("maptrail.exe has a message for each kind of event, with each of its strings once", "[events]") {
    const Module module = product();
    REQUIRE(module);
    for (const EventShape& shape : event_shapes) {
        const std::string text = message(module.get(), shape);
        CAPTURE(static_cast<int>(shape.kind), text);
        CHECK_FALSE(text.empty());
        for (std::size_t i = 1; i <= shape.strings; ++i) {
            CHECK(times(text, "<" + std::to_string(i) + ">") == 1);
        }
        CHECK(times(text, "<") == shape.strings);
    }
    CHECK(message(module.get(), {static_cast<EventKind>(999), EventSeverity::error, 0}).empty());
}

TEST_CASE("The Event Log takes events of each kind", "[events]") {
    EventLog log;
    for (const EventShape& shape : event_shapes) {
        log.report(shape.kind, {"a", "b\r\n", std::string(100'000, 'c')});
    }
    CHECK(log.failures() == 0);
}

TEST_CASE("After an event that could not be written the Event Log is opened anew", "[events]") {
    ForgetfulLog::reset();
    {
        EventLog log({.open = &ForgetfulLog::open, .write = &ForgetfulLog::write, .close = &ForgetfulLog::close});
        log.report(EventKind::loss, {"1"});
        log.report(EventKind::loss, {"2"});
        CHECK(ForgetfulLog::opened == 1);
        ForgetfulLog::fails = true;
        log.report(EventKind::loss, {"3"});
        CHECK(log.failures() == 1);
        CHECK(ForgetfulLog::closed == 1);
        ForgetfulLog::fails = false;
        log.report(EventKind::loss, {"4"});
        log.report(EventKind::loss, {"5"});
        CHECK(ForgetfulLog::opened == 2);
        CHECK(ForgetfulLog::written == 4);
        CHECK(log.failures() == 1);
    }
    CHECK(ForgetfulLog::closed == 2);
}
