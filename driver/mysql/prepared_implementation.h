// What stands behind Prepared. Private to driver/mysql.
#pragma once

#include <vector>

#include "base/error.h"
#include "mysql/parameter_types.h"
#include "mysql/prepared_results.h"

namespace myfabric::mysql {

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

/// Puts a value into its slot and gives the buffer that the library is to read.
inline void* fill(Slot& slot, const Parameter& value) {
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

struct Prepared::Implementation {
    Connection& connection;
    MYSQL_STMT* statement = nullptr;
    std::vector<Slot> slots;
    std::vector<MYSQL_BIND> binds;
    bool bound = false;
    bool bulk = false;  // the last execution was of several rows

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

    /// After a bulk execution: parameters are read from their slots again.
    void single_again();

    void describe(std::size_t index, enum_field_types type, void* buffer, bool is_unsigned) {
        MYSQL_BIND& bind = binds[index];
        if (bind.buffer_type == type && bind.buffer == buffer &&
            static_cast<bool>(bind.is_unsigned) == is_unsigned)
            return;
        // Where only the place differs, the types need not be sent again.
        const bool same_type =
            bind.buffer_type == type && static_cast<bool>(bind.is_unsigned) == is_unsigned;
        bind.buffer_type = type;
        bind.buffer = buffer;
        bind.is_unsigned = is_unsigned;
        if (same_type && bound)
            statement->params[index].buffer = buffer;
        else
            bound = false;
    }

    void take(std::size_t index, const Parameter& value) {
        Slot& slot = slots[index];
        const bool null = value.type == Parameter::Type::null;
        slot.is_null = null && !slot.sent_in_parts;
        // NULL keeps the type of the value before: nothing is to be bound again. So does what was
        // sent in parts.
        if (slot.is_null || slot.sent_in_parts) return;
        describe(index, wire_type(value.type), fill(slot, value),
                 value.type == Parameter::Type::unsigned_integer);
    }
};

}  // namespace myfabric::mysql
