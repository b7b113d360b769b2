#include "statement/parameters.h"

#include "base/error.h"
#include "conversion/types.h"

namespace myfabric::statement {
namespace {

using descriptor::Descriptor;
using descriptor::Record;

/// Where record `record` of set `set` lies: "Binding Arrays of Parameters".
struct Place {
    const char* value;
    const SQLLEN* length;
    const SQLLEN* indicator;
};

SQLSMALLINT c_type_of(const Record& application, const Record& server) {
    if (application.concise_type != SQL_C_DEFAULT) return application.concise_type;
    return conversion::default_c_type(server.concise_type, server.is_unsigned == SQL_TRUE);
}

Place place(const Descriptor& apd, const Record& record, SQLSMALLINT c_type, std::size_t set) {
    const SQLLEN offset = apd.bind_offset_ptr ? *apd.bind_offset_ptr : 0;
    const bool by_row = apd.bind_type != SQL_BIND_BY_COLUMN;
    const auto row_size = static_cast<std::size_t>(apd.bind_type);
    const SQLLEN fixed = conversion::c_type_size(conversion::c_type(c_type));
    const std::size_t value_stride =
        by_row ? row_size : static_cast<std::size_t>(fixed ? fixed : record.octet_length);
    const std::size_t length_stride = by_row ? row_size : sizeof(SQLLEN);
    const auto at = [&](const void* base, std::size_t stride) -> const char* {
        return base ? static_cast<const char*>(base) + set * stride + offset : nullptr;
    };
    return {at(record.data_ptr, value_stride),
            reinterpret_cast<const SQLLEN*>(at(record.octet_length_ptr, length_stride)),
            reinterpret_cast<const SQLLEN*>(at(record.indicator_ptr, length_stride))};
}

bool waits(const Place& where) {
    const SQLLEN* indicator = where.indicator ? where.indicator : where.length;
    return indicator &&
           (*indicator == SQL_DATA_AT_EXEC || *indicator <= SQL_LEN_DATA_AT_EXEC_OFFSET);
}

void check_bound(const Descriptor& apd, std::size_t count) {
    for (std::size_t number = 1; number <= count; ++number) {
        const bool bound = number <= apd.count() &&
                           (apd.record(number).data_ptr || apd.record(number).indicator_ptr ||
                            apd.record(number).octet_length_ptr);
        if (!bound)
            throw Error(state::wrong_parameter_count, "the statement has " + std::to_string(count) +
                                                          " parameters, but parameter " +
                                                          std::to_string(number) + " is not bound");
    }
}

[[noreturn]] void conversion_failed(conversion::Outcome outcome, std::size_t number) {
    const SqlState* found = conversion::state_of(outcome);
    throw Error(*found, "parameter " + std::to_string(number) + ": " + std::string(found->text));
}

void read_one(const Place& where, const Record& application, const Record& server,
              const CollectedPart* collected, std::size_t number, mysql::Parameter& out,
              conversion::Scratch& scratch) {
    out = {};
    if (server.parameter_type != SQL_PARAM_INPUT)
        throw Error(state::not_implemented,
                    "parameter " + std::to_string(number) + " is an output parameter");
    const void* value = where.value;
    SQLLEN length = SQL_NTS;
    if (collected) {
        if (collected->is_null) return;
        value = collected->bytes.data();
        length = static_cast<SQLLEN>(collected->bytes.size());
    } else {
        const SQLLEN* indicator = where.indicator ? where.indicator : where.length;
        if (indicator && *indicator == SQL_NULL_DATA) return;
        if (indicator && *indicator == SQL_DEFAULT_PARAM)
            throw Error(state::invalid_default_parameter);
        // A null length pointer: texts are terminated. Binary data without a length fills its
        // buffer.
        if (where.length)
            length = *where.length;
        else if (application.concise_type == SQL_C_BINARY)
            length = application.octet_length;
        if (!value && length != 0)
            throw Error(state::invalid_null_pointer,
                        "parameter " + std::to_string(number) + " has no buffer and is not NULL");
    }
    const conversion::Outcome outcome = conversion::from_c(
        conversion::c_type(c_type_of(application, server)), server.concise_type, value, length,
        static_cast<unsigned>(server.length ? server.length : server.precision), server.scale, out,
        scratch);
    if (outcome != conversion::Outcome::stored) conversion_failed(outcome, number);
}

}  // namespace

std::vector<WaitingParameter> waiting_parameters(const Descriptor& apd, std::size_t count,
                                                 std::size_t set) {
    std::vector<WaitingParameter> found;
    for (std::size_t number = 1; number <= count && number <= apd.count(); ++number) {
        // Where the data itself lies does not matter here, so neither does its type.
        const Place where = place(apd, apd.record(number), SQL_C_CHAR, set);
        if (waits(where)) found.push_back({number, const_cast<char*>(where.value)});
    }
    return found;
}

void read_parameters(const Descriptor& apd, const Descriptor& ipd, std::size_t count,
                     std::size_t set, const CollectedData& collected, ParameterValues& out) {
    check_bound(apd, count);
    out.values.resize(count);
    out.scratch.resize(count);
    static const Record unknown;
    for (std::size_t number = 1; number <= count; ++number) {
        const Record& application = apd.record(number);
        const Record& server = number <= ipd.count() ? ipd.record(number) : unknown;
        const auto given = collected.find(number);
        read_one(place(apd, application, c_type_of(application, server), set), application, server,
                 given == collected.end() ? nullptr : &given->second, number,
                 out.values[number - 1], out.scratch[number - 1]);
    }
}

void bind_parameter(Descriptor& apd, Descriptor& ipd, std::size_t number, const Binding& binding) {
    if (binding.direction != SQL_PARAM_INPUT && binding.direction != SQL_PARAM_OUTPUT &&
        binding.direction != SQL_PARAM_INPUT_OUTPUT)
        throw Error(state::invalid_parameter_type, "parameter type " +
                                                       std::to_string(binding.direction) +
                                                       " is neither input nor output nor both");
    if (binding.buffer_length < 0)
        throw Error(state::invalid_length,
                    "the buffer length is " + std::to_string(binding.buffer_length));
    if (!conversion::is_c_type(binding.c_type))
        throw Error(state::invalid_buffer_type,
                    "there is no C type " + std::to_string(binding.c_type));
    if (!conversion::is_sql_type(binding.sql_type))
        throw Error(state::invalid_sql_type,
                    "there is no SQL type " + std::to_string(binding.sql_type));
    if (!binding.value && !binding.indicator && binding.direction == SQL_PARAM_INPUT)
        throw Error(state::invalid_null_pointer, "parameter " + std::to_string(number) +
                                                     " has neither a buffer nor an indicator");

    Record& application = apd.writable(number);
    descriptor::set_concise_type(application, binding.c_type);
    application.octet_length = binding.buffer_length;
    application.data_ptr = binding.value;
    application.octet_length_ptr = binding.indicator;
    application.indicator_ptr = binding.indicator;

    Record& server = ipd.writable(number);
    descriptor::set_concise_type(server, binding.sql_type);
    server.parameter_type = binding.direction;
    server.length = binding.column_size;
    server.precision = static_cast<SQLSMALLINT>(binding.column_size);
    server.scale = binding.decimal_digits;
    // SQLBindParameter: DecimalDigits of dates and times is their precision.
    if (server.type == SQL_DATETIME) server.precision = binding.decimal_digits;
}

}  // namespace myfabric::statement
