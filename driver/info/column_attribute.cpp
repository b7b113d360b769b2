#include "info/column_attribute.h"

#include <algorithm>
#include <iterator>

namespace myfabric::info {
namespace {

using conversion::TypeInfo;
using results::Column;
using Attribute = ColumnAttribute;
using C = const Column&;
using T = const TypeInfo&;
using Read = Attribute (*)(C, T);

struct Row {
    SQLUSMALLINT field;
    Read read;
};

Attribute number(auto value) {
    return static_cast<SQLLEN>(value);
}

Attribute text(std::string_view value) {
    return value;
}

Attribute name(const Column& column) {
    if (!results::has_full_name(column)) return text(column.name);
    return results::shown_name(column);
}

// SQL_COLUMN_* codes that ODBC 3.x kept are under their SQL_DESC_* names.
// clang-format off
constexpr Row rows[] = {
    {SQL_DESC_AUTO_UNIQUE_VALUE, [](C, T t) { return number(t.auto_increment); }},
    {SQL_DESC_BASE_COLUMN_NAME,  [](C c, T) { return text(c.base_name); }},
    {SQL_DESC_BASE_TABLE_NAME,   [](C c, T) { return text(c.base_table); }},
    {SQL_DESC_CASE_SENSITIVE,    [](C, T t) { return number(t.case_sensitive); }},
    {SQL_DESC_CATALOG_NAME,      [](C c, T) { return text(c.database); }},
    {SQL_DESC_CONCISE_TYPE,      [](C, T t) { return number(t.concise_type); }},
    {SQL_DESC_DATETIME_INTERVAL_CODE,
                                 [](C, T t) { return number(t.datetime_code); }},
    {SQL_DESC_DATETIME_INTERVAL_PRECISION,
                                 [](C, T) { return number(0); }},
    {SQL_DESC_DISPLAY_SIZE,      [](C, T t) { return number(t.display_size); }},
    {SQL_DESC_FIXED_PREC_SCALE,  [](C, T t) { return number(t.fixed_precision_scale); }},
    {SQL_DESC_LABEL,             [](C c, T) { return name(c); }},
    {SQL_DESC_LENGTH,            [](C, T t) { return number(t.column_size); }},
    {SQL_DESC_LITERAL_PREFIX,    [](C, T t) { return text(t.literal_prefix); }},
    {SQL_DESC_LITERAL_SUFFIX,    [](C, T t) { return text(t.literal_suffix); }},
    {SQL_DESC_LOCAL_TYPE_NAME,   [](C, T t) { return text(t.type_name); }},
    {SQL_DESC_NAME,              [](C c, T) { return name(c); }},
    {SQL_DESC_NULLABLE,          [](C c, T) {
                                      return number(c.nullable || c.fills_itself ? SQL_NULLABLE : SQL_NO_NULLS); }},
    {SQL_DESC_NUM_PREC_RADIX,    [](C, T t) { return number(t.num_prec_radix); }},
    {SQL_DESC_OCTET_LENGTH,      [](C, T t) { return number(t.octet_length); }},
    {SQL_DESC_PRECISION,         [](C, T t) { return number(t.precision); }},
    {SQL_DESC_ROWVER,            [](C, T) { return number(SQL_FALSE); }},
    {SQL_DESC_SCALE,             [](C, T t) { return number(t.scale); }},
    {SQL_DESC_SCHEMA_NAME,       [](C, T) { return text({}); }},
    {SQL_DESC_SEARCHABLE,        [](C, T t) { return number(t.searchable); }},
    {SQL_DESC_TABLE_NAME,        [](C c, T) { return text(c.table); }},
    {SQL_DESC_TYPE,              [](C, T t) { return number(t.verbose_type); }},
    {SQL_DESC_TYPE_NAME,         [](C, T t) { return text(t.type_name); }},
    {SQL_DESC_UNNAMED,           [](C c, T) {
                                      return number(c.name.empty() ? SQL_UNNAMED : SQL_NAMED); }},
    {SQL_DESC_UNSIGNED,          [](C, T t) { return number(t.is_unsigned); }},
    {SQL_DESC_UPDATABLE,         [](C c, T) {
                                      return number(c.base_table.empty()
                                                        ? SQL_ATTR_READONLY
                                                        : SQL_ATTR_READWRITE_UNKNOWN); }},
    // ODBC 2.x, where precision is the column size and length counts bytes
    {SQL_COLUMN_NAME,            [](C c, T) { return name(c); }},
    {SQL_COLUMN_LENGTH,          [](C, T t) { return number(t.octet_length); }},
    {SQL_COLUMN_PRECISION,       [](C, T t) { return number(t.column_size); }},
    {SQL_COLUMN_SCALE,           [](C, T t) { return number(t.decimal_digits); }},
    {SQL_COLUMN_NULLABLE,        [](C c, T) {
                                      return number(c.nullable || c.fills_itself ? SQL_NULLABLE : SQL_NO_NULLS); }},
};
// clang-format on

}  // namespace

std::optional<ColumnAttribute> column_attribute(SQLUSMALLINT field, const results::Column& column,
                                                const TypeInfo& type) {
    const auto* const row = std::ranges::find(rows, field, &Row::field);
    if (row == std::end(rows)) return std::nullopt;
    return row->read(column, type);
}

}  // namespace myfabric::info
