// A host of the DLL, as MPR is one, and a stand-in for the service beside it.
#pragma once

#include "common/win32/handle.hpp"

#include <windows.h>
#include <winnetwk.h>

extern "C" {
#include <npapi.h>
}

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace maptrail::test {

/// The folder that the test program lies in, with the DLL beside it.
std::filesystem::path own_folder();

/// A pointer that faults when it is read, whatever the type.
void* wild_pointer();

class Notifyee {
public:
    using Add = DWORD(APIENTRY*)(LPNOTIFYINFO, LPNOTIFYADD);
    using Cancel = DWORD(APIENTRY*)(LPNOTIFYINFO, LPNOTIFYCANCEL);

    Notifyee();
    Notifyee(const Notifyee&) = delete;
    Notifyee& operator=(const Notifyee&) = delete;
    ~Notifyee();

    Add add = nullptr;
    Cancel cancel = nullptr;
    [[nodiscard]] HMODULE module() const { return module_; }

private:
    HMODULE module_;
};

/// A NOTIFYADD whose undefined fields are wild.
NOTIFYADD make_add(const wchar_t* local, const wchar_t* remote, const wchar_t* provider = nullptr);

/// A NOTIFYCANCEL whose provider is wild.
NOTIFYCANCEL make_cancel(const wchar_t* name);

NOTIFYINFO before();
NOTIFYINFO after(const NOTIFYINFO& before, DWORD status);

/// A connect that succeeds: the call before it and the call after it.
void one_operation(const Notifyee& notifyee);

/// maptrail_fake_service, for as long as the object lives.
class FakeService {
public:
    explicit FakeService(const std::wstring& mode);
    FakeService(const FakeService&) = delete;
    FakeService& operator=(const FakeService&) = delete;
    ~FakeService();

    /// Ends it the hard way.
    void kill();

    /// The frames so far; waits a while until there are `count`.
    std::vector<nlohmann::json> frames(std::size_t count);

private:
    win32::Handle process_;
    std::filesystem::path log_;
};

/// A frame's string.
std::wstring text(const nlohmann::json& units);

} // namespace maptrail::test
