#include "notifyee/state.hpp"

#include "notifyee/clock.hpp"
#include "notifyee/random.hpp"

#include <cstring>

namespace maptrail::notifyee {

namespace {

constinit State the_state{};
INIT_ONCE initialised = INIT_ONCE_STATIC_INIT;

/// If the system has no random numbers to give: unlike any other load of the DLL, though foreseeable.
void mix_without_random(std::array<std::uint8_t, 16>& id) {
    const std::uint64_t parts[2] = {utc_filetime() ^ (std::uint64_t{GetCurrentProcessId()} << 40U),
                                    monotonic_100ns() ^ (std::uint64_t{GetCurrentThreadId()} << 40U)};
    static_assert(sizeof parts == sizeof id);
    std::memcpy(id.data(), parts, sizeof parts);
}

BOOL CALLBACK initialise(PINIT_ONCE, PVOID, PVOID*) {
    if (!fill_random(the_state.producer)) {
        mix_without_random(the_state.producer);
    }
    // The first number is drawn, so that a context from before an unload seldom meets an operation from after it.
    std::uint32_t first = 0;
    std::memcpy(&first, the_state.producer.data() + 4, sizeof first);
    the_state.operation = first;
    // Here, where every thread waits for it: else those that come while the first one looks would find nothing
    // installed.
    (void)the_state.settings.place();
    return TRUE;
}

} // namespace

State& state() {
    InitOnceExecuteOnce(&initialised, &initialise, nullptr, nullptr);
    return the_state;
}

void close_state() {
    for (Channel& channel : the_state.channels) {
        channel.connection.close();
        channel.spool.close();
    }
    the_state.settings.close();
}

} // namespace maptrail::notifyee
