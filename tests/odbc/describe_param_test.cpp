// SQLDescribeParam: the type of the column, argument or expression that a parameter meets.
#include <gtest/gtest.h>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

struct Described {
    SQLSMALLINT type = 0;
    SQLULEN size = 0;
    SQLSMALLINT digits = -1;
    SQLSMALLINT nullable = -1;
    bool operator==(const Described&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Described& d) {
    return out << "type " << d.type << ", size " << d.size << ", digits " << d.digits
               << ", nullable " << d.nullable;
}

constexpr Described id{SQL_INTEGER, 10, 0, SQL_NO_NULLS};
constexpr Described title{SQL_WVARCHAR, 40, 0, SQL_NULLABLE};
constexpr Described price{SQL_DECIMAL, 10, 2, SQL_NULLABLE};
constexpr Described made{SQL_TYPE_TIMESTAMP, 23, 3, SQL_NULLABLE};
constexpr Described raw{SQL_VARBINARY, 20, 0, SQL_NULLABLE};
constexpr Described note{SQL_WVARCHAR, 7, 0, SQL_NO_NULLS};

struct Sample {
    const char* sql;
    std::vector<Described> parameters;
};

class DescribeParam : public testing::Test {
protected:
    void SetUp() override {
        link.open(server_string());
        link.run("DROP TABLE IF EXISTS goods, notes");
        link.run(
            "CREATE TABLE goods (id INT NOT NULL PRIMARY KEY, title VARCHAR(40), "
            "price DECIMAL(10,2), made DATETIME(3) NULL, raw VARBINARY(20)) "
            "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
        link.run(
            "CREATE TABLE notes (goods_id INT NOT NULL, `a note` VARCHAR(7) NOT NULL) "
            "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
    }

    std::vector<Described> describe(const std::string& sql) {
        Query query(link);
        EXPECT_TRUE(SQL_SUCCEEDED(query.prepare(sql))) << sql << "\n" << query.text();
        SQLSMALLINT count = 0;
        SQLNumParams(query, &count);
        std::vector<Described> found(static_cast<std::size_t>(count));
        for (std::size_t i = 0; i < found.size(); ++i) {
            Described& d = found[i];
            EXPECT_EQ(SQL_SUCCESS, SQLDescribeParam(query, static_cast<SQLUSMALLINT>(i + 1),
                                                    &d.type, &d.size, &d.digits, &d.nullable))
                << sql << "\n"
                << query.text();
            // Which of the two texts have depends on the application, as in SQLDescribeCol.
            if (d.type == SQL_VARCHAR) d.type = SQL_WVARCHAR;
        }
        return found;
    }

    Link link;
};

TEST_F(DescribeParam, TellsTheTypeOfTheColumn) {
    const Sample samples[] = {
        {"INSERT INTO goods VALUES (?,?,?,?,?)", {id, title, price, made, raw}},
        {"INSERT INTO goods (price, id) VALUES (?, ?)", {price, id}},
        {"INSERT INTO goods (id, title) VALUES (?, ?), (?, ?)", {id, title, id, title}},
        {"INSERT INTO goods SET title = ?, id = ?", {title, id}},
        {"INSERT INTO goods (id, title) VALUES (?, ?) ON DUPLICATE KEY UPDATE price = ?",
         {id, title, price}},
        {"REPLACE INTO test.goods (id, made) VALUES (?, ?)", {id, made}},
        {"REPLACE goods VALUES (?,?,?,?,?)", {id, title, price, made, raw}},
        {"INSERT INTO notes (goods_id, `a note`) SELECT id, title FROM goods WHERE price > ?",
         {price}},
        {"UPDATE goods SET title = ?, price = ? WHERE id = ?", {title, price, id}},
        {"UPDATE goods g SET g.title=? WHERE g.made<?", {title, made}},
        {"DELETE FROM goods WHERE id = ? OR raw = ?", {id, raw}},
        {"SELECT * FROM goods WHERE id = ?", {id}},
        {"SELECT * FROM goods WHERE ? < price", {price}},
        {"SELECT * FROM goods WHERE title LIKE ? AND price >= ? AND made <> ?",
         {title, price, made}},
        {"SELECT * FROM goods WHERE title NOT LIKE ? ESCAPE '!'", {title}},
        {"SELECT * FROM goods WHERE id BETWEEN ? AND ? AND price NOT BETWEEN ? AND ?",
         {id, id, price, price}},
        {"SELECT * FROM goods WHERE ? BETWEEN made AND NOW()", {made}},
        {"SELECT * FROM goods WHERE id IN (?, ?, ?) AND title NOT IN (?)", {id, id, id, title}},
        {"SELECT * FROM goods WHERE ? IN (SELECT goods_id FROM notes)", {id}},
        {"SELECT * FROM goods AS g JOIN notes n ON n.goods_id = g.id WHERE n.`a note` = ? AND "
         "g.price = ? AND title = ?",
         {note, price, title}},
        {"SELECT * FROM goods g LEFT JOIN notes n ON n.goods_id = ? WHERE g.id = ?", {id, id}},
        {"SELECT * FROM test.goods, notes WHERE test.goods.id = ?", {id}},
        {"SELECT * FROM goods g WHERE EXISTS (SELECT 1 FROM notes n WHERE n.goods_id = g.id AND "
         "g.price < ? AND `a note` = ?)",
         {price, note}},
        {"SELECT id FROM goods WHERE id = ? UNION SELECT goods_id FROM notes WHERE `a note` = ?",
         {id, note}},
        {"SELECT * FROM goods WHERE (id) = (?)", {id}},
        {"SELECT * FROM goods WHERE `goods`.`title` = ? -- ?", {title}},
    };
    for (const Sample& sample : samples)
        EXPECT_EQ(sample.parameters, describe(sample.sql)) << sample.sql;
}

// Programs that bind as it is described allocate the size for each row, or send a size of 0 in
// parts.
TEST_F(DescribeParam, TellsNoSizeOfTypesWithoutALimitUnlessOneIsSet) {
    link.run("DROP TABLE IF EXISTS longs");
    link.run("CREATE TABLE longs (t LONGTEXT, b LONGBLOB, m MEDIUMTEXT, n MEDIUMBLOB, x TEXT)");
    const std::string all = "INSERT INTO longs VALUES (?, ?, ?, ?, ?)";
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(0u, describe(all).at(i).size) << i;
    EXPECT_EQ(65535u, describe(all).at(4).size);
    EXPECT_EQ(0u, describe("SELECT 1 FROM longs WHERE t = ?").at(0).size);
    link.run("DROP PROCEDURE IF EXISTS long_argument");
    link.run("CREATE PROCEDURE long_argument(a LONGTEXT, b TEXT) SELECT 1");
    EXPECT_EQ(0u, describe("{CALL long_argument(?, ?)}").at(0).size);
    EXPECT_LT(0u, describe("{CALL long_argument(?, ?)}").at(1).size);
    link.run("DROP PROCEDURE long_argument");
    const std::string sql = "INSERT INTO longs (t, b) VALUES (?, ?)";
    link.close();
    link.open(server_string("MaxLongSize=4000;"));
    EXPECT_EQ(4000u, describe(sql).at(1).size);
    EXPECT_GE(4000u, describe(sql).at(0).size);
}

TEST_F(DescribeParam, TellsTheTypeThatThePlaceAsksFor) {
    const Described limit{SQL_BIGINT, 19, 0, SQL_NULLABLE};
    EXPECT_EQ((std::vector<Described>{limit, limit}),
              describe("SELECT * FROM goods LIMIT ? OFFSET ?"));
    EXPECT_EQ((std::vector<Described>{limit, limit}), describe("SELECT * FROM goods LIMIT ?, ?"));
    EXPECT_EQ(SQL_BIGINT, describe("SELECT title FROM goods GROUP BY title "
                                   "HAVING COUNT(*) > ?")
                              .at(0)
                              .type);
    EXPECT_EQ(SQL_BIGINT, describe("SELECT title, COUNT(*) AS n FROM goods GROUP BY title "
                                   "HAVING n > ?")
                              .at(0)
                              .type);
    EXPECT_EQ(SQL_DECIMAL, describe("SELECT * FROM goods WHERE price * 2 > ?").at(0).type);
    EXPECT_EQ(SQL_DECIMAL, describe("SELECT * FROM goods WHERE ABS(price) > ?").at(0).type);
    EXPECT_EQ(SQL_DECIMAL, describe("UPDATE goods SET price = price + ?").at(0).type);
    EXPECT_EQ(SQL_WVARCHAR, describe("SELECT UPPER(?)").at(0).type);
    EXPECT_EQ(SQL_BIGINT, describe("SELECT SUBSTRING(title, ?) FROM goods").at(0).type);
    EXPECT_EQ(SQL_TYPE_DATE, describe("SELECT CAST(? AS DATE)").at(0).type);
    EXPECT_EQ(price, describe("SELECT * FROM goods WHERE IFNULL(price, ?) = 1").at(0));
    EXPECT_EQ(price, describe("INSERT INTO goods (id, price) VALUES (1, ? * 2)").at(0));
    EXPECT_EQ(SQL_BIGINT, describe("SELECT NOW() + INTERVAL ? DAY").at(0).type);
}

TEST_F(DescribeParam, TellsTheTypeOfAnArgument) {
    link.run("DROP PROCEDURE IF EXISTS described");
    link.run(
        "CREATE PROCEDURE described(a INT, b VARCHAR(33) CHARACTER SET utf8mb4, "
        "OUT c DECIMAL(12,4)) SET c = a");
    link.run("DROP FUNCTION IF EXISTS described_f");
    link.run("CREATE FUNCTION described_f(a DATE) RETURNS INT DETERMINISTIC RETURN 1");
    for (const char* sql :
         {"CALL described(?,?,?)", "{call described(?,?,?)}", "{call test.described(?, ?, ?)}"}) {
        const std::vector<Described> found = describe(sql);
        ASSERT_EQ(3u, found.size());
        EXPECT_EQ(SQL_INTEGER, found[0].type);
        EXPECT_EQ((Described{SQL_WVARCHAR, 33, 0, SQL_NULLABLE}), found[1]) << sql;
        EXPECT_EQ((Described{SQL_DECIMAL, 12, 4, SQL_NULLABLE}), found[2]) << sql;
    }
    EXPECT_EQ((Described{SQL_WVARCHAR, 33, 0, SQL_NULLABLE}),
              describe("CALL described(1, ?, @c)").at(0));
    EXPECT_EQ(SQL_TYPE_DATE, describe("SELECT described_f(?)").at(0).type);
    const std::vector<Described> value = describe("{?=call described_f(?)}");
    ASSERT_EQ(2u, value.size());
    EXPECT_EQ(SQL_INTEGER, value[0].type);
    EXPECT_EQ(SQL_TYPE_DATE, value[1].type);
}

TEST_F(DescribeParam, TellsATextWhereNothingIsKnown) {
    const Described unknown{SQL_WVARCHAR, 255, 0, SQL_NULLABLE_UNKNOWN};
    EXPECT_EQ(std::vector<Described>{unknown}, describe("SELECT ?"));
    EXPECT_EQ((std::vector<Described>{unknown, unknown}), describe("SELECT ? = ?"));
    EXPECT_EQ(std::vector<Described>{unknown}, describe("SELECT ? IS NULL"));
}

TEST_F(DescribeParam, RefusesOtherNumbersAndStates) {
    Query query(link);
    SQLSMALLINT type = 0;
    EXPECT_STATE(query, "HY010", SQLDescribeParam(query, 1, &type, nullptr, nullptr, nullptr));
    ASSERT_OK(query, query.prepare("SELECT * FROM goods WHERE id = ?"));
    EXPECT_STATE(query, "07009", SQLDescribeParam(query, 0, &type, nullptr, nullptr, nullptr));
    EXPECT_STATE(query, "07009", SQLDescribeParam(query, 2, &type, nullptr, nullptr, nullptr));
    ASSERT_OK(query, SQLDescribeParam(query, 1, nullptr, nullptr, nullptr, nullptr));
}

TEST_F(DescribeParam, ExecutesNothing) {
    Query query(link);
    ASSERT_OK(query, query.prepare("INSERT INTO goods (id) VALUES (?)"));
    SQLSMALLINT type = 0;
    ASSERT_OK(query, SQLDescribeParam(query, 1, &type, nullptr, nullptr, nullptr));
    EXPECT_EQ("0", link.value("SELECT COUNT(*) FROM goods"));
}

TEST_F(DescribeParam, IsToldByGetFunctionsAndGetInfo) {
    SQLUSMALLINT supported = SQL_FALSE;
    ASSERT_OK(link, SQLGetFunctions(link.handle(), SQL_API_SQLDESCRIBEPARAM, &supported));
    EXPECT_EQ(SQL_TRUE, supported);
    SQLCHAR answer[4] = {};
    ASSERT_OK(link,
              SQLGetInfo(link.handle(), SQL_DESCRIBE_PARAMETER, answer, sizeof answer, nullptr));
    EXPECT_STREQ("Y", reinterpret_cast<char*>(answer));
}

}  // namespace
}  // namespace myfabric::test
