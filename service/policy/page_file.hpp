// Making the file of the policy page, and saying who may read it.
#pragma once

#include <cstdint>
#include <filesystem>

namespace maptrail::policy {

/// Who may use the policy page: SYSTEM and the administrators everything; authenticated users and app containers, that
/// is every program that has the notifyee loaded, read. Nothing is inherited from the data folder, which is closed to
/// them; to pass through it to a file whose name one knows needs SeChangeNotifyPrivilege alone, and everybody has that.
inline constexpr wchar_t page_access[] = L"O:SYG:SYD:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;AU)(A;;FR;;;AC)";

/// Makes the file if it is not there, grows it to `size` if it is shorter, and gives it its access list. It is never
/// shortened and never replaced: programs have it mapped. Throws std::runtime_error.
void make_page_file(const std::filesystem::path& file, std::uint64_t size);

} // namespace maptrail::policy
