#include "common/wire/policy_page.hpp"
#include "service/policy/publisher.hpp"
#include "tests/unit/inbox_helpers.hpp"

#include <catch_amalgamated.hpp>

#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

using namespace maptrail;
using inbox_test::Folder;

namespace bip = boost::interprocess;

namespace {

constexpr std::uint64_t clock_now = 133'000'000'000'000'000;

wire::Policy sample() {
    wire::Policy policy;
    policy.service_id = 4711;
    policy.service_started = 99;
    policy.budget_ms = 77;
    policy.no_answer = wire::NoAnswer::deny_connect;
    policy.spool_file_bytes = 128 << 10;
    policy.spool_process_bytes = 3 << 20;
    return policy;
}

/// As a notifyee does it: mapped for reading, for as long as the object lives.
class Reader {
public:
    explicit Reader(const std::filesystem::path& file)
        : mapping_(file.c_str(), bip::read_only), region_(mapping_, bip::read_only) {}

    [[nodiscard]] bool read(wire::Policy& policy) const {
        return wire::read_policy({static_cast<const std::byte*>(region_.get_address()), region_.get_size()}, policy);
    }

private:
    bip::file_mapping mapping_;
    bip::mapped_region region_;
};

wire::Policy read(const std::filesystem::path& file) {
    wire::Policy policy;
    REQUIRE(Reader(file).read(policy));
    return policy;
}

void check_sample(const wire::Policy& policy) {
    CHECK(policy.service_id == 4711);
    CHECK(policy.service_started == 99);
    CHECK(policy.budget_ms == 77);
    CHECK(policy.no_answer == wire::NoAnswer::deny_connect);
    CHECK(policy.denied_status == default_denied_status);
    CHECK(policy.spool_file_bytes == 128 << 10);
    CHECK(policy.spool_process_bytes == 3 << 20);
}

std::vector<char> published_bytes(const std::filesystem::path& file, std::uint64_t generation) {
    PolicyPublisher publisher(file, generation - 1);
    publisher.publish(sample());
    return inbox_test::read_file(file);
}

} // namespace

TEST_CASE("policy publisher: a missing page is made, and says afterwards that no service runs") {
    const Folder folder;
    {
        PolicyPublisher publisher(folder / "policy.page", clock_now);
        publisher.publish(sample());
        check_sample(read(folder / "policy.page"));
        CHECK(read(folder / "policy.page").generation == clock_now + 1);
        CHECK(std::filesystem::file_size(folder / "policy.page") == wire::policy_file_size);
    }
    const wire::Policy after = read(folder / "policy.page");
    CHECK(after.service_id == 0);
    CHECK(after.service_started == 0);
    CHECK(after.generation == clock_now + 2);
    CHECK(after.budget_ms == 77);
    CHECK(after.no_answer == wire::NoAnswer::deny_connect);
}

TEST_CASE("policy publisher: who has the page mapped sees the next service's, and generations go on") {
    const Folder folder;
    const std::filesystem::path file = folder / "policy.page";
    PolicyPublisher(file, clock_now).publish(sample());
    const Reader reader(file);
    wire::Policy policy;
    REQUIRE(reader.read(policy));
    const std::uint64_t before = policy.generation;
    PolicyPublisher next(file, clock_now - 1'000'000); // a clock that was set back
    next.publish(sample());
    REQUIRE(reader.read(policy));
    check_sample(policy);
    CHECK(policy.generation == before + 1);
}

TEST_CASE("policy publisher: one that publishes nothing leaves a running service's page alone") {
    const Folder folder;
    PolicyPublisher running(folder / "policy.page", clock_now);
    running.publish(sample());
    { const PolicyPublisher second(folder / "policy.page", clock_now); }
    check_sample(read(folder / "policy.page"));
}

TEST_CASE("policy publisher: what is damaged, half written, short or longer is published anew, in place") {
    const Folder folder;
    const std::filesystem::path file = folder / "policy.page";
    std::vector<char> bytes = published_bytes(file, 5); // while the publisher ran
    bool generation_is_lost = true;
    SECTION("a flipped byte") {
        bytes[offsetof(wire::PolicyPage, budget_ms)] ^= 1;
    }
    SECTION("a writer that died") {
        bytes[offsetof(wire::PolicyPage, lock)] |= 1;
    }
    SECTION("nothing but zeros") {
        bytes.assign(bytes.size(), 0);
    }
    SECTION("an empty file") {
        bytes.clear();
    }
    SECTION("a short file") {
        bytes.resize(40);
    }
    SECTION("a short file with a whole page in it") {
        bytes.resize(sizeof(wire::PolicyPage));
        generation_is_lost = false;
    }
    SECTION("a page of a later version") {
        bytes[offsetof(wire::PolicyPage, min_reader)] = 2;
    }
    SECTION("a longer file") {
        bytes.resize(3 * wire::policy_file_size, 'x');
        generation_is_lost = false;
    }
    inbox_test::write_file(file, bytes);
    PolicyPublisher publisher(file, clock_now);
    publisher.publish(sample());
    const wire::Policy policy = read(file);
    check_sample(policy);
    CHECK(policy.generation == (generation_is_lost ? clock_now + 1 : 6));
    CHECK(std::filesystem::file_size(file) == std::max(bytes.size(), wire::policy_file_size));
}

TEST_CASE("policy publisher: what cannot be made is named") {
    const Folder folder;
    std::filesystem::create_directory(folder / "policy.page");
    CHECK_THROWS_WITH(PolicyPublisher(folder / "policy.page", clock_now),
                      Catch::Matchers::ContainsSubstring("cannot make the policy page") &&
                          Catch::Matchers::ContainsSubstring("policy.page"));
    CHECK_THROWS_AS(PolicyPublisher(folder.path() / "none" / "policy.page", clock_now), std::runtime_error);
}
