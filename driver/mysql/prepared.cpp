#include "mysql/prepared.h"

#include <new>

#include "base/error.h"
#include "mysql/bulk_values.h"
#include "mysql/prepared_results.h"
#include "mysql/prepared_wire.h"

namespace myfabric::mysql {
namespace {

struct Close {
    void operator()(MYSQL_STMT* statement) const { mysql_stmt_close(statement); }
};

results::Counts counts_of(MYSQL* handle) {
    return {mysql_affected_rows(handle), mysql_insert_id(handle), mysql_warning_count(handle)};
}

}  // namespace

Prepared::Prepared(Connection& connection, std::string_view sql) : sql_(sql) {
    connection.make_ready();
    std::unique_ptr<MYSQL_STMT, Close> statement(mysql_stmt_init(raw(connection)));
    if (!statement) throw std::bad_alloc();
    if (mysql_stmt_prepare(statement.get(), sql.data(), static_cast<unsigned long>(sql.size())))
        StatementGate::fail(connection, mysql_stmt_errno(statement.get()),
                            mysql_stmt_sqlstate(statement.get()),
                            mysql_stmt_error(statement.get()));
    wire_ = std::make_unique<PreparedWire>(connection, statement.get());
    static_cast<void>(statement.release());  // the wire's now
}

Prepared::~Prepared() = default;

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

void Prepared::send(std::span<const results::Parameter> values) {
    if (values.size() != wire_->parameters())
        throw Error(state::wrong_parameter_count,
                    "the statement has " + std::to_string(wire_->parameters()) +
                        " parameters, but " + std::to_string(values.size()) + " are bound");
    make_link_ready();
    if (!wire_->execute(values)) wire_->fail();
}

std::unique_ptr<results::Results> Prepared::execute(std::span<const results::Parameter> values) {
    send(values);
    auto results = std::make_unique<PreparedResults>(*wire_);
    results->open();
    return results;
}

std::unique_ptr<results::Results> Prepared::execute(std::span<const results::Parameter> values,
                                                    results::Counts& counts) {
    send(values);
    MYSQL* handle = raw(wire_->connection());
    if (mysql_field_count(handle) || mysql_more_results(handle)) {
        auto results = std::make_unique<PreparedResults>(*wire_);
        results->open();
        return results;
    }
    counts = counts_of(handle);
    return nullptr;
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
