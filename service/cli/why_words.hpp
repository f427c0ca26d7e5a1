// What became of a drive, told in sentences.
#pragma once

#include "service/answers/drive_story.hpp"
#include "service/format/time_text.hpp"

#include <string>
#include <vector>

namespace maptrail {

/// Who, when, with which program, what, and how it ended: "CORP\jane connected Z: to \\files\x on 2026-01-31 at
/// 23:59:58 with net.exe (pid 4711)." Of a denial the rule. printable().
[[nodiscard]] std::string operation_sentence(const Operation& operation, const ZoneOffset& zone);

/// A paragraph each: what happened last and what that means, before it, since, others. printable().
[[nodiscard]] std::vector<std::string> story_paragraphs(const DriveStory& story, const StoryQuestion& question,
                                                        const ZoneOffset& zone);

} // namespace maptrail
