// A query's filters, made ready to look at many rows. Time, order and number are the finder's.
#pragma once

#include "service/query/query.hpp"
#include "service/store/statement.hpp"
#include "service/text/glob.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace maptrail {

class Matcher {
public:
    explicit Matcher(const Query& query);

    /// The statement's columns are those of operation_row.hpp.
    [[nodiscard]] bool matches(const Statement& row);
    [[nodiscard]] bool matches(const Operation& operation);

private:
    enum class UserForm { plain, domain_first, domain_last };
    struct UserGlob {
        Glob glob;
        UserForm form;
    };
    struct ProgramGlob {
        Glob glob;
        bool whole_path;
    };

    [[nodiscard]] bool any(const std::vector<Glob>& globs, std::string_view text);
    [[nodiscard]] bool one(const Glob& glob, std::string_view text);
    template <typename Row>
    [[nodiscard]] bool fits(const Row& row);
    template <typename Row>
    [[nodiscard]] bool user_matches(const Row& row);
    [[nodiscard]] bool program_matches(std::string_view path);

    std::vector<UserGlob> users_;
    std::vector<Glob> remotes_;
    std::vector<Glob> drives_;
    std::vector<ProgramGlob> programs_;
    std::vector<std::int64_t> pids_;
    std::vector<std::int64_t> actions_;
    std::vector<std::int64_t> outcomes_;
    std::vector<std::int64_t> errors_;
    std::string folded_; ///< kept from row to row for its memory
    std::string joined_;
};

} // namespace maptrail
