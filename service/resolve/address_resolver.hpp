// Learns the addresses of the servers that programs connect to, for rules that ask for them: after the fact, so that
// judging never resolves a name.
#pragma once

#include "service/rules/address_book.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace maptrail {

/// The addresses of a server by its name; none if there are none or they can't be told. Takes as long as it takes.
using ResolveName = std::function<std::vector<rules::Address>(const std::string& server)>;

struct AddressResolverTimes {
    using Clock = rules::AddressBook::Clock;
    std::chrono::seconds keep{900};  ///< an address, from when it was learned
    std::chrono::seconds again{300}; ///< a name that is still in use is looked up once more then
    std::chrono::seconds failed{60}; ///< the same of one that was not found
    std::function<Clock::time_point()> clock = &Clock::now;
};

/// Any number of threads, but for start() and stop().
class AddressResolver {
public:
    /// Look-ups are made one after the other on a thread of its own. `resolve` may be called, and `book` written, for a
    /// while after stop(): nothing that it refers to may go away before the process does.
    AddressResolver(std::shared_ptr<rules::AddressBook> book, ResolveName resolve, AddressResolverTimes times = {});
    AddressResolver(const AddressResolver&) = delete;
    AddressResolver& operator=(const AddressResolver&) = delete;
    ~AddressResolver() { stop(); }

    void start();

    /// Waits a second at most for a look-up that is under way.
    void stop();

    /// Whether rules ask for addresses. While none does, nobody is asked for any.
    void use(bool wanted);

    /// A program named this remote name. Waits for nothing; of too many at once some are passed over until they are
    /// named again.
    void saw(std::string_view remote);

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
    std::thread thread_;
};

} // namespace maptrail
