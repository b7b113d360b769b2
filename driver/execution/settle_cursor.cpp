#include "execution/settle_cursor.h"

#include <string>
#include <utility>

#include "base/error.h"

namespace myfabric::execution {

void settle_cursor(Execution& execution, RowChanges& changes, bool has_bookmarks,
                   Diagnostics& diagnostics) {
    CurrentResult& result = execution.result();
    const auto changed = [&](std::string text) {
        diagnostics.warn(state::option_value_changed, std::move(text));
    };
    if (result.live()) {
        if (const std::string why = changes.why_static(); !why.empty()) {
            result.use_cursor(SQL_CURSOR_STATIC);
            changed("the cursor is static: " + why);
        } else if (result.cursor_type() == SQL_CURSOR_DYNAMIC &&
                   (!execution.can_run_again() || has_bookmarks)) {
            result.use_cursor(SQL_CURSOR_KEYSET_DRIVEN);
            changed(has_bookmarks
                        ? "the cursor is keyset-driven: it has bookmarks, which are row numbers"
                        : "the cursor is keyset-driven: its rows are not of one query that could "
                          "be run again");
        }
        changes.begin_live();
    }
    if (result.concurrency() == SQL_CONCUR_LOCK && !changes.keeps_locks()) {
        result.use_concurrency(SQL_CONCUR_VALUES);
        changed(
            "values are compared (SQL_CONCUR_VALUES): rows are locked until their transaction "
            "ends, but autocommit is on");
    }
    if (result.concurrency() == SQL_CONCUR_ROWVER) {
        bool versions = false;
        try {
            versions = changes.compare_versions();
        } catch (const Error& error) {
            if (concerns_session(error.cause())) throw;
        }
        if (!versions) {
            result.use_concurrency(SQL_CONCUR_VALUES);
            changed(
                "values are compared (SQL_CONCUR_VALUES): the result has no key, or no column "
                "that the server sets with each change (ON UPDATE CURRENT_TIMESTAMP)");
        }
    }
}

}  // namespace myfabric::execution
