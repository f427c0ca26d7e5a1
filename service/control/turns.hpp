// How much of the control pipe one user may take: nobody shall keep others, least of all administrators, from asking.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace maptrail {

/// Any thread.
class Turns {
public:
    /// Ends with its destruction, which the Turns must outlive.
    class Turn {
    public:
        Turn(Turns* owner, std::string sid) : owner_(owner), sid_(std::move(sid)) {}
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        ~Turn();

    private:
        friend class Turns;
        Turns* owner_; ///< null of an administrator
        std::string sid_;
    };

    /// `of_one`: so many has a user at once who is no administrator; `of_all`: all of those together.
    Turns(std::size_t of_one, std::size_t of_all) : of_one_(of_one), of_all_(of_all) {}

    /// Null if there is none left for him. An administrator's are not counted.
    [[nodiscard]] std::unique_ptr<Turn> take(const std::string& sid, bool administrator);

private:
    void end(const std::string& sid);

    std::size_t of_one_;
    std::size_t of_all_;
    std::mutex mutex_; ///< of the rest
    std::map<std::string, std::size_t> taken_;
    std::size_t all_ = 0;
};

} // namespace maptrail
