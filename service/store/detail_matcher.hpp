// The filters that take a whole operation to look at. What the columns alone tell is the Matcher's.
#pragma once

#include "common/model/operation.hpp"
#include "service/query/query.hpp"
#include "service/text/glob.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace maptrail {

class DetailMatcher {
public:
    /// `query` must outlive it.
    explicit DetailMatcher(const Query& query);

    /// Whether it looks at anything.
    [[nodiscard]] bool looks() const { return looks_; }

    [[nodiscard]] bool matches(const Operation& operation);

private:
    struct ShareGlob {
        Glob glob;
        bool with_server;
    };
    struct Field {
        std::string name;
        std::vector<Glob> globs;
    };

    [[nodiscard]] bool one(const Glob& glob, std::string_view text);
    [[nodiscard]] bool any(const std::vector<Glob>& globs, std::string_view text);
    [[nodiscard]] bool remote_matches(const std::string& remote);
    [[nodiscard]] bool session_matches(const Operation& operation) const;
    [[nodiscard]] bool rules_match(const Operation& operation);
    [[nodiscard]] bool text_matches(const Operation& operation);
    [[nodiscard]] bool fields_match(const Operation& operation);

    const Query& query_;
    bool looks_;
    std::vector<Glob> servers_;
    std::vector<ShareGlob> shares_;
    std::vector<Glob> providers_;
    std::vector<Glob> tags_;
    std::vector<Glob> rules_;
    std::vector<Glob> texts_;
    std::vector<Field> fields_;
    std::string folded_; ///< kept from one to the next for its memory
};

} // namespace maptrail
