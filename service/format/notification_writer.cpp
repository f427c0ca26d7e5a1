// What an operation was made of, as rows of their own.
#include "service/format/writer.hpp"

#include <utility>

namespace maptrail {
namespace {

/// What was known when it was told. What came after only filled gaps of the operation, so the names are those of both.
Operation notification_of(const Operation& operation, Phase phase) {
    Operation one = operation;
    one.notifications->only = phase;
    const bool before = phase == Phase::before;
    (before ? one.notifications->after : one.notifications->before).reset();
    (before ? one.config_after : one.config_before) = 0;
    std::erase_if(one.judged.rules, [&](const MatchedRule& rule) { return rule.phase != phase; });
    one.duration = -1;
    if (before && operation.notifications->after) {
        one.end = 0;
        one.error = 0;
        one.outcome = Outcome::pending;
        one.reason.clear();
    } else if (!before) {
        one.start = operation.end != 0 ? operation.end : operation.start;
    }
    return one;
}

class NotificationWriter final : public OperationWriter {
public:
    explicit NotificationWriter(std::unique_ptr<OperationWriter> writer) : writer_(std::move(writer)) {}

    bool write(const Operation& operation) override {
        if (!operation.notifications) {
            return writer_->write(operation);
        }
        return (!operation.notifications->before || writer_->write(notification_of(operation, Phase::before))) &&
               (!operation.notifications->after || writer_->write(notification_of(operation, Phase::after)));
    }

    bool flush() override { return writer_->flush(); }
    bool finish() override { return writer_->finish(); }

private:
    std::unique_ptr<OperationWriter> writer_;
};

} // namespace

std::unique_ptr<OperationWriter> make_notification_writer(std::unique_ptr<OperationWriter> writer) {
    return std::make_unique<NotificationWriter>(std::move(writer));
}

} // namespace maptrail
