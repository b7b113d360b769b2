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
using Member = std::variant<SQLSMALLINT Class::*, SQLINTEGER Class::*, SQLULEN Class::*,
                            SQLLEN Class::*, SQLPOINTER Class::*, SQLLEN * Class::*,
                            SQLULEN * Class::*, SQLUSMALLINT * Class::*, std::string Class::*>;

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
    {SQL_DESC_BASE_COLUMN_NAME,            &Record::base_column_name,            {"--r-"}},
    {SQL_DESC_BASE_TABLE_NAME,             &Record::base_table_name,             {"--r-"}},
    {SQL_DESC_CASE_SENSITIVE,              &Record::case_sensitive,              {"--rr"}},
    {SQL_DESC_CATALOG_NAME,                &Record::catalog_name,                {"--r-"}},
    {SQL_DESC_CONCISE_TYPE,                &Record::concise_type,                {"wwrw"}},
    {SQL_DESC_DATA_PTR,                    &Record::data_ptr,                    {"ww-w"}},
    {SQL_DESC_DATETIME_INTERVAL_CODE,      &Record::datetime_interval_code,      {"wwrw"}},
    {SQL_DESC_DATETIME_INTERVAL_PRECISION, &Record::datetime_interval_precision, {"wwrw"}},
    {SQL_DESC_DISPLAY_SIZE,                &Record::display_size,                {"--r-"}},
    {SQL_DESC_FIXED_PREC_SCALE,            &Record::fixed_precision_scale,       {"--rr"}},
    {SQL_DESC_INDICATOR_PTR,               &Record::indicator_ptr,               {"ww--"}},
    {SQL_DESC_LABEL,                       &Record::label,                       {"--r-"}},
    {SQL_DESC_LENGTH,                      &Record::length,                      {"wwrw"}},
    {SQL_DESC_LITERAL_PREFIX,              &Record::literal_prefix,              {"--r-"}},
    {SQL_DESC_LITERAL_SUFFIX,              &Record::literal_suffix,              {"--r-"}},
    {SQL_DESC_LOCAL_TYPE_NAME,             &Record::local_type_name,             {"--rr"}},
    {SQL_DESC_NAME,                        &Record::name,                        {"--rw"}},
    {SQL_DESC_NULLABLE,                    &Record::nullable,                    {"--rr"}},
    {SQL_DESC_NUM_PREC_RADIX,              &Record::num_prec_radix,              {"wwrw"}},
    {SQL_DESC_OCTET_LENGTH,                &Record::octet_length,                {"wwrw"}},
    {SQL_DESC_OCTET_LENGTH_PTR,            &Record::octet_length_ptr,            {"ww--"}},
    {SQL_DESC_PARAMETER_TYPE,              &Record::parameter_type,              {"---w"}},
    {SQL_DESC_PRECISION,                   &Record::precision,                   {"wwrw"}},
    {SQL_DESC_ROWVER,                      &Record::rowver,                      {"--rr"}},
    {SQL_DESC_SCALE,                       &Record::scale,                       {"wwrw"}},
    {SQL_DESC_SCHEMA_NAME,                 &Record::schema_name,                 {"--r-"}},
    {SQL_DESC_SEARCHABLE,                  &Record::searchable,                  {"--r-"}},
    {SQL_DESC_TABLE_NAME,                  &Record::table_name,                  {"--r-"}},
    {SQL_DESC_TYPE,                        &Record::type,                        {"wwrw"}},
    {SQL_DESC_TYPE_NAME,                   &Record::type_name,                   {"--rr"}},
    {SQL_DESC_UNNAMED,                     &Record::unnamed,                     {"--rw"}},
    {SQL_DESC_UNSIGNED,                    &Record::is_unsigned,                 {"--rr"}},
    {SQL_DESC_UPDATABLE,                   &Record::updatable,                   {"--r-"}},
};
// clang-format on

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

template <class Class>
bool read(const Class& object, const Member<Class>& member, SQLPOINTER value,
          SQLINTEGER buffer_length, SQLINTEGER* length, bool wide) {
    return std::visit(
        [&](auto pointer) {
            const auto& field = object.*pointer;
            using Field = std::remove_cvref_t<decltype(field)>;
            if constexpr (std::is_same_v<Field, std::string>) {
                return TextOut{value, buffer_length, length, sizeof(SQLINTEGER), Unit::bytes, wide}
                    .put(field);
            } else {
                if (value) *static_cast<Field*>(value) = field;
                if (length) *length = sizeof(Field);
                return true;
            }
        },
        member);
}

template <class Class>
void write(Class& object, const Member<Class>& member, SQLPOINTER value, SQLINTEGER buffer_length,
           bool wide) {
    std::visit(
        [&](auto pointer) {
            auto& field = object.*pointer;
            using Field = std::remove_cvref_t<decltype(field)>;
            if constexpr (std::is_same_v<Field, std::string>) {
                const SQLLEN units = buffer_length == SQL_NTS || !wide
                                         ? buffer_length
                                         : buffer_length / SQLINTEGER{sizeof(SQLWCHAR)};
                field = wide ? text(static_cast<const SQLWCHAR*>(value), units)
                             : std::string(text(static_cast<const SQLCHAR*>(value), units));
            } else if constexpr (std::is_pointer_v<Field>) {
                field = static_cast<Field>(value);
            } else {
                field = static_cast<Field>(reinterpret_cast<SQLLEN>(value));
            }
        },
        member);
}

void set_verbose_type(Record& record, SQLSMALLINT type) {
    // SQL_DESC_TYPE: the concise type of a datetime or interval follows from the sub code later.
    const SQLSMALLINT code = record.datetime_interval_code;
    if (type == SQL_DATETIME || type == SQL_INTERVAL) {
        record.type = type;
        if (code)
            record.concise_type = static_cast<SQLSMALLINT>(
                type == SQL_DATETIME ? SQL_TYPE_DATE + code - 1 : SQL_INTERVAL_YEAR + code - 1);
        return;
    }
    set_concise_type(record, type);
    // "When the TYPE field is set": defaults of the other fields.
    switch (type) {
        case SQL_CHAR:
        case SQL_VARCHAR:
            record.length = 1;
            record.precision = 0;
            break;
        case SQL_NUMERIC:
        case SQL_DECIMAL:
            record.scale = 0;
            record.precision = 38;
            break;
        default:
            break;
    }
}

}  // namespace

void check_consistency(const Record& record) {
    if (record.type == SQL_DATETIME && record.concise_type != SQL_TYPE_DATE &&
        record.concise_type != SQL_TYPE_TIME && record.concise_type != SQL_TYPE_TIMESTAMP)
        throw Error(state::inconsistent_descriptor,
                    "concise type " + std::to_string(record.concise_type) +
                        " is no date or time, but the verbose type is SQL_DATETIME");
    if (record.concise_type == SQL_C_NUMERIC &&
        (record.precision < 0 || record.precision > 65 || record.scale > record.precision))
        throw Error(state::inconsistent_descriptor,
                    "precision " + std::to_string(record.precision) + " and scale " +
                        std::to_string(record.scale) + " do not fit each other");
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
        write(descriptor, row->member, value, buffer_length, wide);
        descriptor.touch();
        return;
    }
    const auto* row = find(record_fields, field);
    if (row == std::end(record_fields) || row->access.of(descriptor.kind) != 'w')
        unknown_field(field);
    if (number < 0 || (number == 0 && descriptor.kind != Kind::application_row)) bad_record(number);
    Record& record = descriptor.writable(static_cast<std::size_t>(number));
    if (field == SQL_DESC_CONCISE_TYPE || field == SQL_DESC_TYPE) {
        const auto type = static_cast<SQLSMALLINT>(reinterpret_cast<SQLLEN>(value));
        if (field == SQL_DESC_TYPE)
            set_verbose_type(record, type);
        else
            set_concise_type(record, type);
    } else {
        write(record, row->member, value, buffer_length, wide);
        if (field == SQL_DESC_DATETIME_INTERVAL_CODE) set_verbose_type(record, record.type);
    }
    // Setting any field but these unbinds the record ("Binding Columns by setting descriptor
    // fields").
    if (field == SQL_DESC_DATA_PTR)
        check_consistency(record);
    else if (field != SQL_DESC_OCTET_LENGTH_PTR && field != SQL_DESC_INDICATOR_PTR &&
             descriptor.is_application())
        record.data_ptr = nullptr;
}

}  // namespace myfabric::descriptor
