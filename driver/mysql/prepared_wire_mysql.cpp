#include "mysql/prepared_wire.h"

#if !MYFABRIC_CONNECTOR_C

#include <vector>

#include "base/error.h"
#include "mysql/parameter_types.h"

namespace myfabric::mysql {
namespace {

struct FreeResult {
    void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};

/// Where a parameter's value lies while the statement is executed; bound once, filled each time.
struct Slot {
    union {
        std::int64_t integer = 0;
        double real;
    };
    MYSQL_TIME moment{};
    unsigned long length = 0;
    Flag is_null = false;
};

/// Puts a value into its slot and returns the buffer that the library is to read.
void* fill(Slot& slot, const results::Parameter& value) {
    switch (value.type) {
        case results::Parameter::Type::signed_integer:
        case results::Parameter::Type::unsigned_integer:
            slot.integer = value.integer;
            return &slot.integer;
        case results::Parameter::Type::real:
            slot.real = value.real;
            return &slot.real;
        case results::Parameter::Type::date:
        case results::Parameter::Type::time:
        case results::Parameter::Type::datetime:
            slot.moment = to_library(value.moment, value.type);
            return &slot.moment;
        case results::Parameter::Type::null:
        case results::Parameter::Type::text:
        case results::Parameter::Type::decimal:
        case results::Parameter::Type::binary:
            break;
    }
    static char empty[1] = {};
    slot.length = static_cast<unsigned long>(value.bytes.size());
    return value.bytes.empty() ? empty : const_cast<char*>(value.bytes.data());
}

void describe(ColumnCache& description, MYSQL_STMT* statement, unsigned text_bytes,
              const results::Reading& reading) {
    const std::unique_ptr<MYSQL_RES, FreeResult> metadata(mysql_stmt_result_metadata(statement));
    if (metadata)
        description.take(mysql_fetch_fields(metadata.get()), mysql_num_fields(metadata.get()),
                         text_bytes, reading);
}

}  // namespace

struct PreparedWire::Binds {
    std::vector<Slot> slots;
    std::vector<MYSQL_BIND> binds;
    bool bound = false;
    bool calls = false;  // a procedure, whose columns no one knows before it runs

    void describe(std::size_t index, const results::Parameter& value) {
        void* const buffer = fill(slots[index], value);
        const enum_field_types type = wire_type(value.type);
        const bool is_unsigned = value.type == results::Parameter::Type::unsigned_integer;
        MYSQL_BIND& bind = binds[index];
        if (bind.buffer_type == type && bind.buffer == buffer && bind.is_unsigned == is_unsigned)
            return;
        bind.buffer_type = type;
        bind.buffer = buffer;
        bind.is_unsigned = is_unsigned;
        bound = false;
    }

    /// Describes all parameters to the library. It forgets then which ones were sent ahead.
    bool bind(MYSQL_STMT* statement, const ExecuteRequest& request) {
        if (bound) return true;
        if (mysql_stmt_bind_param(statement, binds.data())) return false;
        for (std::size_t i = 0; i < binds.size(); ++i)
            if (request.is_sent_ahead(i)) statement->params[i].long_data_used = true;
        return bound = true;
    }
};

PreparedWire::PreparedWire(Connection& connection, MYSQL_STMT* statement)
    : connection_(connection),
      statement_(statement),
      request_(mysql_stmt_param_count(statement)),
      rows_(statement, StatementGate::reads_in_place(connection)),
      binds_(std::make_unique<Binds>()) {
    describe(described_, statement, StatementGate::text_bytes(connection), connection.reading());
    binds_->calls = !described_.columns();
    binds_->slots.resize(parameters());
    binds_->binds.resize(parameters());
    results::Parameter text;
    text.type = results::Parameter::Type::text;
    for (std::size_t i = 0; i < parameters(); ++i) {
        binds_->binds[i].is_null = &binds_->slots[i].is_null;
        binds_->binds[i].length = &binds_->slots[i].length;
        binds_->describe(i, text);
    }
}

PreparedWire::~PreparedWire() {
    StatementGate::close_later(connection_, reinterpret_cast<NativeStatement*>(statement_));
}

bool PreparedWire::send_part(std::size_t index, std::string_view part,
                             results::Parameter::Type type) {
    if (!request_.is_sent_ahead(index)) {
        // The type is sent with execute(); here it has to be one that may come in parts.
        binds_->slots[index].is_null = false;
        results::Parameter empty;
        empty.type = type;
        binds_->describe(index, empty);
    }
    if (!binds_->bind(statement_, request_)) return false;
    request_.sent_ahead(index, type);
    return !mysql_stmt_send_long_data(statement_, static_cast<unsigned>(index), part.data(),
                                      static_cast<unsigned long>(part.size()));
}

bool PreparedWire::execute(std::span<const results::Parameter> values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool null = values[i].type == results::Parameter::Type::null;
        const bool ahead = request_.is_sent_ahead(i);
        binds_->slots[i].is_null = null && !ahead;
        // NULL keeps the type of the value before: nothing is to be bound again.
        if (!null && !ahead) binds_->describe(i, values[i]);
    }
    if (!binds_->bind(statement_, request_)) return false;
    request_.nothing_sent_ahead();
    return !mysql_stmt_execute(statement_);
}

bool PreparedWire::answered() {
    return false;  // this library sends nothing ahead
}

bool PreparedWire::execute_bulk(std::string_view) {
    throw Error(state::not_implemented, "the client library has no bulk protocol");
}

std::uint32_t PreparedWire::id() const {
    return 0;  // the library sets it
}

bool PreparedWire::next_result() {
    return mysql_stmt_next_result(statement_) == 0;  // -1 may be a lost link
}

results::SharedColumns PreparedWire::open_rows(bool first) {
    ColumnCache& description = first ? described_ : following_;
    // The library keeps the names that columns had when the statement was prepared.
    if (const MYSQL* handle = raw(connection_); handle->fields)
        description.take(handle->fields, handle->field_count,
                         StatementGate::text_bytes(connection_), connection_.reading());
    else
        describe(description, statement_, StatementGate::text_bytes(connection_),
                 connection_.reading());
    // Newer servers say after the rows that they are output parameters. Rows of procedures are
    // taken whole, so that it is known before they are given out.
    if (rows_.open(description) && (!binds_->calls || !mysql_stmt_store_result(statement_)))
        return description.columns();
    mysql_stmt_free_result(statement_);  // reads the rows off the wire
    return nullptr;
}

Error PreparedWire::failure() {
    if (mysql_stmt_errno(statement_))
        return StatementGate::failure(connection_, mysql_stmt_errno(statement_),
                                      mysql_stmt_sqlstate(statement_),
                                      mysql_stmt_error(statement_));
    return StatementGate::failure(connection_);
}

}  // namespace myfabric::mysql

#endif
