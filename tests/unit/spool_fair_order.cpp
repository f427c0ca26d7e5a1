#include "service/spool/fair_order.hpp"
#include "service/spool/quarantine.hpp"
#include "tests/unit/inbox_helpers.hpp"

#include <catch_amalgamated.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

using namespace maptrail::spool;
using maptrail::inbox_test::Folder;

TEST_CASE("spool order: owners take turns, and each one's files keep their order") {
    const std::vector<Queued> queue{{"a", 1}, {"a", 1}, {"a", 1}, {"b", 1}, {"c", 1}, {"c", 1}};
    CHECK(fair_order(queue) == std::vector<std::size_t>{0, 3, 4, 1, 5, 2});
    CHECK(fair_order({}).empty());
}

TEST_CASE("spool order: a flood of one owner is cut, by files and by bytes, and hides nobody") {
    std::vector<Queued> queue(3'000, {"flood", 100});
    queue.push_back({"other", 100});
    const OwnerLimits limits;
    const std::vector<std::size_t> order = fair_order(queue, limits);
    CHECK(order.size() == limits.files + 1);
    CHECK(std::ranges::find(order, 3'000U) - order.begin() <= 1);

    std::vector<Queued> large(10, {"flood", limits.bytes / 4});
    CHECK(fair_order(large, limits).size() == 4);
    CHECK(fair_order(std::array{Queued{"one", limits.bytes * 2}, Queued{"one", 1}}, limits) ==
          std::vector<std::size_t>{0});
}

TEST_CASE("spool quarantine: names are kept, and there is only so much room") {
    const Folder folder;
    const Quarantine quarantine(folder.path());
    const std::vector<std::byte> bytes(100, std::byte{1});
    const auto first = quarantine.place_for("a.spool", bytes.size());
    REQUIRE(first.has_value());
    CHECK(*first == folder / "a.spool");
    CHECK(Quarantine::keep(*first, bytes));
    CHECK(std::filesystem::file_size(*first) == 100);
    const auto second = quarantine.place_for("a.spool", bytes.size());
    REQUIRE(second.has_value());
    CHECK(*second == folder / "a.spool.1");

    CHECK(quarantine.place_for("b.spool", Quarantine::most_bytes - 100).has_value());
    CHECK_FALSE(quarantine.place_for("b.spool", Quarantine::most_bytes - 99).has_value());
    CHECK_FALSE(quarantine.place_for("b.spool", ~std::uint64_t{0}).has_value());
    for (std::size_t i = 1; i < Quarantine::most_files; ++i) {
        REQUIRE(Quarantine::keep(folder.path() / std::to_string(i), {}));
    }
    CHECK_FALSE(quarantine.place_for("b.spool", 1).has_value());
    CHECK_FALSE(Quarantine(folder / "none").place_for("b.spool", 1).has_value());
    CHECK_FALSE(Quarantine::keep(folder.path() / "none" / "x", bytes));
}
