#include "service/rules/subject_buffer.hpp"

#include "service/inbox/envelope.hpp"
#include "service/rules/remote_name.hpp"
#include "service/text/device_name.hpp"
#include "service/text/text.hpp"
#include "service/text/utf.hpp"

namespace maptrail::rules {
namespace {

/// A UTF-16 unit becomes three bytes at most, and a code point in upper case one byte more than in lower case.
constexpr std::size_t bytes_of_unit = 4;
constexpr std::size_t longest_name = 1024; ///< of a user or a domain: far beyond what Windows has

} // namespace

LocalMoment local_moment(std::int64_t local_seconds) {
    constexpr std::int64_t day = 86'400;
    const std::int64_t in_day = ((local_seconds % day) + day) % day;
    const std::int64_t days = (local_seconds - in_day) / day;
    LocalMoment moment;
    moment.minute = static_cast<std::uint16_t>(in_day / 60);
    moment.weekday = static_cast<std::uint8_t>((days % 7 + 7 + 3) % 7); // 1970 began on a Thursday
    return moment;
}

SubjectBuffer::SubjectBuffer(AddressBook* addresses) : addresses_(addresses) {
    utf8_.reserve(bytes_of_unit * wire::max_remote_units);
    local_.reserve(bytes_of_unit * wire::max_remote_units); // a disconnect's name may be a remote one
    remote_.reserve(bytes_of_unit * wire::max_remote_units);
    provider_.reserve(bytes_of_unit * wire::max_provider_units);
    user_name_.reserve(longest_name);
    user_domain_.reserve(longest_name);
    user_sid_.reserve(max_envelope_sid);
    program_.reserve(2 * max_envelope_path);
}

void SubjectBuffer::reset(Action action, Phase phase, Source source, LocalMoment moment) {
    subject_ = {};
    subject_.action = action;
    subject_.phase = phase;
    subject_.source = source;
    subject_.moment = moment;
}

void SubjectBuffer::set_caller(const Identity& identity, const ClientProcess& process) {
    fold_into(user_sid_, cut_utf8(identity.user_sid, max_envelope_sid));
    subject_.user_sid = user_sid_;
    if (!identity.user_name.empty()) {
        fold_into(user_name_, cut_utf8(identity.user_name, longest_name / 2));
        fold_into(user_domain_, cut_utf8(identity.user_domain, longest_name / 2));
        subject_.user_name = user_name_;
        subject_.user_domain = user_domain_;
    }
    // Of a spool file's writer only the owner is known for sure, but its word is all there is for the rest.
    subject_.elevated = identity.elevated;
    subject_.integrity = identity.integrity;
    subject_.session = identity.session_type;
    if (!process.path.empty()) {
        fold_into(program_, cut_utf8(process.path, max_envelope_path));
        subject_.program = program_;
    }
    subject_.bitness = process.bitness;
}

void SubjectBuffer::set_local(std::string_view name) {
    name.remove_suffix(name.ends_with(':') ? 1 : 0); // as local_key_of(), without a string of its own
    fold_into(local_, name);
    subject_.local = local_;
}

void SubjectBuffer::set_remote(std::string_view name) {
    fold_into(remote_, name);
    unify_separators(remote_);
    subject_.remote = remote_;
    const RemoteParts parts = parts_of_remote(remote_);
    subject_.server = parts.server;
    subject_.share = parts.share;
    subject_.address = parts.server ? address_of(*parts.server) : std::nullopt;
    if (parts.server && !subject_.address && addresses_ != nullptr) {
        subject_.address = addresses_->find(*parts.server);
    }
}

const Subject& SubjectBuffer::fill(const wire::Request& request, Source source, const Identity& identity,
                                   const ClientProcess& process, const std::vector<std::string>* groups,
                                   LocalMoment moment) {
    const bool disconnect = request.action == wire::Action::disconnect;
    reset(static_cast<Action>(request.action), request.phase, source, moment);
    set_caller(identity, process);
    if (groups != nullptr) {
        subject_.groups = *groups;
    }
    subject_.flags = request.flags;
    subject_.forced = (request.attributes & wire::attribute::forced) != 0;
    subject_.status = request.status;
    to_utf8_into(utf8_, request.local.view);
    const bool names_device = !disconnect || is_local_device(utf8_);
    if (names_device) {
        set_local(utf8_);
    } else if (!utf8_.empty()) {
        set_remote(utf8_);
    }
    if (!disconnect) {
        subject_.resource_type = request.resource_type;
        to_utf8_into(utf8_, request.remote.view);
        set_remote(utf8_);
    } else if (names_device) {
        to_utf8_into(utf8_, request.device.view);
        if (const auto part = remote_part_of_device(utf8_)) {
            // All of the name but its first backslash, for which the end of the component before it makes room.
            const auto offset = static_cast<std::size_t>(part->data() - utf8_.data());
            utf8_[offset - 1] = '\\';
            set_remote(std::string_view(utf8_).substr(offset - 1));
        }
    }
    // What the router defines before a disconnect is no provider, and after it only one of a success.
    if (!disconnect || (request.phase == Phase::after && request.status == 0)) {
        to_utf8_into(utf8_, request.provider.view);
        fold_into(provider_, utf8_);
        subject_.provider = provider_;
    }
    return subject_;
}

const Subject& SubjectBuffer::fill(const Operation& operation, Phase phase, const std::vector<std::string>* groups,
                                   LocalMoment moment) {
    const bool disconnect = operation.action == Action::disconnect;
    reset(operation.action, phase, operation.source, moment);
    set_caller(operation.identity, operation.process);
    if (groups != nullptr) {
        subject_.groups = *groups;
    }
    subject_.flags = operation.flags;
    subject_.forced = operation.forced;
    subject_.status = phase == Phase::after ? operation.error : 0;
    set_local(operation.local_name);
    // After a disconnect nobody can ask any more what its device pointed at.
    const bool told = operation.remote_from == RemoteFrom::call ||
                      (operation.remote_from == RemoteFrom::device && phase == Phase::before);
    if (told || !disconnect) {
        set_remote(operation.remote_name);
    }
    if (!disconnect) {
        subject_.resource_type = operation.resource_type;
    }
    if (!disconnect || (phase == Phase::after && operation.error == 0)) {
        fold_into(provider_, operation.provider);
        subject_.provider = provider_;
    }
    return subject_;
}

} // namespace maptrail::rules
