#include "execution/session_changes.h"

#include "mysql/link.h"
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

static void note_setting(router::Backend& backend, std::string_view set_statement) {
    backend.note_session([&](router::SessionState& state) { state.remember(set_statement); });
}

/// A text of nothing but literals may be repeated on another server. Of any other one the values
/// are kept that it gave: it might do something else, or once more, what it does.
static void note_settings(const std::string& sql, router::Backend& backend) {
    const sql::SetText set = sql::set_text(sql);
    if (set.for_next_statement) return;
    if (set.literal) return note_setting(backend, sql);
    for (const std::string& name : set.variables)
        note_setting(backend,
                     "SET SESSION " + name + "=" + backend.on()->literal_of("@@SESSION." + name));
}

std::string note_routine_changes(router::Backend& backend) {
    const auto& connection = backend.connection();
    const bool routine = backend.take_ran_routine();
    if (!connection) return {};
    if (routine && mysql::changed_state(*connection)) {
        router::Unrestorable left;
        left.left_by_routine = true;
        backend.note_unrestorable(left);
    }
    if (!mysql::left_utf8mb4(*connection)) return {};
    std::string back = router::keep_utf8mb4(*backend.on());
    if (!back.empty()) note_setting(backend, back);
    return back;
}

std::string note_session_changes(const sql::Analysis& analysis, const std::string& sql,
                                 bool reading, router::Backend& backend) {
    backend.note_unrestorable(left_behind(analysis));
    router::ServerSession* session = backend.on();
    if (!session || reading) return {};
    session->forget_prepared();
    if (analysis.changes_database) {
        const std::string database = session->query_value("SELECT DATABASE()");
        backend.note_session([&](router::SessionState& state) { state.database = database; });
    } else if (analysis.first_verb == sql::Verb::set) {
        if (analysis.sets_session_variable) note_settings(sql, backend);
        const bool autocommit = session->autocommit();
        backend.note_session([&](router::SessionState& state) { state.autocommit = autocommit; });
        if (router::may_set_transaction_modes(sql)) {
            router::SessionState modes = backend.session();
            read_transaction_modes(*session, modes);
            backend.note_session([&](router::SessionState& state) {
                state.isolation = modes.isolation;
                state.read_only = modes.read_only;
            });
        }
        if (router::may_set_character_set(sql)) {
            std::string back = router::keep_utf8mb4(*session);
            if (!back.empty()) note_setting(backend, back);
            return back;
        }
    }
    return {};
}

}  // namespace myfabric::execution
