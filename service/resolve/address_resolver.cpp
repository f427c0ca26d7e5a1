#include "service/resolve/address_resolver.hpp"

#include "service/rules/remote_name.hpp"
#include "service/text/text.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace maptrail {
namespace {

constexpr std::size_t most_names_waiting = 256;
constexpr std::size_t most_names_known = 4'096; ///< a program may make up any number
constexpr std::size_t most_name_size = 255;     ///< of a DNS name; what is longer is none
constexpr std::chrono::seconds longest_stop{1};

} // namespace

struct AddressResolver::Shared {
    std::shared_ptr<rules::AddressBook> book;
    ResolveName resolve;
    AddressResolverTimes times;

    std::mutex mutex; ///< of what follows
    std::condition_variable changed;
    bool wanted = false;
    bool stopping = false;
    bool ended = false;
    std::deque<std::string> waiting;                                               ///< folded
    std::unordered_map<std::string, AddressResolverTimes::Clock::time_point> next; ///< when it may be asked for again

    void work();
    void look_up(const std::string& server);
};

AddressResolver::AddressResolver(std::shared_ptr<rules::AddressBook> book, ResolveName resolve,
                                 AddressResolverTimes times)
    : shared_(std::make_shared<Shared>()) {
    shared_->book = std::move(book);
    shared_->resolve = std::move(resolve);
    shared_->times = std::move(times);
}

void AddressResolver::start() {
    thread_ = std::thread([shared = shared_] { shared->work(); });
}

void AddressResolver::stop() {
    if (!thread_.joinable()) {
        return;
    }
    std::unique_lock lock(shared_->mutex);
    shared_->stopping = true;
    shared_->changed.notify_all();
    const bool ended = shared_->changed.wait_for(lock, longest_stop, [&] { return shared_->ended; });
    lock.unlock();
    if (ended) {
        thread_.join();
    } else {
        thread_.detach(); // in a look-up that nobody can end; all that it touches is its own
    }
}

void AddressResolver::use(bool wanted) {
    const std::scoped_lock lock(shared_->mutex);
    shared_->wanted = wanted;
}

void AddressResolver::saw(std::string_view remote) {
    {
        const std::scoped_lock lock(shared_->mutex);
        if (!shared_->wanted) {
            return;
        }
    }
    std::string name(remote);
    rules::unify_separators(name);
    if (!name.starts_with("\\\\")) {
        return; // a device's name
    }
    const std::string server = fold(rules::parts_of_remote(name).server.value_or(std::string_view()));
    if (server.empty() || server.size() > most_name_size || rules::address_of(server)) {
        return;
    }
    const auto now = shared_->times.clock();
    const std::scoped_lock lock(shared_->mutex);
    const auto known = shared_->next.find(server);
    if ((known != shared_->next.end() && now < known->second) || shared_->waiting.size() >= most_names_waiting) {
        return;
    }
    if (shared_->next.size() >= most_names_known) {
        shared_->next.clear();
    }
    shared_->next[server] = now + shared_->times.failed;
    shared_->waiting.push_back(server);
    shared_->changed.notify_all();
}

void AddressResolver::Shared::work() {
    std::unique_lock lock(mutex);
    for (;;) {
        changed.wait(lock, [this] { return stopping || !waiting.empty(); });
        if (stopping) {
            ended = true;
            changed.notify_all();
            return;
        }
        const std::string server = std::move(waiting.front());
        waiting.pop_front();
        lock.unlock();
        look_up(server);
        lock.lock();
    }
}

void AddressResolver::Shared::look_up(const std::string& server) {
    try {
        const std::vector<rules::Address> addresses = resolve(server);
        const auto now = times.clock();
        book->learn(server, addresses, now + times.keep);
        const std::scoped_lock lock(mutex);
        next[server] = now + (addresses.empty() ? times.failed : times.again);
    } catch (const std::exception&) {
        // Short of memory: it stays unknown until it is named again.
    }
}

} // namespace maptrail
