#include "tests/bench/sample.hpp"

#include <windows.h>

namespace maptrail::bench {

std::int64_t ticks() {
    static const std::int64_t frequency = [] {
        LARGE_INTEGER value{};
        QueryPerformanceFrequency(&value);
        return value.QuadPart;
    }();
    LARGE_INTEGER now{};
    QueryPerformanceCounter(&now);
    constexpr std::int64_t second = 1'000'000'000;
    return now.QuadPart / frequency * second + now.QuadPart % frequency * second / frequency;
}

} // namespace maptrail::bench
