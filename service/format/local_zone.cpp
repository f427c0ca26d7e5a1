#include "service/format/local_zone.hpp"

#include <ctime>
#include <date/date.h>

namespace maptrail {
namespace {

#ifdef _WIN32
bool to_local(std::time_t moment, std::tm& local) {
    return localtime_s(&local, &moment) == 0;
}
void read_zone() {
    _tzset();
}
#else
bool to_local(std::time_t moment, std::tm& local) {
    return localtime_r(&moment, &local) != nullptr;
}
void read_zone() {
    tzset();
}
#endif

} // namespace

ZoneOffset local_zone() {
    return [](std::int64_t utc_seconds) -> std::int64_t {
        std::tm local{};
        if (!to_local(utc_seconds, local)) {
            return 0;
        }
        const auto day = date::sys_days{date::year{local.tm_year + 1900} / (local.tm_mon + 1) / local.tm_mday};
        const std::int64_t clock = (local.tm_hour * 60 + local.tm_min) * 60 + local.tm_sec;
        return std::int64_t{day.time_since_epoch().count()} * 86400 + clock - utc_seconds;
    };
}

void refresh_local_zone() {
    read_zone();
}

} // namespace maptrail
