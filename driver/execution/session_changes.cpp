#include "execution/session_changes.h"

#include "mysql/prepared_cache.h"

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

std::string note_session_changes(const sql::Analysis& analysis, const std::string& sql,
                                 bool reading, router::Backend& backend) {
    backend.note_unrestorable(left_behind(analysis));
    if (!backend.connection() || reading) return {};
    // Texts that are prepared may mean something else now.
    backend.connection()->prepared_cache().clear();
    if (analysis.changes_database) {
        backend.note_database(backend.connection()->query_value("SELECT DATABASE()"));
    } else if (analysis.first_verb == sql::Verb::set) {
        if (analysis.sets_session_variable) backend.note_setting(sql);
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
