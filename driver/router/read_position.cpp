#include "router/read_position.h"

#include <utility>

#include "base/error.h"
#include "router/failover.h"

namespace myfabric::router {
namespace {

// A secondary that lags is not looked at again for a while; nor is the choice between servers that
// a moment ago were not fit.
constexpr auto stays_unfit = std::chrono::seconds(5);
constexpr auto lag_stays_true = std::chrono::seconds(1);

}  // namespace

void ReadPosition::stands(const std::string& group, std::string position) {
    if (!position.empty()) own_[group] = {.wrote = false, .position = std::move(position)};
}

bool ReadPosition::ask(ServerSession& session, const std::string& group, const std::string& address,
                       Journal& journal, bool synchronous) {
    if (no_position_) return false;
    OwnWrites& own = own_[group];
    try {
        own.position = session.written_position(synchronous);
    } catch (const Error&) {
        return false;  // the next command finds out what is wrong with the server
    }
    no_position_ = own.position.empty();
    if (no_position_)
        journal.notice(address +
                       " keeps no GTIDs, so reads after own writes stay on it; with "
                       "ReadYourWritesTimeout=0 they go to a secondary without waiting");
    own.wrote = no_position_;
    return !no_position_;
}

bool ReadPosition::is_fit(ServerSession& session, std::string& reached, const std::string& group,
                          const std::string& address, const Limits& limits, bool ahead,
                          Journal& journal) {
    const auto leave = [&] {
        was_behind(address);
        return false;
    };
    try {
        if (limits.max_lag) {
            const std::optional<unsigned long> lag = session.lag();
            if (!lag || *lag > limits.max_lag) return leave();
        }
        if (!limits.own_writes) return true;
        const OwnWrites& own = own_[group];
        if (own.wrote) return leave();  // where they stand could not be found out
        if (own.position.empty() || reached == own.position) return true;
        if (!(ahead && session.require_caught_up(own.position, limits.own_writes)) &&
            !session.caught_up(own.position, limits.own_writes))
            return leave();
        reached = own.position;
        return true;
    } catch (const Error& error) {
        if (!lost(error.cause()) && !std::exchange(lag_reported_, true))
            journal.notice("whether " + address +
                           " lags cannot be seen, so it is not read from: " + error.message() +
                           "; MaxLag needs the right REPLICATION CLIENT, on MariaDB SLAVE "
                           "MONITOR");
        return leave();
    }
}

void ReadPosition::was_behind(const std::string& address) {
    unfit_[address] = Clock::now() + stays_unfit;
}

bool ReadPosition::was_unfit(const std::string& address, const Limits& limits) const {
    if (!limits.max_lag && !limits.own_writes) return false;
    const auto found = unfit_.find(address);
    return found != unfit_.end() && Clock::now() < found->second;
}

void ReadPosition::chose(bool passed_over, const Limits& limits) {
    look_again_ = passed_over      ? Clock::now() + stays_unfit
                  : limits.max_lag ? Clock::now() + lag_stays_true
                                   : Clock::time_point::max();
}

}  // namespace myfabric::router
