// Arrays of parameters: SQL_ATTR_PARAMSET_SIZE and what belongs to it.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Texts = std::vector<std::string>;

SQLPOINTER number(SQLULEN value) {
    return reinterpret_cast<SQLPOINTER>(value);
}

/// An array of (id, text), bound by column.
struct Rows {
    std::vector<SQLINTEGER> id;
    std::vector<std::array<char, 24>> text;
    std::vector<SQLLEN> length;
    std::vector<SQLUSMALLINT> status;
    SQLULEN processed = 0;

    explicit Rows(std::size_t count)
        : id(count), text(count), length(count, SQL_NTS), status(count, 99) {
        for (std::size_t i = 0; i < count; ++i) {
            id[i] = static_cast<SQLINTEGER>(i + 1);
            std::snprintf(text[i].data(), text[i].size(), "row %zu", i + 1);
        }
    }

    void bind(Query& query) {
        SQLSetStmtAttr(query, SQL_ATTR_PARAMSET_SIZE, number(id.size()), 0);
        SQLSetStmtAttr(query, SQL_ATTR_PARAM_STATUS_PTR, status.data(), 0);
        SQLSetStmtAttr(query, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed, 0);
        SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, id.data(), 0,
                         nullptr);
        SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 24, 0, text.data(),
                         sizeof text[0], length.data());
    }
};

SQLLEN row_count(const Query& query) {
    SQLLEN count = -7;
    EXPECT_EQ(SQL_SUCCESS, SQLRowCount(query, &count));
    return count;
}

class ParameterArrays : public testing::Test {
protected:
    void SetUp() override {
        link.open(server_string());
        create("InnoDB");
    }

    void create(const std::string& engine) {
        link.run("DROP TABLE IF EXISTS many");
        link.run(
            "CREATE TABLE many (id INT PRIMARY KEY, t VARCHAR(20), n INT AUTO_INCREMENT, "
            "KEY (n)) ENGINE=" +
            engine + " DEFAULT CHARSET=utf8mb4");
    }

    long long commands() {
        return std::stoll(link.rows("SHOW SESSION STATUS LIKE 'Questions'").at(0).substr(10));
    }

    Link link;
};

TEST_F(ParameterArrays, GoInFewCommands) {
    Rows rows(3000);
    Query query(link);
    rows.bind(query);
    ASSERT_OK(query, query.prepare("INSERT INTO many (id, t) VALUES (?, ?)"));
    const long long before = commands();
    EXPECT_EQ(SQL_SUCCESS, query.execute()) << query.text();
    EXPECT_LT(commands() - before, 30);
    EXPECT_EQ(3000, row_count(query));
    EXPECT_EQ(3000u, rows.processed);
    for (const SQLUSMALLINT status : rows.status) ASSERT_EQ(SQL_PARAM_SUCCESS, status);
    EXPECT_EQ("3000|4501500|row 3000",
              link.rows("SELECT COUNT(*), SUM(id), MAX(IF(id=3000,t,'')) FROM many").at(0));
    // Others than powers of two, and again with the statement that is prepared.
    link.run("DELETE FROM many");
    EXPECT_EQ(SQL_SUCCESS, query.execute()) << query.text();
    EXPECT_EQ("3000", link.value("SELECT COUNT(*) FROM many"));
}

TEST_F(ParameterArrays, KeepTheOtherRowsWhenSomeFail) {
    for (const char* engine : {"InnoDB", "MyISAM"}) {
        for (const bool autocommit : {true, false}) {
            create(engine);
            ASSERT_OK(link, link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{autocommit}));
            Rows rows(500);
            rows.id[99] = 1;
            rows.id[300] = 2;
            std::memcpy(rows.text[301].data(), "longer than the column", 23);
            link.run("SET sql_mode='STRICT_ALL_TABLES'");
            Query query(link);
            rows.bind(query);
            EXPECT_EQ(SQL_SUCCESS_WITH_INFO, query.run("INSERT INTO many (id, t) VALUES (?, ?)"));
            EXPECT_EQ(500u, rows.processed);
            for (std::size_t i = 0; i < 500; ++i) {
                const bool failed = i == 99 || i == 300 || i == 301;
                ASSERT_EQ(failed ? SQL_PARAM_ERROR : SQL_PARAM_SUCCESS, rows.status[i]) << i;
            }
            const auto records = diagnostics(SQL_HANDLE_STMT, query);
            ASSERT_EQ(3u, records.size());
            EXPECT_EQ("23000", records[0].state);
            EXPECT_EQ("23000", records[1].state);
            EXPECT_EQ("22001", records[2].state);
            const SQLLEN expected[] = {100, 301, 302};
            for (SQLSMALLINT i = 0; i < 3; ++i) {
                SQLLEN row = 0;
                SQLGetDiagField(SQL_HANDLE_STMT, query, static_cast<SQLSMALLINT>(i + 1),
                                SQL_DIAG_ROW_NUMBER, &row, 0, nullptr);
                EXPECT_EQ(expected[i], row);
            }
            EXPECT_EQ(497, row_count(query)) << engine;
            SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT);
            EXPECT_EQ("497", link.value("SELECT COUNT(*) FROM many")) << engine;
            SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT);
        }
    }
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_ON}));
}

TEST_F(ParameterArrays, FailWhenAllRowsFail) {
    link.run("INSERT INTO many (id) VALUES (1)");
    Rows rows(20);
    std::ranges::fill(rows.id, 1);
    Query query(link);
    rows.bind(query);
    EXPECT_STATE(query, "23000", query.run("INSERT INTO many (id, t) VALUES (?, ?)"));
    EXPECT_EQ(20u, diagnostics(SQL_HANDLE_STMT, query).size());
    for (const SQLUSMALLINT status : rows.status) EXPECT_EQ(SQL_PARAM_ERROR, status);
}

TEST_F(ParameterArrays, FailAloneWhereAValueCannotBeConverted) {
    Rows rows(10);
    Query query(link);
    rows.bind(query);
    std::array<char, 8> texts[10];
    for (int i = 0; i < 10; ++i) std::snprintf(texts[i].data(), 8, "%d", i + 1);
    std::memcpy(texts[4].data(), "five", 5);
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_INTEGER, 0, 0, texts, 8, nullptr);
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, query.run("INSERT INTO many (id, t) VALUES (?, ?)"));
    EXPECT_EQ("22018", query.state());
    EXPECT_EQ(SQL_PARAM_ERROR, rows.status[4]);
    EXPECT_EQ("9|50", link.rows("SELECT COUNT(*), SUM(id) FROM many").at(0));
}

TEST_F(ParameterArrays, UpdateAndDeleteCountAllRows) {
    Rows rows(100);
    {
        Query insert(link);
        rows.bind(insert);
        ASSERT_OK(insert, insert.run("INSERT INTO many (id, t) VALUES (?, ?)"));
    }
    Query query(link);
    rows.bind(query);
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 24, 0, rows.text.data(),
                     sizeof rows.text[0], rows.length.data());
    SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, rows.id.data(), 0,
                     nullptr);
    for (std::size_t i = 0; i < 50; ++i) rows.text[i][0] = 'R';
    ASSERT_OK(query, query.run("UPDATE many SET t = ? WHERE id = ?"));
    EXPECT_EQ(100, row_count(query));
    EXPECT_EQ("50", link.value("SELECT COUNT(*) FROM many WHERE BINARY t LIKE 'R%'"));
    rows.id[7] = 1000;
    ASSERT_OK(query, query.run("DELETE FROM many WHERE t = ? AND id = ?"));
    EXPECT_EQ(99, row_count(query));
    EXPECT_EQ("8", link.value("SELECT id FROM many"));
}

TEST_F(ParameterArrays, UpdateKeepsTheOtherRowsWhenOneFails) {
    link.run("INSERT INTO many (id, t) VALUES (1,'a'),(2,'b'),(3,'c')");
    for (const bool autocommit : {true, false}) {
        ASSERT_OK(link, link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{autocommit}));
        Rows rows(3);
        SQLINTEGER to[3] = {11, 3, 13};
        Query query(link);
        rows.bind(query);
        SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, to, 0, nullptr);
        SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, rows.id.data(),
                         0, nullptr);
        EXPECT_EQ(SQL_SUCCESS_WITH_INFO, query.run("UPDATE many SET id = ? WHERE id = ?"));
        EXPECT_EQ("23000", query.state()) << query.text();
        EXPECT_EQ(SQL_PARAM_ERROR, rows.status[1]);
        EXPECT_EQ(2, row_count(query));
        SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT);
        EXPECT_EQ((Texts{"2", "11", "13"}), link.rows("SELECT id FROM many ORDER BY id"));
        link.run("UPDATE many SET id = id - 10 WHERE id > 10");
        SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT);
    }
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_ON}));
}

TEST_F(ParameterArrays, OfEveryKindOfValueArriveAsOneByOne) {
    link.run("DROP TABLE IF EXISTS kinds");
    link.run(
        "CREATE TABLE kinds (id INT PRIMARY KEY, b BIGINT UNSIGNED, d DOUBLE, s DATETIME(6), "
        "t TIME, w VARCHAR(20), r VARBINARY(20), m DECIMAL(10,2)) ENGINE=InnoDB "
        "DEFAULT CHARSET=utf8mb4");
    constexpr std::size_t count = 5;
    struct Row {
        SQLINTEGER id;
        SQLUBIGINT big;
        SQLLEN big_length;
        SQLDOUBLE real;
        SQLLEN real_length;
        SQL_TIMESTAMP_STRUCT stamp;
        SQLLEN stamp_length;
        SQL_TIME_STRUCT time;
        SQLLEN time_length;
        SQLWCHAR wide[8];
        SQLLEN wide_length;
        unsigned char bytes[8];
        SQLLEN bytes_length;
        char decimal[12];
        SQLLEN decimal_length;
    } rows[count] = {};
    for (std::size_t i = 0; i < count; ++i) {
        Row& row = rows[i];
        row.id = static_cast<SQLINTEGER>(i);
        row.big = i == 3 ? 18000000000000000000u : i;
        row.real = 1.5 * static_cast<double>(i);
        row.stamp = {2026, 2, static_cast<SQLUSMALLINT>(i + 1), 3, 4, 5, 123456000};
        row.time = {1, 2, static_cast<SQLUSMALLINT>(i)};
        row.wide[0] = 0xD83D;
        row.wide[1] = 0xDE00;
        row.wide[2] = static_cast<SQLWCHAR>('a' + i);
        row.wide_length = SQL_NTS;
        row.bytes[0] = 0xFF;
        row.bytes[1] = static_cast<unsigned char>(i);
        row.bytes_length = 2;
        std::snprintf(row.decimal, sizeof row.decimal, "%zu.25", i);
        row.decimal_length = SQL_NTS;
    }
    rows[2].big_length = rows[2].real_length = rows[2].stamp_length = rows[2].time_length =
        rows[2].wide_length = rows[2].bytes_length = rows[2].decimal_length = SQL_NULL_DATA;
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_PARAM_BIND_TYPE, number(sizeof(Row)), 0);
    SQLSetStmtAttr(query, SQL_ATTR_PARAMSET_SIZE, number(count), 0);
    Row& r = rows[0];
    const auto bind = [&](SQLUSMALLINT n, SQLSMALLINT c, SQLSMALLINT sql, SQLULEN size,
                          SQLSMALLINT digits, void* value, SQLLEN capacity, SQLLEN* length) {
        EXPECT_EQ(SQL_SUCCESS, SQLBindParameter(query, n, SQL_PARAM_INPUT, c, sql, size, digits,
                                                value, capacity, length));
    };
    bind(1, SQL_C_SLONG, SQL_INTEGER, 0, 0, &r.id, 0, nullptr);
    bind(2, SQL_C_UBIGINT, SQL_BIGINT, 0, 0, &r.big, 0, &r.big_length);
    bind(3, SQL_C_DOUBLE, SQL_DOUBLE, 0, 0, &r.real, 0, &r.real_length);
    bind(4, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 26, 6, &r.stamp, 0, &r.stamp_length);
    bind(5, SQL_C_TYPE_TIME, SQL_TYPE_TIME, 8, 0, &r.time, 0, &r.time_length);
    bind(6, SQL_C_WCHAR, SQL_WVARCHAR, 20, 0, r.wide, sizeof r.wide, &r.wide_length);
    bind(7, SQL_C_BINARY, SQL_VARBINARY, 20, 0, r.bytes, sizeof r.bytes, &r.bytes_length);
    bind(8, SQL_C_CHAR, SQL_DECIMAL, 10, 2, r.decimal, sizeof r.decimal, &r.decimal_length);
    EXPECT_EQ(SQL_SUCCESS, query.run("INSERT INTO kinds VALUES (?,?,?,?,?,?,?,?)")) << query.text();
    EXPECT_EQ((Texts{"0|0|0|2026-02-01 03:04:05.123456|01:02:00|F09F988061|FF00|0.25",
                     "1|1|1.5|2026-02-02 03:04:05.123456|01:02:01|F09F988062|FF01|1.25",
                     "2|NULL|NULL|NULL|NULL|NULL|NULL|NULL",
                     "3|18000000000000000000|4.5|2026-02-04 03:04:05.123456|01:02:03|F09F988064|"
                     "FF03|3.25",
                     "4|4|6|2026-02-05 03:04:05.123456|01:02:04|F09F988065|FF04|4.25"}),
              link.rows("SELECT id, b, CAST(d AS CHAR), s, t, HEX(w), HEX(r), m FROM kinds "
                        "ORDER BY id"));
}

TEST_F(ParameterArrays, MayBeLargerThanOneCommand) {
    constexpr std::size_t size = 300 * 1024;
    constexpr std::size_t count = 40;
    link.run("DROP TABLE IF EXISTS large");
    link.run("CREATE TABLE large (t LONGTEXT) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
    std::string texts(size * count, 'x');
    std::vector<SQLLEN> lengths(count, size);
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_PARAMSET_SIZE, number(count), 0);
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, size, 0, texts.data(),
                     size, lengths.data());
    EXPECT_EQ(SQL_SUCCESS, query.run("INSERT INTO large VALUES (?)")) << query.text();
    EXPECT_EQ("40|12288000", link.rows("SELECT COUNT(*), SUM(LENGTH(t)) FROM large").at(0));
}

TEST_F(ParameterArrays, CountRowsOfUpsertsAsTheServerDoes) {
    link.run("INSERT INTO many (id, t) VALUES (2, 'old'), (4, 'old')");
    Rows rows(4);
    Query query(link);
    rows.bind(query);
    ASSERT_OK(query, query.run("INSERT INTO many (id, t) VALUES (?, ?) "
                               "ON DUPLICATE KEY UPDATE t = VALUES(t)"));
    EXPECT_EQ(6, row_count(query));  // two rows anew, and two changed that count twice
    EXPECT_EQ("4", link.value("SELECT COUNT(*) FROM many WHERE t LIKE 'row%'"));
    ASSERT_OK(query, query.run("REPLACE INTO many (id, t) VALUES (?, ?)"));
    EXPECT_EQ(8, row_count(query));
}

TEST_F(ParameterArrays, NumberRowsByAutoIncrementInOrder) {
    Rows rows(50);
    Query query(link);
    rows.bind(query);
    ASSERT_OK(query, query.run("INSERT INTO many (id, t) VALUES (?, ?)"));
    EXPECT_EQ("0", link.value("SELECT COUNT(*) FROM many a JOIN many b ON a.id < b.id "
                              "WHERE a.n >= b.n"));
}

TEST_F(ParameterArrays, WorkOnTemporaryTables) {
    link.run("CREATE TEMPORARY TABLE passing (id INT PRIMARY KEY, t VARCHAR(20)) ENGINE=InnoDB");
    Rows rows(200);
    rows.id[3] = 1;
    Query query(link);
    rows.bind(query);
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, query.run("INSERT INTO passing (id, t) VALUES (?, ?)"));
    EXPECT_EQ("199", link.value("SELECT COUNT(*) FROM passing"));
}

TEST_F(ParameterArrays, LeaveOutTheIgnoredSets) {
    Rows rows(6);
    SQLUSMALLINT operations[6] = {SQL_PARAM_PROCEED, SQL_PARAM_IGNORE,  SQL_PARAM_IGNORE,
                                  SQL_PARAM_PROCEED, SQL_PARAM_PROCEED, SQL_PARAM_IGNORE};
    Query query(link);
    rows.bind(query);
    SQLSetStmtAttr(query, SQL_ATTR_PARAM_OPERATION_PTR, operations, 0);
    ASSERT_OK(query, query.run("INSERT INTO many (id, t) VALUES (?, ?)"));
    EXPECT_EQ(3, row_count(query));
    EXPECT_EQ(6u, rows.processed);
    for (int i = 0; i < 6; ++i)
        EXPECT_EQ(operations[i] == SQL_PARAM_IGNORE ? SQL_PARAM_UNUSED : SQL_PARAM_SUCCESS,
                  rows.status[static_cast<std::size_t>(i)]);
    EXPECT_EQ((Texts{"1", "4", "5"}), link.rows("SELECT id FROM many ORDER BY id"));
}

// SQL_PARAM_ARRAY_SELECTS = SQL_PAS_BATCH: "There is one result set available per set of
// parameters."
TEST_F(ParameterArrays, GiveOneResultForEachSetOfAQuery) {
    link.run("INSERT INTO many (id, t) VALUES (1,'a'),(2,'b'),(3,'c')");
    SQLUINTEGER how = 0;
    ASSERT_OK(link, SQLGetInfo(link.handle(), SQL_PARAM_ARRAY_SELECTS, &how, sizeof how, nullptr));
    EXPECT_EQ(SQLUINTEGER{SQL_PAS_BATCH}, how);
    SQLINTEGER ids[3] = {3, 9, 1};
    SQLULEN processed = 0;
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_PARAMSET_SIZE, number(3), 0);
    SQLSetStmtAttr(query, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed, 0);
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, ids, 0, nullptr);
    ASSERT_OK(query, query.run("SELECT t FROM many WHERE id = ?"));
    EXPECT_EQ(Texts{"c"}, query.rows());
    ASSERT_OK(query, SQLMoreResults(query));
    EXPECT_EQ(Texts{}, query.rows());
    ASSERT_OK(query, SQLMoreResults(query));
    EXPECT_EQ(Texts{"a"}, query.rows());
    EXPECT_EQ(SQL_NO_DATA, SQLMoreResults(query));
    EXPECT_EQ(3u, processed);
}

TEST_F(ParameterArrays, TakeDataAtExecutionForEachSet) {
    SQLINTEGER ids[3] = {1, 2, 3};
    SQLLEN lengths[3] = {SQL_DATA_AT_EXEC, SQL_NTS, SQL_LEN_DATA_AT_EXEC(4)};
    char texts[3][8] = {"", "plain", ""};
    SQLUSMALLINT status[3] = {};
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_PARAMSET_SIZE, number(3), 0);
    SQLSetStmtAttr(query, SQL_ATTR_PARAM_STATUS_PTR, status, 0);
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, ids, 0, nullptr);
    SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 8, 0, texts, 8, lengths);
    EXPECT_EQ(SQL_NEED_DATA, query.run("INSERT INTO many (id, t) VALUES (?, ?)")) << query.text();
    SQLPOINTER which = nullptr;
    char one[] = "one";
    EXPECT_EQ(SQL_NEED_DATA, SQLParamData(query, &which)) << query.text();
    EXPECT_EQ(texts[0], which);
    ASSERT_OK(query, SQLPutData(query, one, SQL_NTS));
    // The first set is complete, the second needs nothing; the third waits.
    EXPECT_EQ(SQL_NEED_DATA, SQLParamData(query, &which)) << query.text();
    EXPECT_EQ(texts[2], which);
    ASSERT_OK(query, SQLPutData(query, one, 2));
    ASSERT_OK(query, SQLPutData(query, one, 2));
    EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, &which)) << query.text();
    EXPECT_EQ((Texts{"1|one", "2|plain", "3|onon"}),
              link.rows("SELECT id, t FROM many ORDER BY id"));
    for (const SQLUSMALLINT s : status) EXPECT_EQ(SQL_PARAM_SUCCESS, s);
}

}  // namespace
}  // namespace myfabric::test
