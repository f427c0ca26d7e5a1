// One process has an inbox open.
#pragma once

#include "service/inbox/inbox_error.hpp"

#include <boost/interprocess/sync/file_lock.hpp>

#include <filesystem>

namespace maptrail::inbox {

/// A lock on a file of its own, which the system gives back when the process ends, however it ends.
class OwnerLock {
public:
    /// Waits a little: after a process was killed Windows may take its time. Throws InboxError.
    explicit OwnerLock(const std::filesystem::path& file);

private:
    boost::interprocess::file_lock lock_;
};

} // namespace maptrail::inbox
