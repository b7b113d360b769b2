#include "info/column_attribute.h"

#include <algorithm>
#include <array>
#include <cstdint>
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

constexpr std::uint8_t no_row = 0xFF;
constexpr std::size_t low_codes = 64, standard_codes = 32;
constexpr SQLUSMALLINT first_standard = 1000;

/// ODBC's own codes are low, those of the standard begin at 1000; the last place is for others.
constexpr std::size_t place_of(SQLUSMALLINT field) {
    if (field < low_codes) return field;
    const std::size_t standard = static_cast<std::size_t>(field - first_standard);
    return low_codes + std::min(field < first_standard ? standard_codes : standard, standard_codes);
}

/// rows by place: some programs ask for ten attributes of each column.
constexpr auto rows_by_field = [] {
    std::array<std::uint8_t, low_codes + standard_codes + 1> by_field{};
    by_field.fill(no_row);
    for (std::size_t i = 0; i < std::size(rows); ++i)
        by_field[place_of(rows[i].field)] = static_cast<std::uint8_t>(i);
    return by_field;
}();
static_assert(rows_by_field.back() == no_row);

}  // namespace

std::optional<ColumnAttribute> column_attribute(SQLUSMALLINT field, const results::Column& column,
                                                const TypeInfo& type) {
    const std::uint8_t row = rows_by_field[place_of(field)];
    if (row == no_row) return std::nullopt;
    return rows[row].read(column, type);
}

}  // namespace myfabric::info
