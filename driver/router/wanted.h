// What the application wants of a connection, whatever server it is on: owned by the connection
// handle for its whole life.
#pragma once

#include "router/properties.h"
#include "router/session_state.h"

namespace myfabric::router {

struct Wanted {
    /// As attributes set it: what every connect begins with.
    SessionState chosen;
    bool database_chosen = false;  // else the connection string's counts
    ChosenProperties properties;   // of the target, likewise
    /// While connected: what was chosen, and what SQL text has done to it since.
    SessionState session;

    /// A connect begins.
    void begin(const std::string& database) {
        session = chosen;
        if (!database_chosen) session.database = database;
    }
};

}  // namespace myfabric::router
