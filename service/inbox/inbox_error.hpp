#pragma once

#include <stdexcept>

namespace maptrail {

/// The text names the file and what went wrong.
class InboxError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace maptrail
