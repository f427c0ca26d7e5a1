// The command line's end of the control pipe.
#pragma once

#include "common/model/operation.hpp"
#include "common/win32/handle.hpp"
#include "service/control/stream.hpp"
#include "service/query/query.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <stdexcept>

namespace maptrail {

/// The service does not answer. The text says why, and what to do.
class ServiceUnreachable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Asks the running service. Each call is a connection of its own, and throws ServiceUnreachable.
class ControlClient {
public:
    /// `pipe_name` as in common/product.hpp.
    explicit ControlClient(std::wstring pipe_name) : pipe_name_(std::move(pipe_name)) {}

    /// Calls `row` for each operation that fits and that the asker may see, until it returns false.
    void find(const Query& query, const std::function<bool(const Operation&)>& row) const;

    [[nodiscard]] nlohmann::json status() const;

    /// Has the service look at its configuration. {"good": ..., "changed": ..., "text": ...}
    [[nodiscard]] nlohmann::json reload() const;

private:
    [[nodiscard]] win32::Handle connect() const;
    [[nodiscard]] nlohmann::json ask_for(const char* command) const;

    std::wstring pipe_name_;
};

} // namespace maptrail
