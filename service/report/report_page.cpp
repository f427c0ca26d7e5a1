#include "service/report/report_page.hpp"

#include "maptrail_version.h"
#include "service/text/text.hpp"

#include <cstdio>
#include <utility>

namespace maptrail {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
}

std::string escaped(std::string text) {
    text = printable(text);
    replace_all(text, "&", "&amp;");
    replace_all(text, "<", "&lt;");
    replace_all(text, ">", "&gt;");
    replace_all(text, "\"", "&quot;");
    return text;
}

/// "UTC+01:00"
std::string zone_text(std::int64_t offset) {
    const std::int64_t minutes = (offset < 0 ? -offset : offset) / 60;
    char text[32];
    std::snprintf(text, sizeof text, "UTC%c%02d:%02d", offset < 0 ? '-' : '+', static_cast<int>(minutes / 60),
                  static_cast<int>(minutes % 60));
    return text;
}

} // namespace

std::string script_data(std::string json) {
    replace_all(json, "<", "\\u003c");
    return json;
}

std::string report_page(const ReportHead& head, const ReportData& data, const ZoneOffset& zone) {
    constexpr std::int64_t second = 1'000'000'000;
    const std::int64_t offset = zone(head.made / second);
    nlohmann::json json = data.json();
    json["title"] = printable(head.title);
    json["host"] = printable(head.host);
    json["made"] = head.made / second + offset;
    json["zone"] = zone_text(offset);
    json["version"] = MAPTRAIL_VERSION;
    json["filters"] = nlohmann::json::array();
    for (const std::string& filter : head.filters) {
        json["filters"].push_back(printable(filter));
    }
    std::string rest = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    rest.pop_back(); // the brace: the rows are a member too
    const std::string text = script_data(std::move(rest)) + ",\"rows\":[" + data.rows() + "]}";

    // Each place once, from front to back: what was put in is not looked at again.
    std::string page;
    std::string_view html = report_html();
    const std::string title = escaped(head.title);
    for (const auto& [place, content] : {std::pair<std::string_view, std::string_view>{"@TITLE@", title},
                                         {"@STYLE@", report_css()},
                                         {"@DATA@", text},
                                         {"@SCRIPT@", report_js()}}) {
        const std::size_t at = html.find(place);
        page.append(html.substr(0, at)).append(content);
        html.remove_prefix(at + place.size());
    }
    return page.append(html);
}

} // namespace maptrail
