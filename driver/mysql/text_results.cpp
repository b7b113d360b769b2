#include "mysql/text_results.h"

#include "mysql/columns.h"

namespace myfabric::mysql {

void TextResults::open() {
    MYSQL* handle = raw(connection_);
    opening();
    if (mysql_field_count(handle)) {
        if (!rows_.open(handle)) {
            finish();
            connection_.fail();
        }
        try {
            columns_ = connection_.described().take(rows_.fields(), rows_.count(),
                                                    connection_.text_bytes());
        } catch (...) {
            rows_.drop();
            throw;
        }
    }
    opened();
}

bool TextResults::read_row() {
    constexpr unsigned malformed_packet = 2027;
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
        connection_.fail(malformed_packet, "", "the server sent a row that is malformed");
    connection_.fail();
}

void TextResults::open_next() {
    const int status = mysql_next_result(raw(connection_));
    if (status > 0) {
        finish();
        connection_.fail();
    }
    open();
}

void TextResults::drop_rows() noexcept {
    rows_.drop();
    rows_ended();
}

bool TextResults::more_on_wire() const {
    return mysql_more_results(raw(connection_));
}

}  // namespace myfabric::mysql
