#include "execution/session_changes.h"

#include "mysql/prepared_cache.h"
#include "sql/set_text.h"

namespace myfabric::execution {

router::Unrestorable left_behind(const sql::Analysis& analysis) {
    router::Unrestorable lost;
    lost.temporary_tables = analysis.creates_temporary_table;
    lost.table_locks = analysis.locks_tables;
    lost.user_locks = analysis.takes_user_lock;
    lost.user_variables = analysis.sets_user_variable;
    lost.session_variables = analysis.sets_unrepeatable;
    return lost;
}

/// A value of the session as SQL has it.
static std::string literal(mysql::Connection& session, const std::string& variable) {
    const auto rows = session.query("SELECT " + variable);
    if (!rows->next_row() || !rows->row().values[0]) return "NULL";
    const std::string text(rows->row().values[0], rows->row().lengths[0]);
    const results::Kind kind = rows->columns()[0].kind;
    const bool number = kind >= results::Kind::tinyint && kind <= results::Kind::double_precision;
    return number ? text : "'" + session.escape(text) + "'";
}

/// A text of nothing but literals may be repeated on another server. Of any other one the values
/// are kept that it gave: it might do something else, or once more, what it does.
static void note_settings(const std::string& sql, router::Backend& backend) {
    const sql::SetText set = sql::set_text(sql);
    if (set.for_next_statement) return;
    if (set.literal) return backend.note_setting(sql);
    mysql::Connection& session = *backend.connection();
    for (const std::string& name : set.variables)
        backend.note_setting("SET SESSION " + name + "=" + literal(session, "@@SESSION." + name));
}

std::string note_session_changes(const sql::Analysis& analysis, const std::string& sql,
                                 bool reading, router::Backend& backend) {
    backend.note_unrestorable(left_behind(analysis));
    if (!backend.connection() || reading) return {};
    // Texts that are prepared may mean something else now.
    backend.connection()->prepared_cache().clear();
    if (analysis.changes_database) {
        backend.note_database(backend.connection()->query_value("SELECT DATABASE()"));
    } else if (analysis.first_verb == sql::Verb::set) {
        if (analysis.sets_session_variable) note_settings(sql, backend);
        backend.note_autocommit(backend.connection()->autocommit());
        if (router::may_set_transaction_modes(sql)) backend.note_transaction_modes();
        if (router::may_set_character_set(sql)) {
            std::string back = router::keep_utf8mb4(*backend.connection());
            if (!back.empty()) backend.note_setting(back);
            return back;
        }
    }
    return {};
}

}  // namespace myfabric::execution
