#include "mysql/prepared.h"

#include <new>

#include "base/error.h"
#include "mysql/parameter_types.h"
#include "mysql/prepared_implementation.h"
#include "mysql/prepared_results.h"

namespace myfabric::mysql {
namespace {

struct Close {
    void operator()(MYSQL_STMT* statement) const { mysql_stmt_close(statement); }
};

}  // namespace

Prepared::Prepared(Connection& connection, std::string_view sql) : sql_(sql) {
    connection.make_ready();
    std::unique_ptr<MYSQL_STMT, Close> statement(mysql_stmt_init(raw(connection)));
    if (!statement) throw std::bad_alloc();
    if (mysql_stmt_prepare(statement.get(), sql.data(), static_cast<unsigned long>(sql.size())))
        fail(connection, statement.get());
    columns_ = statement_columns(connection, statement.get());

    const std::size_t count = mysql_stmt_param_count(statement.get());
    implementation_ = std::make_unique<Implementation>(Implementation{connection});
    implementation_->slots.resize(count);
    implementation_->binds.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        Slot& slot = implementation_->slots[i];
        MYSQL_BIND& bind = implementation_->binds[i];
        bind.is_null = &slot.is_null;
        bind.length = &slot.length;
        implementation_->describe(i, MYSQL_TYPE_STRING, fill(slot, {}), false);
    }
    implementation_->statement = statement.release();
}

Prepared::~Prepared() {
    if (!implementation_) return;
    MYSQL_STMT* statement = implementation_->statement;
    if (statement->mysql)
        implementation_->connection.close_later(reinterpret_cast<NativeStatement*>(statement));
    else
        mysql_stmt_close(statement);  // the session that knew it is gone
}

std::size_t Prepared::parameter_count() const {
    return implementation_->slots.size();
}

bool Prepared::usable() const {
    return implementation_->statement->mysql && implementation_->connection.alive();
}

void Prepared::send_long_data(std::size_t index, std::string_view part, Parameter::Type type) {
    Implementation& self = *implementation_;
    self.make_ready();
    Slot& slot = self.slots[index];
    if (!slot.sent_in_parts) {
        // The type is sent with execute(); here it has to be one that may come in parts.
        slot.is_null = false;
        self.describe(index, wire_type(type), fill(slot, {}), false);
    }
    if (!self.bound) self.bind();
    if (mysql_stmt_send_long_data(self.statement, static_cast<unsigned>(index), part.data(),
                                  static_cast<unsigned long>(part.size())))
        fail(self.connection, self.statement);
    slot.sent_in_parts = true;
}

void Prepared::drop_long_data() {
    Implementation& self = *implementation_;
    for (Slot& slot : self.slots) slot.sent_in_parts = false;
    if (!self.statement->mysql) return;
    self.connection.make_ready();
    if (mysql_stmt_reset(self.statement)) fail(self.connection, self.statement);
}

void Prepared::send(std::span<const Parameter> values) {
    Implementation& self = *implementation_;
    if (values.size() != self.slots.size())
        throw Error(state::wrong_parameter_count,
                    "the statement has " + std::to_string(self.slots.size()) + " parameters, but " +
                        std::to_string(values.size()) + " are bound");
    self.make_ready();
    if (self.bulk) self.single_again();
    for (std::size_t i = 0; i < values.size(); ++i) self.take(i, values[i]);
    if (!self.bound) self.bind();
    for (Slot& slot : self.slots) slot.sent_in_parts = false;
}

std::unique_ptr<Results> Prepared::execute(std::span<const Parameter> values) {
    Implementation& self = *implementation_;
    send(values);
    auto results = std::make_unique<PreparedResults>(self.connection, self.statement);
    if (mysql_stmt_execute(self.statement)) fail(self.connection, self.statement);
    results->open();
    return results;
}

std::unique_ptr<Results> Prepared::execute(std::span<const Parameter> values, Counts& counts) {
    Implementation& self = *implementation_;
    send(values);
    std::unique_ptr<PreparedResults> results;
    if (!columns_.empty())
        results = std::make_unique<PreparedResults>(self.connection, self.statement);
    if (mysql_stmt_execute(self.statement)) fail(self.connection, self.statement);
    MYSQL* handle = raw(self.connection);
    if (mysql_field_count(handle) || mysql_more_results(handle)) {
        if (!results) results = std::make_unique<PreparedResults>(self.connection, self.statement);
        results->open();
        return results;
    }
    counts = {mysql_affected_rows(handle), mysql_insert_id(handle), mysql_warning_count(handle)};
    return nullptr;
}

}  // namespace myfabric::mysql
