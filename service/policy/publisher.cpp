#include "service/policy/publisher.hpp"

#include "service/policy/page_file.hpp"

#include <boost/interprocess/exceptions.hpp>
#include <boost/interprocess/file_mapping.hpp>

#include <stdexcept>
#include <string>

namespace maptrail {

namespace bip = boost::interprocess;

namespace {

bip::mapped_region map(const std::filesystem::path& file) {
    policy::make_page_file(file, wire::policy_file_size);
    try {
        const bip::file_mapping mapping(file.c_str(), bip::read_write);
        return {mapping, bip::read_write, 0, wire::policy_file_size};
    } catch (const bip::interprocess_exception& error) {
        const std::u8string name = file.u8string();
        throw std::runtime_error("cannot map the policy page " + std::string(name.begin(), name.end()) + ": " +
                                 error.what() + " (error " + std::to_string(error.get_native_error()) + ")");
    }
}

} // namespace

PolicyPublisher::PolicyPublisher(const std::filesystem::path& file, std::uint64_t now) : region_(map(file)) {
    // A generation tells a reader that the page is not the one that it knows: a page that was damaged and is mended
    // must not come back with the number of one before it.
    wire::Policy found;
    policy_.generation = wire::read_policy(page(), found) ? found.generation : now;
}

PolicyPublisher::~PolicyPublisher() {
    withdraw();
}

void PolicyPublisher::publish(const wire::Policy& policy) {
    const std::uint64_t generation = policy_.generation;
    policy_ = policy;
    policy_.generation = generation;
    write();
    // What is to hold while no service runs must hold after a loss of power, too.
    if (!region_.flush(0, 0, false)) {
        throw std::runtime_error("the disk does not take the policy page");
    }
}

void PolicyPublisher::withdraw() noexcept {
    if (policy_.service_id != 0) {
        policy_.service_id = 0;
        policy_.service_started = 0;
        write();
    }
}

void PolicyPublisher::write() {
    ++policy_.generation;
    wire::publish(page(), policy_);
}

std::span<std::byte> PolicyPublisher::page() const {
    return {static_cast<std::byte*>(region_.get_address()), region_.get_size()};
}

} // namespace maptrail
