#include "service/spool/file_collector.hpp"

#include "common/win32/error.hpp"
#include "service/inbox/append_frame.hpp"
#include "service/inbox/loss_notice.hpp"
#include "service/spool/sender.hpp"
#include "service/text/utf.hpp"

#include <algorithm>
#include <cstring>

namespace maptrail::spool {

namespace {

/// Files of a later version are few, after a step back to an older one; more than that are somebody's litter.
constexpr std::uint64_t most_left_alone = 1'000;

/// A flood of rubbish is not to become a flood in the log.
constexpr std::uint64_t most_notes = 5;

bool has_magic(std::span<const std::byte> bytes) {
    std::uint32_t magic = 0;
    if (bytes.size() < sizeof(wire::SpoolHeader)) {
        return false;
    }
    std::memcpy(&magic, bytes.data(), sizeof magic);
    return magic == wire::spool_magic;
}

} // namespace

FileCollector::FileCollector(Inbox& inbox, Judge& judge, std::filesystem::path quarantine, CollectorSystem system,
                             CollectorOptions options)
    : inbox_(inbox), judge_(judge), quarantine_(std::move(quarantine)), system_(std::move(system)), options_(options) {}

void FileCollector::begin_round() {
    ++round_;
    notes_ = 0;
}

bool FileCollector::wanted(const std::wstring& name) {
    const auto found = held_.find(name);
    if (found == held_.end()) {
        return true;
    }
    found->second.round = round_;
    return !found->second.left_alone;
}

void FileCollector::end_round() {
    std::erase_if(held_, [&](const auto& entry) { return entry.second.round != round_; });
    left_alone_ = static_cast<std::uint64_t>(
        std::ranges::count_if(held_, [](const auto& entry) { return entry.second.left_alone; }));
    if (notes_ > most_notes) {
        system_.error("spool: " + std::to_string(notes_ - most_notes) + " more such messages are left out");
    }
}

Outcome FileCollector::collect(const std::wstring& name, SpoolEntry& file, const std::stop_token& stop) {
    if (file.kind() != Kind::file) {
        return refuse(name, file, file.kind() == Kind::link ? "is a link" : "is a folder");
    }
    // The claim comes before the reading: an append that the reading misses is one whose writer sees the claim.
    file.read(sizeof(wire::SpoolHeader), bytes_);
    if (has_magic(bytes_)) {
        file.claim();
    }
    if (file.size() <= max_file_size) {
        file.read(max_file_size, bytes_);
    }
    if (file.size() > max_file_size) {
        return refuse(name, file, "is larger than any spool file");
    }
    const Contents contents = read_file(bytes_);
    if (contents.header == wire::DecodeError::none) {
        return store(name, file, contents, stop);
    }
    if (contents.header == wire::DecodeError::bad_version && left_alone_ < most_left_alone) {
        hold(name).left_alone = true;
        ++left_alone_;
        note("spool file " + path_utf8(name) + " is of a later version, and is left alone until the next start");
        return Outcome::later;
    }
    if (!held_for(name, options_.patience)) {
        return Outcome::later;
    }
    Loss loss;
    loss.identity.user_sid = file.owner();
    return take_damaged(name, file, loss, std::string("its header is damaged: ") + wire::name_of(contents.header));
}

Outcome FileCollector::store(const std::wstring& name, SpoolEntry& file, const Contents& contents,
                             const std::stop_token& stop) {
    Sender sender = sender_of(contents.origin, file.owner());
    if (system_.fill_in_names) {
        system_.fill_in_names(sender.identity);
    }
    const std::int64_t received = system_.clock();
    const auto found = held_.find(name);
    std::size_t stored = found == held_.end() ? 0 : found->second.stored;
    for (const Stretch& frame : contents.frames) {
        if (stop.stop_requested()) {
            return Outcome::later;
        }
        if (frame.begin < stored) {
            continue;
        }
        const std::span<const std::byte> bytes = std::span(bytes_).subspan(frame.begin, frame.end - frame.begin);
        // The reader's frames are all fit: what is not stored found no room.
        Judge::Turn turn(judge_);
        if (crowded() || append_frame(inbox_, arrival_of(sender, bytes, received, turn), bytes) != Appended::stored) {
            hold(name).stored = stored;
            return Outcome::no_room;
        }
        stored = frame.end;
        ++frames_;
    }
    // The writer of a tail sees that the file is claimed, and will have written the frame to a new one; if there is no
    // writer any more, the frame is lost.
    if (contents.torn && !held_for(name, options_.pause)) {
        hold(name).stored = stored;
        return Outcome::later;
    }
    Loss loss;
    loss.count = contents.damaged.size() + (contents.torn ? 1 : 0);
    if (loss.count != 0) {
        hold(name).stored = stored;
        loss.producer = contents.origin.producer;
        loss.identity = sender.identity;
        loss.process = sender.process;
        return take_damaged(name, file, loss,
                            std::to_string(contents.frames.size()) + " notifications in it are good, " +
                                std::to_string(loss.count) + " stretches of bytes are damaged");
    }
    return remove(name, file);
}

Outcome FileCollector::take_damaged(const std::wstring& name, SpoolEntry& file, Loss loss, const std::string& why) {
    if (!hold(name).told) {
        const auto place = quarantine_.place_for(name, bytes_.size());
        loss.reason =
            "spool file " + path_utf8(name) + ": " + why +
            (place ? "; kept as " + path_utf8(*place) : "; not kept, for there is no room in the quarantine folder");
        if (!tell(name, loss)) {
            return Outcome::no_room;
        }
        if (place && !Quarantine::keep(*place, bytes_)) {
            note("cannot keep a spool file as " + path_utf8(*place));
        }
    }
    return remove(name, file);
}

Outcome FileCollector::refuse(const std::wstring& name, SpoolEntry& file, const std::string& why) {
    if (!hold(name).told) {
        // What a link leads to is not the spool's; of the link itself there is nothing to be learned.
        const auto place = file.kind() == Kind::link ? std::nullopt : quarantine_.place_for(name, file.size());
        Loss loss;
        loss.identity.user_sid = file.owner();
        loss.reason =
            "spool file " + path_utf8(name) + ": " + why + (place ? "; kept as " + path_utf8(*place) : "; removed");
        if (!tell(name, loss)) {
            return Outcome::no_room;
        }
        DWORD error = 0;
        if (place && file.move(*place, error)) {
            ++files_;
            held_.erase(name);
            return Outcome::gone;
        }
        if (place) {
            note("cannot move the spool file " + path_utf8(name) +
                 " to the quarantine folder: " + win32::error_message(error));
        }
    }
    return remove(name, file);
}

Outcome FileCollector::take_shut_file(const std::wstring& name, const std::filesystem::path& path) {
    if (!held_for(name, options_.patience)) {
        return Outcome::later;
    }
    SpoolEntry file(path, SpoolEntry::Access::remove);
    return refuse(name, file, "is closed to the service");
}

bool FileCollector::tell(const std::wstring& name, Loss& loss) {
    loss.id = new_loss_id();
    loss.kind = LossKind::damaged;
    loss.time = system_.clock();
    loss.source = Source::spool;
    if (crowded() || !inbox_.append(encode_loss_notice(loss))) {
        return false;
    }
    hold(name).told = true;
    damaged_ += loss.count;
    note(loss.reason);
    return true;
}

Outcome FileCollector::remove(const std::wstring& name, SpoolEntry& file) {
    DWORD error = 0;
    if (file.remove(error)) {
        ++files_;
        held_.erase(name);
        return Outcome::gone;
    }
    // It comes again with every round, and must not be stored again each time.
    Held& held = hold(name);
    held.stored = bytes_.size();
    note("cannot remove the spool file " + path_utf8(name) + ": " + win32::error_message(error));
    return Outcome::later;
}

/// What comes over the pipe waits for its answer, what lies in the spool does not: half of the room is the pipe's.
bool FileCollector::crowded() const {
    const InboxCounts counts = inbox_.counts();
    return counts.used > counts.capacity / 2;
}

FileCollector::Held& FileCollector::hold(const std::wstring& name) {
    return held_.try_emplace(name, Held{Clock::now(), round_, 0, false, false}).first->second;
}

bool FileCollector::held_for(const std::wstring& name, std::chrono::milliseconds time) {
    return Clock::now() - hold(name).since >= time;
}

void FileCollector::note(const std::string& line) {
    if (++notes_ <= most_notes) {
        system_.error(line);
    }
}

} // namespace maptrail::spool
