// A line on standard error, again and again over itself, if somebody waits there.
#pragma once

#include "service/cli/environment.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace maptrail {

class ProgressLine {
public:
    explicit ProgressLine(Environment& environment);

    /// So many operations were read.
    void tell(std::uint64_t operations);

    /// A text of few words. Now and then one of them is shown.
    void say(const std::string& text);

    /// To be called before anything else is written.
    void clear();

private:
    using Time = std::chrono::steady_clock::time_point;
    [[nodiscard]] bool is_due();
    void show(const std::string& text);

    Environment& environment_;
    bool shown_;
    bool told_ = false;
    Time start_;
    Time last_;
};

} // namespace maptrail
