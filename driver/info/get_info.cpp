#include "info/get_info.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "info/keywords.h"

namespace myfabric::info {
namespace {

using Computed = Value (*)(const Facts&);
using Entry = std::variant<const char*, SQLUSMALLINT, SQLUINTEGER, Computed>;

struct Row {
    SQLUSMALLINT id;
    Entry entry;
};

constexpr Row text(SQLUSMALLINT id, const char* value) {
    return {id, value};
}
constexpr Row number(SQLUSMALLINT id, unsigned value) {
    return {id, static_cast<SQLUSMALLINT>(value)};
}
constexpr Row mask(SQLUSMALLINT id, unsigned long value) {
    return {id, static_cast<SQLUINTEGER>(value)};
}
constexpr Row from(SQLUSMALLINT id, Computed value) {
    return {id, value};
}

/// "##.##.####" of a version's three numbers.
std::string version_text(unsigned major, unsigned minor, unsigned patch) {
    char out[40];
    std::snprintf(out, sizeof out, "%02u.%02u.%04u", major, minor, patch);
    return out;
}

Value driver_version(const Facts&) {
    unsigned major = 0, minor = 0, patch = 0;
    std::sscanf(MYFABRIC_VERSION, "%u.%u.%u", &major, &minor, &patch);
    return version_text(major, minor, patch);
}

Value server_version(const Facts& facts) {
    const unsigned n = facts.server_version_number;
    std::string out = version_text(n / 10000, n / 100 % 100, n % 100);
    if (!facts.server_version.empty()) out += " " + facts.server_version;
    return out;
}

/// What changes rows, where a cursor is opened to be changed.
constexpr SQLUINTEGER row_changes_without_bookmarks =
    SQL_CA1_LOCK_NO_CHANGE | SQL_CA1_LOCK_EXCLUSIVE | SQL_CA1_POS_POSITION | SQL_CA1_POS_UPDATE |
    SQL_CA1_POS_DELETE | SQL_CA1_POSITIONED_UPDATE | SQL_CA1_POSITIONED_DELETE |
    SQL_CA1_SELECT_FOR_UPDATE | SQL_CA1_BULK_ADD;
constexpr SQLUINTEGER row_changes =
    row_changes_without_bookmarks | SQL_CA1_BULK_UPDATE_BY_BOOKMARK |
    SQL_CA1_BULK_DELETE_BY_BOOKMARK | SQL_CA1_BULK_FETCH_BY_BOOKMARK;

/// What every scrollable cursor can.
constexpr SQLUINTEGER scrolling =
    SQL_CA1_NEXT | SQL_CA1_ABSOLUTE | SQL_CA1_RELATIVE | SQL_CA1_POS_REFRESH;

constexpr SQLUINTEGER concurrencies = SQL_CA2_READ_ONLY_CONCURRENCY | SQL_CA2_LOCK_CONCURRENCY |
                                      SQL_CA2_OPT_ROWVER_CONCURRENCY |
                                      SQL_CA2_OPT_VALUES_CONCURRENCY;

Value batch_support(const Facts& facts) {
    SQLUINTEGER out = SQL_BS_SELECT_PROC;
    if (facts.multi_statements) out |= SQL_BS_SELECT_EXPLICIT | SQL_BS_ROW_COUNT_EXPLICIT;
    return out;
}

Value batch_row_count(const Facts& facts) {
    return SQLUINTEGER{facts.multi_statements ? SQL_BRC_EXPLICIT : 0u};
}

Value user_name_length(const Facts& facts) {
    if (facts.mariadb) return SQLUSMALLINT{80};
    return SQLUSMALLINT{facts.server_version_number >= 50708 ? SQLUSMALLINT{32} : SQLUSMALLINT{16}};
}

Value index_columns(const Facts& facts) {
    const bool more = facts.mariadb && facts.server_version_number >= 100300;
    return SQLUSMALLINT{more ? SQLUSMALLINT{32} : SQLUSMALLINT{16}};
}

/// SQL types that {fn CONVERT(value, SQL_...)} and CAST reach, from any of them.
constexpr unsigned long convertible =
    SQL_CVT_CHAR | SQL_CVT_VARCHAR | SQL_CVT_LONGVARCHAR | SQL_CVT_WCHAR | SQL_CVT_WVARCHAR |
    SQL_CVT_WLONGVARCHAR | SQL_CVT_NUMERIC | SQL_CVT_DECIMAL | SQL_CVT_INTEGER | SQL_CVT_SMALLINT |
    SQL_CVT_TINYINT | SQL_CVT_BIGINT | SQL_CVT_BIT | SQL_CVT_FLOAT | SQL_CVT_REAL | SQL_CVT_DOUBLE |
    SQL_CVT_BINARY | SQL_CVT_VARBINARY | SQL_CVT_LONGVARBINARY | SQL_CVT_DATE | SQL_CVT_TIME |
    SQL_CVT_TIMESTAMP;

/// No SQL_FN_TSI_FRAC_SECOND: the servers count microseconds where ODBC counts nanoseconds.
constexpr unsigned long intervals = SQL_FN_TSI_SECOND | SQL_FN_TSI_MINUTE | SQL_FN_TSI_HOUR |
                                    SQL_FN_TSI_DAY | SQL_FN_TSI_WEEK | SQL_FN_TSI_MONTH |
                                    SQL_FN_TSI_QUARTER | SQL_FN_TSI_YEAR;

constexpr SQLUSMALLINT oj_capabilities_odbc_2 = 65003;  // SQL_OJ_CAPABILITIES before ODBC 3.0
constexpr unsigned long outer_joins = SQL_OJ_LEFT | SQL_OJ_RIGHT | SQL_OJ_NESTED |
                                      SQL_OJ_NOT_ORDERED | SQL_OJ_INNER | SQL_OJ_ALL_COMPARISON_OPS;

// In the reference's groups and order. SQL_DRIVER_HDBC, HENV, HLIB, HSTMT, HDESC and SQL_DM_VER
// are the driver manager's.
constexpr Row rows[] = {
    // Driver information
    number(SQL_ACTIVE_ENVIRONMENTS, 0),
    mask(SQL_ASYNC_DBC_FUNCTIONS, SQL_ASYNC_DBC_CAPABLE),
    mask(SQL_ASYNC_MODE, SQL_AM_STATEMENT),
    mask(SQL_ASYNC_NOTIFICATION, SQL_ASYNC_NOTIFICATION_NOT_CAPABLE),
    from(SQL_BATCH_ROW_COUNT, batch_row_count),
    from(SQL_BATCH_SUPPORT, batch_support),
    from(SQL_DATA_SOURCE_NAME, [](const Facts& f) -> Value { return f.data_source_name; }),
    mask(SQL_DRIVER_AWARE_POOLING_SUPPORTED, SQL_DRIVER_AWARE_POOLING_NOT_CAPABLE),
    text(SQL_DRIVER_NAME, "libmyfabricodbc.so"),
    text(SQL_DRIVER_ODBC_VER, "03.80"),
    from(SQL_DRIVER_VER, driver_version),
    mask(SQL_DYNAMIC_CURSOR_ATTRIBUTES1, scrolling | row_changes_without_bookmarks),
    mask(SQL_DYNAMIC_CURSOR_ATTRIBUTES2,
         concurrencies | SQL_CA2_SENSITIVITY_ADDITIONS | SQL_CA2_SENSITIVITY_DELETIONS |
             SQL_CA2_SENSITIVITY_UPDATES | SQL_CA2_MAX_ROWS_SELECT | SQL_CA2_CRC_APPROXIMATE),
    mask(SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES1, SQL_CA1_NEXT | SQL_CA1_POS_REFRESH | row_changes),
    mask(SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES2, concurrencies | SQL_CA2_MAX_ROWS_SELECT),
    number(SQL_FILE_USAGE, SQL_FILE_NOT_SUPPORTED),
    mask(SQL_GETDATA_EXTENSIONS,
         SQL_GD_ANY_COLUMN | SQL_GD_ANY_ORDER | SQL_GD_BLOCK | SQL_GD_BOUND),
    mask(SQL_INFO_SCHEMA_VIEWS,
         SQL_ISV_CHARACTER_SETS | SQL_ISV_COLLATIONS | SQL_ISV_COLUMN_PRIVILEGES | SQL_ISV_COLUMNS |
             SQL_ISV_KEY_COLUMN_USAGE | SQL_ISV_REFERENTIAL_CONSTRAINTS | SQL_ISV_SCHEMATA |
             SQL_ISV_TABLE_CONSTRAINTS | SQL_ISV_TABLE_PRIVILEGES | SQL_ISV_TABLES | SQL_ISV_VIEWS),
    mask(SQL_KEYSET_CURSOR_ATTRIBUTES1, scrolling | SQL_CA1_BOOKMARK | row_changes),
    mask(SQL_KEYSET_CURSOR_ATTRIBUTES2, concurrencies | SQL_CA2_SENSITIVITY_ADDITIONS |
                                            SQL_CA2_SENSITIVITY_UPDATES | SQL_CA2_MAX_ROWS_SELECT |
                                            SQL_CA2_CRC_EXACT),
    mask(SQL_MAX_ASYNC_CONCURRENT_STATEMENTS, 0),
    number(SQL_MAX_CONCURRENT_ACTIVITIES, 0),
    number(SQL_MAX_DRIVER_CONNECTIONS, 0),
    mask(SQL_ODBC_INTERFACE_CONFORMANCE, SQL_OIC_LEVEL2),
    mask(SQL_STANDARD_CLI_CONFORMANCE, SQL_SCC_XOPEN_CLI_VERSION1 | SQL_SCC_ISO92_CLI),
    text(SQL_ODBC_VER, "03.80.0000"),
    mask(SQL_PARAM_ARRAY_ROW_COUNTS, SQL_PARC_NO_BATCH),
    mask(SQL_PARAM_ARRAY_SELECTS, SQL_PAS_BATCH),
    text(SQL_ROW_UPDATES, "N"),
    text(SQL_SEARCH_PATTERN_ESCAPE, "\\"),
    from(SQL_SERVER_NAME, [](const Facts& f) -> Value { return f.server_name; }),
    mask(SQL_STATIC_CURSOR_ATTRIBUTES1, scrolling | SQL_CA1_BOOKMARK | row_changes),
    mask(SQL_STATIC_CURSOR_ATTRIBUTES2, concurrencies | SQL_CA2_SENSITIVITY_ADDITIONS |
                                            SQL_CA2_SENSITIVITY_UPDATES | SQL_CA2_MAX_ROWS_SELECT |
                                            SQL_CA2_CRC_EXACT),

    // DBMS product information
    from(SQL_DATABASE_NAME, [](const Facts& f) -> Value { return f.database; }),
    from(SQL_DBMS_NAME,
         [](const Facts& f) -> Value {
             if (!f.product.empty()) return f.product;
             return std::string(f.mariadb ? "MariaDB" : "MySQL");
         }),
    from(SQL_DBMS_VER, server_version),

    // Data source information
    text(SQL_ACCESSIBLE_PROCEDURES, "N"),
    text(SQL_ACCESSIBLE_TABLES, "N"),
    mask(SQL_BOOKMARK_PERSISTENCE,
         SQL_BP_DELETE | SQL_BP_SCROLL | SQL_BP_TRANSACTION | SQL_BP_UPDATE),
    text(SQL_CATALOG_TERM, "database"),
    text(SQL_COLLATION_SEQ, ""),
    number(SQL_CONCAT_NULL_BEHAVIOR, SQL_CB_NULL),
    number(SQL_CURSOR_COMMIT_BEHAVIOR, SQL_CB_PRESERVE),
    number(SQL_CURSOR_ROLLBACK_BEHAVIOR, SQL_CB_PRESERVE),
    mask(SQL_CURSOR_SENSITIVITY, SQL_UNSPECIFIED),
    from(SQL_DATA_SOURCE_READ_ONLY,
         [](const Facts& f) -> Value { return std::string(f.read_only ? "Y" : "N"); }),
    mask(SQL_DEFAULT_TXN_ISOLATION, SQL_TXN_REPEATABLE_READ),
    text(SQL_DESCRIBE_PARAMETER, "Y"),
    mask(SQL_DTC_TRANSITION_COST, 0),
    text(SQL_MULT_RESULT_SETS, "Y"),
    text(SQL_MULTIPLE_ACTIVE_TXN, "Y"),
    text(SQL_NEED_LONG_DATA_LEN, "N"),
    number(SQL_NULL_COLLATION, SQL_NC_LOW),
    text(SQL_PROCEDURE_TERM, "stored procedure"),
    text(SQL_SCHEMA_TERM, ""),
    mask(SQL_SCROLL_OPTIONS,
         SQL_SO_FORWARD_ONLY | SQL_SO_STATIC | SQL_SO_KEYSET_DRIVEN | SQL_SO_DYNAMIC),
    text(SQL_TABLE_TERM, "table"),
    number(SQL_TXN_CAPABLE, SQL_TC_DDL_COMMIT),
    mask(SQL_TXN_ISOLATION_OPTION, SQL_TXN_READ_UNCOMMITTED | SQL_TXN_READ_COMMITTED |
                                       SQL_TXN_REPEATABLE_READ | SQL_TXN_SERIALIZABLE),
    from(SQL_USER_NAME, [](const Facts& f) -> Value { return f.user; }),

    // Supported SQL
    mask(SQL_AGGREGATE_FUNCTIONS, SQL_AF_AVG | SQL_AF_COUNT | SQL_AF_MAX | SQL_AF_MIN | SQL_AF_SUM |
                                      SQL_AF_DISTINCT | SQL_AF_ALL),
    mask(SQL_ALTER_DOMAIN, 0),
    mask(SQL_ALTER_TABLE, SQL_AT_ADD_COLUMN | SQL_AT_DROP_COLUMN | SQL_AT_ADD_COLUMN_SINGLE |
                              SQL_AT_ADD_COLUMN_DEFAULT | SQL_AT_ADD_COLUMN_COLLATION |
                              SQL_AT_SET_COLUMN_DEFAULT | SQL_AT_DROP_COLUMN_DEFAULT |
                              SQL_AT_ADD_TABLE_CONSTRAINT | SQL_AT_CONSTRAINT_NAME_DEFINITION),
    mask(SQL_DATETIME_LITERALS, SQL_DL_SQL92_DATE | SQL_DL_SQL92_TIME | SQL_DL_SQL92_TIMESTAMP),
    number(SQL_CATALOG_LOCATION, SQL_CL_START),
    text(SQL_CATALOG_NAME, "Y"),
    text(SQL_CATALOG_NAME_SEPARATOR, "."),
    mask(SQL_CATALOG_USAGE, SQL_CU_DML_STATEMENTS | SQL_CU_PROCEDURE_INVOCATION |
                                SQL_CU_TABLE_DEFINITION | SQL_CU_INDEX_DEFINITION |
                                SQL_CU_PRIVILEGE_DEFINITION),
    text(SQL_COLUMN_ALIAS, "Y"),
    number(SQL_CORRELATION_NAME, SQL_CN_ANY),
    mask(SQL_CREATE_ASSERTION, 0),
    mask(SQL_CREATE_CHARACTER_SET, 0),
    mask(SQL_CREATE_COLLATION, 0),
    mask(SQL_CREATE_DOMAIN, 0),
    mask(SQL_CREATE_SCHEMA, 0),  // CREATE SCHEMA makes a database, which is a catalog here
    mask(SQL_CREATE_TABLE, SQL_CT_CREATE_TABLE | SQL_CT_COLUMN_CONSTRAINT | SQL_CT_COLUMN_DEFAULT |
                               SQL_CT_COLUMN_COLLATION | SQL_CT_TABLE_CONSTRAINT |
                               SQL_CT_CONSTRAINT_NAME_DEFINITION),
    mask(SQL_CREATE_TRANSLATION, 0),
    mask(SQL_CREATE_VIEW,
         SQL_CV_CREATE_VIEW | SQL_CV_CHECK_OPTION | SQL_CV_CASCADED | SQL_CV_LOCAL),
    mask(SQL_DDL_INDEX, SQL_DI_CREATE_INDEX | SQL_DI_DROP_INDEX),
    mask(SQL_DROP_ASSERTION, 0),
    mask(SQL_DROP_CHARACTER_SET, 0),
    mask(SQL_DROP_COLLATION, 0),
    mask(SQL_DROP_DOMAIN, 0),
    mask(SQL_DROP_SCHEMA, 0),
    mask(SQL_DROP_TABLE, SQL_DT_DROP_TABLE),  // RESTRICT and CASCADE are read and ignored
    mask(SQL_DROP_TRANSLATION, 0),
    mask(SQL_DROP_VIEW, SQL_DV_DROP_VIEW),
    text(SQL_EXPRESSIONS_IN_ORDERBY, "Y"),
    number(SQL_GROUP_BY, SQL_GB_NO_RELATION),
    number(SQL_IDENTIFIER_CASE, SQL_IC_MIXED),
    text(SQL_IDENTIFIER_QUOTE_CHAR, "`"),
    mask(SQL_INDEX_KEYWORDS, SQL_IK_ALL),
    mask(SQL_INSERT_STATEMENT, SQL_IS_INSERT_LITERALS | SQL_IS_INSERT_SEARCHED),
    text(SQL_INTEGRITY, "N"),
    text(SQL_KEYWORDS, keywords),
    text(SQL_LIKE_ESCAPE_CLAUSE, "Y"),
    number(SQL_NON_NULLABLE_COLUMNS, SQL_NNC_NON_NULL),
    mask(SQL_SQL_CONFORMANCE, SQL_SC_SQL92_ENTRY),
    mask(SQL_OJ_CAPABILITIES, outer_joins),
    text(SQL_ORDER_BY_COLUMNS_IN_SELECT, "N"),
    text(SQL_OUTER_JOINS, "Y"),
    text(SQL_PROCEDURES, "Y"),
    number(SQL_QUOTED_IDENTIFIER_CASE, SQL_IC_MIXED),
    mask(SQL_SCHEMA_USAGE, 0),
    text(SQL_SPECIAL_CHARACTERS, "$"),
    mask(SQL_SQL92_DATETIME_FUNCTIONS,
         SQL_SDF_CURRENT_DATE | SQL_SDF_CURRENT_TIME | SQL_SDF_CURRENT_TIMESTAMP),
    mask(SQL_SQL92_FOREIGN_KEY_DELETE_RULE,
         SQL_SFKD_CASCADE | SQL_SFKD_NO_ACTION | SQL_SFKD_SET_NULL),
    mask(SQL_SQL92_FOREIGN_KEY_UPDATE_RULE,
         SQL_SFKU_CASCADE | SQL_SFKU_NO_ACTION | SQL_SFKU_SET_NULL),
    mask(SQL_SQL92_GRANT, SQL_SG_WITH_GRANT_OPTION | SQL_SG_DELETE_TABLE | SQL_SG_INSERT_TABLE |
                              SQL_SG_INSERT_COLUMN | SQL_SG_REFERENCES_TABLE |
                              SQL_SG_REFERENCES_COLUMN | SQL_SG_SELECT_TABLE | SQL_SG_UPDATE_TABLE |
                              SQL_SG_UPDATE_COLUMN),
    mask(SQL_SQL92_NUMERIC_VALUE_FUNCTIONS, SQL_SNVF_BIT_LENGTH | SQL_SNVF_CHAR_LENGTH |
                                                SQL_SNVF_CHARACTER_LENGTH | SQL_SNVF_EXTRACT |
                                                SQL_SNVF_OCTET_LENGTH | SQL_SNVF_POSITION),
    mask(SQL_SQL92_PREDICATES, SQL_SP_EXISTS | SQL_SP_ISNOTNULL | SQL_SP_ISNULL | SQL_SP_LIKE |
                                   SQL_SP_IN | SQL_SP_BETWEEN | SQL_SP_COMPARISON |
                                   SQL_SP_QUANTIFIED_COMPARISON),
    mask(SQL_SQL92_RELATIONAL_JOIN_OPERATORS, SQL_SRJO_CROSS_JOIN | SQL_SRJO_INNER_JOIN |
                                                  SQL_SRJO_LEFT_OUTER_JOIN | SQL_SRJO_NATURAL_JOIN |
                                                  SQL_SRJO_RIGHT_OUTER_JOIN),
    mask(SQL_SQL92_REVOKE, SQL_SR_DELETE_TABLE | SQL_SR_INSERT_TABLE | SQL_SR_INSERT_COLUMN |
                               SQL_SR_REFERENCES_TABLE | SQL_SR_REFERENCES_COLUMN |
                               SQL_SR_SELECT_TABLE | SQL_SR_UPDATE_TABLE | SQL_SR_UPDATE_COLUMN),
    mask(SQL_SQL92_ROW_VALUE_CONSTRUCTOR,
         SQL_SRVC_VALUE_EXPRESSION | SQL_SRVC_NULL | SQL_SRVC_DEFAULT | SQL_SRVC_ROW_SUBQUERY),
    mask(SQL_SQL92_STRING_FUNCTIONS, SQL_SSF_CONVERT | SQL_SSF_LOWER | SQL_SSF_UPPER |
                                         SQL_SSF_SUBSTRING | SQL_SSF_TRIM_BOTH |
                                         SQL_SSF_TRIM_LEADING | SQL_SSF_TRIM_TRAILING),
    mask(SQL_SQL92_VALUE_EXPRESSIONS,
         SQL_SVE_CASE | SQL_SVE_CAST | SQL_SVE_COALESCE | SQL_SVE_NULLIF),
    mask(SQL_SUBQUERIES, SQL_SQ_COMPARISON | SQL_SQ_EXISTS | SQL_SQ_IN | SQL_SQ_QUANTIFIED |
                             SQL_SQ_CORRELATED_SUBQUERIES),
    mask(SQL_UNION, SQL_U_UNION | SQL_U_UNION_ALL),
    text(SQL_XOPEN_CLI_YEAR, "1995"),

    // SQL limits; 0: none, or not known
    mask(SQL_MAX_BINARY_LITERAL_LEN, 0),
    number(SQL_MAX_CATALOG_NAME_LEN, 64),
    mask(SQL_MAX_CHAR_LITERAL_LEN, 0),
    number(SQL_MAX_COLUMN_NAME_LEN, 64),
    number(SQL_MAX_COLUMNS_IN_GROUP_BY, 0),
    from(SQL_MAX_COLUMNS_IN_INDEX, index_columns),
    number(SQL_MAX_COLUMNS_IN_ORDER_BY, 0),
    number(SQL_MAX_COLUMNS_IN_SELECT, 4096),
    number(SQL_MAX_COLUMNS_IN_TABLE, 4096),
    number(SQL_MAX_CURSOR_NAME_LEN, 64),
    number(SQL_MAX_IDENTIFIER_LEN, 64),
    mask(SQL_MAX_INDEX_SIZE, 3072),
    number(SQL_MAX_PROCEDURE_NAME_LEN, 64),
    mask(SQL_MAX_ROW_SIZE, 65535),
    text(SQL_MAX_ROW_SIZE_INCLUDES_LONG, "N"),
    number(SQL_MAX_SCHEMA_NAME_LEN, 0),
    mask(SQL_MAX_STATEMENT_LEN, 0),
    number(SQL_MAX_TABLE_NAME_LEN, 64),
    number(SQL_MAX_TABLES_IN_SELECT, 61),
    from(SQL_MAX_USER_NAME_LEN, user_name_length),

    // Scalar functions: the bits of the table that translates {fn ...}
    mask(SQL_CONVERT_FUNCTIONS, SQL_FN_CVT_CAST | SQL_FN_CVT_CONVERT),
    mask(SQL_NUMERIC_FUNCTIONS,
         SQL_FN_NUM_ABS | SQL_FN_NUM_ACOS | SQL_FN_NUM_ASIN | SQL_FN_NUM_ATAN | SQL_FN_NUM_ATAN2 |
             SQL_FN_NUM_CEILING | SQL_FN_NUM_COS | SQL_FN_NUM_COT | SQL_FN_NUM_EXP |
             SQL_FN_NUM_FLOOR | SQL_FN_NUM_LOG | SQL_FN_NUM_MOD | SQL_FN_NUM_SIGN | SQL_FN_NUM_SIN |
             SQL_FN_NUM_SQRT | SQL_FN_NUM_TAN | SQL_FN_NUM_PI | SQL_FN_NUM_RAND |
             SQL_FN_NUM_DEGREES | SQL_FN_NUM_LOG10 | SQL_FN_NUM_POWER | SQL_FN_NUM_RADIANS |
             SQL_FN_NUM_ROUND | SQL_FN_NUM_TRUNCATE),
    mask(SQL_STRING_FUNCTIONS,
         SQL_FN_STR_ASCII | SQL_FN_STR_BIT_LENGTH | SQL_FN_STR_CHAR | SQL_FN_STR_CHAR_LENGTH |
             SQL_FN_STR_CHARACTER_LENGTH | SQL_FN_STR_CONCAT | SQL_FN_STR_INSERT |
             SQL_FN_STR_LCASE | SQL_FN_STR_LEFT | SQL_FN_STR_LENGTH | SQL_FN_STR_LOCATE |
             SQL_FN_STR_LTRIM | SQL_FN_STR_OCTET_LENGTH | SQL_FN_STR_POSITION | SQL_FN_STR_REPEAT |
             SQL_FN_STR_REPLACE | SQL_FN_STR_RIGHT | SQL_FN_STR_RTRIM | SQL_FN_STR_SOUNDEX |
             SQL_FN_STR_SPACE | SQL_FN_STR_SUBSTRING | SQL_FN_STR_UCASE),
    mask(SQL_SYSTEM_FUNCTIONS, SQL_FN_SYS_DBNAME | SQL_FN_SYS_IFNULL | SQL_FN_SYS_USERNAME),
    mask(SQL_TIMEDATE_ADD_INTERVALS, intervals),
    mask(SQL_TIMEDATE_DIFF_INTERVALS, intervals),
    mask(SQL_TIMEDATE_FUNCTIONS,
         SQL_FN_TD_CURRENT_DATE | SQL_FN_TD_CURRENT_TIME | SQL_FN_TD_CURRENT_TIMESTAMP |
             SQL_FN_TD_CURDATE | SQL_FN_TD_CURTIME | SQL_FN_TD_DAYNAME | SQL_FN_TD_DAYOFMONTH |
             SQL_FN_TD_DAYOFWEEK | SQL_FN_TD_DAYOFYEAR | SQL_FN_TD_EXTRACT | SQL_FN_TD_HOUR |
             SQL_FN_TD_MINUTE | SQL_FN_TD_MONTH | SQL_FN_TD_MONTHNAME | SQL_FN_TD_NOW |
             SQL_FN_TD_QUARTER | SQL_FN_TD_SECOND | SQL_FN_TD_TIMESTAMPADD |
             SQL_FN_TD_TIMESTAMPDIFF | SQL_FN_TD_WEEK | SQL_FN_TD_YEAR),

    // Conversion information
    mask(SQL_CONVERT_BIGINT, convertible),
    mask(SQL_CONVERT_BINARY, convertible),
    mask(SQL_CONVERT_BIT, convertible),
    mask(SQL_CONVERT_CHAR, convertible),
    mask(SQL_CONVERT_GUID, 0),
    mask(SQL_CONVERT_DATE, convertible),
    mask(SQL_CONVERT_DECIMAL, convertible),
    mask(SQL_CONVERT_DOUBLE, convertible),
    mask(SQL_CONVERT_FLOAT, convertible),
    mask(SQL_CONVERT_INTEGER, convertible),
    mask(SQL_CONVERT_INTERVAL_YEAR_MONTH, 0),
    mask(SQL_CONVERT_INTERVAL_DAY_TIME, 0),
    mask(SQL_CONVERT_LONGVARBINARY, convertible),
    mask(SQL_CONVERT_LONGVARCHAR, convertible),
    mask(SQL_CONVERT_NUMERIC, convertible),
    mask(SQL_CONVERT_REAL, convertible),
    mask(SQL_CONVERT_SMALLINT, convertible),
    mask(SQL_CONVERT_TIME, convertible),
    mask(SQL_CONVERT_TIMESTAMP, convertible),
    mask(SQL_CONVERT_TINYINT, convertible),
    mask(SQL_CONVERT_VARBINARY, convertible),
    mask(SQL_CONVERT_VARCHAR, convertible),
    mask(SQL_CONVERT_WCHAR, convertible),
    mask(SQL_CONVERT_WLONGVARCHAR, convertible),
    mask(SQL_CONVERT_WVARCHAR, convertible),

    // What ODBC 2.x applications ask
    mask(SQL_FETCH_DIRECTION, SQL_FD_FETCH_NEXT | SQL_FD_FETCH_FIRST | SQL_FD_FETCH_LAST |
                                  SQL_FD_FETCH_PRIOR | SQL_FD_FETCH_ABSOLUTE |
                                  SQL_FD_FETCH_RELATIVE | SQL_FD_FETCH_BOOKMARK),
    mask(SQL_LOCK_TYPES, SQL_LCK_NO_CHANGE | SQL_LCK_EXCLUSIVE),
    number(SQL_ODBC_API_CONFORMANCE, SQL_OAC_LEVEL1),
    number(SQL_ODBC_SAG_CLI_CONFORMANCE, SQL_OSCC_COMPLIANT),
    number(SQL_ODBC_SQL_CONFORMANCE, SQL_OSC_CORE),
    mask(SQL_POS_OPERATIONS,
         SQL_POS_POSITION | SQL_POS_REFRESH | SQL_POS_UPDATE | SQL_POS_DELETE | SQL_POS_ADD),
    mask(SQL_POSITIONED_STATEMENTS,
         SQL_PS_POSITIONED_DELETE | SQL_PS_POSITIONED_UPDATE | SQL_PS_SELECT_FOR_UPDATE),
    mask(SQL_SCROLL_CONCURRENCY,
         SQL_SCCO_READ_ONLY | SQL_SCCO_LOCK | SQL_SCCO_OPT_ROWVER | SQL_SCCO_OPT_VALUES),
    mask(SQL_STATIC_SENSITIVITY, SQL_SS_ADDITIONS | SQL_SS_UPDATES),
    mask(oj_capabilities_odbc_2, outer_joins),
};

}  // namespace

std::optional<Value> get_info(SQLUSMALLINT id, const Facts& facts) {
    const auto* const row = std::ranges::find(rows, id, &Row::id);
    if (row == std::end(rows)) return std::nullopt;
    if (const auto* words = std::get_if<const char*>(&row->entry)) return std::string(*words);
    if (const auto* number = std::get_if<SQLUSMALLINT>(&row->entry)) return *number;
    if (const auto* mask = std::get_if<SQLUINTEGER>(&row->entry)) return *mask;
    return std::get<Computed>(row->entry)(facts);
}

std::vector<SQLUSMALLINT> info_types() {
    std::vector<SQLUSMALLINT> out;
    for (const Row& row : rows) out.push_back(row.id);
    return out;
}

}  // namespace myfabric::info
