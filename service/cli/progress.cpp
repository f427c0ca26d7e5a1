#include "service/cli/progress.hpp"

namespace maptrail {
namespace {

constexpr std::uint64_t rows_between_looks = 1'000; ///< at the clock
constexpr std::size_t progress_columns = 60;

} // namespace

ProgressLine::ProgressLine(Environment& environment)
    : environment_(environment), shown_(environment.errors_on_terminal()), start_(Time::clock::now()), last_(start_) {}

bool ProgressLine::is_due() {
    const auto now = Time::clock::now();
    if (now - last_ < std::chrono::milliseconds(250)) {
        return false;
    }
    last_ = now;
    return true;
}

void ProgressLine::show(const std::string& text) {
    std::string line = text;
    line.resize(progress_columns, ' '); // over what a longer one left
    environment_.write_error("\r" + line + "\r");
    told_ = true;
}

void ProgressLine::tell(std::uint64_t operations) {
    if (!shown_ || operations % rows_between_looks != 0 || !is_due()) {
        return;
    }
    const double seconds = std::chrono::duration<double>(last_ - start_).count();
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(operations) / seconds);
    show(std::to_string(operations) + " operations, " + std::to_string(rate) + " a second");
}

void ProgressLine::say(const std::string& text) {
    if (shown_ && is_due()) {
        show(text);
    }
}

void ProgressLine::clear() {
    if (told_) {
        environment_.write_error("\r" + std::string(progress_columns, ' ') + "\r");
        told_ = false;
    }
}

} // namespace maptrail
