#include <iterator>
#include <memory>
#include <utility>

#include "catalog/functions.h"
#include "catalog/pattern.h"
#include "catalog/typed_rows.h"

namespace myfabric::catalog {
namespace {

using results::Kind;

constexpr ResultColumn procedures_result[] = {
    {"PROCEDURE_CAT", Kind::varchar, name_size, true},
    {"PROCEDURE_SCHEM", Kind::varchar, name_size, true},
    {"PROCEDURE_NAME", Kind::varchar, name_size, false},
    {"NUM_INPUT_PARAMS", Kind::integer, 10, true},
    {"NUM_OUTPUT_PARAMS", Kind::integer, 10, true},
    {"NUM_RESULT_SETS", Kind::integer, 10, true},
    {"REMARKS", Kind::varchar, remarks_size, true},
    {"PROCEDURE_TYPE", Kind::smallint, 5, true},
};

constexpr ResultColumn columns_result[] = {
    {"PROCEDURE_CAT", Kind::varchar, name_size, true},
    {"PROCEDURE_SCHEM", Kind::varchar, name_size, true},
    {"PROCEDURE_NAME", Kind::varchar, name_size, false},
    {"COLUMN_NAME", Kind::varchar, name_size, false},
    {"COLUMN_TYPE", Kind::smallint, 5, false},
    {"DATA_TYPE", Kind::smallint, 5, false},
    {"TYPE_NAME", Kind::varchar, name_size, false},
    {"COLUMN_SIZE", Kind::integer, 10, true},
    {"BUFFER_LENGTH", Kind::integer, 10, true},
    {"DECIMAL_DIGITS", Kind::smallint, 5, true},
    {"NUM_PREC_RADIX", Kind::smallint, 5, true},
    {"NULLABLE", Kind::smallint, 5, false},
    {"REMARKS", Kind::varchar, remarks_size, true},
    {"COLUMN_DEF", Kind::varchar, remarks_size, true},
    {"SQL_DATA_TYPE", Kind::smallint, 5, false},
    {"SQL_DATETIME_SUB", Kind::smallint, 5, true},
    {"CHAR_OCTET_LENGTH", Kind::integer, 10, true},
    {"ORDINAL_POSITION", Kind::integer, 10, false},
    {"IS_NULLABLE", Kind::varchar, 3, true},
};

constexpr TypePlaces places{.data_type = 5,
                            .type_name = 6,
                            .column_size = 7,
                            .buffer_length = 8,
                            .decimal_digits = 9,
                            .num_prec_radix = 10,
                            .sql_data_type = 14,
                            .sql_datetime_sub = 15,
                            .char_octet_length = 16};

}  // namespace

Query procedures(const Argument& catalog, const Argument& schema, const Argument& procedure,
                 const Facts& facts) {
    Where where(facts);
    where.catalog("ROUTINE_SCHEMA", catalog)
        .schema(schema)
        .pattern("ROUTINE_NAME", procedure)
        .also("ROUTINE_TYPE IN ('PROCEDURE', 'FUNCTION')");  // MariaDB has packages, too
    const std::string type = "IF(ROUTINE_TYPE = 'FUNCTION', " + std::to_string(SQL_PT_FUNCTION) +
                             ", " + std::to_string(SQL_PT_PROCEDURE) + ")";
    return {select(procedures_result, {"ROUTINE_SCHEMA", "NULL", "ROUTINE_NAME", "NULL", "NULL",
                                       "NULL", "ROUTINE_COMMENT", type}) +
                " FROM information_schema.ROUTINES" + where.sql() +
                " ORDER BY `PROCEDURE_CAT`, `PROCEDURE_NAME`, `PROCEDURE_TYPE`",
            procedures_result};
}

Query procedure_columns(const Argument& catalog, const Argument& schema, const Argument& procedure,
                        const Argument& column, const Facts& facts) {
    const std::string name = "COALESCE(PARAMETER_NAME, '')";  // a return value has no name
    Where where(facts);
    where.catalog("SPECIFIC_SCHEMA", catalog)
        .schema(schema)
        .pattern("SPECIFIC_NAME", procedure)
        .pattern(name, column);
    const auto code = [](int value) { return std::to_string(value); };
    const std::string kind = "CASE PARAMETER_MODE WHEN 'IN' THEN " + code(SQL_PARAM_INPUT) +
                             " WHEN 'INOUT' THEN " + code(SQL_PARAM_INPUT_OUTPUT) +
                             " WHEN 'OUT' THEN " + code(SQL_PARAM_OUTPUT) + " ELSE " +
                             code(SQL_RETURN_VALUE) + " END";
    const char* const typed = "NULL";  // by the type, see with_types()
    return {select(columns_result, {"SPECIFIC_SCHEMA", "NULL", "SPECIFIC_NAME", name, kind, typed,
                                    typed, typed, typed, typed, typed, code(SQL_NULLABLE), "NULL",
                                    "NULL", typed, typed, typed, "ORDINAL_POSITION", "'YES'"}) +
                type_sources("DTD_IDENTIFIER") + " FROM information_schema.PARAMETERS" +
                where.sql() +
                " ORDER BY `PROCEDURE_CAT`, `PROCEDURE_NAME`, ROUTINE_TYPE, `ORDINAL_POSITION`",
            columns_result, [facts](std::unique_ptr<results::Results> rows, const Ask&) {
                return with_types(std::move(rows), std::size(columns_result), places, facts);
            }};
}

}  // namespace myfabric::catalog
