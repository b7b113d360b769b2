// SQLGetInfo, SQLGetFunctions, SQLGetTypeInfo.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "odbc/information_texts.h"
#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

class Info : public testing::Test {
protected:
    void SetUp() override { link.open(server_string()); }

    SQLUINTEGER mask(SQLUSMALLINT type) {
        SQLUINTEGER value = 0;
        SQLSMALLINT length = 0;
        EXPECT_EQ(SQL_SUCCESS, SQLGetInfo(link.handle(), type, &value, sizeof value, &length))
            << type;
        EXPECT_EQ(sizeof value, static_cast<std::size_t>(length)) << type;
        return value;
    }
    SQLUSMALLINT number(SQLUSMALLINT type) {
        SQLUSMALLINT value = 0;
        SQLSMALLINT length = 0;
        EXPECT_EQ(SQL_SUCCESS, SQLGetInfo(link.handle(), type, &value, sizeof value, &length))
            << type;
        EXPECT_EQ(sizeof value, static_cast<std::size_t>(length)) << type;
        return value;
    }
    std::string text(SQLUSMALLINT type) {
        SQLCHAR value[8000] = {};
        SQLSMALLINT length = 0;
        EXPECT_EQ(SQL_SUCCESS, SQLGetInfo(link.handle(), type, value, sizeof value, &length))
            << type;
        const std::string found = reinterpret_cast<char*>(value);
        EXPECT_EQ(found.size(), static_cast<std::size_t>(length)) << type;
        SQLWCHAR wide_value[8000] = {};
        EXPECT_EQ(SQL_SUCCESS,
                  SQLGetInfoW(link.handle(), type, wide_value, sizeof wide_value, &length))
            << type;
        EXPECT_EQ(2 * found.size(), static_cast<std::size_t>(length)) << type;
        return found;
    }

    Link link;
};

TEST_F(Info, EveryTypeAnswersInItsOwnForm) {
    for (const SQLUSMALLINT type : information_texts) text(type);
    text(SQL_ODBC_VER);
    for (const int type : {SQL_ACTIVE_ENVIRONMENTS,
                           SQL_CATALOG_LOCATION,
                           SQL_CONCAT_NULL_BEHAVIOR,
                           SQL_CORRELATION_NAME,
                           SQL_CURSOR_COMMIT_BEHAVIOR,
                           SQL_CURSOR_ROLLBACK_BEHAVIOR,
                           SQL_FILE_USAGE,
                           SQL_GROUP_BY,
                           SQL_IDENTIFIER_CASE,
                           SQL_MAX_CATALOG_NAME_LEN,
                           SQL_MAX_COLUMN_NAME_LEN,
                           SQL_MAX_COLUMNS_IN_GROUP_BY,
                           SQL_MAX_COLUMNS_IN_INDEX,
                           SQL_MAX_COLUMNS_IN_ORDER_BY,
                           SQL_MAX_COLUMNS_IN_SELECT,
                           SQL_MAX_COLUMNS_IN_TABLE,
                           SQL_MAX_CONCURRENT_ACTIVITIES,
                           SQL_MAX_CURSOR_NAME_LEN,
                           SQL_MAX_DRIVER_CONNECTIONS,
                           SQL_MAX_IDENTIFIER_LEN,
                           SQL_MAX_PROCEDURE_NAME_LEN,
                           SQL_MAX_SCHEMA_NAME_LEN,
                           SQL_MAX_TABLE_NAME_LEN,
                           SQL_MAX_TABLES_IN_SELECT,
                           SQL_MAX_USER_NAME_LEN,
                           SQL_NON_NULLABLE_COLUMNS,
                           SQL_NULL_COLLATION,
                           SQL_QUOTED_IDENTIFIER_CASE,
                           SQL_TXN_CAPABLE})
        number(static_cast<SQLUSMALLINT>(type));
    for (const int type : {SQL_AGGREGATE_FUNCTIONS,
                           SQL_ALTER_DOMAIN,
                           SQL_ALTER_TABLE,
                           SQL_ASYNC_DBC_FUNCTIONS,
                           SQL_ASYNC_MODE,
                           SQL_BATCH_ROW_COUNT,
                           SQL_BATCH_SUPPORT,
                           SQL_BOOKMARK_PERSISTENCE,
                           SQL_CATALOG_USAGE,
                           SQL_CONVERT_BIGINT,
                           SQL_CONVERT_FUNCTIONS,
                           SQL_CREATE_TABLE,
                           SQL_CREATE_VIEW,
                           SQL_CURSOR_SENSITIVITY,
                           SQL_DATETIME_LITERALS,
                           SQL_DDL_INDEX,
                           SQL_DEFAULT_TXN_ISOLATION,
                           SQL_DROP_TABLE,
                           SQL_DROP_VIEW,
                           SQL_DYNAMIC_CURSOR_ATTRIBUTES1,
                           SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES1,
                           SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES2,
                           SQL_GETDATA_EXTENSIONS,
                           SQL_INDEX_KEYWORDS,
                           SQL_INFO_SCHEMA_VIEWS,
                           SQL_INSERT_STATEMENT,
                           SQL_KEYSET_CURSOR_ATTRIBUTES1,
                           SQL_MAX_BINARY_LITERAL_LEN,
                           SQL_MAX_CHAR_LITERAL_LEN,
                           SQL_MAX_INDEX_SIZE,
                           SQL_MAX_ROW_SIZE,
                           SQL_MAX_STATEMENT_LEN,
                           SQL_NUMERIC_FUNCTIONS,
                           SQL_ODBC_INTERFACE_CONFORMANCE,
                           SQL_OJ_CAPABILITIES,
                           SQL_PARAM_ARRAY_ROW_COUNTS,
                           SQL_PARAM_ARRAY_SELECTS,
                           SQL_SCHEMA_USAGE,
                           SQL_SCROLL_OPTIONS,
                           SQL_SQL_CONFORMANCE,
                           SQL_SQL92_PREDICATES,
                           SQL_STANDARD_CLI_CONFORMANCE,
                           SQL_STATIC_CURSOR_ATTRIBUTES1,
                           SQL_STRING_FUNCTIONS,
                           SQL_SUBQUERIES,
                           SQL_SYSTEM_FUNCTIONS,
                           SQL_TIMEDATE_ADD_INTERVALS,
                           SQL_TIMEDATE_FUNCTIONS,
                           SQL_TXN_ISOLATION_OPTION,
                           SQL_UNION})
        mask(static_cast<SQLUSMALLINT>(type));
}

TEST_F(Info, UnknownTypesAndShortBuffersAreTold) {
    SQLCHAR value[4];
    SQLSMALLINT length = 0;
    EXPECT_STATE(link, "HY096", SQLGetInfo(link.handle(), 64999, value, sizeof value, &length));
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO,
              SQLGetInfo(link.handle(), SQL_DBMS_NAME, value, sizeof value, &length));
    EXPECT_EQ("01004", link.state());
    EXPECT_EQ(3u, std::strlen(reinterpret_cast<char*>(value)));
    EXPECT_EQ(server_kind() == "mariadb" ? 7 : 5, length);
}

// Whatever has its bit runs, and the text of each is that of Appendix E.
TEST_F(Info, ScalarFunctionsThatAreToldCanBeCalled) {
    struct Function {
        SQLUSMALLINT type;
        SQLUINTEGER bit;
        const char* call;
    };
    const Function functions[] = {
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_ASCII, "ASCII('a')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_BIT_LENGTH, "BIT_LENGTH('a')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_CHAR, "CHAR(65)"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_CHAR_LENGTH, "CHAR_LENGTH('a')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_CHARACTER_LENGTH, "CHARACTER_LENGTH('a')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_CONCAT, "CONCAT('a', 'b')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_DIFFERENCE, "DIFFERENCE('a', 'b')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_INSERT, "INSERT('abc', 1, 1, 'x')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_LCASE, "LCASE('A')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_LEFT, "LEFT('abc', 1)"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_LENGTH, "LENGTH('abc')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_LOCATE, "LOCATE('b', 'abc')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_LTRIM, "LTRIM(' a')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_OCTET_LENGTH, "OCTET_LENGTH('a')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_POSITION, "POSITION('a' IN 'ba')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_REPEAT, "REPEAT('a', 2)"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_REPLACE, "REPLACE('a', 'a', 'b')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_RIGHT, "RIGHT('abc', 1)"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_RTRIM, "RTRIM('a ')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_SOUNDEX, "SOUNDEX('a')"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_SPACE, "SPACE(2)"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_SUBSTRING, "SUBSTRING('abc', 2, 1)"},
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_UCASE, "UCASE('a')"},
        {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_ABS, "ABS(-1)"},
        {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_ATAN2, "ATAN2(1, 2)"},
        {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_CEILING, "CEILING(1.5)"},
        {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_COT, "COT(1)"},
        {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_LOG, "LOG(2)"},
        {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_LOG10, "LOG10(2)"},
        {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_MOD, "MOD(5, 3)"},
        {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_PI, "PI()"},
        {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_POWER, "POWER(2, 3)"},
        {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_RAND, "RAND(1)"},
        {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_ROUND, "ROUND(1.55, 1)"},
        {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_TRUNCATE, "TRUNCATE(1.55, 1)"},
        {SQL_SYSTEM_FUNCTIONS, SQL_FN_SYS_DBNAME, "DATABASE()"},
        {SQL_SYSTEM_FUNCTIONS, SQL_FN_SYS_IFNULL, "IFNULL(NULL, 1)"},
        {SQL_SYSTEM_FUNCTIONS, SQL_FN_SYS_USERNAME, "USER()"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_CURRENT_DATE, "CURRENT_DATE()"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_CURRENT_TIME, "CURRENT_TIME()"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_CURRENT_TIMESTAMP, "CURRENT_TIMESTAMP()"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_CURDATE, "CURDATE()"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_CURTIME, "CURTIME()"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_DAYNAME, "DAYNAME(NOW())"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_DAYOFWEEK, "DAYOFWEEK(NOW())"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_EXTRACT, "EXTRACT(YEAR FROM NOW())"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_HOUR, "HOUR(NOW())"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_MONTHNAME, "MONTHNAME(NOW())"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_QUARTER, "QUARTER(NOW())"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_TIMESTAMPADD, "TIMESTAMPADD(SQL_TSI_DAY, 1, NOW())"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_TIMESTAMPDIFF,
         "TIMESTAMPDIFF(SQL_TSI_HOUR, NOW(), NOW())"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_WEEK, "WEEK(NOW())"},
        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_YEAR, "YEAR(NOW())"},
    };
    for (const char* mode : {"", "ANSI", "NO_BACKSLASH_ESCAPES", "PIPES_AS_CONCAT,IGNORE_SPACE"}) {
        link.run("SET SESSION sql_mode = '" + std::string(mode) + "'");
        for (const Function& function : functions) {
            Query query(link);
            const bool runs =
                SQL_SUCCEEDED(query.run(std::string("SELECT {fn ") + function.call + "}"));
            EXPECT_EQ((mask(function.type) & function.bit) != 0, runs)
                << mode << " " << function.call << "\n"
                << query.text();
        }
    }
}

TEST_F(Info, IndexesHaveAsManyColumnsAsAreTold) {
    SQLUSMALLINT most = 0;
    ASSERT_OK(link, SQLGetInfo(link.handle(), SQL_MAX_COLUMNS_IN_INDEX, &most, 0, nullptr));
    for (const unsigned columns : {most + 0U, most + 1U}) {
        std::string definitions, names;
        for (unsigned i = 0; i < columns; ++i) {
            definitions += "c" + std::to_string(i) + " INT, ";
            names += (i ? ", c" : "c") + std::to_string(i);
        }
        Query query(link);
        EXPECT_EQ(
            columns == most ? SQL_SUCCESS : SQL_ERROR,
            query.run("CREATE TEMPORARY TABLE indexed (" + definitions + "KEY (" + names + "))"))
            << columns;
        link.run("DROP TEMPORARY TABLE IF EXISTS indexed");
    }
}

TEST_F(Info, FunctionsAreThoseThatTheDriverExports) {
    if (!driver_file()) return;  // linked directly there is no list of exports to compare with
    struct Function {
        SQLUSMALLINT id;
        const char* name;
    };
    const Function functions[] = {
        {SQL_API_SQLALLOCHANDLE, "SQLAllocHandle"},
        {SQL_API_SQLBINDCOL, "SQLBindCol"},
        {SQL_API_SQLBINDPARAMETER, "SQLBindParameter"},
        {SQL_API_SQLBULKOPERATIONS, "SQLBulkOperations"},
        {SQL_API_SQLBROWSECONNECT, "SQLBrowseConnect"},
        {SQL_API_SQLBULKOPERATIONS, "SQLBulkOperations"},
        {SQL_API_SQLCANCEL, "SQLCancel"},
        {SQL_API_SQLCLOSECURSOR, "SQLCloseCursor"},
        {SQL_API_SQLCOLATTRIBUTE, "SQLColAttribute"},
        {SQL_API_SQLCOLUMNPRIVILEGES, "SQLColumnPrivileges"},
        {SQL_API_SQLCOLUMNS, "SQLColumns"},
        {SQL_API_SQLCOPYDESC, "SQLCopyDesc"},
        {SQL_API_SQLDESCRIBECOL, "SQLDescribeCol"},
        {SQL_API_SQLDESCRIBEPARAM, "SQLDescribeParam"},
        {SQL_API_SQLEXTENDEDFETCH, "SQLExtendedFetch"},
        {SQL_API_SQLFETCHSCROLL, "SQLFetchScroll"},
        {SQL_API_SQLFOREIGNKEYS, "SQLForeignKeys"},
        {SQL_API_SQLGETCURSORNAME, "SQLGetCursorName"},
        {SQL_API_SQLGETDATA, "SQLGetData"},
        {SQL_API_SQLGETDESCFIELD, "SQLGetDescField"},
        {SQL_API_SQLGETDESCREC, "SQLGetDescRec"},
        {SQL_API_SQLGETDIAGFIELD, "SQLGetDiagField"},
        {SQL_API_SQLGETTYPEINFO, "SQLGetTypeInfo"},
        {SQL_API_SQLMORERESULTS, "SQLMoreResults"},
        {SQL_API_SQLNATIVESQL, "SQLNativeSql"},
        {SQL_API_SQLNUMPARAMS, "SQLNumParams"},
        {SQL_API_SQLPARAMDATA, "SQLParamData"},
        {SQL_API_SQLPROCEDURECOLUMNS, "SQLProcedureColumns"},
        {SQL_API_SQLPUTDATA, "SQLPutData"},
        {SQL_API_SQLROWCOUNT, "SQLRowCount"},
        {SQL_API_SQLSETCURSORNAME, "SQLSetCursorName"},
        {SQL_API_SQLSETDESCFIELD, "SQLSetDescField"},
        {SQL_API_SQLSETDESCREC, "SQLSetDescRec"},
        {SQL_API_SQLSETPOS, "SQLSetPos"},
        {SQL_API_SQLSPECIALCOLUMNS, "SQLSpecialColumns"},
        {SQL_API_SQLSTATISTICS, "SQLStatistics"},
        {SQL_API_SQLTABLEPRIVILEGES, "SQLTablePrivileges"},
        {SQL_API_SQLTABLES, "SQLTables"},
    };
    void* library = dlopen(driver_file(), RTLD_NOW);
    ASSERT_TRUE(library) << dlerror();
    SQLUSMALLINT all[SQL_API_ODBC3_ALL_FUNCTIONS_SIZE] = {};
    EXPECT_EQ(SQL_SUCCESS, SQLGetFunctions(link.handle(), SQL_API_ODBC3_ALL_FUNCTIONS, all));
    for (const Function& function : functions) {
        SQLUSMALLINT supported = SQL_FALSE;
        EXPECT_EQ(SQL_SUCCESS, SQLGetFunctions(link.handle(), function.id, &supported));
        EXPECT_EQ(dlsym(library, function.name) != nullptr, supported == SQL_TRUE) << function.name;
        EXPECT_EQ(supported == SQL_TRUE, SQL_FUNC_EXISTS(all, function.id) == SQL_TRUE)
            << function.name;
    }
    dlclose(library);
}

TEST_F(Info, TypeInfoIsOrderedAndKnowsEachTypeOfTheReference) {
    Query query(link);
    ASSERT_OK(query, SQLGetTypeInfo(query, SQL_ALL_TYPES));
    int last = -1000;
    std::set<std::string> names;
    while (SQL_SUCCEEDED(query.fetch())) {
        names.insert(*query.get(1));
        const int type = std::stoi(*query.get(2));
        EXPECT_LE(last, type);
        last = type;
    }
    for (const char* name :
         {"BIGINT UNSIGNED", "BIT", "DATETIME", "DECIMAL", "DOUBLE", "ENUM", "FLOAT", "INTEGER",
          "JSON", "LONGBLOB", "LONGTEXT", "SET", "TIME", "TIMESTAMP", "VARCHAR", "YEAR"})
        EXPECT_EQ(1u, names.count(name)) << name;
    query.close();
    EXPECT_STATE(query, "HY004", SQLGetTypeInfo(query, 1234));
    ASSERT_OK(query, SQLGetTypeInfo(query, SQL_GUID));
    EXPECT_EQ(SQL_NO_DATA, query.fetch());
}

}  // namespace
}  // namespace myfabric::test
