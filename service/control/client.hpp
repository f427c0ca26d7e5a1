// The command line's end of the control pipe.
#pragma once

#include "common/model/operation.hpp"
#include "common/model/retention.hpp"
#include "common/win32/handle.hpp"
#include "service/control/stream.hpp"
#include "service/query/query.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

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

    /// Calls `row` for each operation that fits and that the asker may see, until it returns false. Returns how far the
    /// answer went; nothing of one that `row` ended.
    Reached find(const Query& query, const std::function<bool(const Operation&)>& row) const;

    /// The same for what ends from query.from on, until `row` or `reached` returns false, or `stop` is set. `reached`
    /// is called about once a second. It may be null.
    void follow(const Query& query, const std::function<bool(const Operation&)>& row,
                const std::function<bool(const Reached&)>& reached, HANDLE stop) const;

    [[nodiscard]] nlohmann::json status() const;

    /// Has the service look at its configuration. {"good": ..., "changed": ..., "text": ...}
    [[nodiscard]] nlohmann::json reload() const;

    /// Has the service forget what is more than that; status() tells how far it is.
    void vacuum(const Retention& keep) const;

    /// See Store::groups_of() and Store::config_of(). Answered to administrators alone.
    [[nodiscard]] std::optional<std::vector<std::string>> groups_of(std::uint64_t set) const;
    [[nodiscard]] std::optional<std::string> config_of(std::uint64_t version) const;

private:
    [[nodiscard]] win32::Handle connect() const;
    [[nodiscard]] nlohmann::json ask_for(const nlohmann::json& request) const;

    std::wstring pipe_name_;
};

} // namespace maptrail
