#include "execution/purpose.h"

#include "base/text.h"
#include "sql/insert_values.h"

namespace myfabric::execution {
namespace {

using sql::Verb;

router::Effect effect_of(const sql::Analysis& analysis) {
    if (analysis.plain_read) return router::Effect::read;
    if (analysis.several_statements) return router::Effect::write;
    if (analysis.first_verb == Verb::commit) return router::Effect::commit;
    if (analysis.first_verb == Verb::rollback) return router::Effect::rollback;
    return router::Effect::write;
}

bool has_word(std::string_view text, std::string_view word) {
    sql::Lexer lexer(text);
    for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next())
        if (token.kind == sql::TokenKind::word && equal_ignoring_case(token.text, word))
            return true;
    return false;
}

}  // namespace

router::Purpose purpose_of(const sql::Analysis& analysis, std::string_view text) {
    router::Purpose purpose{effect_of(analysis)};
    purpose.plain_read = analysis.plain_read;
    if (analysis.plain_read) return purpose;
    purpose.may_commit = analysis.may_commit();
    purpose.in_parts = analysis.in_parts();
    purpose.writes_anywhere =
        purpose.in_parts || analysis.first_verb == Verb::load || analysis.first_verb == Verb::with;
    purpose.has_more_statements = analysis.several_statements;
    purpose.asks_insert_id = analysis.asks_insert_id;
    purpose.asks_last_statement = analysis.asks_last_statement;
    if (analysis.is_plain_dml()) {
        purpose.implicitly_rolled_back = is_implicitly_rolled_back;
        purpose.text = text;
    }
    // What only asks about the statement before is answered where that ran.
    const bool asks = analysis.asks_insert_id || analysis.asks_last_statement;
    purpose.reuse_last_server =
        asks && !analysis.several_statements &&
        (analysis.first_verb == Verb::select || analysis.first_verb == Verb::show);
    return purpose;
}

bool is_implicitly_rolled_back(std::string_view text, router::ServerSession& session) {
    if (!sql::calls_only_builtins(text)) return false;
    const Verb verb = sql::analyse(text, session.backslash_escapes()).first_verb;
    if (verb == Verb::select) return !has_word(text, "INTO");
    const auto table = sql::changed_table(text);
    if (!table) return false;
    const std::string schema =
        table->database.empty() ? "DATABASE()" : "'" + session.escape(table->database) + "'";
    const std::string name = "'" + session.escape(table->table) + "'";
    return session.query_value(
               "SELECT COUNT(*) FROM information_schema.tables t JOIN information_schema.engines e "
               "ON e.engine = t.engine WHERE e.transactions = 'YES' AND t.table_type = 'BASE "
               "TABLE' "
               "AND t.table_schema = " +
               schema + " AND t.table_name = " + name) == "1" &&
           session.query_value(
               "SELECT COUNT(*) FROM information_schema.triggers WHERE event_object_schema = " +
               schema + " AND event_object_table = " + name) == "0";
}

}  // namespace myfabric::execution
