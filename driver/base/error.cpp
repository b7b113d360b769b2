#include "base/error.h"

namespace myfabric {

namespace {

/// What the driver or a farm words itself.
Record own_record(const SqlState& state, std::string message, int native, Origin origin) {
    Record record{std::string(state.code), native, std::move(message), origin};
    record.cause = state.session_lost ? Cause::session_lost : Cause::driver;
    return record;
}

}  // namespace

Error::Error(const SqlState& state, std::string message, int native) {
    if (message.empty()) message = state.text;
    records_.push_back(own_record(state, std::move(message), native, Origin::driver));
}

Error Error::from_server(std::string state, int native, std::string message, Cause cause,
                         bool nothing_sent) {
    Record record{std::move(state), native, std::move(message), Origin::server};
    record.cause = cause;
    record.nothing_sent = nothing_sent;
    return Error(std::vector<Record>{std::move(record)});
}

Error Error::from_fabric(const SqlState& state, std::string message, int native) {
    return Error({own_record(state, std::move(message), native, Origin::fabric)});
}

Error& Error::also(const std::vector<Record>& more) {
    records_.insert(records_.end(), more.begin(), more.end());
    return *this;
}

}  // namespace myfabric
