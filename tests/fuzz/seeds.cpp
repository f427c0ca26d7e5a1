// seeds FOLDER: writes the seeds of every target's corpus, FOLDER/<target>/seed-*, with the product's own encoders.
// Always the same bytes: what changes in them is a change of a format.
#include "common/wire/policy_page.hpp"
#include "common/wire/spool_file.hpp"
#include "service/inbox/envelope.hpp"
#include "service/inbox/loss_notice.hpp"
#include "service/inbox/ring.hpp"
#include "service/query/query_json.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace {

using namespace maptrail;
using Bytes = std::vector<std::byte>;

std::filesystem::path top;

void save(const char* target, const char* name, std::span<const std::byte> bytes) {
    const std::filesystem::path folder = top / target;
    std::filesystem::create_directories(folder);
    std::ofstream out(folder / (std::string("seed-") + name), std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    out.flush();
    if (!out) {
        throw std::runtime_error("cannot write to " + folder.string());
    }
}

void save(const char* target, const char* name, std::string_view text) {
    save(target, name, std::as_bytes(std::span(text)));
}

void append(Bytes& to, std::span<const std::byte> bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

wire::Text text(std::u16string_view view) {
    return {view, static_cast<std::uint16_t>(view.size())};
}

wire::Request connect_request() {
    wire::Request request;
    for (std::size_t i = 0; i < request.producer.size(); ++i) {
        request.producer[i] = static_cast<std::uint8_t>(0xA0 + i);
    }
    request.sequence = 1;
    request.operation = 7;
    request.time = 134'000'000'000'000'000;
    request.ticks = 12'345;
    request.flags = 1;
    request.resource_type = 1;
    request.process_id = 4711;
    request.thread_id = 4712;
    request.local = text(u"Z:");
    request.remote = text(u"\\\\server\\share");
    request.provider = text(u"Microsoft Windows Network");
    return request;
}

wire::Request disconnect_request() {
    wire::Request request = connect_request();
    request.action = wire::Action::disconnect;
    request.phase = wire::Phase::after;
    request.sequence = 4;
    request.operation = 8;
    request.status = 2250;
    request.attributes = wire::attribute::forced | wire::attribute::impersonating;
    request.remote = {};
    request.device = text(u"\\Device\\LanmanRedirector\\;Z:0000000000012345\\server\\\x0431\x0438\x0431");
    return request;
}

wire::Request longest_request() {
    static const std::u16string name(40'000, u'x');
    wire::Request request = connect_request();
    request.remote = {std::u16string_view(name), 40'000};
    request.provider = {std::u16string_view(u"\xD800 alone"), 9};
    return request;
}

Bytes frame_of(const wire::Request& request) {
    Bytes bytes(wire::max_frame_size);
    bytes.resize(wire::encode(request, bytes));
    return bytes;
}

/// As a later version writes it: the header is longer, and all offsets move.
Bytes later_frame() {
    constexpr std::size_t more = 16;
    Bytes bytes = frame_of(connect_request());
    bytes.insert(bytes.begin() + sizeof(wire::RequestHeader), more, std::byte{0x5A});
    auto header = fuzz::read_at<wire::RequestHeader>(bytes, 0);
    header.version = 2;
    header.header_size += more;
    for (wire::StringRef* ref : {&header.local, &header.remote, &header.provider}) {
        ref->offset += more;
    }
    fuzz::write_at(bytes, 0, header);
    fuzz::make_frame_fit(bytes, wire::request_magic);
    return bytes;
}

void save_frames() {
    save("request_frame", "connect", frame_of(connect_request()));
    save("request_frame", "disconnect", frame_of(disconnect_request()));
    save("request_frame", "longest", frame_of(longest_request()));
    save("request_frame", "later-version", later_frame());
    wire::Reply reply{};
    reply.result = static_cast<std::uint16_t>(wire::Result::accepted);
    reply.sequence = 4;
    wire::seal(reply);
    Bytes bytes;
    append(bytes, std::as_bytes(std::span(&reply, 1)));
    save("reply_frame", "receipt", bytes);
    bytes.resize(bytes.size() + 16, std::byte{0x5A});
    fuzz::make_frame_fit(bytes, wire::reply_magic);
    save("reply_frame", "later-version", bytes);
}

void save_pages() {
    wire::Policy policy;
    policy.generation = 3;
    policy.service_started = 134'000'000'000'000'000;
    policy.service_id = 1234;
    Bytes page(sizeof(wire::PolicyPage));
    wire::publish(page, policy);
    save("policy_page", "defaults", page);
    policy.budget_ms = 5000;
    policy.no_answer = wire::NoAnswer::deny_connect;
    policy.denied_status = 5;
    wire::publish(page, policy);
    page.resize(256);
    save("policy_page", "deny", page);
}

void save_spool_files() {
    wire::SpoolOrigin origin;
    origin.producer = connect_request().producer;
    origin.created = 134'000'000'000'000'000;
    origin.process_started = 133'999'999'000'000'000;
    origin.logon_id = 0x12345;
    origin.process_id = 4711;
    origin.session_id = 1;
    origin.integrity = 0x2000;
    origin.attributes = wire::spool_attribute::bits_64;
    origin.path = u"C:\\Program Files\\Tool\\tool.exe";
    Bytes file(wire::max_spool_header_size);
    file.resize(wire::encode(origin, file));
    save("spool_file", "empty", file);
    wire::Request request = connect_request();
    for (std::uint64_t i = 0; i < 3; ++i) {
        request.sequence = i + 1;
        request.phase = i == 1 ? wire::Phase::after : wire::Phase::before;
        append(file, frame_of(request));
        file.resize(wire::spool_aligned(file.size()));
    }
    save("spool_file", "three-frames", file);
    file.resize(file.size() - 40);
    save("spool_file", "torn-tail", file);
}

Bytes envelope_of(const Arrival& arrival, const wire::Request& request) {
    const Bytes frame = frame_of(request);
    Bytes record(max_envelope_head);
    record.resize(encode_envelope(arrival, frame.size(), record));
    append(record, frame);
    return record;
}

void save_envelopes() {
    Arrival arrival;
    arrival.received = 1'755'500'000'000'000'000;
    arrival.user_sid = "S-1-5-21-1-2-3-1001";
    arrival.logon_id = 0x12345;
    arrival.session_id = 1;
    arrival.integrity = 0x2000;
    arrival.pid = 4711;
    arrival.started = 1'755'400'000'000'000'000;
    arrival.path = "C:\\Program Files\\Tool\\tool.exe";
    arrival.bitness = 64;
    save("envelope", "pipe", envelope_of(arrival, connect_request()));
    arrival.source = Source::spool;
    arrival.decision = Decision::deny;
    arrival.elevated = true;
    arrival.path_cut = true;
    save("envelope", "spool", envelope_of(arrival, disconnect_request()));
}

void save_loss_notices() {
    Loss loss;
    loss.id.fill(0xAB);
    loss.kind = LossKind::gap;
    loss.count = 3;
    loss.time = 1'755'500'000'000'000'000;
    loss.producer = connect_request().producer;
    loss.identity.user_sid = "S-1-5-21-1-2-3-1001";
    loss.process.pid = 4711;
    loss.process.path = "C:\\Program Files\\Tool\\tool.exe";
    loss.process.bitness = 64;
    loss.reason = "numbers 4 to 6 never arrived";
    save("loss_notice", "gap", encode_loss_notice(loss));
    loss.producer.reset();
    loss.kind = LossKind::damaged;
    loss.source = Source::spool;
    save("loss_notice", "damaged", encode_loss_notice(loss));
}

/// In the target's short form: stamp, head, tail, data.
void save_inbox(const char* name, std::uint64_t head, std::uint64_t tail, const Bytes& data) {
    inbox::FileStamp stamp{};
    stamp.magic = inbox::stamp_magic;
    stamp.version = inbox::stamp_version;
    stamp.mark = 0x5EED5EED;
    stamp.seed = 0xCAFEF00D;
    stamp.data_size = inbox::page_size;
    stamp.crc = wire::crc32(0, std::as_bytes(std::span(&stamp, 1)).first(offsetof(inbox::FileStamp, crc)));
    const inbox::Cell cells[] = {{head, ~head * 0x9E3779B97F4A7C15}, {tail, ~tail * 0x9E3779B97F4A7C15}};
    Bytes input;
    append(input, std::as_bytes(std::span(&stamp, 1)));
    append(input, std::as_bytes(std::span(cells)));
    append(input, data);
    save("inbox_file", name, input);
}

void save_inboxes() {
    inbox::FileStamp stamp{};
    stamp.mark = 0x5EED5EED;
    stamp.seed = 0xCAFEF00D;
    Bytes data(inbox::page_size);
    inbox::Ring ring(data, stamp);
    std::uint64_t position = 0;
    const auto write = [&](std::uint64_t head, std::size_t size) {
        const Bytes payload(size, std::byte{0x77});
        ring.write_data(position, head, payload, {}, ring.payload_crc(payload, {}));
        position += inbox::record_size(size);
    };
    save_inbox("empty", 0, 0, Bytes(64));
    write(0, 40);
    write(0, 24);
    write(0, 100);
    save_inbox("three-records", 0, position, Bytes(data.begin(), data.begin() + 288));
    ring.write_filler(72, 128, 0);
    save_inbox("a-filler", 0, position, Bytes(data.begin(), data.begin() + 288));
    position = inbox::page_size - 80; // the last goes on at the beginning
    const std::uint64_t head = position;
    write(head, 30);
    write(head, 60);
    save_inbox("over-the-end", head, position, data);
}

void save_texts() {
    save("config_json", "defaults",
         R"({ "version": 1, "budgetMs": 50, "log": { "level": "info", "maxSizeMiB": 10, "files": 5 },
  "retention": { "days": 365 }, "inbox": { "sizeMiB": 64, "flushMs": 250 } })");
    save("config_json", "comments", "// all\n{ /* of it */ \"version\": 1, \"dataFolder\": \"/var/lib/maptrail\" }\n");
    save("config_json", "mistakes", "{ \"version\": 1, \"budget\": 1e3, \"log\": { \"level\": \"lou\\u0064\" }, }");
    save("config_json", "zero-in-a-comment", std::string_view("// x\0{\"version\": 9}", 19));
    for (const auto& entry : std::filesystem::directory_iterator(MAPTRAIL_TEST_CONFIGS "/good")) {
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string content{std::istreambuf_iterator<char>(in), {}};
        save("config_json", ("good-" + entry.path().stem().string()).c_str(), content);
    }
    Query query;
    query.since = 1'755'500'000'000'000'000;
    query.until = 1'755'600'000'000'000'000;
    query.users = {"CORP\\*", "S-1-5-18"};
    query.remotes = {"\\\\files\\*"};
    query.drives = {"Z"};
    query.programs = {"net.exe"};
    query.pids = {4711};
    query.actions = {Action::connect};
    query.outcomes = {Outcome::failure, Outcome::unknown};
    query.errors = {53};
    query.newest = 50;
    query.newest_first = true;
    save("control_request", "history", nlohmann::json{{"command", "history"}, {"query", query_to_json(query)}}.dump());
    save("control_request", "everything", R"({"command":"history","query":{}})");
    save("control_request", "status", R"({"command":"status"})");
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: seeds FOLDER\n", stderr);
        return 2;
    }
    try {
        top = arguments[1];
        save_frames();
        save_pages();
        save_spool_files();
        save_envelopes();
        save_loss_notices();
        save_inboxes();
        save_texts();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "seeds: %s\n", error.what());
        return 1;
    }
    return 0;
}
