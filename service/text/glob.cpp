#include "service/text/glob.hpp"

#include "service/text/text.hpp"
#include "service/text/utf.hpp"

namespace maptrail {
namespace {

/// Takes off the front of `text` what a star has to take in any case, so that the pattern after it can fit. False: it
/// fits nowhere. A pattern's byte begins a character, so it is found where one begins.
bool skip(std::string_view& text, std::string_view after_star) noexcept {
    if (after_star.empty()) {
        text = {};
        return true;
    }
    if (after_star.front() == '*' || after_star.front() == '?') {
        return true;
    }
    const std::size_t found = text.find(after_star.front());
    if (found == std::string_view::npos) {
        return false;
    }
    text.remove_prefix(found);
    return true;
}

// A mismatch goes back to the last star only: what an earlier star took can stay as short as it was, since the later
// star takes whatever follows. That keeps the time bounded whatever the pattern.
bool wild_match(std::string_view pattern, std::string_view text) noexcept {
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
            continue;
        } else if (!pattern.empty() && pattern.front() == text.front()) {
            pattern.remove_prefix(1);
            text.remove_prefix(1);
            continue;
        } else if (seen_star) {
            (void)next_code_point(taken_up_to);
            pattern = after_star;
        } else {
            return false;
        }
        if (!skip(taken_up_to, after_star)) {
            return false;
        }
        text = taken_up_to;
    }
    return pattern.find_first_not_of('*') == std::string_view::npos;
}

} // namespace

Glob::Glob(std::string_view pattern) : pattern_(fold(pattern)) {
    const std::size_t first = pattern_.find_first_of("*?");
    wild_ = first != std::string::npos;
    if (wild_) {
        head_ = first;
        tail_ = pattern_.size() - 1 - pattern_.find_last_of("*?");
    }
}

bool Glob::matches(std::string_view utf8) const {
    return matches_folded(fold(utf8));
}

// Most texts fit neither end of a pattern, and most patterns are nothing but ends, and perhaps a word between two
// stars.
bool Glob::matches_folded(std::string_view folded) const noexcept {
    const std::string_view pattern = pattern_;
    if (!wild_) {
        return folded == pattern;
    }
    if (folded.size() < head_ + tail_ || !folded.starts_with(pattern.substr(0, head_)) ||
        !folded.ends_with(pattern.substr(pattern.size() - tail_))) {
        return false;
    }
    const std::string_view middle = pattern.substr(head_, pattern.size() - head_ - tail_);
    const std::string_view text = folded.substr(head_, folded.size() - head_ - tail_);
    return middle == "*" || wild_match(middle, text);
}

} // namespace maptrail
