#ifndef _WIN32

#include "service/policy/page_file.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace maptrail::policy {

void make_page_file(const std::filesystem::path& file, std::uint64_t size) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        throw std::system_error(errno, std::generic_category(), "cannot make the policy page " + file.string());
    }
    const int error = ::posix_fallocate(descriptor, 0, static_cast<off_t>(size)); // never shortens
    ::close(descriptor);
    if (error != 0) {
        throw std::system_error(error, std::generic_category(),
                                "cannot make room for the policy page " + file.string());
    }
}

} // namespace maptrail::policy

#endif
