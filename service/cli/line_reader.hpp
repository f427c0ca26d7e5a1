// Lines of a file of any length, none of them longer in memory than it may be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <string_view>

namespace maptrail {

class LineReader {
public:
    LineReader(std::istream& in, std::size_t longest) : in_(in), longest_(longest) {}

    /// False at the end, and where nothing can be read any further: the stream is bad() then.
    [[nodiscard]] bool next();

    /// Without its end, also without the \r of a file from Windows. Valid until the next one.
    [[nodiscard]] std::string_view line() const { return line_; }
    [[nodiscard]] bool too_long() const { return too_long_; } ///< then line() is its beginning
    [[nodiscard]] std::uint64_t number() const { return number_; }

private:
    bool read();

    std::istream& in_;
    std::size_t longest_;
    std::string line_;
    bool too_long_ = false;
    std::uint64_t number_ = 0;
};

} // namespace maptrail
