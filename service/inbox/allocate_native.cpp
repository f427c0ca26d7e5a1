#ifndef _WIN32

#include "service/inbox/allocate.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace maptrail::inbox {

void allocate_file(const std::filesystem::path& file, std::uint64_t size) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        throw std::system_error(errno, std::generic_category(), "cannot make " + file.string());
    }
    const int error = ::posix_fallocate(descriptor, 0, static_cast<off_t>(size));
    ::close(descriptor);
    if (error != 0) {
        throw std::system_error(error, std::generic_category(),
                                "cannot reserve " + std::to_string(size) + " bytes for " + file.string());
    }
}

} // namespace maptrail::inbox

#endif
