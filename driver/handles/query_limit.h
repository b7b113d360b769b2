// Limits of time for what a statement does: SQL_ATTR_QUERY_TIMEOUT, and rows that are left.
#pragma once

#include <chrono>
#include <functional>

#include "handles/connection.h"

namespace myfabric::handles {

/// Runs `body`; after `seconds` what runs is stopped, and this throws HYT00 with what `body` threw,
/// or has reported, after it. `discard` says whether a call that came to its end in spite of that
/// is to be taken as stopped; it closes what the call left.
SQLRETURN run_within(Connection& connection, SQLULEN seconds,
                     const std::function<SQLRETURN()>& body, const std::function<bool()>& discard);

/// While it lives, rows that are left are read for a second; then the server is asked to stop,
/// whatever the limit of the call around is.
class BriefReading {
public:
    explicit BriefReading(Connection& connection);
    ~BriefReading();
    BriefReading(const BriefReading&) = delete;
    BriefReading& operator=(const BriefReading&) = delete;

private:
    router::LiveLink& live_;
    std::chrono::seconds around_{0};
    bool unread_ = false;
};

}  // namespace myfabric::handles
