// One story of each server type: SQLDescribeCol, SQLColAttribute, the IRD, SQLColumns,
// SQLGetTypeInfo and SQLDescribeParam.
#include <gtest/gtest.h>

#include <cstring>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

constexpr SQLULEN kCap = 16777215;  // MaxLongSize
constexpr const char* kMariaDb = "mariadb";

/// A type as a program of W functions sees it; display, octets and column size in that order.
struct Sample {
    const char* column;
    const char* name;  // of the type
    SQLSMALLINT type;
    SQLULEN size;
    SQLSMALLINT digits;
    SQLLEN octets, display;
    bool is_unsigned;
    const char* prefix;
    SQLLEN searchable = SQL_PRED_SEARCHABLE;
    const char* only = nullptr;  // server kind
};
// clang-format off
const Sample kSamples[] = {
    {"TINYINT",             "TINYINT",            SQL_TINYINT,        3,    0, 1,    4,  false, ""},
    {"TINYINT UNSIGNED",    "TINYINT UNSIGNED",   SQL_TINYINT,        3,    0, 1,    3,  true,  ""},
    {"SMALLINT",            "SMALLINT",           SQL_SMALLINT,       5,    0, 2,    6,  false, ""},
    {"SMALLINT UNSIGNED",   "SMALLINT UNSIGNED",  SQL_SMALLINT,       5,    0, 2,    5,  true,  ""},
    {"MEDIUMINT",           "MEDIUMINT",          SQL_INTEGER,        7,    0, 4,    8,  false, ""},
    {"MEDIUMINT UNSIGNED",  "MEDIUMINT UNSIGNED", SQL_INTEGER,        8,    0, 4,    8,  true,  ""},
    {"INT",                 "INTEGER",            SQL_INTEGER,        10,   0, 4,    11, false, ""},
    {"INT UNSIGNED",        "INTEGER UNSIGNED",   SQL_INTEGER,        10,   0, 4,    10, true,  ""},
    {"BIGINT",              "BIGINT",             SQL_BIGINT,         19,   0, 20,   20, false, ""},
    {"BIGINT UNSIGNED",     "BIGINT UNSIGNED",    SQL_BIGINT,         20,   0, 20,   20, true,  ""},
    {"YEAR",                "YEAR",               SQL_SMALLINT,       4,    0, 2,    4,  true,  ""},
    {"DECIMAL(65,30)",      "DECIMAL",            SQL_DECIMAL,        65,  30, 67,   67, false, ""},
    {"DECIMAL(9,0)",        "DECIMAL",            SQL_DECIMAL,        9,    0, 11,   11, false, ""},
    {"DECIMAL(9,2) UNSIGNED", "DECIMAL UNSIGNED", SQL_DECIMAL,        9,    2, 11,   11, true,  ""},
    {"FLOAT",               "FLOAT",              SQL_REAL,           7,    0, 4,    14, false, ""},
    {"DOUBLE",              "DOUBLE",             SQL_DOUBLE,         15,   0, 8,    24, false, ""},
    {"BIT(1)",              "BIT",                SQL_BIT,            1,    0, 1,    1,  true,  "",   SQL_PRED_BASIC},
    {"BIT(12)",             "BIT",                SQL_BINARY,         2,    0, 2,    4,  true,  "0x", SQL_PRED_BASIC},
    {"BIT(64)",             "BIT",                SQL_BINARY,         8,    0, 8,    16, true,  "0x", SQL_PRED_BASIC},
    {"DATE",                "DATE",               SQL_TYPE_DATE,      10,   0, 6,    10, true,  "'"},
    {"TIME",                "TIME",               SQL_TYPE_TIME,      8,    0, 6,    10, true,  "'"},
    {"TIME(3)",             "TIME",               SQL_TYPE_TIME,      12,   3, 6,    14, true,  "'"},
    {"DATETIME",            "DATETIME",           SQL_TYPE_TIMESTAMP, 19,   0, 16,   19, true,  "'"},
    {"DATETIME(6)",         "DATETIME",           SQL_TYPE_TIMESTAMP, 26,   6, 16,   26, true,  "'"},
    {"TIMESTAMP(1) NULL",   "TIMESTAMP",          SQL_TYPE_TIMESTAMP, 21,   1, 16,   21, true,  "'"},
    {"CHAR(20)",            "CHAR",               SQL_WCHAR,          20,   0, 40,   20, true,  "'"},
    {"CHAR(20) CHARACTER SET latin1",             "CHAR", SQL_WCHAR,  20,   0, 40,   20, true,  "'"},
    {"VARCHAR(30)",         "VARCHAR",            SQL_WVARCHAR,       30,   0, 60,   30, true,  "'"},
    {"VARCHAR(30) CHARACTER SET ucs2",            "VARCHAR", SQL_WVARCHAR, 30, 0, 60, 30, true, "'"},
    {"LONGTEXT",            "LONGTEXT",           SQL_WLONGVARCHAR,   kCap, 0, 2 * kCap, kCap, true, "'"},
    {"BINARY(9)",           "BINARY",             SQL_BINARY,         9,    0, 9,    18, true,  "0x"},
    {"VARBINARY(60)",       "VARBINARY",          SQL_VARBINARY,      60,   0, 60,  120, true,  "0x"},
    {"TINYBLOB",            "TINYBLOB",           SQL_LONGVARBINARY,  255,  0, 255, 510, true,  "0x"},
    {"BLOB",                "BLOB",               SQL_LONGVARBINARY,  65535, 0, 65535, 131070, true, "0x"},
    {"LONGBLOB",            "LONGBLOB",           SQL_LONGVARBINARY,  kCap, 0, kCap, 2 * kCap, true, "0x"},
    {"ENUM('a','bcd')",     "ENUM",               SQL_WCHAR,          3,    0, 6,    3,  true,  "'"},
    {"SET('x','yz')",       "SET",                SQL_WCHAR,          4,    0, 8,    4,  true,  "'"},
    {"JSON",                "JSON",               SQL_WLONGVARCHAR,   kCap, 0, 2 * kCap, kCap, true, "'",  SQL_PRED_SEARCHABLE, kMariaDb},
    {"UUID",                "UUID",               SQL_WCHAR,          36,   0, 72,   36, true,  "'",  SQL_PRED_SEARCHABLE, kMariaDb},
    {"INET4",               "INET4",              SQL_WVARCHAR,       15,   0, 30,   15, true,  "'",  SQL_PRED_SEARCHABLE, kMariaDb},
    {"INET6",               "INET6",              SQL_WVARCHAR,       39,   0, 78,   39, true,  "'",  SQL_PRED_SEARCHABLE, kMariaDb},
};
// clang-format on

SQLRETURN open_wide(Link& link, const std::string& keys) {
    auto text = wide(keys);
    return SQLDriverConnectW(link.handle(), nullptr, text.data(), SQL_NTS, nullptr, 0, nullptr,
                             SQL_DRIVER_NOPROMPT);
}

class Types : public testing::Test {
protected:
    ~Types() override { SQLDisconnect(link.handle()); }
    void SetUp() override { ASSERT_OK(link, open_wide(link, server_string())); }

    static SQLLEN attribute(const Query& query, SQLUSMALLINT field) {
        SQLLEN value = -1;
        EXPECT_EQ(SQL_SUCCESS,
                  SQLColAttribute(query.handle(), 1, field, nullptr, 0, nullptr, &value))
            << "field " << field << "\n"
            << query.text();
        return value;
    }
    static std::string name(const Query& query, SQLUSMALLINT field) {
        SQLCHAR value[300] = {};
        EXPECT_EQ(SQL_SUCCESS,
                  SQLColAttribute(query.handle(), 1, field, value, sizeof value, nullptr, nullptr))
            << "field " << field << "\n"
            << query.text();
        return reinterpret_cast<char*>(value);
    }
    /// Fields of any integer type, widened.
    static SQLLEN field(SQLHDESC descriptor, SQLSMALLINT id) {
        SQLLEN value = 0;
        SQLINTEGER length = 0;
        EXPECT_EQ(SQL_SUCCESS, SQLGetDescField(descriptor, 1, id, &value, 0, &length)) << id;
        SQLSMALLINT small = 0;
        SQLINTEGER integer = 0;
        switch (length) {
            case sizeof small:
                std::memcpy(&small, &value, sizeof small);
                return small;
            case sizeof integer:
                std::memcpy(&integer, &value, sizeof integer);
                return integer;
            default:
                return value;
        }
    }

    Link link;
};

TEST_F(Types, AllFunctionsTellOneStory) {
    for (const Sample& sample : kSamples) {
        if (sample.only && server_kind() != sample.only) continue;
        SCOPED_TRACE(sample.column);
        link.run("DROP TABLE IF EXISTS typed");
        link.run(std::string("CREATE TABLE typed (v ") + sample.column + ") CHARACTER SET utf8mb4");
        Query query(link);
        ASSERT_OK(query, query.prepare("SELECT v FROM typed"));
        for (const bool executed : {false, true}) {
            SCOPED_TRACE(executed ? "executed" : "prepared");
            if (executed) {
                ASSERT_OK(query, query.execute());
            }
            SQLSMALLINT type = 0, digits = -1, nullable = -1;
            SQLULEN size = 0;
            EXPECT_EQ(SQL_SUCCESS, SQLDescribeCol(query, 1, nullptr, 0, nullptr, &type, &size,
                                                  &digits, &nullable));
            EXPECT_EQ(sample.type, type);
            EXPECT_EQ(sample.size, size);
            EXPECT_EQ(sample.digits, digits);
            EXPECT_EQ(SQL_NULLABLE, nullable);
            EXPECT_EQ(sample.name, name(query, SQL_DESC_TYPE_NAME));
            EXPECT_EQ(sample.prefix, name(query, SQL_DESC_LITERAL_PREFIX));
            EXPECT_EQ(sample.type, attribute(query, SQL_DESC_CONCISE_TYPE));
            EXPECT_EQ(sample.size, static_cast<SQLULEN>(attribute(query, SQL_DESC_LENGTH)));
            EXPECT_EQ(sample.octets, attribute(query, SQL_DESC_OCTET_LENGTH));
            EXPECT_EQ(sample.display, attribute(query, SQL_DESC_DISPLAY_SIZE));
            EXPECT_EQ(sample.is_unsigned, attribute(query, SQL_DESC_UNSIGNED) == SQL_TRUE);
            EXPECT_EQ(sample.searchable, attribute(query, SQL_DESC_SEARCHABLE));
            EXPECT_EQ(SQL_FALSE, attribute(query, SQL_DESC_AUTO_UNIQUE_VALUE));
            SQLHDESC ird = SQL_NULL_HDESC;
            SQLGetStmtAttr(query, SQL_ATTR_IMP_ROW_DESC, &ird, SQL_IS_POINTER, nullptr);
            for (const int id :
                 {SQL_DESC_CONCISE_TYPE, SQL_DESC_TYPE, SQL_DESC_DATETIME_INTERVAL_CODE,
                  SQL_DESC_LENGTH, SQL_DESC_OCTET_LENGTH, SQL_DESC_PRECISION, SQL_DESC_SCALE,
                  SQL_DESC_DISPLAY_SIZE, SQL_DESC_NULLABLE, SQL_DESC_UNSIGNED, SQL_DESC_SEARCHABLE,
                  SQL_DESC_UPDATABLE, SQL_DESC_AUTO_UNIQUE_VALUE, SQL_DESC_CASE_SENSITIVE,
                  SQL_DESC_FIXED_PREC_SCALE, SQL_DESC_NUM_PREC_RADIX, SQL_DESC_UNNAMED,
                  SQL_DESC_ROWVER})
                EXPECT_EQ(attribute(query, static_cast<SQLUSMALLINT>(id)),
                          field(ird, static_cast<SQLSMALLINT>(id)))
                    << "field " << id;
            query.close();
        }
        // SQLColumns
        Query columns(link);
        auto table = wide("typed");
        ASSERT_OK(columns,
                  SQLColumnsW(columns, nullptr, 0, nullptr, 0, table.data(), SQL_NTS, nullptr, 0));
        ASSERT_OK(columns, columns.fetch());
        EXPECT_EQ(std::to_string(sample.type), columns.get(5));
        EXPECT_EQ(sample.name, columns.get(6));
        EXPECT_EQ(std::to_string(sample.size), columns.get(7));
        EXPECT_EQ(std::to_string(sample.octets), columns.get(8));
        if (sample.digits) {
            EXPECT_EQ(std::to_string(sample.digits), columns.get(9));
        }
        // SQLGetTypeInfo names the type among those of its code
        Query info(link);
        ASSERT_OK(info, SQLGetTypeInfo(info, sample.type));
        bool found = false;
        while (SQL_SUCCEEDED(info.fetch())) found = found || info.get(1) == sample.name;
        const bool special = sample.only && std::strcmp(sample.name, "JSON") != 0;
        EXPECT_TRUE(found || special) << "SQLGetTypeInfo does not name " << sample.name;
        // SQLDescribeParam
        Query insert(link);
        ASSERT_OK(insert, insert.prepare("INSERT INTO typed VALUES (?)"));
        SQLSMALLINT type = 0, digits = -1, nullable = -1;
        SQLULEN size = 0;
        EXPECT_EQ(SQL_SUCCESS, SQLDescribeParam(insert, 1, &type, &size, &digits, &nullable))
            << insert.text();
        EXPECT_EQ(sample.type, type);
        EXPECT_EQ(sample.size == kCap ? 0 : sample.size, size);  // a type without a limit
        EXPECT_EQ(sample.digits, digits);
    }
}

TEST_F(Types, ProgramsOfBytesGetNarrowTypesWithRoomForUtf8) {
    Link narrow;
    narrow.open(server_string());
    narrow.run("DROP TABLE IF EXISTS typed");
    narrow.run("CREATE TABLE typed (v VARCHAR(30), c CHAR(5), t LONGTEXT) CHARACTER SET utf8mb4");
    Query query(narrow);
    ASSERT_OK(query, query.run("SELECT v FROM typed"));
    SQLSMALLINT type = 0;
    SQLULEN size = 0;
    SQLDescribeCol(query, 1, nullptr, 0, nullptr, &type, &size, nullptr, nullptr);
    EXPECT_EQ(SQL_VARCHAR, type);
    EXPECT_EQ(30u, size);
    EXPECT_EQ(120, attribute(query, SQL_DESC_OCTET_LENGTH));
    EXPECT_EQ(30, attribute(query, SQL_DESC_DISPLAY_SIZE));
    EXPECT_EQ((std::vector<std::string>{"12|30|120", "1|5|20", "-1|16777215|16777215"}), [&] {
        std::vector<std::string> rows;
        Query columns(narrow);
        SQLCHAR table[] = "typed";
        SQLColumns(columns, nullptr, 0, nullptr, 0, table, SQL_NTS, nullptr, 0);
        while (SQL_SUCCEEDED(columns.fetch()))
            rows.push_back(*columns.get(5) + "|" + *columns.get(7) + "|" + *columns.get(8));
        return rows;
    }());
}

TEST_F(Types, AKeyHasProgramsAllocateBytesOfWhatIsDisplayed) {
    Link narrow;
    narrow.open(server_string("DisplayBytes=1;"));
    Query query(narrow);
    ASSERT_OK(query, query.run("SELECT CAST('x' AS CHAR(30))"));
    EXPECT_EQ(30, attribute(query, SQL_DESC_LENGTH));
    EXPECT_EQ(120, attribute(query, SQL_DESC_OCTET_LENGTH));
    EXPECT_EQ(120, attribute(query, SQL_DESC_DISPLAY_SIZE));
}

TEST_F(Types, AKeyCapsTheSizesOfLongTypes) {
    Link capped;
    ASSERT_OK(capped, open_wide(capped, server_string("MaxLongSize=1000;")));
    capped.run("DROP TABLE IF EXISTS typed");
    capped.run("CREATE TABLE typed (v LONGTEXT, b LONGBLOB) CHARACTER SET utf8mb4");
    {
        Query query(capped);
        ASSERT_OK(query, query.run("SELECT v FROM typed"));
        SQLULEN size = 0;
        SQLDescribeCol(query, 1, nullptr, 0, nullptr, nullptr, &size, nullptr, nullptr);
        EXPECT_EQ(1000u, size);
        EXPECT_EQ(2000, attribute(query, SQL_DESC_OCTET_LENGTH));
        query.close();
        SQLCHAR table[] = "typed";
        ASSERT_OK(query, SQLColumns(query, nullptr, 0, nullptr, 0, table, SQL_NTS, nullptr, 0));
        for (int i = 0; i < 2; ++i) {
            ASSERT_OK(query, query.fetch());
            EXPECT_EQ("1000", query.get(7));
        }
    }
    SQLDisconnect(capped.handle());
}

TEST_F(Types, ExpressionsHaveUsefulTypes) {
    link.run("DROP TABLE IF EXISTS typed");
    link.run("CREATE TABLE typed (i INT, v VARCHAR(30), d DECIMAL(9,2)) CHARACTER SET utf8mb4");
    struct Expression {
        const char* sql;
        SQLSMALLINT type;
    };
    const Expression expressions[] = {
        {"COUNT(*)", SQL_BIGINT},
        {"SUM(i)", SQL_DECIMAL},
        {"AVG(d)", SQL_DECIMAL},
        {"MAX(v)", SQL_WVARCHAR},
        {"MIN(i)", SQL_INTEGER},
        {"CONCAT(v, 'x')", SQL_WVARCHAR},
        {"UPPER(v)", SQL_WVARCHAR},
        {"NOW()", SQL_TYPE_TIMESTAMP},
        {"CURDATE()", SQL_TYPE_DATE},
        {"1.5", SQL_DECIMAL},
        {"1e0", SQL_DOUBLE},
        {"'text'", SQL_WVARCHAR},
        {"IFNULL(d, 0)", SQL_DECIMAL},
        {"SQRT(2)", SQL_DOUBLE},
        {"CAST('1' AS CHAR(3))", SQL_WVARCHAR},
        {"DATABASE()", SQL_WVARCHAR},
        {"x'0102'", SQL_VARBINARY},
    };
    for (const Expression& expression : expressions) {
        Query query(link);
        ASSERT_OK(query, query.run(std::string("SELECT ") + expression.sql + " FROM typed"));
        EXPECT_EQ(expression.type, attribute(query, SQL_DESC_CONCISE_TYPE)) << expression.sql;
    }
    Query query(link);
    ASSERT_OK(query, query.run("SELECT NULL"));
    EXPECT_EQ(SQL_WVARCHAR, attribute(query, SQL_DESC_CONCISE_TYPE));
}

TEST_F(Types, KeysCasesAndZeroDatesAreTold) {
    link.run("DROP TABLE IF EXISTS typed");
    link.run(
        "CREATE TABLE typed (id INT AUTO_INCREMENT PRIMARY KEY, "
        "a VARCHAR(9) COLLATE utf8mb4_bin, b VARCHAR(9), d DATE, m DATETIME, t TIME) "
        "CHARACTER SET utf8mb4");
    link.run("SET sql_mode = ''");
    link.run(
        "INSERT INTO typed VALUES (1, 'a', 'b', '0000-00-00', '2020-00-00 00:00:00', "
        "'-838:59:59')");
    Query query(link);
    ASSERT_OK(query, query.run("SELECT id FROM typed"));
    EXPECT_EQ(SQL_TRUE, attribute(query, SQL_DESC_AUTO_UNIQUE_VALUE));
    query.close();
    ASSERT_OK(query, query.run("SELECT a FROM typed"));
    EXPECT_EQ(SQL_TRUE, attribute(query, SQL_DESC_CASE_SENSITIVE));
    query.close();
    ASSERT_OK(query, query.run("SELECT b FROM typed"));
    EXPECT_EQ(SQL_FALSE, attribute(query, SQL_DESC_CASE_SENSITIVE));
    EXPECT_EQ((std::vector<std::string>{"0000-00-00|2020-00-00 00:00:00|-838:59:59"}),
              link.rows("SELECT d, m, t FROM typed"));
}

}  // namespace
}  // namespace myfabric::test
