#include "mysql/prepared_results.h"

namespace myfabric::mysql {

void PreparedResults::open(bool first) {
    opening();
    if (mysql_field_count(raw(connection_))) {
        columns_ = wire_.open_rows(first);
        if (!columns_) {
            finish();
            wire_.fail();
        }
    }
    opened();
}

bool PreparedResults::read_row() {
    const BinaryRows::Step step = wire_.rows().read(row_);
    if (step == BinaryRows::Step::row) [[likely]]
        return true;
    row_ = {};
    if (step == BinaryRows::Step::end) {
        rows_ended();
        return false;
    }
    finish();
    if (step == BinaryRows::Step::malformed)
        ResultsGate::fail_malformed(connection_, "the server sent a row that is malformed");
    wire_.fail();
}

void PreparedResults::open_next() {
    if (!wire_.next_result()) {
        finish();
        wire_.fail();
    }
    open(false);
}

bool PreparedResults::drop_rows(Drain* drain) noexcept {
    return wire_.rows().drop(drain);
}

bool PreparedResults::more_on_wire() const {
    return mysql_more_results(raw(connection_));
}

}  // namespace myfabric::mysql
