#include "router/session_state.h"

#include <algorithm>
#include <initializer_list>

#include "base/text.h"

namespace myfabric::router {
namespace {

constexpr std::size_t most_settings = 128;

/// MySQL 8 has other names for the variables of transactions.
std::string transaction_variable(const ServerSession& session, const char* name) {
    const bool renamed = !session.is_mariadb() && session.version() >= 80000;
    return (renamed ? "transaction_" : "tx_") + std::string(name);
}

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> found;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        found.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return found;
}

bool contains_any(std::string_view sql, std::initializer_list<const char*> words) {
    const std::string lower = to_lower(sql);
    return std::ranges::any_of(
        words, [&](const char* word) { return lower.find(word) != std::string::npos; });
}

std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text)
        if (c != '\'' && c != '\\') out += c;
    return out + "'";
}

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
    if (left_by_routine) found.push_back("what a procedure has set (variables, temporary tables)");
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
    left_by_routine |= other.left_by_routine;
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

bool may_set_character_set(std::string_view sql) {
    return contains_any(sql, {"names", "character", "charset", "char set"});
}

bool may_set_transaction_modes(std::string_view sql) {
    return contains_any(sql, {"transaction", "tx_"});
}

std::string keep_utf8mb4(ServerSession& session) {
    const std::vector<std::string> now = lines(session.query_value(
        "SELECT CONCAT_WS('\n', @@character_set_client, IFNULL(@@character_set_results, ''), "
        "@@character_set_connection, @@collation_connection)"));
    constexpr std::string_view wire = "utf8mb4";
    if (now.size() == 4 && now[0] == wire && now[1] == wire && now[2] == wire) return {};
    std::string statement = "SET NAMES utf8mb4";
    if (now.size() == 4 && now[3].starts_with("utf8mb4_")) statement += " COLLATE " + now[3];
    session.execute(statement);
    return statement;
}

SessionDefaults session_defaults(ServerSession& session) {
    const std::vector<std::string> found =
        lines(session.query_value("SELECT CONCAT_WS('\n', @@sql_mode, @@time_zone, @@" +
                                  transaction_variable(session, "isolation") + ")"));
    if (found.size() != 3) return {};
    return {found[0], found[1], found[2]};
}

std::string assignments(const SessionDefaults& defaults, const ServerSession& session) {
    if (defaults.isolation.empty()) return {};
    return ", sql_mode=" + quoted(defaults.sql_mode) + ", time_zone=" + quoted(defaults.time_zone) +
           ", " + transaction_variable(session, "isolation") + "=" + quoted(defaults.isolation);
}

void read_transaction_modes(ServerSession& session, SessionState& state) {
    const std::vector<std::string> found = lines(session.query_value(
        "SELECT CONCAT_WS('\n', @@" + transaction_variable(session, "isolation") + ", @@" +
        transaction_variable(session, "read_only") + " + 0)"));
    if (found.size() != 2) return;
    state.isolation = found[0];
    std::ranges::replace(state.isolation, '-', ' ');
    state.read_only = found[1] == "1";
}

void apply(ServerSession& session, const SessionState& wanted, SessionState& present) {
    if (wanted == present) return;
    if (wanted.database != present.database && !wanted.database.empty())
        session.select_database(wanted.database);
    session.execute_all(statements_for(wanted, present));
    present = wanted;
}

}  // namespace myfabric::router
