// A report as one HTML file: it needs no network, no other file and no server.
#pragma once

#include "service/report/report_data.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace maptrail {

struct ReportHead {
    std::string title;
    std::string host;                 ///< where it was made
    std::int64_t made = 0;            ///< nanoseconds since 1970, UTC
    std::vector<std::string> filters; ///< what it was asked for, in words
};

/// The page in UTF-8. Whatever an event tells is data to it, never markup or script.
[[nodiscard]] std::string report_page(const ReportHead& head, const ReportData& data, const ZoneOffset& zone);

/// JSON as it may stand in a script element: no text in it ends the element, or begins a comment.
[[nodiscard]] std::string script_data(std::string json);

[[nodiscard]] std::string_view report_html(); ///< page.html, with places for what follows and for the data
[[nodiscard]] std::string_view report_css();
[[nodiscard]] std::string_view report_js();

} // namespace maptrail
