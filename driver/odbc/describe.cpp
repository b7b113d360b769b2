// SQLNumResultCols, SQLDescribeCol, SQLColAttribute.
#include "conversion/type_codes.h"
#include "info/column_attribute.h"
#include "odbc/call.h"

namespace myfabric::odbc {
namespace {

/// Column 0, or none.
[[gnu::noinline]] const results::Column& other_column(Statement& s, SQLUSMALLINT number,
                                                      std::size_t columns) {
    if (!columns) throw Error(state::not_a_cursor, "the statement does not give a result set");
    if (number == 0 && s.bookmarks() != cursor::Bookmarks::off)
        return cursor::bookmark_column(s.bookmarks());
    throw Error(state::invalid_descriptor_index, "there is no column " + std::to_string(number) +
                                                     "; the result has " + std::to_string(columns));
}

const results::Column& column_of(Statement& s, SQLUSMALLINT number) {
    const results::Columns& columns = s.columns();
    const std::size_t index = number - std::size_t{1};
    if (index >= columns.size()) [[unlikely]]
        return other_column(s, number, columns.size());
    return columns[index];
}

conversion::TypeInfo described(Statement& s, const results::Column& column) {
    return conversion::describe(column, s.connection().wide_types(), s.connection().long_cap());
}

/// Dates and times have other codes for ODBC 2.x applications.
SQLSMALLINT type_seen(Statement& s, SQLSMALLINT type) {
    return s.connection().environment().odbc_2() ? conversion::odbc_2_code(type) : type;
}

template <class Char>
SQLRETURN describe_col(SQLHSTMT handle, SQLUSMALLINT number, Char* name, SQLSMALLINT capacity,
                       SQLSMALLINT* name_length, SQLSMALLINT* type, SQLULEN* size,
                       SQLSMALLINT* decimal_digits, SQLSMALLINT* nullable) noexcept {
    return call<Statement>(handle, [&](Statement& s) {
        const results::Column& column = column_of(s, number);
        const conversion::TypeInfo info = described(s, column);
        if (type) *type = type_seen(s, info.concise_type);
        if (size) *size = info.column_size;
        if (decimal_digits) *decimal_digits = info.decimal_digits;
        if (nullable)
            *nullable = column.nullable || column.fills_itself ? SQL_NULLABLE : SQL_NO_NULLS;
        const TextOut out = text_out(name, capacity, name_length, Unit::characters);
        if (results::has_full_name(column)) [[unlikely]]
            put(s, out, results::shown_name(column));
        else
            put(s, out, column.name);
    });
}

SQLRETURN col_attribute(SQLHSTMT handle, SQLUSMALLINT number, SQLUSMALLINT field, SQLPOINTER text,
                        SQLSMALLINT capacity, SQLSMALLINT* length, SQLLEN* value,
                        bool wide) noexcept {
    return call<Statement>(handle, [&](Statement& s) {
        if (field == SQL_DESC_COUNT || field == SQL_COLUMN_COUNT) {
            if (value) *value = static_cast<SQLLEN>(s.columns().size());
            return;
        }
        const results::Column& column = column_of(s, number);
        const conversion::TypeInfo info = described(s, column);
        const auto found = info::column_attribute(field, column, info);
        if (!found)
            throw Error(state::invalid_descriptor_field,
                        "there is no column attribute " + std::to_string(field));
        const TextOut out{text, capacity, length, sizeof(SQLSMALLINT), Unit::bytes, wide};
        if (const auto* number_found = std::get_if<SQLLEN>(&*found)) {
            if (value)
                *value = field == SQL_DESC_CONCISE_TYPE
                             ? type_seen(s, static_cast<SQLSMALLINT>(*number_found))
                             : *number_found;
        } else if (const auto* words = std::get_if<std::string_view>(&*found)) {
            put(s, out, *words);
        } else {
            put(s, out, std::get<std::string>(*found));
        }
    });
}

}  // namespace
}  // namespace myfabric::odbc

using namespace myfabric::odbc;

extern "C" {

SQLRETURN SQL_API SQLNumResultCols(SQLHSTMT handle, SQLSMALLINT* count) {
    return call<Statement>(handle, [&](Statement& s) {
        const std::size_t found = s.columns().size();
        if (count) *count = static_cast<SQLSMALLINT>(found);
    });
}

SQLRETURN SQL_API SQLDescribeCol(SQLHSTMT s, SQLUSMALLINT number, SQLCHAR* name,
                                 SQLSMALLINT capacity, SQLSMALLINT* length, SQLSMALLINT* type,
                                 SQLULEN* size, SQLSMALLINT* digits, SQLSMALLINT* nullable) {
    return describe_col(s, number, name, capacity, length, type, size, digits, nullable);
}
SQLRETURN SQL_API SQLDescribeColW(SQLHSTMT s, SQLUSMALLINT number, SQLWCHAR* name,
                                  SQLSMALLINT capacity, SQLSMALLINT* length, SQLSMALLINT* type,
                                  SQLULEN* size, SQLSMALLINT* digits, SQLSMALLINT* nullable) {
    return describe_col(s, number, name, capacity, length, type, size, digits, nullable);
}

SQLRETURN SQL_API SQLColAttribute(SQLHSTMT s, SQLUSMALLINT number, SQLUSMALLINT field,
                                  SQLPOINTER text, SQLSMALLINT capacity, SQLSMALLINT* length,
                                  SQLLEN* value) {
    return col_attribute(s, number, field, text, capacity, length, value, false);
}
SQLRETURN SQL_API SQLColAttributeW(SQLHSTMT s, SQLUSMALLINT number, SQLUSMALLINT field,
                                   SQLPOINTER text, SQLSMALLINT capacity, SQLSMALLINT* length,
                                   SQLLEN* value) {
    return col_attribute(s, number, field, text, capacity, length, value, true);
}

}  // extern "C"
