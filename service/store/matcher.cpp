#include "service/store/matcher.hpp"

#include "service/store/operation_row.hpp"
#include "service/text/device_name.hpp"
#include "service/text/text.hpp"

#include <algorithm>

namespace maptrail {
namespace {

template <typename T>
std::vector<std::int64_t> numbers(const std::vector<T>& values) {
    std::vector<std::int64_t> out;
    out.reserve(values.size());
    for (const T value : values) {
        out.push_back(static_cast<std::int64_t>(value));
    }
    return out;
}

bool holds(const std::vector<std::int64_t>& wanted, std::int64_t value) {
    return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

/// An operation as if it were a row.
class OperationColumns {
public:
    explicit OperationColumns(const Operation& operation)
        : operation_(operation), local_key_(local_key_of(operation.local_name)) {}

    [[nodiscard]] std::int64_t integer(int which) const {
        switch (which) {
        case column::action:
            return static_cast<std::int64_t>(operation_.action);
        case column::outcome:
            return static_cast<std::int64_t>(operation_.outcome);
        case column::error:
            return operation_.error;
        default:
            return operation_.process.pid;
        }
    }

    [[nodiscard]] std::string_view text(int which) const {
        switch (which) {
        case column::local_key:
            return local_key_;
        case column::remote_name:
            return operation_.remote_name;
        case column::user_name:
            return operation_.identity.user_name;
        case column::user_domain:
            return operation_.identity.user_domain;
        case column::user_sid:
            return operation_.identity.user_sid;
        default:
            return operation_.process.path;
        }
    }

private:
    const Operation& operation_;
    std::string local_key_;
};

std::string_view file_name(std::string_view path) {
    return path.substr(path.find_last_of("\\/") + 1);
}

} // namespace

Matcher::Matcher(const Query& query)
    : pids_(numbers(query.pids)), actions_(numbers(query.actions)), outcomes_(numbers(query.outcomes)),
      errors_(numbers(query.errors)) {
    for (const std::string& user : query.users) {
        const UserForm form = user.find('\\') != std::string::npos  ? UserForm::domain_first
                              : user.find('@') != std::string::npos ? UserForm::domain_last
                                                                    : UserForm::plain;
        users_.push_back({Glob(user), form});
    }
    for (const std::string& remote : query.remotes) {
        remotes_.emplace_back(remote);
    }
    for (const std::string& drive : query.drives) {
        drives_.emplace_back(local_key_of(drive));
    }
    for (std::string program : query.programs) {
        std::ranges::replace(program, '/', '\\');
        programs_.push_back({Glob(program), program.find('\\') != std::string::npos});
    }
    // To who asks, an operation that is still open has no known outcome either.
    if (std::ranges::find(query.outcomes, Outcome::unknown) != query.outcomes.end()) {
        outcomes_.push_back(static_cast<std::int64_t>(Outcome::pending));
    }
}

/// What is absent fits no pattern but the empty one: `--remote *` asks for operations that have a remote name.
bool Matcher::one(const Glob& glob, std::string_view text) {
    if (text.empty()) {
        return glob.folded_pattern().empty();
    }
    fold_into(folded_, text);
    return glob.matches_folded(folded_);
}

bool Matcher::any(const std::vector<Glob>& globs, std::string_view text) {
    return globs.empty() || std::ranges::any_of(globs, [&](const Glob& glob) { return one(glob, text); });
}

template <typename Row>
bool Matcher::user_matches(const Row& row) {
    const std::string_view name = row.text(column::user_name);
    const std::string_view domain = row.text(column::user_domain);
    const auto fits = [&](const UserGlob& user) {
        switch (user.form) {
        case UserForm::domain_first:
            joined_.assign(domain).append("\\").append(name);
            return !name.empty() && one(user.glob, joined_);
        case UserForm::domain_last:
            joined_.assign(name).append("@").append(domain);
            return !name.empty() && (one(user.glob, joined_) || one(user.glob, name));
        case UserForm::plain:
            break;
        }
        return one(user.glob, name) || one(user.glob, row.text(column::user_sid));
    };
    return users_.empty() || std::ranges::any_of(users_, fits);
}

bool Matcher::program_matches(std::string_view path) {
    return programs_.empty() || std::ranges::any_of(programs_, [&](const ProgramGlob& program) {
               return one(program.glob, program.whole_path ? path : file_name(path));
           });
}

template <typename Row>
bool Matcher::fits(const Row& row) {
    return holds(actions_, row.integer(column::action)) && holds(outcomes_, row.integer(column::outcome)) &&
           holds(errors_, row.integer(column::error)) && holds(pids_, row.integer(column::pid)) &&
           any(drives_, row.text(column::local_key)) && any(remotes_, row.text(column::remote_name)) &&
           user_matches(row) && program_matches(row.text(column::process_path));
}

bool Matcher::matches(const Statement& row) {
    return fits(row);
}

bool Matcher::matches(const Operation& operation) {
    return fits(OperationColumns(operation));
}

} // namespace maptrail
