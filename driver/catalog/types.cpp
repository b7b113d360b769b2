#include "catalog/types.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "conversion/type_codes.h"
#include "conversion/types.h"

namespace myfabric::catalog {
namespace {

using conversion::TypeInfo;
using results::Kind;

struct Name {
    std::string_view data_type;  // in information_schema
    Kind kind;
};
// Compared from the first on, for each column that there is: the usual ones come first.
// clang-format off
constexpr Name names[] = {
    {"varchar", Kind::varchar}, {"int", Kind::integer}, {"datetime", Kind::datetime},
    {"bigint", Kind::bigint}, {"decimal", Kind::decimal}, {"char", Kind::character},
    {"text", Kind::text}, {"tinyint", Kind::tinyint}, {"timestamp", Kind::timestamp},
    {"date", Kind::date}, {"double", Kind::double_precision}, {"longtext", Kind::longtext},
    {"enum", Kind::enumeration}, {"smallint", Kind::smallint}, {"float", Kind::real},
    {"json", Kind::json}, {"blob", Kind::blob}, {"longblob", Kind::longblob},
    {"varbinary", Kind::varbinary}, {"binary", Kind::binary}, {"bit", Kind::bit},
    {"time", Kind::time}, {"set", Kind::set}, {"mediumtext", Kind::mediumtext},
    {"mediumint", Kind::mediumint}, {"mediumblob", Kind::mediumblob}, {"year", Kind::year},
    {"tinytext", Kind::tinytext}, {"tinyblob", Kind::tinyblob}, {"uuid", Kind::uuid},
    {"inet4", Kind::inet4}, {"inet6", Kind::inet6},
    {"geometry", Kind::geometry}, {"point", Kind::geometry}, {"linestring", Kind::geometry},
    {"polygon", Kind::geometry}, {"multipoint", Kind::geometry},
    {"multilinestring", Kind::geometry}, {"multipolygon", Kind::geometry},
    {"geometrycollection", Kind::geometry}, {"geomcollection", Kind::geometry},
};
// clang-format on

constexpr unsigned result_char_bytes = 4;  // the connection's utf8mb4
constexpr std::uint64_t no_limit = 4294967295;
constexpr unsigned not_fixed = 31;  // Column::decimals

const Name* find(std::string_view data_type) {
    const auto* const name = std::ranges::find(names, data_type, &Name::data_type);
    return name == std::end(names) ? nullptr : name;
}

bool is_bytes(Kind kind) {
    return (kind >= Kind::binary && kind <= Kind::longblob) || kind == Kind::geometry;
}

std::uint64_t characters(Kind kind, const StoredType& type) {
    switch (kind) {
        case Kind::uuid:
            return 36;
        case Kind::inet4:
            return 15;
        case Kind::inet6:
            return 39;
        default:
            return type.characters.value_or(no_limit);
    }
}

/// The column as the server would describe it in a result.
results::Column column_of(const StoredType& type, const Facts& facts) {
    const Name* const name = find(type.data_type);
    results::Column column;
    column.kind = name ? name->kind : Kind::varchar;
    column.reading = facts.reading;
    const conversion::ServerType& server = conversion::server_type(column.kind);
    column.decimals = server.radix == 10 ? 0 : not_fixed;
    if (server.radix) {
        column.is_unsigned = type.full_type.find("unsigned") != type.full_type.npos;
        if (column.kind == Kind::decimal) {
            column.decimals = static_cast<unsigned>(type.scale.value_or(0));
            // Its display width: digits, sign and point.
            column.length =
                type.precision.value_or(0) + !column.is_unsigned + (column.decimals > 0);
        }
    } else if (column.kind == Kind::bit) {
        column.length = type.precision.value_or(1);
    } else if (column.kind >= Kind::date && column.kind <= Kind::timestamp) {
        column.decimals = static_cast<unsigned>(type.fraction.value_or(0));
    } else if (is_bytes(column.kind)) {
        column.length = type.characters.value_or(no_limit);
    } else {
        column.char_bytes = result_char_bytes;
        column.length = characters(column.kind, type) * result_char_bytes;
    }
    return column;
}

}  // namespace

TypeCells type_cells(const StoredType& type, const Facts& facts) {
    const results::Column column = column_of(type, facts);
    const TypeInfo info = conversion::describe(column, facts.wide_types, facts.long_cap);
    TypeCells cells;
    cells.data_type = facts.odbc_2 ? conversion::odbc_2_code(info.concise_type) : info.concise_type;
    cells.type_name = find(type.data_type) ? std::string(info.type_name) : to_upper(type.data_type);
    cells.sql_data_type = info.verbose_type;
    cells.column_size = static_cast<long long>(info.column_size);
    cells.buffer_length = info.octet_length;
    if (info.num_prec_radix) {
        // Sizes of approximate numbers are decimal digits here, as SQLDescribeCol has them.
        cells.num_prec_radix = 10;
        if (info.num_prec_radix == 10) cells.decimal_digits = info.decimal_digits;
    } else if (info.verbose_type == SQL_DATETIME) {
        cells.sql_datetime_sub = info.datetime_code;
        if (column.kind != Kind::date) cells.decimal_digits = info.decimal_digits;
    } else if (info.concise_type == SQL_BIT) {
        cells.decimal_digits = 0;
    } else {
        cells.char_octet_length = info.octet_length;
    }
    return cells;
}

bool may_be_cut_in_keys(std::string_view data_type) {
    const Name* const name = find(data_type);
    if (!name) return true;
    return name->kind >= Kind::character && name->kind != Kind::enumeration &&
           name->kind != Kind::set && name->kind != Kind::uuid && name->kind != Kind::inet4 &&
           name->kind != Kind::inet6;
}

}  // namespace myfabric::catalog
