// A prepared statement's way over the wire: values to the server, the head of its answer, rows.
// prepared_wire_mariadb.cpp and prepared_wire_mysql.cpp implement it for one library each: with
// MariaDB's the packets are written and read here, with Oracle's the library's binds are filled.
// Private to driver/mysql.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "mysql/answer_head.h"
#include "mysql/binary_rows.h"
#include "mysql/client_library.h"
#include "mysql/columns.h"
#include "mysql/execute_request.h"

namespace myfabric::mysql {

/// Belongs to one Prepared. Where a function returns false, failure() is what happened.
class PreparedWire {
public:
    /// Takes over a statement that has just been prepared.
    PreparedWire(Connection& connection, MYSQL_STMT* statement);
    ~PreparedWire();
    PreparedWire(const PreparedWire&) = delete;
    PreparedWire& operator=(const PreparedWire&) = delete;

    Connection& connection() { return connection_; }
    std::size_t parameters() const { return request_.parameters(); }
    /// False when the session that knew the statement has ended or was reset.
    bool known() const { return statement_->mysql != nullptr; }
    /// The columns of the first result as the server described them last; null: it has none.
    const results::SharedColumns& columns() const { return described_.columns(); }

    /// Sends part of a text or binary parameter ahead; the next execution keeps it.
    bool send_part(std::size_t index, std::string_view part, results::Parameter::Type type);
    /// Sends one value a parameter and reads the head of the answer.
    bool execute(std::span<const results::Parameter> values);
    /// One execution has been sent with the preparation, as `request` made it ...
    void executing(ExecuteRequest request) { request_ = std::move(request); }
    /// ... and the head of its answer comes next.
    bool answered();
    /// The same for a bulk; it has no result.
    bool execute_bulk(std::string_view body);
    std::uint32_t id() const;
    /// Goes to the next result of the answer.
    bool next_result();

    /// Describes the current result, which has `rows()` to be read then. Null: it failed.
    results::SharedColumns open_rows(bool first);
    BinaryRows& rows() { return rows_; }

    Error failure();
    [[noreturn]] void fail() { throw failure(); }

private:
    struct Binds;

    Connection& connection_;
    MYSQL_STMT* statement_;
    ExecuteRequest request_;
    ColumnCache described_;  // the first result
    ColumnCache following_;  // the results after it
    BinaryRows rows_;
    AnswerHead head_;               // of the last execution
    std::unique_ptr<Binds> binds_;  // libmysqlclient only
};

}  // namespace myfabric::mysql
