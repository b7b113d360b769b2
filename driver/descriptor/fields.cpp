#include "descriptor/fields.h"

#include <algorithm>
#include <string>
#include <variant>

#include "base/error.h"

namespace myfabric::descriptor {
namespace {

/// Who may do what, in the order ARD, APD, IRD, IPD: - undefined, r read, w read and write.
struct Access {
    char by_kind[5];
    char of(Kind kind) const { return by_kind[static_cast<int>(kind)]; }
};

template <class Class>
using Member =
    std::variant<SQLSMALLINT Class::*, SQLINTEGER Class::*, SQLULEN Class::*, SQLLEN Class::*,
                 SQLPOINTER Class::*, SQLLEN * Class::*, SQLULEN * Class::*,
                 SQLUSMALLINT * Class::*, std::string RecordTexts::*>;

struct HeaderField {
    SQLSMALLINT id;
    Member<Descriptor> member;
    Access access;
};

struct RecordField {
    SQLSMALLINT id;
    Member<Record> member;
    Access access;
};

// clang-format off
constexpr SQLSMALLINT count_field = SQL_DESC_COUNT;

constexpr HeaderField header_fields[] = {
    {SQL_DESC_ALLOC_TYPE,         &Descriptor::alloc_type,         {"rrrr"}},
    {SQL_DESC_ARRAY_SIZE,         &Descriptor::array_size,         {"ww--"}},
    {SQL_DESC_ARRAY_STATUS_PTR,   &Descriptor::array_status_ptr,   {"wwww"}},
    {SQL_DESC_BIND_OFFSET_PTR,    &Descriptor::bind_offset_ptr,    {"ww--"}},
    {SQL_DESC_BIND_TYPE,          &Descriptor::bind_type,          {"ww--"}},
    {SQL_DESC_ROWS_PROCESSED_PTR, &Descriptor::rows_processed_ptr, {"--ww"}},
};

constexpr RecordField record_fields[] = {
    {SQL_DESC_AUTO_UNIQUE_VALUE,           &Record::auto_unique_value,           {"--r-"}},
    {SQL_DESC_BASE_COLUMN_NAME,            &RecordTexts::base_column_name,       {"--r-"}},
    {SQL_DESC_BASE_TABLE_NAME,             &RecordTexts::base_table_name,        {"--r-"}},
    {SQL_DESC_CASE_SENSITIVE,              &Record::case_sensitive,              {"--rr"}},
    {SQL_DESC_CATALOG_NAME,                &RecordTexts::catalog_name,           {"--r-"}},
    {SQL_DESC_CONCISE_TYPE,                &Record::concise_type,                {"wwrw"}},
    {SQL_DESC_DATA_PTR,                    &Record::data_ptr,                    {"ww-w"}},
    {SQL_DESC_DATETIME_INTERVAL_CODE,      &Record::datetime_interval_code,      {"wwrw"}},
    {SQL_DESC_DATETIME_INTERVAL_PRECISION, &Record::datetime_interval_precision, {"wwrw"}},
    {SQL_DESC_DISPLAY_SIZE,                &Record::display_size,                {"--r-"}},
    {SQL_DESC_FIXED_PREC_SCALE,            &Record::fixed_precision_scale,       {"--rr"}},
    {SQL_DESC_INDICATOR_PTR,               &Record::indicator_ptr,               {"ww--"}},
    {SQL_DESC_LABEL,                       &RecordTexts::label,                  {"--r-"}},
    {SQL_DESC_LENGTH,                      &Record::length,                      {"wwrw"}},
    {SQL_DESC_LITERAL_PREFIX,              &RecordTexts::literal_prefix,         {"--r-"}},
    {SQL_DESC_LITERAL_SUFFIX,              &RecordTexts::literal_suffix,         {"--r-"}},
    {SQL_DESC_LOCAL_TYPE_NAME,             &RecordTexts::local_type_name,        {"--rr"}},
    {SQL_DESC_NAME,                        &RecordTexts::name,                   {"--rw"}},
    {SQL_DESC_NULLABLE,                    &Record::nullable,                    {"--rr"}},
    {SQL_DESC_NUM_PREC_RADIX,              &Record::num_prec_radix,              {"wwrw"}},
    {SQL_DESC_OCTET_LENGTH,                &Record::octet_length,                {"wwrw"}},
    {SQL_DESC_OCTET_LENGTH_PTR,            &Record::octet_length_ptr,            {"ww--"}},
    {SQL_DESC_PARAMETER_TYPE,              &Record::parameter_type,              {"---w"}},
    {SQL_DESC_PRECISION,                   &Record::precision,                   {"wwrw"}},
    {SQL_DESC_ROWVER,                      &Record::rowver,                      {"--rr"}},
    {SQL_DESC_SCALE,                       &Record::scale,                       {"wwrw"}},
    {SQL_DESC_SCHEMA_NAME,                 &RecordTexts::schema_name,            {"--r-"}},
    {SQL_DESC_SEARCHABLE,                  &Record::searchable,                  {"--r-"}},
    {SQL_DESC_TABLE_NAME,                  &RecordTexts::table_name,             {"--r-"}},
    {SQL_DESC_TYPE,                        &Record::type,                        {"wwrw"}},
    {SQL_DESC_TYPE_NAME,                   &RecordTexts::type_name,              {"--rr"}},
    {SQL_DESC_UNNAMED,                     &Record::unnamed,                     {"--rw"}},
    {SQL_DESC_UNSIGNED,                    &Record::is_unsigned,                 {"--rr"}},
    {SQL_DESC_UPDATABLE,                   &Record::updatable,                   {"--r-"}},
};
// clang-format on

bool has_seconds(SQLSMALLINT concise_type) {
    switch (concise_type) {
        case SQL_INTERVAL_SECOND:
        case SQL_INTERVAL_DAY_TO_SECOND:
        case SQL_INTERVAL_HOUR_TO_SECOND:
        case SQL_INTERVAL_MINUTE_TO_SECOND:
            return true;
        default:
            return false;
    }
}

template <class Table>
auto find(const Table& table, SQLSMALLINT id) {
    return std::find_if(std::begin(table), std::end(table),
                        [id](const auto& row) { return row.id == id; });
}

[[noreturn]] void unknown_field(SQLSMALLINT field) {
    throw Error(state::invalid_descriptor_field,
                "field " + std::to_string(field) + " is not defined for this descriptor");
}

[[noreturn]] void bad_record(SQLSMALLINT record) {
    throw Error(state::invalid_descriptor_index,
                "there is no descriptor record " + std::to_string(record));
}

template <class Field>
constexpr bool is_text = std::is_same_v<Field, std::string RecordTexts::*>;

template <class Class>
bool read(const Class& object, const Member<Class>& member, SQLPOINTER value,
          SQLINTEGER buffer_length, SQLINTEGER* length, bool wide) {
    return std::visit(
        [&](auto pointer) {
            if constexpr (!is_text<decltype(pointer)>) {
                const auto& field = object.*pointer;
                using Field = std::remove_cvref_t<decltype(field)>;
                if (value) *static_cast<Field*>(value) = field;
                if (length) *length = sizeof(Field);
            } else if constexpr (std::is_same_v<Class, Record>) {
                return TextOut{value, buffer_length, length, sizeof(SQLINTEGER), Unit::bytes, wide}
                    .put(object.texts.get().*pointer);
            }
            return true;
        },
        member);
}

template <class Class>
void write(Class& object, const Member<Class>& member, SQLPOINTER value, SQLINTEGER buffer_length,
           bool wide) {
    std::visit(
        [&](auto pointer) {
            if constexpr (!is_text<decltype(pointer)>) {
                auto& field = object.*pointer;
                using Field = std::remove_cvref_t<decltype(field)>;
                if constexpr (std::is_pointer_v<Field>)
                    field = static_cast<Field>(value);
                else
                    field = static_cast<Field>(reinterpret_cast<SQLLEN>(value));
            } else if constexpr (std::is_same_v<Class, Record>) {
                const SQLLEN units = buffer_length == SQL_NTS || !wide
                                         ? buffer_length
                                         : buffer_length / SQLINTEGER{sizeof(SQLWCHAR)};
                object.texts.writable().*pointer =
                    wide ? text(static_cast<const SQLWCHAR*>(value), units)
                         : std::string(text(static_cast<const SQLCHAR*>(value), units));
            }
        },
        member);
}

/// "When the TYPE field is set": defaults of the other fields.
void set_defaults(Record& record) {
    switch (record.type) {
        case SQL_CHAR:
        case SQL_VARCHAR:
            record.length = 1;
            record.precision = 0;
            break;
        case SQL_DATETIME:
            record.precision = record.datetime_interval_code == SQL_CODE_TIMESTAMP ? 6 : 0;
            break;
        case SQL_NUMERIC:
        case SQL_DECIMAL:
            record.scale = 0;
            record.precision = 38;
            break;
        case SQL_FLOAT:
            record.precision = 15;
            break;
        case SQL_INTERVAL:
            record.datetime_interval_precision = 2;
            record.precision = has_seconds(record.concise_type) ? 6 : 0;
            break;
        default:
            break;
    }
}

void set_verbose_type(Record& record, SQLSMALLINT type) {
    // SQL_DESC_TYPE: the concise type of a datetime or interval follows from the sub code later.
    if (type != SQL_DATETIME && type != SQL_INTERVAL) return set_concise_type(record, type);
    record.type = type;
    const SQLSMALLINT concise = concise_type(type, record.datetime_interval_code);
    if (concise != SQL_UNKNOWN_TYPE) record.concise_type = concise;
}

// clang-format off
/// Types of buffers and of parameters; dates, times and intervals are known by their sub codes.
constexpr SQLSMALLINT c_types[] = {
    SQL_C_CHAR, SQL_C_WCHAR, SQL_C_SSHORT, SQL_C_USHORT, SQL_C_SLONG, SQL_C_ULONG, SQL_C_FLOAT,
    SQL_C_DOUBLE, SQL_C_BIT, SQL_C_STINYINT, SQL_C_UTINYINT, SQL_C_SBIGINT, SQL_C_UBIGINT,
    SQL_C_BINARY, SQL_C_NUMERIC, SQL_C_GUID, SQL_C_DEFAULT, SQL_C_TINYINT, SQL_C_SHORT, SQL_C_LONG,
};
constexpr SQLSMALLINT sql_types[] = {
    SQL_CHAR, SQL_VARCHAR, SQL_LONGVARCHAR, SQL_WCHAR, SQL_WVARCHAR, SQL_WLONGVARCHAR, SQL_DECIMAL,
    SQL_NUMERIC, SQL_SMALLINT, SQL_INTEGER, SQL_REAL, SQL_FLOAT, SQL_DOUBLE, SQL_BIT, SQL_TINYINT,
    SQL_BIGINT, SQL_BINARY, SQL_VARBINARY, SQL_LONGVARBINARY, SQL_GUID,
};
// clang-format on

template <class List>
bool holds(const List& list, SQLSMALLINT value) {
    return std::find(std::begin(list), std::end(list), value) != std::end(list);
}

bool is_type(SQLSMALLINT type) {
    return type == SQL_DATETIME || type == SQL_INTERVAL || holds(c_types, type) ||
           holds(sql_types, type);
}

[[noreturn]] void inconsistent(const std::string& why) {
    throw Error(state::inconsistent_descriptor, why);
}

/// Throws HY105, HY092 or 22001 for what a field cannot hold.
void check_value(SQLSMALLINT field, SQLPOINTER value, SQLINTEGER buffer_length, bool wide) {
    const auto number = static_cast<SQLSMALLINT>(reinterpret_cast<SQLLEN>(value));
    constexpr SQLINTEGER longest_name = 64;
    switch (field) {
        case SQL_DESC_PARAMETER_TYPE:
            if (number != SQL_PARAM_INPUT && number != SQL_PARAM_OUTPUT &&
                number != SQL_PARAM_INPUT_OUTPUT && number != SQL_PARAM_OUTPUT_STREAM &&
                number != SQL_PARAM_INPUT_OUTPUT_STREAM)
                throw Error(state::invalid_parameter_type,
                            "there is no parameter type " + std::to_string(number));
            break;
        case SQL_DESC_UNNAMED:
            if (number != SQL_UNNAMED)
                throw Error(state::invalid_attribute,
                            "only SQL_UNNAMED may be set; a name is given by SQL_DESC_NAME");
            break;
        case SQL_DESC_NAME:
            if (buffer_length < 0 && buffer_length != SQL_NTS)
                throw Error(state::invalid_length,
                            "the name's length is " + std::to_string(buffer_length));
            if (buffer_length > (wide ? 2 * longest_name : longest_name))
                throw Error(
                    state::data_right_truncated,
                    "the name has more than " + std::to_string(longest_name) + " characters");
            break;
        case SQL_DESC_ARRAY_SIZE:
            if (!value) throw Error(state::invalid_attribute, "an array has at least one element");
            break;
        default:
            break;
    }
}

}  // namespace

SQLSMALLINT concise_type(SQLSMALLINT type, SQLSMALLINT code) {
    if (type == SQL_DATETIME && code >= SQL_CODE_DATE && code <= SQL_CODE_TIMESTAMP)
        return static_cast<SQLSMALLINT>(SQL_TYPE_DATE + code - SQL_CODE_DATE);
    if (type == SQL_INTERVAL && code >= SQL_CODE_YEAR && code <= SQL_CODE_MINUTE_TO_SECOND)
        return static_cast<SQLSMALLINT>(SQL_INTERVAL_YEAR + code - SQL_CODE_YEAR);
    if (type == SQL_DATETIME || type == SQL_INTERVAL) return SQL_UNKNOWN_TYPE;
    return type;
}

void check_consistency(const Record& record) {
    if (!is_type(record.type)) inconsistent("there is no type " + std::to_string(record.type));
    const bool by_code = record.type == SQL_DATETIME || record.type == SQL_INTERVAL;
    if (by_code && record.concise_type != concise_type(record.type, record.datetime_interval_code))
        inconsistent("the code " + std::to_string(record.datetime_interval_code) +
                     (record.type == SQL_DATETIME ? " is no date or time" : " is no interval") +
                     " or is not that of the concise type " + std::to_string(record.concise_type));
    if ((record.type == SQL_NUMERIC || record.type == SQL_DECIMAL) &&
        (record.precision < 0 || record.precision > 65 || record.scale > record.precision))
        inconsistent("precision " + std::to_string(record.precision) + " and scale " +
                     std::to_string(record.scale) + " do not fit each other");
    const bool seconds = record.concise_type == SQL_TYPE_TIME ||
                         record.concise_type == SQL_TYPE_TIMESTAMP ||
                         has_seconds(record.concise_type);
    if (seconds && (record.precision < 0 || record.precision > 9))
        inconsistent("seconds have 0 to 9 digits of a fraction, not " +
                     std::to_string(record.precision));
    if (record.type == SQL_INTERVAL &&
        (record.datetime_interval_precision < 0 || record.datetime_interval_precision > 9))
        inconsistent("an interval's leading precision is 0 to 9, not " +
                     std::to_string(record.datetime_interval_precision));
}

bool get_field(const Descriptor& descriptor, SQLSMALLINT number, SQLSMALLINT field,
               SQLPOINTER value, SQLINTEGER buffer_length, SQLINTEGER* length, bool wide) {
    if (field == count_field) {
        if (value) *static_cast<SQLSMALLINT*>(value) = static_cast<SQLSMALLINT>(descriptor.count());
        if (length) *length = sizeof(SQLSMALLINT);
        return true;
    }
    if (const auto* row = find(header_fields, field); row != std::end(header_fields)) {
        if (row->access.of(descriptor.kind) == '-') unknown_field(field);
        return read(descriptor, row->member, value, buffer_length, length, wide);
    }
    const auto* row = find(record_fields, field);
    if (row == std::end(record_fields) || row->access.of(descriptor.kind) == '-')
        unknown_field(field);
    if (number < 0 || static_cast<std::size_t>(number) > descriptor.count()) bad_record(number);
    return read(descriptor.record(static_cast<std::size_t>(number)), row->member, value,
                buffer_length, length, wide);
}

void set_field(Descriptor& descriptor, SQLSMALLINT number, SQLSMALLINT field, SQLPOINTER value,
               SQLINTEGER buffer_length, bool wide) {
    if (descriptor.kind == Kind::row && field != SQL_DESC_ARRAY_STATUS_PTR &&
        field != SQL_DESC_ROWS_PROCESSED_PTR)
        throw Error(state::cannot_modify_ird);
    if (field == count_field) {
        const SQLLEN count = reinterpret_cast<SQLLEN>(value);
        if (count < 0 || count > 65535) bad_record(static_cast<SQLSMALLINT>(count));
        descriptor.set_count(static_cast<std::size_t>(count));
        return;
    }
    if (const auto* row = find(header_fields, field); row != std::end(header_fields)) {
        if (row->access.of(descriptor.kind) != 'w') unknown_field(field);
        check_value(field, value, buffer_length, wide);
        write(descriptor, row->member, value, buffer_length, wide);
        descriptor.touch();
        return;
    }
    const auto* row = find(record_fields, field);
    if (row == std::end(record_fields) || row->access.of(descriptor.kind) != 'w')
        unknown_field(field);
    if (number < 0 || (number == 0 && descriptor.kind != Kind::application_row)) bad_record(number);
    check_value(field, value, buffer_length, wide);
    Record& record = descriptor.writable(static_cast<std::size_t>(number));
    if (field == SQL_DESC_DATA_PTR && !descriptor.is_application())
        return check_consistency(record);  // of an IPD it is not kept
    if (field == SQL_DESC_CONCISE_TYPE || field == SQL_DESC_TYPE) {
        const auto type = static_cast<SQLSMALLINT>(reinterpret_cast<SQLLEN>(value));
        if (field == SQL_DESC_TYPE)
            set_verbose_type(record, type);
        else
            set_concise_type(record, type);
        set_defaults(record);
    } else {
        write(record, row->member, value, buffer_length, wide);
        if (field == SQL_DESC_NAME)
            record.unnamed = record.texts.get().name.empty() ? SQL_UNNAMED : SQL_NAMED;
        if (field == SQL_DESC_UNNAMED) record.texts.writable().name.clear();
        if (field == SQL_DESC_DATETIME_INTERVAL_CODE) {
            set_verbose_type(record, record.type);
            set_defaults(record);
        }
    }
    // Setting any field but these unbinds the record ("Binding Columns by setting descriptor
    // fields").
    if (field == SQL_DESC_DATA_PTR) {
        if (value) check_consistency(record);
    } else if (field != SQL_DESC_OCTET_LENGTH_PTR && field != SQL_DESC_INDICATOR_PTR &&
               descriptor.is_application()) {
        record.data_ptr = nullptr;
    }
}

}  // namespace myfabric::descriptor
