#include "tests/windows/installation.hpp"

#include "common/product.hpp"
#include "common/win32/error.hpp"
#include "common/win32/handle.hpp"
#include "tests/windows/notifyee_host.hpp"

#include <aclapi.h>
#include <sddl.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace maptrail::test {

namespace {

std::wstring owner_of(const std::filesystem::path& file) {
    win32::LocalMemory<void> descriptor;
    win32::LocalMemory<wchar_t> text;
    PSID owner = nullptr;
    if (GetNamedSecurityInfoW(file.c_str(), SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, nullptr, nullptr,
                              nullptr, descriptor.receive()) != ERROR_SUCCESS ||
        !ConvertSidToStringSidW(owner, text.receive())) {
        throw std::runtime_error("a spool file has no owner");
    }
    return text.get();
}

std::vector<std::byte> read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::vector<char> text{std::istreambuf_iterator<char>(in), {}};
    std::vector<std::byte> bytes(text.size());
    std::ranges::transform(text, bytes.begin(), [](char c) { return static_cast<std::byte>(c); });
    return bytes;
}

Spooled read_spooled(const std::filesystem::path& file) {
    Spooled result;
    result.file = file;
    result.bytes = read_file(file);
    result.owner = owner_of(file);
    std::size_t position = 0;
    if (wire::decode(result.bytes, result.origin, position) != wire::DecodeError::none) {
        throw std::runtime_error("a spool file's header does not decode");
    }
    const std::span<const std::byte> bytes = result.bytes;
    while (position < bytes.size()) {
        std::uint32_t size = 0;
        std::memcpy(&size, bytes.data() + position + offsetof(wire::RequestHeader, frame_size), sizeof size);
        wire::Request request;
        if (size > bytes.size() - position ||
            wire::decode(bytes.subspan(position, size), request) != wire::DecodeError::none) {
            throw std::runtime_error("a spooled frame does not decode");
        }
        if (request.producer != result.origin.producer) {
            throw std::runtime_error("a spooled frame is another producer's");
        }
        result.sequences.push_back(request.sequence);
        result.attributes.push_back(request.attributes);
        position += wire::spool_aligned(size);
    }
    return result;
}

} // namespace

wire::Policy Installation::patient() {
    wire::Policy policy;
    policy.budget_ms = max_budget_ms;
    return policy;
}

Installation::Installation() : Installation(patient()) {}

Installation::Installation(const wire::Policy& policy) {
    static int number = 0;
    folder_ =
        own_folder() / ("maptrail-data-" + std::to_string(GetCurrentProcessId()) + "-" + std::to_string(++number));
    std::filesystem::create_directories(spool());
    publish(policy);
    HKEY key = nullptr;
    const std::wstring text = folder_.wstring();
    LSTATUS status = RegCreateKeyExW(HKEY_LOCAL_MACHINE, settings_key, 0, nullptr, 0, KEY_SET_VALUE | KEY_WOW64_64KEY,
                                     nullptr, &key, nullptr);
    if (status == ERROR_SUCCESS) {
        status = RegSetValueExW(key, data_folder_value, 0, REG_SZ, reinterpret_cast<const BYTE*>(text.c_str()),
                                static_cast<DWORD>((text.size() + 1) * sizeof(wchar_t)));
        RegCloseKey(key);
    }
    if (status != ERROR_SUCCESS) {
        throw win32::Error("cannot write the registry's value", static_cast<DWORD>(status));
    }
}

Installation::~Installation() {
    RegDeleteKeyExW(HKEY_LOCAL_MACHINE, settings_key, KEY_WOW64_64KEY, 0);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::filesystem::path Installation::spool() const {
    return folder_ / spool_folder_name;
}

std::filesystem::path Installation::page() const {
    return folder_ / policy_file_name;
}

void Installation::publish(const wire::Policy& policy) const {
    std::array<std::byte, wire::policy_file_size> page_bytes{};
    wire::publish(page_bytes, policy);
    const win32::Handle file(CreateFileW(page().c_str(), GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                                         OPEN_ALWAYS, 0, nullptr));
    DWORD written = 0;
    if (!file || !WriteFile(file.get(), page_bytes.data(), static_cast<DWORD>(page_bytes.size()), &written, nullptr)) {
        win32::throw_last_error("cannot write the policy page");
    }
}

std::vector<Spooled> Installation::spooled() const {
    std::vector<Spooled> result;
    for (const auto& entry : std::filesystem::directory_iterator(spool())) {
        result.push_back(read_spooled(entry.path()));
    }
    return result;
}

std::vector<std::uint64_t> Installation::spooled_sequences() const {
    std::vector<std::uint64_t> result;
    for (const Spooled& file : spooled()) {
        result.insert(result.end(), file.sequences.begin(), file.sequences.end());
    }
    std::ranges::sort(result);
    return result;
}

void Installation::claim(const std::filesystem::path& file) {
    std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(offsetof(wire::SpoolHeader, claimed));
    const std::array<char, 4> claimed{1, 0, 0, 0};
    out.write(claimed.data(), claimed.size());
    if (!out.flush()) {
        throw std::runtime_error("cannot claim a spool file");
    }
}

} // namespace maptrail::test
