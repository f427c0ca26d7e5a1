// A loss as a record of the inbox: who finds it tells it there, and it reaches the history as a notification does.
//
// Names of users are not in it, as in an envelope.
#pragma once

#include "common/model/loss.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace maptrail {

/// Longer texts are cut, in bytes of UTF-8.
inline constexpr std::size_t max_loss_reason = 2048;
inline constexpr std::size_t max_loss_path = 4096;

/// No notice is larger, and a larger record is none.
inline constexpr std::size_t max_loss_notice = std::size_t{40} * 1024;

/// Bytes in the texts that are no UTF-8 become U+FFFD; a time out of range becomes the nearest that is in it.
[[nodiscard]] std::vector<std::byte> encode_loss_notice(const Loss& loss);

/// By its first bytes, with which no envelope starts.
[[nodiscard]] bool is_loss_notice(std::span<const std::byte> record);

/// Total: false, with `loss` unspecified, if the bytes are no notice.
[[nodiscard]] bool decode_loss_notice(std::span<const std::byte> record, Loss& loss);

} // namespace maptrail
