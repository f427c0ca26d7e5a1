// A history that is damaged must not keep the service from recording a new one.
#pragma once

#include "service/store/store.hpp"

namespace maptrail {

/// open_store in read_write mode. A damaged database is moved aside whole, with the files beside it, under a name that
/// tells when; `report` gets a line that says so, and a new database is made, whose first row is a loss that says so
/// too. Nothing is deleted; if a file can't be moved, all stay where they are. Throws StoreError.
///
/// The same is done when damage is met later: the call that met it then works on the new database. If that fails the
/// call throws StoreError, as the next ones do until it succeeds.
std::unique_ptr<Store> open_or_replace_store(const std::filesystem::path& file, Clock clock, std::string host,
                                             const std::function<void(const std::string&)>& report);

} // namespace maptrail
