#include "service/text/glob.hpp"

#include "service/text/text.hpp"
#include "service/text/utf.hpp"

namespace maptrail {

Glob::Glob(std::string_view pattern) : pattern_(fold(pattern)) {}

bool Glob::matches(std::string_view utf8) const {
    return matches_folded(fold(utf8));
}

// A mismatch goes back to the last star only: what an earlier star took can stay as short as it was, since the later
// star takes whatever follows. That keeps the time bounded whatever the pattern.
bool Glob::matches_folded(std::string_view folded) const {
    std::string_view pattern = pattern_;
    std::string_view text = folded;
    std::string_view after_star;
    std::string_view taken_up_to;
    bool seen_star = false;
    while (!text.empty()) {
        if (!pattern.empty() && pattern.front() == '*') {
            pattern.remove_prefix(1);
            seen_star = true;
            after_star = pattern;
            taken_up_to = text;
        } else if (!pattern.empty() && pattern.front() == '?') {
            pattern.remove_prefix(1);
            (void)next_code_point(text);
        } else if (!pattern.empty() && pattern.front() == text.front()) {
            pattern.remove_prefix(1);
            text.remove_prefix(1);
        } else if (seen_star) {
            (void)next_code_point(taken_up_to);
            text = taken_up_to;
            pattern = after_star;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*') == std::string_view::npos;
}

} // namespace maptrail
