// What a statement's text means for the router: what may be done when its answer is lost.
#pragma once

#include <string_view>

#include "router/purpose.h"
#include "router/server_session.h"
#include "sql/lexer.h"

namespace myfabric::execution {

/// Of executing `text`, whose `analysis` it is. The text outlives it.
router::Purpose purpose_of(const sql::Analysis& analysis, std::string_view text);

/// Whether a rollback surely takes back what `text`, one INSERT, UPDATE, DELETE, REPLACE or
/// SELECT, did: its table is of an engine with transactions and has no
/// triggers, and it calls no routines. Asks the server. Throws Error.
bool is_implicitly_rolled_back(std::string_view text, router::ServerSession& session);

}  // namespace myfabric::execution
