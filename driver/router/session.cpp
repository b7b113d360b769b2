#include "router/session.h"

#include <algorithm>

#include "base/text.h"

namespace myfabric::router {
namespace {

constexpr std::size_t most_settings = 128;

}  // namespace

void SessionState::remember(std::string_view set_statement) {
    std::erase_if(settings, [&](const std::string& known) {
        return equal_ignoring_case(known, set_statement);
    });
    settings.emplace_back(set_statement);
    if (settings.size() > most_settings) settings.erase(settings.begin());
}

std::string Unrestorable::names() const {
    std::vector<std::string> found;
    if (temporary_tables) found.push_back("temporary tables");
    if (table_locks) found.push_back("table locks (LOCK TABLES)");
    if (user_locks) found.push_back("user locks (GET_LOCK)");
    if (user_variables) found.push_back("user variables");
    if (session_variables) found.push_back("session variables");
    std::string text;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (i) text += i + 1 == found.size() ? " and " : ", ";
        text += found[i];
    }
    return text;
}

Unrestorable& Unrestorable::operator|=(const Unrestorable& other) {
    temporary_tables |= other.temporary_tables;
    table_locks |= other.table_locks;
    user_locks |= other.user_locks;
    user_variables |= other.user_variables;
    session_variables |= other.session_variables;
    return *this;
}

std::vector<std::string> statements_for(const SessionState& wanted, const SessionState& present) {
    std::vector<std::string> statements;
    const bool continues =
        present.settings.size() <= wanted.settings.size() &&
        std::equal(present.settings.begin(), present.settings.end(), wanted.settings.begin());
    const auto first = wanted.settings.begin() +
                       (continues ? static_cast<std::ptrdiff_t>(present.settings.size()) : 0);
    statements.assign(first, wanted.settings.end());
    // After the application's own SET statements, for they may speak of the same things.
    if (wanted.autocommit != present.autocommit || !statements.empty())
        statements.push_back(wanted.autocommit ? "SET autocommit=1" : "SET autocommit=0");
    if (wanted.isolation != present.isolation && !wanted.isolation.empty())
        statements.push_back("SET SESSION TRANSACTION ISOLATION LEVEL " + wanted.isolation);
    if (wanted.read_only != present.read_only)
        statements.push_back(wanted.read_only ? "SET SESSION TRANSACTION READ ONLY"
                                              : "SET SESSION TRANSACTION READ WRITE");
    return statements;
}

void apply(mysql::Connection& connection, const SessionState& wanted, SessionState& present) {
    if (wanted.database != present.database && !wanted.database.empty())
        connection.select_database(wanted.database);
    for (const std::string& statement : statements_for(wanted, present))
        connection.execute(statement);
    present = wanted;
}

}  // namespace myfabric::router
