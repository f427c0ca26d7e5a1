// fake_service MODE LOG: stands at the notify pipe where the service would, and writes a JSON line for each frame.
//   allow         accepts everything          veto:CODE   answers with that verdict
//   mute          reads and never answers     late:MS     answers so much later
//   garbage       answers with no reply       short       answers with half a reply
//   hangup        disconnects unanswered      full        refuses for want of room
//   newer         accepts, with the longer reply of a service one version newer
//   quiet         accepts everything and writes no log
// Ready when the event Local\maptrail-fake-ready is set; ends with Local\maptrail-fake-stop, or after two minutes.
#include "common/product.hpp"
#include "common/win32/error.hpp"
#include "common/win32/handle.hpp"
#include "common/win32/privilege.hpp"
#include "common/wire/codec.hpp"

#include <nlohmann/json.hpp>

#include <windows.h>

#include <sddl.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>

namespace {

using namespace maptrail;
using nlohmann::json;

struct Fake {
    std::string mode;
    DWORD number = 0; ///< behind the mode's colon
    std::ofstream log;
    std::mutex mutex;
    std::atomic<unsigned> connections{0};
};

win32::Handle make_instance() {
    win32::LocalMemory<void> descriptor;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(L"O:SYG:SYD:P(A;;GA;;;SY)(A;;GA;;;WD)", SDDL_REVISION_1,
                                                              descriptor.receive(), nullptr)) {
        win32::throw_last_error("descriptor");
    }
    SECURITY_ATTRIBUTES attributes{sizeof attributes, descriptor.get(), FALSE};
    win32::Handle pipe(CreateNamedPipeW(notify_pipe_name, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
                                        PIPE_UNLIMITED_INSTANCES, 8192, 8192, 0, &attributes));
    if (!pipe) {
        win32::throw_last_error("pipe");
    }
    return pipe;
}

/// As numbers: a test must be able to see a lone surrogate.
json units(const wire::Text& text) {
    json list = json::array();
    for (const char16_t unit : text.view) {
        list.push_back(static_cast<unsigned>(unit));
    }
    return list;
}

void log_frame(Fake& fake, std::span<const std::byte> frame, unsigned connection) {
    if (fake.mode == "quiet") {
        return;
    }
    wire::Request request;
    json line = {{"connection", connection}, {"error", wire::name_of(wire::decode(frame, request))}};
    line["action"] = static_cast<int>(request.action);
    line["phase"] = static_cast<int>(request.phase);
    line["sequence"] = request.sequence;
    line["operation"] = request.operation;
    line["status"] = request.status;
    line["flags"] = request.flags;
    line["type"] = request.resource_type;
    line["attributes"] = request.attributes;
    line["pid"] = request.process_id;
    line["tid"] = request.thread_id;
    line["time"] = request.time;
    line["ticks"] = request.ticks;
    line["local"] = units(request.local);
    line["remote"] = units(request.remote);
    line["remoteFull"] = request.remote.full_length;
    line["provider"] = units(request.provider);
    line["device"] = units(request.device);
    line["producer"] = request.producer;
    const std::scoped_lock lock(fake.mutex);
    fake.log << line.dump() << '\n' << std::flush;
}

/// As a service one version newer answers: with fields behind those that are known today.
bool answer_newer(HANDLE pipe, const wire::Reply& today) {
    std::array<std::byte, sizeof(wire::Reply) + 16> bytes{};
    wire::Reply reply = today;
    reply.version = wire::current_version + 1;
    reply.frame_size = bytes.size();
    reply.crc = 0;
    std::memcpy(bytes.data(), &reply, sizeof reply);
    std::memset(bytes.data() + sizeof reply, 0x5A, bytes.size() - sizeof reply);
    reply.crc = wire::crc32(0, bytes);
    std::memcpy(bytes.data(), &reply, sizeof reply);
    DWORD written = 0;
    return WriteFile(pipe, bytes.data(), static_cast<DWORD>(bytes.size()), &written, nullptr) != 0;
}

/// False: hang up.
bool answer(const Fake& fake, HANDLE pipe, std::span<const std::byte> frame) {
    wire::Request request;
    if (wire::decode(frame, request) != wire::DecodeError::none || fake.mode == "hangup") {
        return false;
    }
    if (fake.mode == "mute") {
        return true;
    }
    wire::Reply reply{};
    reply.result =
        static_cast<std::uint16_t>(fake.mode == "full" ? wire::Result::refused_full : wire::Result::accepted);
    reply.sequence = request.sequence;
    reply.verdict = fake.mode == "veto" && request.phase == wire::Phase::before ? fake.number : 0;
    wire::seal(reply);
    if (fake.mode == "newer") {
        return answer_newer(pipe, reply);
    }
    DWORD size = sizeof reply;
    if (fake.mode == "late") {
        Sleep(fake.number);
    } else if (fake.mode == "garbage") {
        reply.crc ^= 1;
        reply.verdict = ERROR_ACCESS_DENIED;
    } else if (fake.mode == "short") {
        size /= 2;
    }
    DWORD written = 0;
    return WriteFile(pipe, &reply, size, &written, nullptr) != 0;
}

void serve(Fake& fake, HANDLE pipe, unsigned connection) {
    alignas(8) std::array<std::byte, wire::max_frame_size> frame{};
    DWORD size = 0;
    while (ReadFile(pipe, frame.data(), static_cast<DWORD>(frame.size()), &size, nullptr)) {
        log_frame(fake, std::span(frame).first(size), connection);
        if (!answer(fake, pipe, std::span(frame).first(size))) {
            break;
        }
    }
}

/// One client after the other. No thread is made for one: under Wine that can take seconds.
void serve_all(Fake& fake) {
    const win32::Handle pipe = make_instance();
    SetEvent(win32::Handle(CreateEventW(nullptr, TRUE, FALSE, L"Local\\maptrail-fake-ready")).get());
    for (;;) {
        if (ConnectNamedPipe(pipe.get(), nullptr) || GetLastError() == ERROR_PIPE_CONNECTED) {
            serve(fake, pipe.get(), ++fake.connections);
        }
        DisconnectNamedPipe(pipe.get());
    }
}

} // namespace

int wmain(int count, wchar_t** arguments) {
    if (count != 3) {
        std::fputs("usage: fake_service MODE LOG\n", stderr);
        return 2;
    }
    win32::enable_privilege(SE_RESTORE_NAME); // the pipe is to be SYSTEM's
    Fake fake;
    const std::wstring mode = arguments[1];
    for (const wchar_t unit : mode.substr(0, mode.find(L':'))) {
        fake.mode += static_cast<char>(unit);
    }
    fake.number = mode.find(L':') == std::wstring::npos ? 0 : static_cast<DWORD>(_wtoi(&mode[mode.find(L':') + 1]));
    fake.log.open(std::filesystem::path(arguments[2]), std::ios::binary | std::ios::app);
    constexpr int instances = 48; // so that it is the frames that are tested, not the queue at the door
    for (int i = 0; i < instances; ++i) {
        std::thread(serve_all, std::ref(fake)).detach();
    }
    const win32::Handle stop(CreateEventW(nullptr, TRUE, FALSE, L"Local\\maptrail-fake-stop"));
    constexpr DWORD longest_test_ms = 120'000;
    WaitForSingleObject(stop.get(), longest_test_ms);
    fake.mutex.lock(); // no half line
    std::_Exit(0);
}
