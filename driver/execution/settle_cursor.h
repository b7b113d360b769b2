// Which cursor and which concurrency a result can have, of those that were asked for.
#pragma once

#include "execution/execution.h"
#include "execution/row_changes.h"

namespace myfabric::execution {

/// What cannot be had is replaced by the next best, with 01S02 saying why. Throws Error where the
/// session is concerned.
void settle_cursor(Execution& execution, RowChanges& changes, bool has_bookmarks,
                   Diagnostics& diagnostics);

}  // namespace myfabric::execution
