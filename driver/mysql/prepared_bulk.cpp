// Prepared: several rows of parameters in one command, by MariaDB's bulk protocol.
#include "mysql/prepared_implementation.h"

namespace myfabric::mysql {

#if MYFABRIC_CONNECTOR_C
static_assert(BulkValues::is_null == STMT_INDICATOR_NULL);
#endif

struct BulkValues::Values {
    Parameter::Type type = Parameter::Type::null;  // until a value comes
    std::vector<std::int64_t> numbers;             // integers, and the bits of doubles
    std::vector<MYSQL_TIME> moments;
    std::vector<void*> places;  // of texts and moments
    std::vector<unsigned long> lengths;
    std::vector<char> indicators;
    bool any_null = false;

    /// Makes room for the values of all rows.
    void begin(Parameter::Type of) {
        type = of;
        const std::size_t rows = indicators.size();
        const auto reach = [rows](auto& array) {
            if (array.size() < rows) array.resize(rows);
        };
        switch (of) {
            case Parameter::Type::signed_integer:
            case Parameter::Type::unsigned_integer:
            case Parameter::Type::real:
                return reach(numbers);
            case Parameter::Type::date:
            case Parameter::Type::time:
            case Parameter::Type::datetime:
                reach(moments);
                [[fallthrough]];
            case Parameter::Type::null:
            case Parameter::Type::text:
            case Parameter::Type::binary:
                reach(places);
                reach(lengths);
        }
    }
};

BulkValues::BulkValues() : parameters_(std::make_unique<std::vector<Values>>()) {}
BulkValues::~BulkValues() = default;

void BulkValues::begin(std::size_t parameters, std::size_t rows) {
    parameters_->resize(parameters);
    for (Values& values : *parameters_) {
        values.type = Parameter::Type::null;
        values.any_null = false;
        if (values.indicators.size() < rows) values.indicators.resize(rows);
    }
}

bool BulkValues::put(std::size_t row, std::size_t parameter, const Parameter& value) {
    using Type = Parameter::Type;
    Values& to = (*parameters_)[parameter];
    if (value.type == Type::null) {
        to.indicators[row] = is_null;
        to.any_null = true;
        return true;
    }
    if (value.type != to.type) {
        const bool fits = to.type == Type::unsigned_integer && value.type == Type::signed_integer &&
                          value.integer >= 0;
        if (to.type == Type::null) {
            to.begin(value.type);
        } else if (!fits) {
            return false;
        }
    }
    to.indicators[row] = 0;
    switch (value.type) {
        case Type::signed_integer:
        case Type::unsigned_integer:
        case Type::real:
            to.numbers[row] = value.integer;  // one place for all numbers
            break;
        case Type::date:
        case Type::time:
        case Type::datetime:
            to.moments[row] = to_library(value.moment, value.type);
            to.places[row] = &to.moments[row];
            break;
        case Type::null:
        case Type::text:
        case Type::binary: {
            static char empty[1] = {};
            to.places[row] = value.bytes.empty() ? empty : const_cast<char*>(value.bytes.data());
            to.lengths[row] = static_cast<unsigned long>(value.bytes.size());
        }
    }
    return true;
}

BulkValues::Arrays BulkValues::arrays(std::size_t parameter, Parameter::Type type) {
    Values& to = (*parameters_)[parameter];
    to.begin(type);
    return {to.numbers.data(), to.places.data(), to.lengths.data(), to.indicators.data()};
}

void BulkValues::has_null(std::size_t parameter) {
    (*parameters_)[parameter].any_null = true;
}

void Prepared::Implementation::single_again() {
    bulk = false;
    bound = false;
#if MYFABRIC_CONNECTOR_C
    unsigned none = 0;
    mysql_stmt_attr_set(statement, STMT_ATTR_ARRAY_SIZE, &none);
#endif
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

#if MYFABRIC_CONNECTOR_C

void Prepared::execute_bulk(const BulkValues& values, std::size_t rows, Counts& counts) {
    Implementation& self = *implementation_;
    self.make_ready();
    std::vector<MYSQL_BIND> binds(self.slots.size());
    for (std::size_t i = 0; i < binds.size(); ++i) {
        BulkValues::Values& from = (*values.parameters_)[i];
        MYSQL_BIND& bind = binds[i];
        bind.buffer_type = wire_type(from.type);
        bind.is_unsigned = from.type == Parameter::Type::unsigned_integer;
        switch (from.type) {
            case Parameter::Type::signed_integer:
            case Parameter::Type::unsigned_integer:
            case Parameter::Type::real:
                bind.buffer = from.numbers.data();
                break;
            default:
                bind.buffer = from.places.data();
                bind.length = from.lengths.data();
        }
        if (from.any_null) bind.u.indicator = from.indicators.data();
    }
    unsigned size = static_cast<unsigned>(rows);
    self.bulk = true;
    self.bound = false;
    if (mysql_stmt_attr_set(self.statement, STMT_ATTR_ARRAY_SIZE, &size) ||
        mysql_stmt_bind_param(self.statement, binds.data()))
        fail(self.connection, self.statement);
    if (mysql_stmt_execute(self.statement)) fail(self.connection, self.statement);
    MYSQL* handle = raw(self.connection);
    counts = {mysql_affected_rows(handle), mysql_insert_id(handle), mysql_warning_count(handle)};
}

#else

void Prepared::execute_bulk(const BulkValues&, std::size_t, Counts&) {
    throw Error(state::not_implemented, "the client library has no bulk protocol");
}

#endif

}  // namespace myfabric::mysql
