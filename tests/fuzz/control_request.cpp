// A question as any user may send it to the control pipe.
#include "service/query/query_json.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace maptrail;
using fuzz::check;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto request = nlohmann::json::parse(data, data + size, nullptr, false);
    const auto asked = request.is_object() ? request.find("query") : request.end();
    Query query;
    if (asked == request.end() || !query_from_json(*asked, query)) {
        return 0;
    }
    check(!query.only_user_sid, "nobody sets what the service sets");
    const auto told = query_to_json(query);
    Query again;
    check(query_from_json(told, again), "what is understood can be asked again");
    check(query_to_json(again) == told, "the way there and back changes nothing");
    return 0;
}
