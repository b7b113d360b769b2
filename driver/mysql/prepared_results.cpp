#include "mysql/prepared_results.h"

#include <memory>

#include "mysql/columns.h"

namespace myfabric::mysql {
namespace {

struct FreeResult {
    void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};
using Metadata = std::unique_ptr<MYSQL_RES, FreeResult>;

}  // namespace

Columns statement_columns(const Connection& connection, MYSQL_STMT* statement) {
    const Metadata metadata(mysql_stmt_result_metadata(statement));
    if (!metadata) return {};
    return columns_of(mysql_fetch_fields(metadata.get()), mysql_num_fields(metadata.get()),
                      connection.text_bytes());
}

void fail(Connection& connection, MYSQL_STMT* statement) {
    if (mysql_stmt_errno(statement))
        connection.fail(mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement),
                        mysql_stmt_error(statement));
    connection.fail();
}

void PreparedResults::open() {
    opening();
    if (mysql_field_count(raw(connection_))) {
        try {
            const Metadata metadata(mysql_stmt_result_metadata(statement_));
            if (!metadata) fail(connection_, statement_);
            const MYSQL_FIELD* fields = mysql_fetch_fields(metadata.get());
            const unsigned count = mysql_num_fields(metadata.get());
            if (!rows_.open(fields, count)) fail(connection_, statement_);
            columns_ = columns_of(fields, count, connection_.text_bytes());
        } catch (...) {
            columns_.clear();
            mysql_stmt_free_result(statement_);  // reads the rows off the wire
            throw;
        }
    }
    opened();
}

bool PreparedResults::read_row() {
    constexpr unsigned malformed_packet = 2027;
    const BinaryRows::Step step = rows_.read(row_);
    if (step == BinaryRows::Step::row) [[likely]]
        return true;
    row_ = {};
    if (step == BinaryRows::Step::end) {
        rows_ended();
        return false;
    }
    finish();
    if (step == BinaryRows::Step::malformed)
        connection_.fail(malformed_packet, "", "the server sent a row that is malformed");
    fail(connection_, statement_);
}

void PreparedResults::open_next() {
    if (mysql_stmt_next_result(statement_) > 0) {
        finish();
        fail(connection_, statement_);
    }
    open();
}

void PreparedResults::drop_rows() noexcept {
    rows_.drop();
    rows_ended();
}

bool PreparedResults::more_on_wire() const {
    return mysql_more_results(raw(connection_));
}

}  // namespace myfabric::mysql
