#include "service/spool/sender.hpp"

#include "service/text/utf.hpp"

namespace maptrail::spool {

Sender sender_of(const wire::SpoolOrigin& origin, const std::string& owner) {
    const auto says = [&](std::uint32_t attribute) { return (origin.attributes & attribute) != 0; };
    Sender sender;
    sender.identity.user_sid = owner;
    sender.identity.logon_id = origin.logon_id;
    sender.identity.session_id = origin.session_id;
    sender.identity.integrity = origin.integrity;
    sender.identity.elevated = says(wire::spool_attribute::elevated);
    sender.process.pid = origin.process_id;
    sender.process.path = to_utf8(origin.path);
    sender.process.bitness = says(wire::spool_attribute::bits_64) ? std::uint8_t{64} : std::uint8_t{32};
    const std::int64_t started = filetime_to_unix_ns(origin.process_started);
    if (started > earliest_recorded && started <= latest_recorded) {
        sender.process.started = started;
    }
    sender.path_cut = says(wire::spool_attribute::path_cut);
    return sender;
}

Arrival arrival_of(const Sender& sender, std::span<const std::byte> frame, std::int64_t received, Judge::Turn& turn) {
    wire::Request request;
    const bool decoded = wire::decode(frame, request) == wire::DecodeError::none;
    const bool denied = decoded && (request.attributes & wire::attribute::denied_unrecorded) != 0;
    Arrival arrival = make_arrival(sender.identity, sender.process, Source::spool,
                                   denied ? Decision::deny : Decision::allow, received);
    arrival.path_cut = sender.path_cut;
    if (decoded) {
        arrival.judgement =
            turn.judge(request, Source::spool, {sender.identity, sender.process, nullptr, received}).record;
    }
    return arrival;
}

} // namespace maptrail::spool
