// Who may do what in the spool folder and with the files in it.
#pragma once

namespace maptrail::spool {

/// A drop-box. Nothing is inherited from the data folder (PAI), which is closed to users; to pass through that needs
/// SeChangeNotifyPrivilege alone.
///   (A;OICI;FA;;;SY)(A;OICI;FA;;;BA)   SYSTEM and the administrators: everything, in the files too.
///   (A;;0x100022;;;AU)                 Authenticated users: FILE_ADD_FILE (0x2), FILE_TRAVERSE (0x20) and SYNCHRONIZE
///                                      (0x100000) on the folder alone. Not FILE_LIST_DIRECTORY, so nobody sees what
///                                      others left; not FILE_ADD_SUBDIRECTORY, not FILE_DELETE_CHILD. It is not
///                                      inherited: who closed his file cannot open it again.
///   (A;;0x100022;;;AC)                 The same for app containers, which need an entry of their own.
///   (A;OIIO;RC;;;OW)                   In the files, in place of what an owner has by nature (reading and changing the
///                                      access list): reading it.
///   S:(ML;OICI;NW;;;LW)                Label Low: programs of low integrity may add files and write into them.
inline constexpr wchar_t folder_access[] = L"O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
                                           L"(A;;0x100022;;;AU)(A;;0x100022;;;AC)(A;OIIO;RC;;;OW)"
                                           L"S:(ML;OICI;NW;;;LW)";

} // namespace maptrail::spool
