#include "service/sinks/command_queue.hpp"

#include <catch_amalgamated.hpp>

#include <string>

using namespace maptrail;

namespace {

Command command_of(const std::string& rule, int number = 0) {
    Command command;
    command.rule = rule;
    command.event = std::to_string(number);
    return command;
}

std::string next_of(CommandQueue& queue) {
    const auto command = queue.take();
    return command ? command->rule + command->event : "none";
}

} // namespace

TEST_CASE("commands are run in the order in which they came, rules in turn", "[sinks]") {
    CommandQueue queue(16);
    for (int i = 0; i < 4; ++i) {
        REQUIRE(queue.push(command_of("a", i)));
    }
    REQUIRE(queue.push(command_of("b", 0)));
    REQUIRE(queue.push(command_of("c", 0)));
    CHECK(next_of(queue) == "a0");
    CHECK(next_of(queue) == "b0"); // though a's are older
    CHECK(next_of(queue) == "c0");
    CHECK(next_of(queue) == "a1");
    queue.ended("a");
    queue.ended("a");
    REQUIRE(queue.push(command_of("b", 1)));
    CHECK(next_of(queue) == "a2");
    CHECK(next_of(queue) == "a3");
    CHECK(queue.waiting() == 1);
    CHECK(queue.running() == 4);
    CHECK(next_of(queue) == "b1");
    CHECK(next_of(queue) == "none");
}

TEST_CASE("one rule fills a quarter of the queue, and what finds no room is told by rule", "[sinks]") {
    CommandQueue queue(8);
    for (int i = 0; i < 5; ++i) {
        CHECK(queue.push(command_of("flood", i)) == (i < 2));
    }
    CHECK(queue.push(command_of("other")));
    for (const char* const rule : {"c", "d", "e", "f", "g"}) {
        CHECK(queue.push(command_of(rule)));
    }
    CHECK_FALSE(queue.push(command_of("too many")));
    CHECK(queue.dropped() == 4);
    const auto dropped = queue.take_dropped();
    REQUIRE(dropped.size() == 2);
    CHECK(dropped[0].last.rule == "flood");
    CHECK(dropped[0].last.event == "4");
    CHECK(dropped[0].count == 3);
    CHECK(dropped[1].count == 1);
    CHECK(queue.take_dropped().empty());
    queue.clear();
    CHECK(queue.waiting() == 0);
    CHECK(queue.take_dropped().size() == 7);
    CHECK(queue.push(command_of("flood")));
}
