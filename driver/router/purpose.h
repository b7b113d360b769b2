// What a command is, for where it goes and what happens after a failure.
#pragma once

#include <string_view>

#include "router/failover.h"
#include "topology/target.h"

namespace myfabric::router {

class ServerSession;

struct Purpose {
    Effect effect = Effect::write;
    bool may_commit = false;  // ends a transaction, or may: BEGIN, DDL, SET autocommit, CALL...
    bool in_parts = false;    // CALL, a block, several statements: some of them may have run
    bool writes_anywhere = false;  // to tables that the text need not name, not as INSERT does
    /// For one INSERT, UPDATE, DELETE, REPLACE or SELECT: whether a rollback surely takes back what
    /// `text` did. Asks the server, and is asked only after a failure. Null: no.
    bool (*implicitly_rolled_back)(std::string_view text, ServerSession& session) = nullptr;
    std::string_view text;
    bool has_more_statements = false;   // several in one text
    bool asks_insert_id = false;        // LAST_INSERT_ID(): what an INSERT of this session left
    bool asks_last_statement = false;   // ROW_COUNT(), SHOW WARNINGS: what the last statement left
    bool needs_current_server = false;  // ends a transaction: nothing to do on another server
    bool plain_read = false;            // Mode=AUTO may send it to a secondary
    const topology::Target* target = nullptr;  // of this command alone, as a hint says; outlives it
    bool reuse_last_server = false;            // what it asks about is there
};

}  // namespace myfabric::router
