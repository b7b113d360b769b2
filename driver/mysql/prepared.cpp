#include "mysql/prepared.h"

#include <new>

#include "base/error.h"
#include "mysql/client_library.h"
#include "mysql/prepared_results.h"

namespace myfabric::mysql {
namespace {

/// Where a parameter's value lies while the statement is executed; bound once, filled each time.
struct Slot {
    union {
        std::int64_t integer = 0;
        double real;
    };
    MYSQL_TIME moment{};
    unsigned long length = 0;
    Flag is_null = false;
    bool sent_in_parts = false;
};

enum_field_types wire_type(Parameter::Type type) {
    switch (type) {
        case Parameter::Type::signed_integer:
        case Parameter::Type::unsigned_integer:
            return MYSQL_TYPE_LONGLONG;
        case Parameter::Type::real:
            return MYSQL_TYPE_DOUBLE;
        case Parameter::Type::binary:
            return MYSQL_TYPE_BLOB;
        case Parameter::Type::date:
            return MYSQL_TYPE_DATE;
        case Parameter::Type::time:
            return MYSQL_TYPE_TIME;
        case Parameter::Type::datetime:
            return MYSQL_TYPE_DATETIME;
        case Parameter::Type::null:
        case Parameter::Type::text:
            break;
    }
    return MYSQL_TYPE_STRING;
}

MYSQL_TIME to_library(const Moment& moment, Parameter::Type type) {
    MYSQL_TIME time{};
    time.year = moment.year;
    time.month = moment.month;
    time.day = moment.day;
    time.hour = moment.hour;
    time.minute = moment.minute;
    time.second = moment.second;
    time.second_part = moment.microsecond;
    time.time_type = MYSQL_TIMESTAMP_DATETIME;
    if (type == Parameter::Type::date) {
        time.hour = time.minute = time.second = 0;
        time.second_part = 0;
        time.time_type = MYSQL_TIMESTAMP_DATE;
    } else if (type == Parameter::Type::time) {
        // The wire has one byte for the hour and counts the rest as days.
        time.year = time.month = 0;
        time.day = moment.day + moment.hour / 24;
        time.hour = moment.hour % 24;
        time.neg = moment.negative;
        time.time_type = MYSQL_TIMESTAMP_TIME;
    }
    return time;
}

/// Puts a value into its slot and gives the buffer that the library is to read.
void* fill(Slot& slot, const Parameter& value) {
    switch (value.type) {
        case Parameter::Type::signed_integer:
            slot.integer = value.integer;
            return &slot.integer;
        case Parameter::Type::unsigned_integer:
            slot.integer = static_cast<std::int64_t>(value.unsigned_integer);
            return &slot.integer;
        case Parameter::Type::real:
            slot.real = value.real;
            return &slot.real;
        case Parameter::Type::date:
        case Parameter::Type::time:
        case Parameter::Type::datetime:
            slot.moment = to_library(value.moment, value.type);
            return &slot.moment;
        case Parameter::Type::null:
        case Parameter::Type::text:
        case Parameter::Type::binary:
            break;
    }
    // Connector/C takes a null buffer for NULL; an empty text may have one.
    static char empty[1] = {};
    slot.length = static_cast<unsigned long>(value.bytes.size());
    return value.bytes.empty() ? empty : const_cast<char*>(value.bytes.data());
}

struct Close {
    void operator()(MYSQL_STMT* statement) const { mysql_stmt_close(statement); }
};

}  // namespace

struct Prepared::Implementation {
    Connection& connection;
    MYSQL_STMT* statement = nullptr;
    std::vector<Slot> slots;
    std::vector<MYSQL_BIND> binds;
    bool bound = false;

    void make_ready() {
        connection.make_ready();
        if (!statement->mysql)
            throw Error(
                state::not_prepared,
                "the statement was prepared before the session was reset: prepare it again");
    }

    /// Describes all parameters to the library. It forgets then which ones were sent in parts.
    void bind() {
        if (mysql_stmt_bind_param(statement, binds.data())) fail(connection, statement);
        for (std::size_t i = 0; i < slots.size(); ++i)
            if (slots[i].sent_in_parts) statement->params[i].long_data_used = true;
        bound = true;
    }

    void describe(std::size_t index, enum_field_types type, void* buffer, bool is_unsigned) {
        MYSQL_BIND& bind = binds[index];
        if (bind.buffer_type == type && bind.buffer == buffer &&
            static_cast<bool>(bind.is_unsigned) == is_unsigned)
            return;
        bind.buffer_type = type;
        bind.buffer = buffer;
        bind.is_unsigned = is_unsigned;
        bound = false;
    }

    void take(std::size_t index, const Parameter& value) {
        Slot& slot = slots[index];
        const bool null = value.type == Parameter::Type::null;
        slot.is_null = null && !slot.sent_in_parts;
        // NULL keeps the type of the value before: nothing is to be bound again.
        if (slot.is_null) return;
        describe(index, null ? MYSQL_TYPE_BLOB : wire_type(value.type), fill(slot, value),
                 value.type == Parameter::Type::unsigned_integer);
    }
};

Prepared::Prepared(Connection& connection, std::string_view sql) {
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

void Prepared::send_long_data(std::size_t index, std::string_view part) {
    Implementation& self = *implementation_;
    self.make_ready();
    Slot& slot = self.slots[index];
    if (!slot.sent_in_parts) {
        // The type is sent with execute(); here it has to be one that may come in parts.
        slot.is_null = false;
        self.describe(index, MYSQL_TYPE_BLOB, fill(slot, {}), false);
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

std::unique_ptr<Results> Prepared::execute(std::span<const Parameter> values) {
    Implementation& self = *implementation_;
    if (values.size() != self.slots.size())
        throw Error(state::wrong_parameter_count,
                    "the statement has " + std::to_string(self.slots.size()) + " parameters, but " +
                        std::to_string(values.size()) + " are bound");
    self.make_ready();
    for (std::size_t i = 0; i < values.size(); ++i) self.take(i, values[i]);
    if (!self.bound) self.bind();
    for (Slot& slot : self.slots) slot.sent_in_parts = false;
    auto results = std::make_unique<PreparedResults>(self.connection, self.statement);
    if (mysql_stmt_execute(self.statement)) fail(self.connection, self.statement);
    results->open();
    return results;
}

}  // namespace myfabric::mysql
