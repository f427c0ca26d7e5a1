#include "service/sinks/command_queue.hpp"

#include <catch_amalgamated.hpp>

#include <string>
#include <vector>

using namespace maptrail;

namespace {

Command command_of_rule(const std::string& rule, const std::string& event = "{}") {
    Command command;
    command.rule = rule;
    command.run.program = "C:\\" + rule + ".exe";
    command.event = event;
    return command;
}

/// Rule and event of the next, which then runs; empty if there is none.
std::string next_of(CommandQueue& queue) {
    const auto command = queue.take();
    return command ? command->rule + command->event : "";
}

} // namespace

TEST_CASE("Commands of one rule run in the order in which they came", "[sinks]") {
    CommandQueue queue;
    CHECK_FALSE(queue.take());
    for (const std::string event : {"1", "2", "3"}) {
        CHECK(queue.push(command_of_rule("a", event)));
    }
    CHECK(queue.waiting() == 3);
    CHECK(next_of(queue) == "a1");
    CHECK(next_of(queue) == "a2");
    queue.ended("a");
    CHECK(next_of(queue) == "a3");
    CHECK(queue.waiting() == 0);
    CHECK(queue.running() == 2);
    CHECK(next_of(queue).empty());
}

TEST_CASE("The next command is of the rule of which fewest run, and of those the oldest", "[sinks]") {
    CommandQueue queue;
    for (const std::string event : {"1", "2", "3", "4"}) {
        CHECK(queue.push(command_of_rule("a", event)));
    }
    CHECK(queue.push(command_of_rule("b", "1")));
    CHECK(queue.push(command_of_rule("b", "2")));
    CHECK(queue.push(command_of_rule("c", "1")));
    CHECK(next_of(queue) == "a1");
    CHECK(next_of(queue) == "b1");
    CHECK(next_of(queue) == "c1");
    CHECK(next_of(queue) == "a2"); // one of each runs: by age again
    queue.ended("b");
    CHECK(next_of(queue) == "b2");
    queue.ended("a");
    queue.ended("a");
    CHECK(next_of(queue) == "a3");
    CHECK(next_of(queue) == "a4");
    CHECK(queue.running() == 4);
}

TEST_CASE("One rule's commands fill their part of the queue, all rules' the whole of it", "[sinks]") {
    CommandQueue queue({.waiting = 8, .waiting_of_a_rule = 2});
    for (int i = 0; i < 100; ++i) {
        CHECK(queue.push(command_of_rule("a")) == (i < 2));
    }
    for (const std::string rule : {"b", "c", "d"}) {
        CHECK(queue.push(command_of_rule(rule)));
        CHECK(queue.push(command_of_rule(rule)));
    }
    CHECK_FALSE(queue.push(command_of_rule("e")));
    CHECK(queue.waiting() == 8);
    CHECK(queue.dropped() == 99);
    CHECK(next_of(queue) == "a{}");
    CHECK(queue.push(command_of_rule("a"))); // what runs waits no longer
    CHECK_FALSE(queue.push(command_of_rule("a")));
}

TEST_CASE("Dropped commands are told by rule, once", "[sinks]") {
    CommandQueue queue({.waiting = 2, .waiting_of_a_rule = 1});
    for (int i = 0; i < 4; ++i) {
        (void)queue.push(command_of_rule("a"));
        (void)queue.push(command_of_rule("b"));
        (void)queue.push(command_of_rule("c"));
    }
    CHECK(next_of(queue) == "a{}");
    queue.drop_all();
    CHECK(queue.waiting() == 0);
    const auto dropped = queue.take_dropped();
    REQUIRE(dropped.size() == 3);
    CHECK(dropped[0].last.rule == "a");
    CHECK(dropped[0].count == 3);
    CHECK(dropped[1].last.run.program == "C:\\b.exe");
    CHECK(dropped[1].count == 4); // three, and the one that waited
    CHECK(dropped[2].count == 4);
    CHECK(dropped[2].last.event.empty());
    CHECK(queue.take_dropped().empty());
    CHECK(queue.dropped() == 11);
    queue.ended("a");
    CHECK(queue.running() == 0);
}

TEST_CASE("Dropped commands of any number of rules take bounded memory, and are all counted", "[sinks]") {
    CommandQueue queue({.waiting = 0, .waiting_of_a_rule = 0});
    for (std::size_t i = 0; i < 2 * rules::max_rules; ++i) {
        CHECK_FALSE(queue.push(command_of_rule(std::to_string(i))));
    }
    CHECK(queue.dropped() == 2 * rules::max_rules);
    CHECK(queue.take_dropped().size() == rules::max_rules);
}
