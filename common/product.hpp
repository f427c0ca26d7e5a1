// Names that other software sees: they are part of the product's contract and are fixed.
#pragma once

#include <cstdint>

namespace maptrail {

inline constexpr wchar_t service_name[] = L"MapTrail";
inline constexpr wchar_t dll_file_name[] = L"maptrail-notifyee.dll";
inline constexpr wchar_t executable_file_name[] = L"maptrail.exe";

/// The value's data as the installer writes it. One text serves both bitnesses: the file system redirector of a
/// 32-bit process turns System32 into SysWOW64 ("Registering to Receive Connection Notifications").
inline constexpr wchar_t registered_dll_path[] = L"%SystemRoot%\\System32\\maptrail-notifyee.dll";
inline constexpr wchar_t notifyees_key[] = L"SYSTEM\\CurrentControlSet\\Control\\NetworkProvider\\Notifyees";

/// ProtectedPrefix\Administrators: only an administrator can create a pipe below it, so nobody squats on the name.
inline constexpr wchar_t notify_pipe_name[] = L"\\\\.\\pipe\\ProtectedPrefix\\Administrators\\MapTrail\\notify";
inline constexpr wchar_t control_pipe_name[] = L"\\\\.\\pipe\\ProtectedPrefix\\Administrators\\MapTrail\\control";

/// Longest time that a notification may hold its caller, in milliseconds, unless the service has said otherwise.
inline constexpr std::uint32_t default_budget_ms = 50;
inline constexpr std::uint32_t min_budget_ms = 5;
inline constexpr std::uint32_t max_budget_ms = 5000;

} // namespace maptrail
