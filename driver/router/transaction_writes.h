// What a transaction has written so far, for the case that it is lost: not every engine rolls back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "router/purpose.h"
#include "router/server_session.h"

namespace myfabric::router {

/// Not thread-safe.
class TransactionWrites {
public:
    /// A command of `purpose` ran, or failed, in the transaction.
    void note(const Purpose& purpose) {
        if (!purpose.implicitly_rolled_back && !purpose.writes_anywhere) return;
        if (purpose.implicitly_rolled_back && !texts_.empty() && texts_.back().sql == purpose.text)
            [[likely]]
            return;  // one prepared statement, again and again
        keep(purpose);
    }
    void clear() {
        if (!any()) [[likely]]
            return;
        texts_.clear();
        others_ = false;
    }
    bool any() const { return others_ || !texts_.empty(); }

    /// Whether a rollback surely takes all of it back. Asks the server. Throws Error.
    bool are_rolled_back(ServerSession& session) const;

private:
    struct Text {
        std::string sql;
        bool (*rolls_back)(std::string_view text, ServerSession& session);
    };
    void keep(const Purpose& purpose);

    std::vector<Text> texts_;  // different ones
    bool others_ = false;      // that may have written to any table
};

}  // namespace myfabric::router
