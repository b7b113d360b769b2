#include "handles/browse_connect.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/secret.h"

namespace myfabric::handles {
namespace {

/// What the first level asks for, as far as it is not known. Asterisks mark what may be left out.
std::string wanted_login(const dsn::Options& options) {
    const bool has_server =
        !options.server.empty() || !options.socket.empty() || !options.fabric_host.empty();
    std::string answer;
    if (!has_server) answer += "*SERVER:Server=?;*PORT:Port=?;";
    answer += "UID:User=?;";
    if (options.password.empty()) answer += "*PWD:Password=?;";
    if (options.database.empty()) answer += "*DATABASE:Database=?";
    return answer;
}

std::string databases(router::Backend& backend) {
    std::string list;
    backend.run({router::Effect::read}, [&](const auto& connection) {
        list.clear();
        const std::unique_ptr<results::Results> rows = connection->query("SHOW DATABASES");
        while (rows->next_row()) {
            const results::Row row = rows->row();
            const std::string_view name(row.values[0], row.lengths[0]);
            // The syntax of the answer has no way to quote them.
            if (name.find_first_of("[]{}(),;?*=!@:") != name.npos) continue;
            (list += list.empty() ? "" : ",") += name;
        }
    });
    return "*DATABASE:Database={" + list + "}";
}

}  // namespace

SQLRETURN browse_connect(Connection& connection, const std::string& attributes,
                         std::string& answer) {
    if (!connection.browsing && connection.connected())
        throw Error(state::connection_in_use, "the connection is already open");
    Secret before(connection.browsing ? std::exchange(*connection.browsing, {}) : std::string());
    connection.browsing.reset();
    const bool ended = before.text().empty() || before.text().ends_with(';');
    Secret given(before.text() + (ended ? "" : ";") + attributes);
    try {
        const dsn::Resolved resolved = dsn::from_connection_string(given.text());
        const std::string& database = resolved.options.database;
        if (!connection.connected()) {
            if (resolved.options.user.empty()) {
                for (const auto& [state, sentence] : resolved.warnings)
                    connection.diagnostics().warn(*state, sentence);
                answer = wanted_login(resolved.options);
                connection.browsing = given.take();
                return SQL_NEED_DATA;
            }
            connection.connect(resolved);
            if (database.empty()) {
                answer = databases(connection.backend());
                connection.browsing = given.take();
                return SQL_NEED_DATA;
            }
        } else if (!database.empty()) {
            connection.backend().change_session(
                [&](router::SessionState& session) { session.database = database; });
        }
        answer = dsn::completed(resolved);
        return SQL_SUCCESS;
    } catch (...) {
        if (connection.connected()) connection.disconnect();
        throw;
    }
}

}  // namespace myfabric::handles
