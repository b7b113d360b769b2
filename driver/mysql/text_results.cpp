#include "mysql/text_results.h"

#include "mysql/columns.h"
#include "mysql/link.h"

namespace myfabric::mysql {

void TextResults::open(const AnswerHead& head) {
    MYSQL* handle = raw(connection_);
    opening();
    if (mysql_field_count(handle)) {
        if (!rows_.open(handle)) {
            finish();
            ResultsGate::fail(connection_);
        }
        try {
            ColumnCache& columns = ResultsGate::column_cache(connection_);
            if (head.kind != AnswerHead::Kind::as_known) {
                columns.take(rows_.fields(), rows_.count(), ResultsGate::text_bytes(connection_),
                             connection_.reading());
                columns.described_by(head.description);
            }
            columns_ = columns.columns();
        } catch (...) {
            Drain drain(handle);
            if (!rows_.drop(&drain)) break_link(connection_);
            throw;
        }
    }
    opened();
}

bool TextResults::read_row() {
    const TextRows::Step step = rows_.read(row_);
    if (step == TextRows::Step::row) [[likely]]
        return true;
    row_ = {};
    if (step == TextRows::Step::end) {
        rows_ended();
        return false;
    }
    finish();
    if (step == TextRows::Step::malformed)
        ResultsGate::fail_malformed(connection_, "the server sent a row that is malformed");
    ResultsGate::fail(connection_);
}

void TextResults::open_next() {
    // -1 is both "no more", which was asked before, and a link lost while it is described.
    if (mysql_next_result(raw(connection_)) != 0) {
        finish();
        ResultsGate::fail(connection_);
    }
    open({AnswerHead::Kind::read, {}});
}

bool TextResults::drop_rows(Drain* drain) noexcept {
    return rows_.drop(drain);
}

bool TextResults::more_on_wire() const {
    return mysql_more_results(raw(connection_));
}

}  // namespace myfabric::mysql
