#include "service/format/ecs_json.hpp"
#include "service/format/words.hpp"
#include "service/format/writer.hpp"
#include "tests/unit/cli_sample.hpp"

#include <catch_amalgamated.hpp>

#include <string>

using namespace maptrail;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using nlohmann::json;

namespace {

std::string text_of(const Operation& operation, Format format, std::optional<std::size_t> width = std::nullopt) {
    std::string text;
    const auto writer =
        make_writer(format,
                    [&](std::string_view part) {
                        text += part;
                        return true;
                    },
                    {.width = width, .colour = false, .now = sample::moment, .zone = sample::fixed_zone(1)});
    REQUIRE(writer->write(operation));
    REQUIRE(writer->finish());
    return text;
}

/// Of nobody in particular, as of damage of the inbox.
Operation nobodys_loss() {
    Operation o;
    o.id = 44;
    o.action = Action::loss;
    o.outcome = Outcome::unknown;
    o.start = sample::moment;
    o.reason = "the inbox was damaged";
    o.loss = LossDetail{LossKind::damaged, 2, std::nullopt, 0, 0};
    return o;
}

} // namespace

TEST_CASE("a loss as JSON", "[loss]") {
    const json written = json::parse(json_line(operation_to_json(sample::loss())));
    CHECK(written["event"]["action"] == "loss");
    CHECK(written["event"]["kind"] == "event");
    CHECK(written["event"]["outcome"] == "unknown");
    CHECK(written["event"]["reason"] == "3 notifications never arrived");
    CHECK(written["user"]["name"] == "user1");
    CHECK(written["process"]["pid"] == 4711);
    CHECK(written["mapping"] == json::parse(R"({"loss": "gap", "lost_count": 3, "source": "spool", "bitness": 64,
        "producer": "0102ab00000000000000000000000000", "first_sequence": 5, "last_sequence": 7})"));

    const json nobodys = json::parse(json_line(operation_to_json(nobodys_loss())));
    CHECK_FALSE(nobodys.contains("process"));
    CHECK_FALSE(nobodys.contains("session"));
    CHECK(nobodys["mapping"] == json::parse(R"({"loss": "damaged", "lost_count": 2, "source": "pipe"})"));
}

TEST_CASE("a loss is read back from JSON", "[loss]") {
    for (const Operation& o : {sample::loss(), nobodys_loss()}) {
        Operation read;
        REQUIRE(operation_from_json(json::parse(json_line(operation_to_json(o))), read));
        CHECK(read.action == Action::loss);
        CHECK(read.reason == o.reason);
        CHECK(read.end == o.end);
        CHECK(read.source == o.source);
        CHECK(read.process.pid == o.process.pid);
        REQUIRE(read.loss.has_value());
        CHECK(read.loss->kind == o.loss->kind);
        CHECK(read.loss->count == o.loss->count);
        CHECK(read.loss->producer == o.loss->producer);
        CHECK(read.loss->first_sequence == o.loss->first_sequence);
        CHECK(read.loss->last_sequence == o.loss->last_sequence);
    }
    json good = json::parse(json_line(operation_to_json(sample::loss())));
    Operation read;
    const auto refused = [&](const char* member, const json& value) {
        json bad = good;
        bad["mapping"][member] = value;
        return !operation_from_json(bad, read);
    };
    CHECK(refused("loss", "lost"));
    CHECK(refused("loss", ""));
    CHECK(refused("lost_count", -1));
    CHECK(refused("producer", "0102"));
    CHECK(refused("first_sequence", "5"));
    good["event"]["action"] = "connect";
    REQUIRE(operation_from_json(good, read));
    CHECK_FALSE(read.loss.has_value());
}

TEST_CASE("a loss as CSV and in the table", "[loss]") {
    const std::string csv = text_of(sample::loss(), Format::csv);
    CHECK_THAT(csv, ContainsSubstring(",host,loss,lost_count,first_sequence,last_sequence,producer,"));
    CHECK_THAT(csv, EndsWith(",PC-17,gap,3,5,7,0102ab00000000000000000000000000,,,,,,,,,\r\n"));
    CHECK_THAT(text_of(nobodys_loss(), Format::csv), EndsWith(",damaged,2,,,,,,,,,,,,\r\n"));
    CHECK_THAT(text_of(sample::plain(1, sample::moment), Format::csv), EndsWith(",PC-17,,,,,,false,,,,,,,,\r\n"));

    for (const auto width : {std::optional<std::size_t>(), std::optional<std::size_t>(200)}) {
        const std::string table = text_of(sample::loss(), Format::table, width);
        CHECK_THAT(table, ContainsSubstring("LOST 3") && ContainsSubstring("3 notifications never arrived") &&
                              ContainsSubstring(" loss "));
    }
    CHECK_THAT(text_of(sample::loss(), Format::table, 80), ContainsSubstring("LOST 3"));
    CHECK_THAT(text_of(nobodys_loss(), Format::table), ContainsSubstring("DAMAGED 2") && EndsWith(" -\n"));
}

TEST_CASE("the words of losses", "[loss]") {
    for (const LossKind kind : {LossKind::gap, LossKind::damaged, LossKind::refused}) {
        CHECK(loss_kind_of(word_of(kind)) == kind);
    }
    CHECK_FALSE(loss_kind_of("lost").has_value());
    CHECK(action_of("LOSS") == Action::loss);
}
