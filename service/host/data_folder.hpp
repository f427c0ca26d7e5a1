// The folder that holds configuration, history and logs.
#pragma once

#include <windows.h>

#include <filesystem>

namespace maptrail {

/// Owner SYSTEM; SYSTEM and Administrators everything, nobody else anything, nothing inherited from above.
inline constexpr wchar_t data_folder_access[] = L"O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";

/// %ProgramData%\MapTrail, as the system knows it, whatever the environment says. Throws win32::Error.
[[nodiscard]] std::filesystem::path default_data_folder();

/// Whether what belongs to that SID can be taken as the service's own: SYSTEM, Administrators, or whom it runs as.
[[nodiscard]] bool is_trusted_owner(PSID owner);

/// Makes the folder, with those above it, the service's alone. A folder that somebody else made first is moved aside
/// whole, to "<name>.foreign-<number>": its owner could always get at what lies in it. Anything but a real folder (a
/// junction, a link, a file) is refused. Throws win32::Error or std::runtime_error.
void make_private_folder(const std::filesystem::path& folder, const wchar_t* access = data_folder_access,
                         bool (*trusted)(PSID) = &is_trusted_owner);

/// Throws if the file is there and belongs to anybody but SYSTEM, the administrators or the user that the service runs
/// as, or is a link: before the folder was made private, any user could have laid it there.
void refuse_foreign_file(const std::filesystem::path& file);

} // namespace maptrail
