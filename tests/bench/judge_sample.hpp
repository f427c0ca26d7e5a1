// Rules and calls as an organisation could have them; the same in every run.
#pragma once

#include "common/model/notification.hpp"
#include "common/wire/frame.hpp"
#include "service/rules/rule.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace maptrail::bench {

/// Of every five, three have globs. All of them look at connects before the operation, and none ends the judging, so
/// that every event is judged by every rule.
[[nodiscard]] std::vector<rules::Rule> sample_rules(std::size_t count);

/// A connect, with the texts that its request refers to.
struct SampleCall {
    std::u16string local;
    std::u16string remote;
    std::u16string provider;
    std::uint32_t flags = 0;
    Identity identity;
    ClientProcess process;

    [[nodiscard]] wire::Request request() const;
};

[[nodiscard]] std::vector<SampleCall> sample_calls(std::size_t count);

/// The same with a remote name as long as a frame takes, made to look like what the rules' globs begin with.
[[nodiscard]] std::vector<SampleCall> long_calls(std::size_t count);

} // namespace maptrail::bench
