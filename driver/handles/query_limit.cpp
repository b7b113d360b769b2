#include "handles/query_limit.h"

#include <string>

#include "base/error.h"
#include "base/seconds.h"

namespace myfabric::handles {

SQLRETURN run_within(Connection& connection, SQLULEN seconds,
                     const std::function<SQLRETURN()>& body, const std::function<bool()>& discard) {
    const auto too_long = [&] {
        return Error(state::timeout, "the statement took longer than the query timeout of " +
                                         std::to_string(seconds) + " s");
    };
    router::LiveLink& live = connection.live();
    connection.watch_link();
    live.begin_query_limit(seconds_of(seconds));
    SQLRETURN result = SQL_SUCCESS;
    try {
        result = body();
    } catch (const Error& error) {
        if (!live.end_query_limit()) throw;
        Error timeout = too_long();
        timeout.also(error.records());
        throw timeout;
    } catch (...) {
        live.end_query_limit();
        throw;
    }
    // The records of one that failed follow the limit's.
    if (live.end_query_limit() && (result == SQL_ERROR || discard())) throw too_long();
    return result;
}

BriefReading::BriefReading(Connection& connection) : live_(connection.live()) {
    const auto& session = connection.backend().connection();
    if (!session || !session->is_read()) return;
    unread_ = true;
    around_ = live_.query_limit();
    connection.watch_link();
    live_.begin_query_limit(std::chrono::seconds(1));
}

BriefReading::~BriefReading() {
    if (!unread_) return;
    live_.end_query_limit();
    live_.begin_query_limit(around_);
}

}  // namespace myfabric::handles
