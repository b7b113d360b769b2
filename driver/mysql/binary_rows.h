// Reads the rows of an executed prepared statement, one at a time, as they come from the wire.
// binary_rows_mariadb.cpp and binary_rows_mysql.cpp implement it for one library each.
// Private to driver/mysql.
#pragma once

#include <memory>
#include <vector>

#include "mysql/client_library.h"
#include "mysql/columns.h"
#include "mysql/drain.h"

namespace myfabric::mysql {

class BinaryRows {
public:
    enum class Step : unsigned char { row, end, error, malformed };

    /// `in_place`: see read_packet().
    BinaryRows(MYSQL_STMT* statement, bool in_place);
    ~BinaryRows();
    BinaryRows(const BinaryRows&) = delete;
    BinaryRows& operator=(const BinaryRows&) = delete;

    /// Prepares for the rows of the statement's current result, which has these columns. False: the
    /// statement has an error.
    bool open(const ColumnCache& columns);
    /// Reads a row; its values live until the next call. After `error` the statement's error says
    /// what happened.
    Step read(results::Row& row);
    /// Reads and drops the rest of the rows, as long as `drain` allows; null: without a limit.
    /// False when their end was not found: then what follows on the link is unknown.
    bool drop(Drain* drain) noexcept;

private:
    struct Slots;

    MYSQL_STMT* statement_;
    MYSQL* handle_;
    bool in_place_;
    results::SharedColumns columns_;  // that sizes_ were made for
    std::vector<signed char> sizes_;
    std::vector<const char*> values_;
    std::vector<unsigned long> lengths_;
    std::unique_ptr<Slots> slots_;  // libmysqlclient only
};

}  // namespace myfabric::mysql
