#include "info/get_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "info/keywords.h"

namespace myfabric::info {
namespace {

using testing::Contains;
using testing::Not;

// All information types of the SQLGetInfo page but those that the driver manager answers.
constexpr SQLUSMALLINT of_the_reference[] = {
    SQL_ACTIVE_ENVIRONMENTS,
    SQL_ASYNC_DBC_FUNCTIONS,
    SQL_ASYNC_MODE,
    SQL_ASYNC_NOTIFICATION,
    SQL_BATCH_ROW_COUNT,
    SQL_BATCH_SUPPORT,
    SQL_DATA_SOURCE_NAME,
    SQL_DRIVER_AWARE_POOLING_SUPPORTED,
    SQL_DRIVER_NAME,
    SQL_DRIVER_ODBC_VER,
    SQL_DRIVER_VER,
    SQL_DYNAMIC_CURSOR_ATTRIBUTES1,
    SQL_DYNAMIC_CURSOR_ATTRIBUTES2,
    SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES1,
    SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES2,
    SQL_FILE_USAGE,
    SQL_GETDATA_EXTENSIONS,
    SQL_INFO_SCHEMA_VIEWS,
    SQL_KEYSET_CURSOR_ATTRIBUTES1,
    SQL_KEYSET_CURSOR_ATTRIBUTES2,
    SQL_MAX_ASYNC_CONCURRENT_STATEMENTS,
    SQL_MAX_CONCURRENT_ACTIVITIES,
    SQL_MAX_DRIVER_CONNECTIONS,
    SQL_ODBC_INTERFACE_CONFORMANCE,
    SQL_STANDARD_CLI_CONFORMANCE,
    SQL_ODBC_VER,
    SQL_PARAM_ARRAY_ROW_COUNTS,
    SQL_PARAM_ARRAY_SELECTS,
    SQL_ROW_UPDATES,
    SQL_SEARCH_PATTERN_ESCAPE,
    SQL_SERVER_NAME,
    SQL_STATIC_CURSOR_ATTRIBUTES1,
    SQL_STATIC_CURSOR_ATTRIBUTES2,
    SQL_DATABASE_NAME,
    SQL_DBMS_NAME,
    SQL_DBMS_VER,
    SQL_ACCESSIBLE_PROCEDURES,
    SQL_ACCESSIBLE_TABLES,
    SQL_BOOKMARK_PERSISTENCE,
    SQL_CATALOG_TERM,
    SQL_COLLATION_SEQ,
    SQL_CONCAT_NULL_BEHAVIOR,
    SQL_CURSOR_COMMIT_BEHAVIOR,
    SQL_CURSOR_ROLLBACK_BEHAVIOR,
    SQL_CURSOR_SENSITIVITY,
    SQL_DATA_SOURCE_READ_ONLY,
    SQL_DEFAULT_TXN_ISOLATION,
    SQL_DESCRIBE_PARAMETER,
    SQL_MULT_RESULT_SETS,
    SQL_MULTIPLE_ACTIVE_TXN,
    SQL_NEED_LONG_DATA_LEN,
    SQL_NULL_COLLATION,
    SQL_PROCEDURE_TERM,
    SQL_SCHEMA_TERM,
    SQL_SCROLL_OPTIONS,
    SQL_TABLE_TERM,
    SQL_TXN_CAPABLE,
    SQL_TXN_ISOLATION_OPTION,
    SQL_USER_NAME,
    SQL_AGGREGATE_FUNCTIONS,
    SQL_ALTER_DOMAIN,
    SQL_ALTER_TABLE,
    SQL_DATETIME_LITERALS,
    SQL_CATALOG_LOCATION,
    SQL_CATALOG_NAME,
    SQL_CATALOG_NAME_SEPARATOR,
    SQL_CATALOG_USAGE,
    SQL_COLUMN_ALIAS,
    SQL_CORRELATION_NAME,
    SQL_CREATE_ASSERTION,
    SQL_CREATE_CHARACTER_SET,
    SQL_CREATE_COLLATION,
    SQL_CREATE_DOMAIN,
    SQL_CREATE_SCHEMA,
    SQL_CREATE_TABLE,
    SQL_CREATE_TRANSLATION,
    SQL_CREATE_VIEW,
    SQL_DDL_INDEX,
    SQL_DROP_ASSERTION,
    SQL_DROP_CHARACTER_SET,
    SQL_DROP_COLLATION,
    SQL_DROP_DOMAIN,
    SQL_DROP_SCHEMA,
    SQL_DROP_TABLE,
    SQL_DROP_TRANSLATION,
    SQL_DROP_VIEW,
    SQL_EXPRESSIONS_IN_ORDERBY,
    SQL_GROUP_BY,
    SQL_IDENTIFIER_CASE,
    SQL_IDENTIFIER_QUOTE_CHAR,
    SQL_INDEX_KEYWORDS,
    SQL_INSERT_STATEMENT,
    SQL_INTEGRITY,
    SQL_KEYWORDS,
    SQL_LIKE_ESCAPE_CLAUSE,
    SQL_NON_NULLABLE_COLUMNS,
    SQL_SQL_CONFORMANCE,
    SQL_OJ_CAPABILITIES,
    SQL_ORDER_BY_COLUMNS_IN_SELECT,
    SQL_OUTER_JOINS,
    SQL_PROCEDURES,
    SQL_QUOTED_IDENTIFIER_CASE,
    SQL_SCHEMA_USAGE,
    SQL_SPECIAL_CHARACTERS,
    SQL_SUBQUERIES,
    SQL_UNION,
    SQL_SQL92_DATETIME_FUNCTIONS,
    SQL_SQL92_FOREIGN_KEY_DELETE_RULE,
    SQL_SQL92_FOREIGN_KEY_UPDATE_RULE,
    SQL_SQL92_GRANT,
    SQL_SQL92_NUMERIC_VALUE_FUNCTIONS,
    SQL_SQL92_PREDICATES,
    SQL_SQL92_RELATIONAL_JOIN_OPERATORS,
    SQL_SQL92_REVOKE,
    SQL_SQL92_ROW_VALUE_CONSTRUCTOR,
    SQL_SQL92_STRING_FUNCTIONS,
    SQL_SQL92_VALUE_EXPRESSIONS,
    SQL_MAX_BINARY_LITERAL_LEN,
    SQL_MAX_CATALOG_NAME_LEN,
    SQL_MAX_CHAR_LITERAL_LEN,
    SQL_MAX_COLUMN_NAME_LEN,
    SQL_MAX_COLUMNS_IN_GROUP_BY,
    SQL_MAX_COLUMNS_IN_INDEX,
    SQL_MAX_COLUMNS_IN_ORDER_BY,
    SQL_MAX_COLUMNS_IN_SELECT,
    SQL_MAX_COLUMNS_IN_TABLE,
    SQL_MAX_CURSOR_NAME_LEN,
    SQL_MAX_IDENTIFIER_LEN,
    SQL_MAX_INDEX_SIZE,
    SQL_MAX_PROCEDURE_NAME_LEN,
    SQL_MAX_ROW_SIZE,
    SQL_MAX_ROW_SIZE_INCLUDES_LONG,
    SQL_MAX_SCHEMA_NAME_LEN,
    SQL_MAX_STATEMENT_LEN,
    SQL_MAX_TABLE_NAME_LEN,
    SQL_MAX_TABLES_IN_SELECT,
    SQL_MAX_USER_NAME_LEN,
    SQL_CONVERT_FUNCTIONS,
    SQL_NUMERIC_FUNCTIONS,
    SQL_STRING_FUNCTIONS,
    SQL_SYSTEM_FUNCTIONS,
    SQL_TIMEDATE_ADD_INTERVALS,
    SQL_TIMEDATE_DIFF_INTERVALS,
    SQL_TIMEDATE_FUNCTIONS,
    SQL_CONVERT_BIGINT,
    SQL_CONVERT_BINARY,
    SQL_CONVERT_BIT,
    SQL_CONVERT_CHAR,
    SQL_CONVERT_GUID,
    SQL_CONVERT_DATE,
    SQL_CONVERT_DECIMAL,
    SQL_CONVERT_DOUBLE,
    SQL_CONVERT_FLOAT,
    SQL_CONVERT_INTEGER,
    SQL_CONVERT_INTERVAL_YEAR_MONTH,
    SQL_CONVERT_INTERVAL_DAY_TIME,
    SQL_CONVERT_LONGVARBINARY,
    SQL_CONVERT_LONGVARCHAR,
    SQL_CONVERT_NUMERIC,
    SQL_CONVERT_REAL,
    SQL_CONVERT_SMALLINT,
    SQL_CONVERT_TIME,
    SQL_CONVERT_TIMESTAMP,
    SQL_CONVERT_TINYINT,
    SQL_CONVERT_VARBINARY,
    SQL_CONVERT_VARCHAR,
    SQL_CONVERT_WCHAR,
    SQL_CONVERT_WLONGVARCHAR,
    SQL_CONVERT_WVARCHAR,
    SQL_DTC_TRANSITION_COST,
    SQL_XOPEN_CLI_YEAR,
    SQL_FETCH_DIRECTION,
    SQL_LOCK_TYPES,
    SQL_ODBC_API_CONFORMANCE,
    SQL_ODBC_SAG_CLI_CONFORMANCE,
    SQL_ODBC_SQL_CONFORMANCE,
    SQL_POS_OPERATIONS,
    SQL_POSITIONED_STATEMENTS,
    SQL_SCROLL_CONCURRENCY,
    SQL_STATIC_SENSITIVITY,
};

Value value(SQLUSMALLINT id, const Facts& facts = {}) {
    const auto found = get_info(id, facts);
    EXPECT_TRUE(found) << "information type " << id;
    return found.value_or(std::string("(none)"));
}

TEST(GetInfo, ListsEachTypeOnce) {
    const auto ids = info_types();
    EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), ids.size());
}

TEST(GetInfo, AnswersEveryTypeOfTheReference) {
    for (const SQLUSMALLINT id : of_the_reference) EXPECT_TRUE(get_info(id, {})) << id;
}

TEST(GetInfo, LeavesHandlesToTheDriverManagerAndRefusesUnknownTypes) {
    for (const int id : {SQL_DRIVER_HDBC, SQL_DRIVER_HENV, SQL_DRIVER_HSTMT, SQL_DRIVER_HLIB,
                         SQL_DRIVER_HDESC, SQL_DM_VER, 12345, 65535})
        EXPECT_FALSE(get_info(static_cast<SQLUSMALLINT>(id), {})) << id;
}

struct Sample {
    SQLUSMALLINT id;
    Value expected;
};

SQLUSMALLINT u16(unsigned number) {
    return static_cast<SQLUSMALLINT>(number);
}
SQLUINTEGER u32(unsigned long number) {
    return static_cast<SQLUINTEGER>(number);
}

TEST(GetInfo, HasTheWidthAndValueOfEachSample) {
    constexpr SQLUINTEGER row_changes =
        SQL_CA1_LOCK_NO_CHANGE | SQL_CA1_LOCK_EXCLUSIVE | SQL_CA1_POS_POSITION |
        SQL_CA1_POS_UPDATE | SQL_CA1_POS_DELETE | SQL_CA1_POSITIONED_UPDATE |
        SQL_CA1_POSITIONED_DELETE | SQL_CA1_SELECT_FOR_UPDATE | SQL_CA1_BULK_ADD |
        SQL_CA1_BULK_UPDATE_BY_BOOKMARK | SQL_CA1_BULK_DELETE_BY_BOOKMARK |
        SQL_CA1_BULK_FETCH_BY_BOOKMARK;
    const Sample samples[] = {
        {SQL_DRIVER_NAME, std::string("libmyfabricodbc.so")},
        {SQL_DRIVER_ODBC_VER, std::string("03.80")},
        {SQL_IDENTIFIER_QUOTE_CHAR, std::string("`")},
        {SQL_SEARCH_PATTERN_ESCAPE, std::string("\\")},
        {SQL_CATALOG_TERM, std::string("database")},
        {SQL_SCHEMA_TERM, std::string()},
        {SQL_DESCRIBE_PARAMETER, std::string("Y")},
        {SQL_MULT_RESULT_SETS, std::string("Y")},
        {SQL_TXN_CAPABLE, u16(SQL_TC_DDL_COMMIT)},
        {SQL_CATALOG_LOCATION, u16(SQL_CL_START)},
        {SQL_IDENTIFIER_CASE, u16(SQL_IC_MIXED)},
        {SQL_CURSOR_COMMIT_BEHAVIOR, u16(SQL_CB_PRESERVE)},
        {SQL_MAX_TABLE_NAME_LEN, u16(64)},
        {SQL_MAX_COLUMNS_IN_INDEX, u16(16)},
        {SQL_SCROLL_OPTIONS,
         u32(SQL_SO_FORWARD_ONLY | SQL_SO_STATIC | SQL_SO_KEYSET_DRIVEN | SQL_SO_DYNAMIC)},
        {SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES1,
         u32(SQL_CA1_NEXT | SQL_CA1_POS_REFRESH | row_changes)},
        {SQL_KEYSET_CURSOR_ATTRIBUTES1, u32(SQL_CA1_NEXT | SQL_CA1_ABSOLUTE | SQL_CA1_RELATIVE |
                                            SQL_CA1_BOOKMARK | SQL_CA1_POS_REFRESH | row_changes)},
        {SQL_DYNAMIC_CURSOR_ATTRIBUTES1,
         u32(SQL_CA1_NEXT | SQL_CA1_ABSOLUTE | SQL_CA1_RELATIVE | SQL_CA1_POS_REFRESH |
             (row_changes & ~(SQL_CA1_BULK_UPDATE_BY_BOOKMARK | SQL_CA1_BULK_DELETE_BY_BOOKMARK |
                              SQL_CA1_BULK_FETCH_BY_BOOKMARK)))},
        {SQL_STATIC_CURSOR_ATTRIBUTES1, u32(SQL_CA1_NEXT | SQL_CA1_ABSOLUTE | SQL_CA1_RELATIVE |
                                            SQL_CA1_BOOKMARK | SQL_CA1_POS_REFRESH | row_changes)},
        {SQL_POS_OPERATIONS,
         u32(SQL_POS_POSITION | SQL_POS_REFRESH | SQL_POS_UPDATE | SQL_POS_DELETE | SQL_POS_ADD)},
        {SQL_SCROLL_CONCURRENCY,
         u32(SQL_SCCO_READ_ONLY | SQL_SCCO_LOCK | SQL_SCCO_OPT_ROWVER | SQL_SCCO_OPT_VALUES)},
        {SQL_STATIC_SENSITIVITY, u32(SQL_SS_ADDITIONS | SQL_SS_UPDATES)},
        {SQL_LOCK_TYPES, u32(SQL_LCK_NO_CHANGE | SQL_LCK_EXCLUSIVE)},
        {SQL_ASYNC_MODE, u32(SQL_AM_STATEMENT)},
        {SQL_ODBC_INTERFACE_CONFORMANCE, u32(SQL_OIC_LEVEL2)},
        {SQL_DEFAULT_TXN_ISOLATION, u32(SQL_TXN_REPEATABLE_READ)},
        {SQL_TXN_ISOLATION_OPTION, u32(15)},
        {SQL_PARAM_ARRAY_ROW_COUNTS, u32(SQL_PARC_NO_BATCH)},
        {SQL_PARAM_ARRAY_SELECTS, u32(SQL_PAS_BATCH)},
        {SQL_GETDATA_EXTENSIONS,
         u32(SQL_GD_ANY_COLUMN | SQL_GD_ANY_ORDER | SQL_GD_BLOCK | SQL_GD_BOUND)},
        {SQL_SCHEMA_USAGE, u32(0)},
        {SQL_CATALOG_USAGE, u32(31)},
        {SQL_CONVERT_GUID, u32(0)},
        {65003, value(SQL_OJ_CAPABILITIES)},
    };
    for (const Sample& sample : samples) EXPECT_EQ(value(sample.id), sample.expected) << sample.id;
}

TEST(GetInfo, TellsTheConnectionsFacts) {
    Facts facts;
    facts.data_source_name = "farm";
    facts.user = "anna";
    facts.database = "shop";
    facts.server_name = "db1:3306";
    facts.server_version = "5.6.51-log";
    facts.server_version_number = 50651;
    EXPECT_EQ(value(SQL_DATA_SOURCE_NAME, facts), Value(std::string("farm")));
    EXPECT_EQ(value(SQL_USER_NAME, facts), Value(std::string("anna")));
    EXPECT_EQ(value(SQL_DATABASE_NAME, facts), Value(std::string("shop")));
    EXPECT_EQ(value(SQL_SERVER_NAME, facts), Value(std::string("db1:3306")));
    EXPECT_EQ(value(SQL_DBMS_NAME, facts), Value(std::string("MySQL")));
    EXPECT_EQ(value(SQL_DBMS_VER, facts), Value(std::string("05.06.0051 5.6.51-log")));
    EXPECT_EQ(value(SQL_MAX_USER_NAME_LEN, facts), Value(u16(16)));
    EXPECT_EQ(value(SQL_MAX_COLUMNS_IN_INDEX, facts), Value(u16(16)));
    EXPECT_EQ(value(SQL_DATA_SOURCE_READ_ONLY, facts), Value(std::string("N")));

    facts.mariadb = facts.read_only = true;
    facts.server_version = "10.11.6-MariaDB";
    facts.server_version_number = 101106;
    EXPECT_EQ(value(SQL_DBMS_NAME, facts), Value(std::string("MariaDB")));
    EXPECT_EQ(value(SQL_DBMS_VER, facts), Value(std::string("10.11.0006 10.11.6-MariaDB")));
    EXPECT_EQ(value(SQL_MAX_USER_NAME_LEN, facts), Value(u16(80)));
    EXPECT_EQ(value(SQL_MAX_COLUMNS_IN_INDEX, facts), Value(u16(32)));
    EXPECT_EQ(value(SQL_DATA_SOURCE_READ_ONLY, facts), Value(std::string("Y")));
}

TEST(GetInfo, OffersExplicitBatchesOnlyWithMultiStatements) {
    Facts facts;
    EXPECT_EQ(value(SQL_BATCH_SUPPORT, facts), Value(u32(SQL_BS_SELECT_PROC)));
    EXPECT_EQ(value(SQL_BATCH_ROW_COUNT, facts), Value(u32(0)));
    facts.multi_statements = true;
    EXPECT_EQ(value(SQL_BATCH_SUPPORT, facts),
              Value(u32(SQL_BS_SELECT_PROC | SQL_BS_SELECT_EXPLICIT | SQL_BS_ROW_COUNT_EXPLICIT)));
    EXPECT_EQ(value(SQL_BATCH_ROW_COUNT, facts), Value(u32(SQL_BRC_EXPLICIT)));
}

TEST(GetInfo, WritesTheDriversVersionInOdbcsForm) {
    const auto text = std::get<std::string>(value(SQL_DRIVER_VER));
    ASSERT_EQ(text.size(), 10u) << text;
    EXPECT_EQ(text[2], '.');
    EXPECT_EQ(text[5], '.');
}

std::set<std::string> words(const char* list) {
    std::set<std::string> out;
    std::istringstream in(list);
    for (std::string word; std::getline(in, word, ',');)
        EXPECT_TRUE(out.insert(word).second) << word;
    return out;
}

TEST(GetInfo, KeywordsAreNoneOfOdbcsOwn) {
    const auto odbc = words(SQL_ODBC_KEYWORDS);
    for (const std::string& word : words(keywords)) EXPECT_THAT(odbc, Not(Contains(word)));
    EXPECT_THAT(words(keywords), Contains("STRAIGHT_JOIN"));
}

}  // namespace
}  // namespace myfabric::info
