#include "router/transaction.h"

#include "base/error.h"

namespace myfabric::router {

bool Transaction::leaves_something(const SessionMaker& open) const {
    if (beyond_rollback_ || !writes_.any()) return beyond_rollback_;
    try {
        return !writes_.are_rolled_back(open());
    } catch (const Error&) {
        return true;  // there is no server to be asked
    }
}

bool was_rolled_back(const Purpose& purpose, const SessionMaker& open) {
    if (!purpose.implicitly_rolled_back) return false;
    try {
        return purpose.implicitly_rolled_back(purpose.text, open());
    } catch (const Error&) {
        return false;
    }
}

}  // namespace myfabric::router
