// Operations for the tests of the formats and of the command line.
#pragma once

#include "common/model/operation.hpp"
#include "service/format/time_text.hpp"

#include <cstdint>
#include <string>

namespace maptrail::sample {

inline constexpr std::int64_t second = 1'000'000'000;

/// 2026-03-04T05:06:07.1234567Z
inline constexpr std::int64_t moment = 1'772'600'767'123'456'700;

inline ZoneOffset fixed_zone(std::int64_t hours) {
    return [hours](std::int64_t) { return hours * 3600; };
}

/// Every field has a value of its own that is not its default.
inline Operation full() {
    Operation o;
    o.id = 42;
    o.action = Action::connect;
    o.outcome = Outcome::failure;
    o.start = moment;
    o.end = moment + 12'300'000;
    o.duration = 12'345'600;
    o.error = 53;
    o.reason = "none";
    o.local_name = "Z:";
    o.remote_name = R"(\\files\projects)";
    o.remote_from = RemoteFrom::call;
    o.resource_type = 1;
    o.provider = "Microsoft Windows Network";
    o.flags = 0x1 | 0x8 | 0x80000;
    o.forced = true;
    o.truncated = true;
    o.identity = {"S-1-5-21-1-2-3-1001", "user1", "CORP", 0xABCDEF, 3, 0x3000, true};
    o.process = {4711, moment - 60 * second, R"(C:\Program Files\App\app.exe)", 64};
    o.source = Source::spool;
    o.decision = Decision::deny;
    o.host = "PC-17";
    return o;
}

/// A connect that went well.
inline Operation plain(std::int64_t id, std::int64_t start) {
    Operation o = full();
    o.id = id;
    o.start = start;
    o.end = start + 5'000'000;
    o.outcome = Outcome::success;
    o.error = 0;
    o.reason.clear();
    return o;
}

/// Three notifications that never arrived.
inline Operation loss() {
    Operation o;
    o.id = 43;
    o.action = Action::loss;
    o.outcome = Outcome::unknown;
    o.start = moment;
    o.end = moment + second;
    o.reason = "3 notifications never arrived";
    o.identity = full().identity;
    o.process = full().process;
    o.source = Source::spool;
    o.host = "PC-17";
    o.loss = LossDetail{LossKind::gap, 3, std::array<std::uint8_t, 16>{1, 2, 0xAB}, 5, 7};
    return o;
}

} // namespace maptrail::sample
