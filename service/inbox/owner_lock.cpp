#include "service/inbox/owner_lock.hpp"

#include "service/inbox/inbox_file.hpp"

#include <boost/interprocess/exceptions.hpp>

#include <chrono>
#include <fstream>
#include <thread>

namespace maptrail::inbox {
namespace {

constexpr int tries = 20;
constexpr std::chrono::milliseconds pause{50};

} // namespace

OwnerLock::OwnerLock(const std::filesystem::path& file) {
    if (!std::ofstream(file, std::ios::app)) {
        throw InboxError("cannot make " + name_of(file));
    }
    try {
        boost::interprocess::file_lock(file.c_str()).swap(lock_);
        for (int attempt = 0; attempt < tries; ++attempt) {
            if (lock_.try_lock()) {
                return;
            }
            std::this_thread::sleep_for(pause);
        }
    } catch (const boost::interprocess::interprocess_exception& error) {
        throw InboxError("cannot lock " + name_of(file) + ": " + error.what());
    }
    throw InboxError("another process has the inbox open: " + name_of(file) + " is locked");
}

} // namespace maptrail::inbox
