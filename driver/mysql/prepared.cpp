#include "mysql/prepared.h"

#include <new>
#include <utility>

#include "base/error.h"
#include "mysql/bulk_values.h"
#include "mysql/drain.h"
#include "mysql/packet.h"
#include "mysql/prepared_results.h"
#include "mysql/prepared_wire.h"
#include "mysql/send_command.h"

namespace myfabric::mysql {
namespace {

struct Close {
    void operator()(MYSQL_STMT* statement) const { mysql_stmt_close(statement); }
};
using NewStatement = std::unique_ptr<MYSQL_STMT, Close>;

NewStatement new_statement(Connection& connection) {
    NewStatement statement(mysql_stmt_init(raw(connection)));
    if (!statement) throw std::bad_alloc();
    return statement;
}

NativeStatement* native(const NewStatement& statement) {
    return reinterpret_cast<NativeStatement*>(statement.get());
}

[[noreturn]] void throw_wrong_count(std::size_t markers, std::size_t bound) {
    throw Error(state::wrong_parameter_count, "the statement has " + std::to_string(markers) +
                                                  " parameters, but " + std::to_string(bound) +
                                                  " are bound");
}

#if MYFABRIC_CONNECTOR_C
/// Reads the answer to a preparation where it lies, as the library does but for the descriptions of
/// the parameters, which say nothing. False: the connection has an error.
bool read_prepared(Connection& connection, MYSQL_STMT* statement) {
    constexpr unsigned long size_of_head = 12, longest_end = 8, size_of_end = 5;
    constexpr unsigned char end_mark = 254;
    MYSQL* handle = raw(connection);
    unsigned long size = read_packet(handle, true);
    if (size == packet_error) return false;
    const unsigned char* packet = handle->net.read_pos;
    const auto number = [&](std::size_t at, unsigned bytes) {
        std::uint32_t value = 0;
        for (unsigned i = 0; i < bytes; ++i) value |= std::uint32_t{packet[at + i]} << (8 * i);
        return value;
    };
    if (size < size_of_head || packet[0] != 0)
        StatementGate::fail_malformed(connection, "the server did not say what it has prepared");
    statement->stmt_id = number(1, 4);
    statement->field_count = number(5, 2);
    statement->param_count = number(7, 2);
    handle->warning_count = number(10, 2);
    bool ended = statement->param_count == 0;
    for (unsigned read = 0; !ended && read <= statement->param_count; ++read) {
        if ((size = read_packet(handle, true)) == packet_error) return false;
        packet = handle->net.read_pos;
        ended = packet[0] == end_mark && size <= longest_end;
        if (ended && size >= size_of_end) handle->server_status = number(3, 2);
    }
    if (!ended)
        StatementGate::fail_malformed(connection, "the server describes parameters without end");
    if (statement->field_count && handle->methods->db_stmt_get_result_metadata(statement))
        return false;
    statement->state = MYSQL_STMT_PREPARED;
    return true;
}

/// What the server says to an execution that was sent ahead is of no use.
void drop_answer(Connection& connection) {
    MYSQL* handle = raw(connection);
    expect_next_answer(handle);
    if (!Drain(handle).skip_answer()) StatementGate::lose(connection);
}

/// Sends both; then the answer to the execution is the next. Throws what the server says to the
/// preparation.
void prepare_and_execute(Connection& connection, MYSQL_STMT* statement, std::string_view sql,
                         std::string_view execution) {
    MYSQL* handle = raw(connection);
    const QueuedCommand commands[] = {{COM_STMT_PREPARE, sql}, {COM_STMT_EXECUTE, execution}};
    if (!send_ahead(handle, commands)) throw StatementGate::failure(connection);
    StatementGate::hold_condition(connection, false);
    expect_next_answer(handle);
    if (read_prepared(connection, statement)) return;
    const unsigned number = mysql_errno(handle);
    const std::string state = mysql_sqlstate(handle), message = mysql_error(handle);
    if (handle->net.pvio) drop_answer(connection);
    throw StatementGate::failure(connection, number, state, message);
}
#endif

/// Throws what the server says.
void prepare(Connection& connection, MYSQL_STMT* statement, std::string_view sql) {
#if MYFABRIC_CONNECTOR_C
    if (StatementGate::reads_in_place(connection) && ends_by_eof(raw(connection))) {
        if (!send_command(raw(connection), true, COM_STMT_PREPARE, sql, statement) ||
            !read_prepared(connection, statement))
            throw StatementGate::failure(connection);
        return;
    }
#endif
    if (mysql_stmt_prepare(statement, sql.data(), static_cast<unsigned long>(sql.size())))
        throw StatementGate::failure(connection, mysql_stmt_errno(statement),
                                     mysql_stmt_sqlstate(statement), mysql_stmt_error(statement));
}

results::Counts counts_of(MYSQL* handle) {
    return {mysql_affected_rows(handle), mysql_insert_id(handle), mysql_warning_count(handle)};
}

}  // namespace

Prepared::Prepared(Connection& connection, std::string_view sql, Kind kind) : sql_(sql) {
    connection.make_ready();
    NewStatement statement = new_statement(connection);
    prepare(connection, statement.get(), sql);
    own(connection, native(statement), kind);
    static_cast<void>(statement.release());
}

#if MYFABRIC_CONNECTOR_C
Prepared::Prepared(Connection& connection, std::string_view sql, Kind kind,
                   std::span<const results::Parameter> values)
    : sql_(sql) {
    StatementGate::make_ready(connection, {});
    NewStatement statement = new_statement(connection);
    ExecuteRequest request(values.size());
    prepare_and_execute(connection, statement.get(), sql, request.make(last_prepared, values));
    if (const std::size_t count = mysql_stmt_param_count(statement.get()); count != values.size()) {
        drop_answer(connection);
        throw_wrong_count(count, values.size());
    }
    try {
        own(connection, native(statement), kind);
        static_cast<void>(statement.release());
        wire_->executing(std::move(request));
        unanswered_ = true;
    } catch (...) {
        StatementGate::lose(connection);
        throw;
    }
}
#else
Prepared::Prepared(Connection& connection, std::string_view sql, Kind kind,
                   std::span<const results::Parameter>)
    : Prepared(connection, sql, kind) {}
#endif

void Prepared::own(Connection& connection, NativeStatement* statement, Kind kind) {
    StatementGate::prepared(connection, statement, kind == Kind::reads);
    wire_ = std::make_unique<PreparedWire>(connection, raw(statement));
}

Prepared::~Prepared() {
    if (unanswered_) StatementGate::lose(wire_->connection());
}

std::size_t Prepared::parameter_count() const {
    return wire_->parameters();
}

const results::Columns& Prepared::columns() const {
    static const results::Columns none;
    return wire_->columns() ? *wire_->columns() : none;
}

bool Prepared::usable() const {
    return wire_->known() && wire_->connection().alive();
}

void Prepared::make_ready() {
    wire_->connection().settle();
    make_link_ready();
}

void Prepared::make_link_ready() {
    StatementGate::make_ready(wire_->connection(), sql_);
    if (!wire_->known())
        throw Error(state::not_prepared,
                    "the statement was prepared before the session was reset: prepare it again");
}

void Prepared::send_long_data(std::size_t index, std::string_view part,
                              results::Parameter::Type type) {
    make_ready();
    if (!wire_->send_part(index, part, type)) wire_->fail();
}

bool Prepared::send(std::span<const results::Parameter> values) {
    if (values.size() != wire_->parameters()) throw_wrong_count(wire_->parameters(), values.size());
    make_link_ready();
    return wire_->execute(values);
}

std::unique_ptr<results::Results> Prepared::execute(std::span<const results::Parameter> values) {
    if (!send(values)) wire_->fail();
    auto results = std::make_unique<PreparedResults>(*wire_);
    results->open();
    return results;
}

[[gnu::always_inline]] inline std::unique_ptr<results::Results> Prepared::take_answer(
    results::Counts& counts) {
    MYSQL* handle = raw(wire_->connection());
    if (mysql_field_count(handle) || mysql_more_results(handle)) {
        auto results = std::make_unique<PreparedResults>(*wire_);
        results->open();
        return results;
    }
    counts = counts_of(handle);
    return nullptr;
}

Prepared::Answer Prepared::executed(std::span<const results::Parameter> values,
                                    results::Counts& counts) {
    constexpr unsigned no_such_statement = 1243;
    if (!std::exchange(unanswered_, false)) return execute(values, counts);
    if (wire_->answered()) return take_answer(counts);
    Connection& connection = wire_->connection();
    if (mysql_errno(raw(connection)) != no_such_statement) return wire_->failure();
    // A proxy, say, that numbers statements itself: nothing has run.
    StatementGate::executes_nothing_at_once(connection);
    return execute(values, counts);
}

Prepared::Answer Prepared::execute(std::span<const results::Parameter> values,
                                   results::Counts& counts) {
    if (!send(values)) return wire_->failure();
    return take_answer(counts);
}

bool Prepared::knows_bulk([[maybe_unused]] const Connection& connection) {
#if MYFABRIC_CONNECTOR_C
    unsigned long capabilities = 0;
    return !mariadb_get_infov(raw(connection), MARIADB_CONNECTION_EXTENDED_SERVER_CAPABILITIES,
                              &capabilities) &&
           (capabilities & (MARIADB_CLIENT_STMT_BULK_OPERATIONS >> 32));
#else
    return false;
#endif
}

void Prepared::execute_bulk(BulkValues& values, std::size_t rows, results::Counts& counts) {
    make_ready();
    if (!wire_->execute_bulk(values.make(wire_->id(), rows))) wire_->fail();
    counts = counts_of(raw(wire_->connection()));
}

}  // namespace myfabric::mysql
