// The command line asks for what cannot be.
#pragma once

#include <stdexcept>

namespace maptrail {

/// The text names what was wrong and what is accepted.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace maptrail
