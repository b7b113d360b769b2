#include "execution/parameter_plan.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "conversion/parameter_value.h"
#include "conversion/report.h"

namespace myfabric::execution {
namespace {

using conversion::CType;
using conversion::Group;
using conversion::Outcome;
using descriptor::Descriptor;
using descriptor::Record;
using results::Parameter;

bool asks_for_data(const SQLLEN* indicator) {
    return indicator &&
           (*indicator == SQL_DATA_AT_EXEC || *indicator <= SQL_LEN_DATA_AT_EXEC_OFFSET);
}

// ---- readers: what most programs bind goes straight to the server's type -----------------------

Outcome read_any(const BoundParameter& p, const void* value, SQLLEN length, Parameter& out,
                 conversion::Scratch& scratch) {
    return conversion::from_c(p.c_type, p.sql_type, value, length, p.size, p.scale, out, scratch,
                              p.writing);
}

template <class T>
Outcome read_integer(const BoundParameter&, const void* value, SQLLEN, Parameter& out,
                     conversion::Scratch&) {
    out.type = Parameter::Type::signed_integer;
    out.integer = conversion::read<T>(value);
    return Outcome::stored;
}

Outcome read_double(const BoundParameter&, const void* value, SQLLEN, Parameter& out,
                    conversion::Scratch&) {
    return conversion::put_real(conversion::read<SQLDOUBLE>(value), out);
}

Outcome read_text(const BoundParameter&, const void* value, SQLLEN length, Parameter& out,
                  conversion::Scratch&) {
    const auto* const text = static_cast<const char*>(value);
    out.type = Parameter::Type::text;
    if (length >= 0) [[likely]]
        out.bytes = {text, text ? static_cast<std::size_t>(length) : 0};
    else if (length == SQL_NTS)
        out.bytes = text ? std::string_view(text) : std::string_view();
    else
        return Outcome::bad_length;
    return Outcome::stored;
}

Outcome read_bytes(const BoundParameter&, const void* value, SQLLEN length, Parameter& out,
                   conversion::Scratch&) {
    if (length == SQL_NTS)
        length = value ? static_cast<SQLLEN>(std::strlen(static_cast<const char*>(value))) : 0;
    if (length < 0) return Outcome::bad_length;
    out.type = Parameter::Type::binary;
    out.bytes = {static_cast<const char*>(value), value ? static_cast<std::size_t>(length) : 0};
    return Outcome::stored;
}

Outcome read_timestamp(const BoundParameter& p, const void* value, SQLLEN length, Parameter& out,
                       conversion::Scratch& scratch) {
    constexpr unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const auto stamp = conversion::read<SQL_TIMESTAMP_STRUCT>(value);
    const bool plain = stamp.year > 0 && stamp.month - 1u < 12 && stamp.day >= 1 &&
                       stamp.day <= days[stamp.month - 1] && stamp.hour < 24 && stamp.minute < 60 &&
                       stamp.second < 60 && stamp.fraction == 0;
    if (!plain) return read_any(p, value, length, out, scratch);
    out.type = Parameter::Type::datetime;
    out.moment = {static_cast<unsigned>(stamp.year),
                  stamp.month,
                  stamp.day,
                  stamp.hour,
                  stamp.minute,
                  stamp.second,
                  0,
                  false};
    return Outcome::stored;
}

Reader reader_of(CType from, SQLSMALLINT sql_type, const conversion::Writing& writing) {
    const Group to = conversion::sql_row(sql_type).group;
    const bool wide_enough = sql_type == SQL_INTEGER || sql_type == SQL_BIGINT;
    const bool number = (to == Group::integer && wide_enough) || to == Group::decimal;
    switch (from) {
        case CType::slong:
            return number ? read_integer<SQLINTEGER> : read_any;
        case CType::sshort:
            return number ? read_integer<SQLSMALLINT> : read_any;
        case CType::sbigint:
            return (number && sql_type != SQL_INTEGER) ? read_integer<SQLBIGINT> : read_any;
        case CType::double_precision:
            return to == Group::real ? read_double : read_any;
        case CType::character:
            return to == Group::character && !writing.trim_nul && !writing.narrow ? read_text
                                                                                  : read_any;
        case CType::binary:
            return to == Group::binary ? read_bytes : read_any;
        case CType::timestamp:
            return to == Group::timestamp ? read_timestamp : read_any;
        default:
            return read_any;
    }
}

// ---- whole arrays ------------------------------------------------------------------------------

/// Calls `put(row, value, length)` for each set that is not NULL; false as fill() says.
template <class Put>
bool each_set(const BoundParameter& p, std::size_t first, std::size_t rows, SQLLEN shift,
              char* nulls, Put&& put) {
    const char* value = p.value_of(first, shift);
    if (!value) return false;
    const char* indicator = reinterpret_cast<const char*>(p.indicator_of(first, shift));
    const bool separate = p.indicator && p.indicator != p.length;
    for (std::size_t row = 0; row < rows; ++row, value += p.value_stride) {
        SQLLEN length = p.default_length;
        if (indicator) {
            length = *reinterpret_cast<const SQLLEN*>(indicator);
            indicator += p.length_stride;
            if (length < 0 && length != SQL_NTS) {
                if (length != SQL_NULL_DATA) return false;
                nulls[row] = mysql::BulkValues::is_null;
                continue;
            }
            if (separate) {
                const SQLLEN* own = p.length_of(first + row, shift);
                length = own ? *own : p.default_length;
            }
        }
        nulls[row] = 0;
        if (!put(row, value, length)) return false;
    }
    return true;
}

bool fill_one(const BoundParameter& p, std::size_t parameter, std::size_t first, std::size_t rows,
              SQLLEN shift, std::size_t& bytes, mysql::BulkValues& bulk) {
    using Type = Parameter::Type;
    const auto integers = [&]<class T>(T) {
        const auto arrays = bulk.arrays(parameter, Type::signed_integer);
        return each_set(p, first, rows, shift, arrays.nulls,
                        [&](std::size_t row, const char* value, SQLLEN) {
                            arrays.numbers[row] = conversion::read<T>(value);
                            return true;
                        });
    };
    const auto texts = [&](Type type) {
        const auto arrays = bulk.arrays(parameter, type);
        return each_set(p, first, rows, shift, arrays.nulls,
                        [&](std::size_t row, const char* value, SQLLEN length) {
                            if (length < 0) {
                                length = static_cast<SQLLEN>(std::strlen(value));
                            }
                            arrays.texts[row] = {value, static_cast<std::size_t>(length)};
                            bytes += static_cast<std::size_t>(length);
                            return true;
                        });
    };
    if (p.read == read_integer<SQLINTEGER>) return integers(SQLINTEGER{});
    if (p.read == read_integer<SQLSMALLINT>) return integers(SQLSMALLINT{});
    if (p.read == read_integer<SQLBIGINT>) return integers(SQLBIGINT{});
    if (p.read == read_text) return texts(Type::text);
    if (p.read == read_bytes) return texts(Type::binary);
    if (p.read == read_double) {
        const auto arrays = bulk.arrays(parameter, Type::real);
        return each_set(p, first, rows, shift, arrays.nulls,
                        [&](std::size_t row, const char* value, SQLLEN) {
                            const auto number = conversion::read<double>(value);
                            std::memcpy(&arrays.numbers[row], &number, sizeof number);
                            return number - number == 0;  // finite
                        });
    }
    if (p.read == read_timestamp) {
        conversion::Scratch scratch;
        Parameter out;
        const auto arrays = bulk.arrays(parameter, Type::datetime);
        return each_set(p, first, rows, shift, arrays.nulls,
                        [&](std::size_t row, const char* value, SQLLEN length) {
                            if (read_timestamp(p, value, length, out, scratch) != Outcome::stored ||
                                out.type != Type::datetime)
                                return false;
                            arrays.moments[row] = out.moment;
                            return true;
                        });
    }
    return false;
}

// ---- the plan ----------------------------------------------------------------------------------

SQLSMALLINT c_type_of(const Record& application, const Record& server,
                      const conversion::Writing& writing) {
    if (application.concise_type != SQL_C_DEFAULT) return application.concise_type;
    if (writing.bigint_as_text && server.concise_type == SQL_BIGINT) return SQL_C_CHAR;
    return conversion::default_c_type(server.concise_type, server.is_unsigned == SQL_TRUE);
}

void check_bound(const Descriptor& apd, const Descriptor& ipd, std::size_t number,
                 std::size_t markers) {
    const bool bound =
        number <= apd.count() &&
        (apd.record(number).data_ptr || apd.record(number).indicator_ptr ||
         apd.record(number).octet_length_ptr ||
         (number <= ipd.count() && ipd.record(number).parameter_type != SQL_PARAM_INPUT));
    if (!bound)
        throw Error(state::wrong_parameter_count, "the statement has " + std::to_string(markers) +
                                                      " parameters, but parameter " +
                                                      std::to_string(number) + " is not bound");
}

BoundParameter bound(const Descriptor& apd, const Record& application, const Record& server,
                     std::size_t number, const conversion::Writing& writing) {
    BoundParameter p;
    p.writing = writing;
    p.number = number;
    p.c_code = c_type_of(application, server, writing);
    p.c_type = conversion::c_type(p.c_code);
    p.sql_type = server.concise_type;
    p.direction = server.parameter_type;
    p.is_read = p.direction != SQL_PARAM_OUTPUT && p.direction != SQL_PARAM_OUTPUT_STREAM;
    p.scale = server.scale;
    p.precision = application.precision;
    p.size = static_cast<unsigned>(server.length ? server.length : server.precision);
    p.capacity = application.octet_length;
    p.value = static_cast<const char*>(application.data_ptr);
    p.length = reinterpret_cast<const char*>(application.octet_length_ptr);
    p.indicator = reinterpret_cast<const char*>(application.indicator_ptr);
    const bool by_row = apd.bind_type != SQL_BIND_BY_COLUMN;
    const SQLLEN fixed = conversion::c_type_size(p.c_type);
    p.value_stride = static_cast<std::size_t>(by_row  ? apd.bind_type
                                              : fixed ? fixed
                                                      : application.octet_length);
    p.length_stride = by_row ? static_cast<std::size_t>(apd.bind_type) : sizeof(SQLLEN);
    // A null length pointer: texts are terminated, binary data fills its buffer.
    if (p.c_type == CType::binary) p.default_length = application.octet_length;
    p.read = reader_of(p.c_type, p.sql_type, writing);
    return p;
}

[[noreturn]] void conversion_failed(Outcome outcome, std::size_t number) {
    constexpr long long unknown_row = -2;
    throw Error(std::vector<myfabric::Record>{conversion::record_of(
        outcome, "parameter " + std::to_string(number), unknown_row, static_cast<int>(number))});
}

[[noreturn]] void no_default(std::size_t number) {
    throw Error(state::invalid_default_parameter,
                "parameter " + std::to_string(number) +
                    ": procedures of this server have no default values; write DEFAULT into the "
                    "statement instead");
}

[[noreturn]] void no_buffer(std::size_t number) {
    throw Error(state::invalid_null_pointer,
                "parameter " + std::to_string(number) + " has no buffer and is not NULL");
}

/// The value that SQLPutData delivered; false when there is none.
bool read_collected(const BoundParameter& p, const CollectedData& collected, Parameter& out,
                    conversion::Scratch& scratch) {
    const auto given = collected.find(p.number);
    if (given == collected.end()) return false;
    if (given->second.is_null || given->second.sent) return true;
    const std::string& bytes = given->second.bytes;
    const Outcome outcome =
        read_any(p, bytes.data(), static_cast<SQLLEN>(bytes.size()), out, scratch);
    if (outcome != Outcome::stored) conversion_failed(outcome, p.number);
    return true;
}

}  // namespace

void ParameterPlan::build(const Descriptor& apd, const Descriptor& ipd, std::size_t markers,
                          std::span<const std::size_t> records, std::size_t values_given) {
    static const Record unknown;
    forget();
    parameters_.clear();
    parameters_.reserve(markers);
    watched_.clear();
    integer_bytes_.clear();
    has_output_ = false;
    for (std::size_t marker = 0; marker < markers; ++marker) {
        const std::size_t number = records.empty() ? marker + 1 : records[marker];
        check_bound(apd, ipd, number, markers);
        const Record& server = number <= ipd.count() ? ipd.record(number) : unknown;
        parameters_.push_back(bound(apd, number <= apd.count() ? apd.record(number) : unknown,
                                    server, number, writing));
        has_output_ |= server.parameter_type != SQL_PARAM_INPUT;
        BoundParameter& p = parameters_.back();
        if (marker + values_given >= markers) p.is_read = false;
        if (p.is_read && p.c_type == CType::binary &&
            conversion::sql_row(p.sql_type).group == Group::integer)
            integer_bytes_.push_back(marker);
        if (p.is_input() && (p.indicator || p.length))
            watched_.push_back({p.indicator ? p.indicator : p.length, p.length_stride});
    }
    apd_ = &apd;
    apd_revision_ = apd.revision();
    ipd_revision_ = ipd.revision();
}

void ParameterPlan::follow(const Descriptor& apd, const Descriptor& ipd) {
    static const Record unknown;
    if (apd_ == &apd && apd_revision_ == apd.revision() && ipd_revision_ == ipd.revision()) return;
    for (BoundParameter& p : parameters_) {
        const bool is_bound = p.number <= apd.count() && p.number <= ipd.count();
        p = bound(apd, is_bound ? apd.record(p.number) : unknown,
                  is_bound ? ipd.record(p.number) : unknown, p.number, writing);
    }
    apd_ = &apd;
    // The next execution has its own demands.
    apd_revision_ = ipd_revision_ = never;
}

bool ParameterPlan::any_waiting(std::size_t set) const {
    const SQLLEN shift = offset();
    for (const Watched& watched : watched_)
        if (asks_for_data(
                reinterpret_cast<const SQLLEN*>(watched.indicator + set * watched.stride + shift)))
            return true;
    return false;
}

std::vector<WaitingParameter> ParameterPlan::waiting(std::size_t set) const {
    std::vector<WaitingParameter> found;
    const SQLLEN shift = offset();
    for (const BoundParameter& p : parameters_)
        if (p.is_input() && asks_for_data(p.indicator_of(set, shift)))
            found.push_back({p.number, const_cast<char*>(p.value_of(set, shift))});
    std::ranges::sort(found, {}, &WaitingParameter::number);
    return found;
}

bool ParameterPlan::fill(std::size_t first, std::size_t rows, std::size_t most_bytes,
                         mysql::BulkValues& bulk) const {
    constexpr std::size_t head = 12;  // of a value
    const SQLLEN shift = offset();
    std::size_t bytes = rows * parameters_.size() * head;
    for (std::size_t i = 0; i < parameters_.size(); ++i)
        if (!parameters_[i].is_input() ||
            !fill_one(parameters_[i], i, first, rows, shift, bytes, bulk) || bytes > most_bytes)
            return false;
    return true;
}

void ParameterPlan::read(std::size_t set, const CollectedData& collected, Parameter* values,
                         conversion::Scratch* scratch) const {
    const SQLLEN shift = offset();
    const bool any_collected = !collected.empty();
    for (const BoundParameter& p : parameters_) {
        Parameter& out = *values++;
        conversion::Scratch& memory = *scratch++;
        out.type = Parameter::Type::null;
        if (!p.is_input()) continue;
        if (any_collected && read_collected(p, collected, out, memory)) continue;
        SQLLEN length = p.default_length;
        if (const SQLLEN* indicator = p.indicator_of(set, shift)) {
            if (*indicator == SQL_NULL_DATA) continue;
            if (*indicator == SQL_DEFAULT_PARAM) [[unlikely]]
                no_default(p.number);
            if (p.length) length = *p.length_of(set, shift);
        }
        const void* value = p.value_of(set, shift);
        if (!value && length != 0) [[unlikely]]
            no_buffer(p.number);
        const Outcome outcome = p.read(p, value, length, out, memory);
        if (outcome != Outcome::stored) [[unlikely]]
            conversion_failed(outcome, p.number);
    }
}

void bind_parameter(Descriptor& apd, Descriptor& ipd, std::size_t number, const Binding& binding) {
    if (binding.direction != SQL_PARAM_INPUT && binding.direction != SQL_PARAM_OUTPUT &&
        binding.direction != SQL_PARAM_INPUT_OUTPUT &&
        binding.direction != SQL_PARAM_OUTPUT_STREAM &&
        binding.direction != SQL_PARAM_INPUT_OUTPUT_STREAM)
        throw Error(state::invalid_parameter_type, "parameter type " +
                                                       std::to_string(binding.direction) +
                                                       " is neither input nor output nor both");
    // SQLSetParam of ODBC 1 comes as input and output with this length, of a buffer that is long
    // enough.
    const bool set_param = binding.buffer_length == SQL_SETPARAM_VALUE_MAX;
    if (binding.buffer_length < 0 && !set_param)
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
    application.octet_length = set_param ? 0 : binding.buffer_length;
    application.data_ptr = binding.value;
    application.octet_length_ptr = binding.indicator;
    application.indicator_ptr = binding.indicator;

    Record& server = ipd.writable(number);
    descriptor::set_concise_type(server, binding.sql_type);
    server.parameter_type = set_param ? SQLSMALLINT{SQL_PARAM_INPUT} : binding.direction;
    server.length = binding.column_size;
    server.precision = static_cast<SQLSMALLINT>(binding.column_size);
    server.scale = binding.decimal_digits;
    // SQLBindParameter: DecimalDigits of dates and times is their precision.
    if (server.type == SQL_DATETIME) server.precision = binding.decimal_digits;
}

}  // namespace myfabric::execution
