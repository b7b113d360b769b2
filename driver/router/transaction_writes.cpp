#include "router/transaction_writes.h"

#include <algorithm>

namespace myfabric::router {
namespace {

// Beyond these the server is asked about all of its tables.
constexpr std::size_t most_texts = 32;
constexpr std::size_t longest_text = 4096;

/// No table of the users' loses its rollback, whatever wrote to it.
bool has_only_transactional_tables(ServerSession& session) {
    return session.query_value(
               "SELECT COUNT(*) FROM information_schema.tables t LEFT JOIN "
               "information_schema.engines e ON e.engine = t.engine WHERE t.table_type = 'BASE "
               "TABLE' AND t.table_schema NOT IN ('mysql', 'information_schema', "
               "'performance_schema', 'sys') AND COALESCE(e.transactions, '') <> 'YES'") == "0";
}

}  // namespace

void TransactionWrites::keep(const Purpose& purpose) {
    if (others_) return;
    const auto is_it = [&](const Text& text) { return text.sql == purpose.text; };
    const bool named = purpose.implicitly_rolled_back && purpose.text.size() <= longest_text;
    if (named && std::ranges::any_of(texts_, is_it)) return;
    if (named && texts_.size() < most_texts)
        texts_.push_back({std::string(purpose.text), purpose.implicitly_rolled_back});
    else
        others_ = true;
}

bool TransactionWrites::are_rolled_back(ServerSession& session) const {
    const auto rolls_back = [&](const Text& text) { return text.rolls_back(text.sql, session); };
    // A view, a trigger or a function may write to tables that the text does not name.
    return (!others_ && std::ranges::all_of(texts_, rolls_back)) ||
           has_only_transactional_tables(session);
}

}  // namespace myfabric::router
