#include "mysql/text_results.h"

#include <utility>

#include "mysql/columns.h"

namespace myfabric::mysql {

void TextResults::open() {
    MYSQL* handle = raw(connection_);
    opening();
    if (mysql_field_count(handle)) {
        rows_ = mysql_use_result(handle);
        if (!rows_) {
            finish();
            connection_.fail();
        }
        try {
            columns_ = columns_of(mysql_fetch_fields(rows_), mysql_num_fields(rows_),
                                  connection_.text_bytes());
        } catch (...) {
            mysql_free_result(std::exchange(rows_, nullptr));  // reads the rows off the wire
            throw;
        }
    }
    opened();
}

bool TextResults::read_row() {
    if (MYSQL_ROW values = mysql_fetch_row(rows_)) [[likely]] {
        row_ = {values, mysql_fetch_lengths(rows_)};
        return true;
    }
    row_ = {};
    mysql_free_result(std::exchange(rows_, nullptr));
    if (mysql_errno(raw(connection_))) {
        finish();
        connection_.fail();
    }
    rows_ended();
    return false;
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
    if (rows_) mysql_free_result(std::exchange(rows_, nullptr));
    rows_ended();
}

bool TextResults::more_on_wire() const {
    return mysql_more_results(raw(connection_));
}

}  // namespace myfabric::mysql
