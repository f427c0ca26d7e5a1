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

/// Where the notifyee finds policy page and spool: value `DataFolder`, in the view of 64-bit programs also for a 32-bit
/// one. Without the key MapTrail is not installed, and the notifyee does nothing.
inline constexpr wchar_t settings_key[] = L"SOFTWARE\\MapTrail";
inline constexpr wchar_t data_folder_value[] = L"DataFolder";
inline constexpr wchar_t policy_file_name[] = L"policy.page";
inline constexpr wchar_t spool_folder_name[] = L"spool";
inline constexpr wchar_t spool_file_suffix[] = L".spool";

/// Longest time that a notification may hold its caller, in milliseconds, unless the service has said otherwise.
inline constexpr std::uint32_t default_budget_ms = 50;
inline constexpr std::uint32_t min_budget_ms = 5;
inline constexpr std::uint32_t max_budget_ms = 5000;

/// What the caller of WNet sees if nobody answers and the administrator wants connections refused then: WN_CANCEL.
inline constexpr std::uint32_t default_denied_status = 1223;

/// Bytes.
inline constexpr std::uint32_t default_spool_file_bytes = 1U << 20U;
inline constexpr std::uint32_t min_spool_file_bytes = 64U << 10U;
inline constexpr std::uint32_t max_spool_file_bytes = 16U << 20U;
inline constexpr std::uint32_t default_spool_process_bytes = 16U << 20U;
inline constexpr std::uint32_t max_spool_process_bytes = 1U << 30U;

} // namespace maptrail
