#include "service/rules/wanted_names.hpp"

#include <algorithm>

namespace maptrail::rules {

bool WantedNames::add(std::string_view name) noexcept {
    if (size_ == most || name.empty() || name.size() > longest) {
        return false;
    }
    for (std::size_t place = 0; place < size_; ++place) {
        if (at(place).text() == name) {
            return false;
        }
    }
    Name& last = at(size_++);
    std::ranges::copy(name, last.bytes.begin());
    last.size = static_cast<std::uint8_t>(name.size());
    return true;
}

bool WantedNames::take(std::string& name) {
    if (empty()) {
        return false;
    }
    name.assign(at(0).text());
    first_ = (first_ + 1) % most;
    --size_;
    return true;
}

} // namespace maptrail::rules
