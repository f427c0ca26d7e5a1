#include "notifyee/settings.hpp"

#include "notifyee/clock.hpp"

namespace maptrail::notifyee {

namespace {

constexpr std::uint64_t look_every = 2 * 10'000'000;

/// REG_SZ alone, and nothing of the environment in it. False if there is no such value.
bool read_folder(Place& place) {
    auto size = static_cast<DWORD>(sizeof place.folder);
    if (RegGetValueW(HKEY_LOCAL_MACHINE, settings_key, data_folder_value, RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY,
                     nullptr, place.folder.data(), &size) != ERROR_SUCCESS) {
        return false;
    }
    place.folder.back() = L'\0';
    place.length = 0;
    while (place.folder[place.length] != L'\0') {
        ++place.length;
    }
    return place.length != 0;
}

bool same_folder(const Place& left, const Place& right) {
    if (left.length != right.length) {
        return false;
    }
    for (std::size_t i = 0; i < left.length; ++i) {
        if (left.folder[i] != right.folder[i]) {
            return false;
        }
    }
    return true;
}

/// Null if the file is not there, is too small, or may not be read.
const std::byte* map_page(const Place& place) {
    Path path(place);
    path.add(policy_file_name);
    const HANDLE file =
        CreateFileW(path.text.data(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                    OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
    if (file == INVALID_HANDLE_VALUE) {
        return nullptr;
    }
    // A read-only mapping that is larger than the file can't be made ("CreateFileMappingW"), and a file can't be cut
    // while it is mapped: reading the view never faults.
    const HANDLE mapping = CreateFileMappingW(file, nullptr, PAGE_READONLY, 0, wire::policy_file_size, nullptr);
    CloseHandle(file);
    if (mapping == nullptr) {
        return nullptr;
    }
    const void* view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, wire::policy_file_size);
    CloseHandle(mapping);
    return static_cast<const std::byte*>(view);
}

} // namespace

wire::Policy Place::policy() const {
    wire::Policy result;
    if (const std::byte* view = page.load(std::memory_order_acquire); view != nullptr) {
        (void)wire::read_policy({view, wire::policy_file_size}, result);
    }
    return result;
}

Path::Path(const Place& place) {
    for (; length < place.length; ++length) {
        text[length] = place.folder[length];
    }
}

void Path::add(const wchar_t* part) {
    if (length != 0 && text[length - 1] != L'\\') {
        text[length++] = L'\\';
    }
    for (; *part != L'\0' && length + 2 < text.size(); ++part) {
        text[length++] = *part;
    }
    text[length] = L'\0';
}

const Place* Settings::place() {
    const std::uint64_t now = monotonic_100ns();
    if (now >= next_look_.load(std::memory_order_acquire) && !looking_.exchange(true, std::memory_order_acquire)) {
        look();
        next_look_.store(now + look_every, std::memory_order_release);
        looking_.store(false, std::memory_order_release);
    }
    return current_.load(std::memory_order_acquire);
}

void Settings::look() {
    Place* const last = used_ == 0 ? nullptr : &places_[used_ - 1];
    Place found;
    if (!read_folder(found)) {
        current_.store(nullptr, std::memory_order_release);
        return;
    }
    Place* place = last;
    if (used_ < most_places && (last == nullptr || !same_folder(*last, found))) {
        place = &places_[used_++];
        place->folder = found.folder;
        place->length = found.length;
    }
    if (place->page.load(std::memory_order_relaxed) == nullptr) {
        place->page.store(map_page(*place), std::memory_order_release);
    }
    current_.store(place, std::memory_order_release);
}

void Settings::close() {
    for (Place& place : places_) {
        if (const std::byte* view = place.page.exchange(nullptr, std::memory_order_relaxed); view != nullptr) {
            UnmapViewOfFile(view);
        }
    }
}

} // namespace maptrail::notifyee
