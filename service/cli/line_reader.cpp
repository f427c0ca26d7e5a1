#include "service/cli/line_reader.hpp"

#include <streambuf>

namespace maptrail {

bool LineReader::next() {
    line_.clear();
    too_long_ = false;
    try {
        return read();
    } catch (const std::ios_base::failure&) { // of the buffer itself, which is asked past the stream
        in_.setstate(std::ios_base::badbit);
        return false;
    }
}

bool LineReader::read() {
    std::streambuf* const buffer = in_.rdbuf();
    constexpr int end = std::char_traits<char>::eof();
    int c = buffer->sbumpc();
    if (c == end) {
        return false;
    }
    ++number_;
    for (; c != end && c != '\n'; c = buffer->sbumpc()) {
        if (line_.size() < longest_) {
            line_ += std::char_traits<char>::to_char_type(c);
        } else {
            too_long_ = true;
        }
    }
    if (line_.ends_with('\r')) {
        line_.pop_back();
    }
    return true;
}

} // namespace maptrail
