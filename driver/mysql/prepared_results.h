// Results of the binary protocol, streamed. Private to driver/mysql.
#pragma once

#include "mysql/binary_rows.h"
#include "mysql/wire_results.h"

namespace myfabric::mysql {

class PreparedResults final : public WireResults {
public:
    PreparedResults(Connection& connection, MYSQL_STMT* statement)
        : WireResults(connection), statement_(statement), rows_(statement) {
        format_ = Format::binary;
    }
    ~PreparedResults() override { drain(); }

    /// Takes the first result of the statement that has just been executed.
    void open();

    bool next_row() override { return reading() ? PreparedResults::read_row() : next_kept_row(); }

private:
    bool read_row() override;
    void open_next() override;
    void drop_rows() noexcept override;
    bool more_on_wire() const override;

    MYSQL_STMT* statement_;
    BinaryRows rows_;
};

/// The columns that the statement's metadata describes, empty when it has none.
Columns statement_columns(const Connection& connection, MYSQL_STMT* statement);

/// Throws the error of the statement, or of the connection when the statement has none.
[[noreturn]] void fail(Connection& connection, MYSQL_STMT* statement);

}  // namespace myfabric::mysql
