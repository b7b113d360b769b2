#include "catalog/types.h"

#include <utility>

#include "base/text.h"
#include "conversion/type_codes.h"
#include "conversion/types.h"

namespace myfabric::catalog {
namespace {

using conversion::TypeInfo;
using results::Kind;

struct Name {
    const char* data_type;  // in information_schema
    Kind kind;
};
// The server compares from the first on, for each column that there is: the usual ones come first.
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

/// The description of one data type; texts are SQL expressions.
struct Row {
    std::string data_type, type_name, column_size, buffer_length, decimal_digits, radix, verbose,
        datetime_sub, char_octets;
};

/// "IF(unsigned, b, a)", or the value alone when both are one.
std::string by_sign(const std::string& is_unsigned, const std::string& a, const std::string& b) {
    return a == b ? a : "IF(" + is_unsigned + ", " + b + ", " + a + ")";
}

std::string limited(const std::string& expression, std::uint64_t least, const Facts& facts) {
    return "LEAST(GREATEST(COALESCE(" + expression + ", 4294967295), " + std::to_string(least) +
           "), " + std::to_string(facts.long_cap) + ")";
}

std::string with_fraction(unsigned size) {
    return std::to_string(size) +
           " + IF(COALESCE(DATETIME_PRECISION, 0) > 0, DATETIME_PRECISION + 1, 0)";
}

TypeInfo describe(Kind kind, bool is_unsigned, const Facts& facts) {
    results::Column column;
    column.kind = kind;
    column.is_unsigned = is_unsigned;
    column.length = 2;  // more than one bit
    column.reading.wider_unsigned = facts.wider_unsigned;
    return conversion::describe(column, facts.wide_types);
}

void number(Kind kind, const std::string& is_unsigned, const Facts& facts, Row& row) {
    const TypeInfo plain = describe(kind, kind == Kind::year, facts);
    const TypeInfo positive = describe(kind, true, facts);
    row.type_name =
        by_sign(is_unsigned, "'" + plain.type_name + "'", "'" + positive.type_name + "'");
    row.data_type = row.verbose =
        by_sign(is_unsigned, std::to_string(plain.concise_type),
                std::to_string(kind == Kind::decimal ? plain.concise_type : positive.concise_type));
    // Sizes of approximate numbers are decimal digits here, as SQLDescribeCol has them.
    row.radix = "10";
    if (kind == Kind::decimal) {
        row.column_size = "NUMERIC_PRECISION";
        row.buffer_length = "NUMERIC_PRECISION + 2";
        row.decimal_digits = "NUMERIC_SCALE";
        return;
    }
    row.column_size = by_sign(is_unsigned, std::to_string(plain.column_size),
                              std::to_string(positive.column_size));
    row.buffer_length = by_sign(is_unsigned, std::to_string(plain.octet_length),
                                std::to_string(positive.octet_length));
    if (plain.num_prec_radix == 10) row.decimal_digits = "0";
}

void date_or_time(const TypeInfo& info, const Facts& facts, Row& row) {
    if (facts.odbc_2) row.data_type = std::to_string(conversion::odbc_2_code(info.concise_type));
    row.verbose = std::to_string(info.verbose_type);
    row.datetime_sub = std::to_string(info.datetime_code);
    row.buffer_length = std::to_string(info.octet_length);
    row.column_size = std::to_string(info.column_size);
    if (info.concise_type == SQL_TYPE_DATE) return;
    row.column_size = with_fraction(static_cast<unsigned>(info.column_size));
    row.decimal_digits = "COALESCE(DATETIME_PRECISION, 0)";
}

void bits(Row& row) {
    const std::string one = "NUMERIC_PRECISION <= 1";
    const auto choose = [&](const std::string& a, const std::string& b) {
        return "IF(" + one + ", " + a + ", " + b + ")";
    };
    const std::string bytes = "(NUMERIC_PRECISION + 7) DIV 8";
    row.data_type = row.verbose = choose(std::to_string(SQL_BIT), std::to_string(SQL_BINARY));
    row.column_size = row.buffer_length = choose("1", bytes);
    row.char_octets = choose("NULL", bytes);
    row.decimal_digits = choose("0", "NULL");
}

void text(Kind kind, const Facts& facts, Row& row) {
    switch (kind) {
        case Kind::uuid:
            row.column_size = "36";
            break;
        case Kind::inet4:
            row.column_size = "15";
            break;
        case Kind::inet6:
            row.column_size = "39";
            break;
        default:
            row.column_size = limited("CHARACTER_MAXIMUM_LENGTH", 1, facts);
    }
    row.buffer_length = row.char_octets =
        facts.wide_types ? row.column_size + " * " + std::to_string(sizeof(SQLWCHAR))
                         : "LEAST(" + row.column_size + " * " + std::to_string(result_char_bytes) +
                               ", " + std::to_string(facts.long_cap) + ")";
}

Row make_row(Kind kind, const std::string& is_unsigned, const Facts& facts) {
    const TypeInfo info = describe(kind, false, facts);
    Row row;
    row.data_type = row.verbose = std::to_string(info.concise_type);
    row.type_name = "'" + info.type_name + "'";
    row.decimal_digits = row.radix = row.datetime_sub = row.char_octets = "NULL";
    switch (info.concise_type) {
        case SQL_TYPE_DATE:
        case SQL_TYPE_TIME:
        case SQL_TYPE_TIMESTAMP:
            date_or_time(info, facts, row);
            break;
        case SQL_BINARY:
        case SQL_VARBINARY:
        case SQL_LONGVARBINARY:
            if (kind == Kind::bit) {
                bits(row);
                break;
            }
            row.column_size = row.buffer_length = row.char_octets =
                limited("CHARACTER_MAXIMUM_LENGTH", 0, facts);
            break;
        default:
            if (info.num_prec_radix)
                number(kind, is_unsigned, facts, row);
            else
                text(kind, facts, row);
    }
    return row;
}

/// A CASE over DATA_TYPE that grows type by type; `otherwise` is for types it does not name. The
/// first type is named in any case, so that the commonest is found by one comparison.
class Case {
public:
    explicit Case(std::string otherwise) : otherwise_(std::move(otherwise)) {}

    void when(const char* data_type, const std::string& value) {
        if (value == otherwise_ && !branches_.empty()) return;
        branches_.append(" WHEN '").append(data_type).append("' THEN ").append(value);
    }
    std::string sql() const {
        return "CASE DATA_TYPE" + branches_ + " ELSE " + otherwise_ + " END";
    }

private:
    std::string otherwise_;
    std::string branches_;
};

}  // namespace

TypeExpressions type_expressions(std::string_view full_type, const Facts& facts) {
    const std::string is_unsigned = std::string(full_type) + " LIKE '%unsigned%'";
    // A type of a server that is newer than this table reads as text.
    const Row other = make_row(Kind::varchar, is_unsigned, facts);
    Case data_type(other.data_type), type_name("UPPER(DATA_TYPE)"), size(other.column_size),
        buffer(other.buffer_length), digits(other.decimal_digits), radix(other.radix),
        verbose(other.verbose), sub(other.datetime_sub), octets(other.char_octets);
    for (const Name& name : names) {
        const Row row = make_row(name.kind, is_unsigned, facts);
        data_type.when(name.data_type, row.data_type);
        if (row.type_name != "'" + to_upper(name.data_type) + "'")  // else as the server calls it
            type_name.when(name.data_type, row.type_name);
        size.when(name.data_type, row.column_size);
        buffer.when(name.data_type, row.buffer_length);
        digits.when(name.data_type, row.decimal_digits);
        radix.when(name.data_type, row.radix);
        verbose.when(name.data_type, row.verbose);
        sub.when(name.data_type, row.datetime_sub);
        octets.when(name.data_type, row.char_octets);
    }
    return {data_type.sql(), type_name.sql(), size.sql(), buffer.sql(), digits.sql(),
            radix.sql(),     verbose.sql(),   sub.sql(),  octets.sql()};
}

}  // namespace myfabric::catalog
