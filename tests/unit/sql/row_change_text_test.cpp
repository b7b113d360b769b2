#include "sql/row_change_text.h"

#include <gtest/gtest.h>

namespace myfabric::sql {
namespace {

using results::Column;
using results::Format;
using results::Kind;

Column column(const std::string& name, Kind kind = Kind::integer, const std::string& table = "t") {
    Column made;
    made.name = made.base_name = name;
    made.base_table = made.table = table;
    made.database = table.empty() ? "" : "db";
    made.kind = kind;
    return made;
}

TEST(RowChanges, PositionedStatementsAreFound) {
    const struct {
        const char* sql;
        const char* head;  // null: it is none
        const char* cursor;
    } samples[] = {
        {"UPDATE t SET a = 1 WHERE CURRENT OF c", "UPDATE t SET a = 1 ", "c"},
        {"delete from t where current of `my ``c`", "delete from t ", "my `c"},
        {"DELETE FROM t WHERE CURRENT OF \"C 1\" ;", "DELETE FROM t ", "C 1"},
        {"DELETE FROM t WHERE /* the */ CURRENT\nOF SQL_CUR1 -- end", "DELETE FROM t ", "SQL_CUR1"},
        {"DELETE FROM t WHERE a = 'WHERE CURRENT OF c'", nullptr, ""},
        {"DELETE FROM t WHERE current = 1", nullptr, ""},
        {"DELETE FROM t WHERE CURRENT OF", nullptr, ""},
        {"DELETE FROM t WHERE CURRENT OF ?", nullptr, ""},
        {"DELETE FROM t WHERE CURRENT OF c LIMIT 1", nullptr, ""},
        {"", nullptr, ""},
    };
    for (const auto& sample : samples) {
        const auto found = positioned(sample.sql);
        ASSERT_EQ(sample.head != nullptr, found.has_value()) << sample.sql;
        if (!found) continue;
        EXPECT_EQ(sample.head, found->head);
        EXPECT_EQ(sample.cursor, found->cursor);
    }
}

TEST(RowChanges, TheFirstWholeKeyIsChosenAndPrimaryBeforeAll) {
    const results::Columns columns = {column("a"), column("B"), column("c"), column("")};
    using Key = std::optional<std::vector<unsigned>>;
    const struct {
        std::vector<KeyPart> parts;
        Key key;
    } samples[] = {
        {{}, std::nullopt},
        {{{"PRIMARY", "a", true}}, Key{{0}}},
        {{{"PRIMARY", "b", true}, {"PRIMARY", "a", true}}, Key{{1, 0}}},
        {{{"PRIMARY", "a", true}, {"PRIMARY", "z", true}}, std::nullopt},
        {{{"u", "c", true}, {"PRIMARY", "a", true}}, Key{{0}}},
        {{{"n", "a", true, true}, {"u", "c", true}}, Key{{2}}},
        {{{"i", "a", false}}, std::nullopt},
        {{{"f", "", true}}, std::nullopt},  // of an expression
    };
    for (const auto& sample : samples) EXPECT_EQ(sample.key, choose_key(sample.parts, columns));
}

TEST(RowChanges, OneBaseTableIsNeeded) {
    std::string why;
    const auto found = base_table({column("", Kind::integer, ""), column("a")}, why);
    ASSERT_TRUE(found);
    EXPECT_EQ("`db`.`t`", found->quoted());
    EXPECT_FALSE(base_table({column("a"), column("b", Kind::integer, "u")}, why));
    EXPECT_EQ("its columns come from several tables, t and u", why);
    EXPECT_FALSE(base_table({column("", Kind::integer, "")}, why));
    EXPECT_EQ("its columns come from no table", why);
}

TEST(RowChanges, TextsNameColumnsAndMarkers) {
    const Column a = column("a"), b = column("b`", Kind::varchar), d = column("d", Kind::decimal);
    const Column* const both[] = {&a, &b};
    EXPECT_EQ("UPDATE t SET `a` = ?, `b``` = ?", update_text("t", both));
    EXPECT_EQ("INSERT INTO t (`a`, `b```) VALUES (?, ?)", insert_text("t", both));
    EXPECT_EQ("INSERT INTO t () VALUES ()", insert_text("t", {}));
    const Condition conditions[] = {
        {&a, Comparison::key}, {&b, Comparison::bytes}, {&d, Comparison::key}};
    EXPECT_EQ(
        " WHERE `a` = ? AND CAST(CONVERT(`b``` USING utf8mb4) AS BINARY) <=> CAST(? AS BINARY) AND "
        "`d` <=> CAST(? AS DECIMAL(65,0))",
        where_text(conditions));
}

TEST(RowChanges, ValuesAreComparedAsTheirTypeNeeds) {
    const struct {
        Kind kind;
        Format format;
        bool key;
        Comparison comparison;
    } samples[] = {
        {Kind::integer, Format::text, true, Comparison::key},
        {Kind::integer, Format::text, false, Comparison::value},
        {Kind::varchar, Format::text, true, Comparison::key},
        {Kind::varchar, Format::text, false, Comparison::bytes},
        {Kind::varbinary, Format::text, false, Comparison::value},
        {Kind::decimal, Format::binary, false, Comparison::decimal},
        {Kind::double_precision, Format::text, false, Comparison::value},
        {Kind::real, Format::text, true, Comparison::none},
        {Kind::real, Format::binary, false, Comparison::value},
        {Kind::real, Format::text, false, Comparison::shown},
        {Kind::geometry, Format::text, false, Comparison::none},
    };
    for (const auto& sample : samples)
        EXPECT_EQ(sample.comparison,
                  comparison_of(column("a", sample.kind), sample.format, sample.key));
}

TEST(RowChanges, QueriesLockTheirRows) {
    const struct {
        const char* query;
        const char* locking;
    } samples[] = {
        {"SELECT a FROM t", "SELECT a FROM t FOR UPDATE"},
        {"SELECT ';' FROM t WHERE a = ? ; -- all", "SELECT ';' FROM t WHERE a = ? FOR UPDATE"},
        {"SELECT a FROM t ORDER BY a LIMIT 3 # x", "SELECT a FROM t ORDER BY a LIMIT 3 FOR UPDATE"},
    };
    for (const auto& sample : samples) {
        EXPECT_TRUE(reads_tables(sample.query));
        EXPECT_EQ(sample.locking, locking(sample.query));
    }
    EXPECT_FALSE(reads_tables("SELECT 'from', `from` -- from"));
}

TEST(RowChanges, LiteralsNeedNoSqlMode) {
    results::Parameter value;
    EXPECT_EQ("NULL", literal(value));
    value.type = results::Parameter::Type::text;
    value.bytes = "a'\\";
    EXPECT_EQ("_utf8mb4 x'61275c'", literal(value));
    value.type = results::Parameter::Type::binary;
    value.bytes = std::string_view("\0\xff", 2);
    EXPECT_EQ("x'00ff'", literal(value));
    value.type = results::Parameter::Type::signed_integer;
    value.integer = INT64_MIN;
    EXPECT_EQ("-9223372036854775808", literal(value));
    value.type = results::Parameter::Type::real;
    value.real = 0.1;
    EXPECT_EQ("1e-01", literal(value));
    value.type = results::Parameter::Type::text;
    value.bytes = "x";
    const Column key = column("k`", Kind::varchar);
    const Condition conditions[] = {{&key, Comparison::key}};
    EXPECT_EQ("(`k``` = _utf8mb4 x'78')", condition_group(conditions, std::span(&value, 1)));
    EXPECT_EQ("(`k``` = ?)", condition_group(conditions, {}));
}

TEST(RowChanges, CellsBecomeParameters) {
    using Type = results::Parameter::Type;
    results::Parameter out;
    conversion::Scratch scratch;
    const auto read = [&](Column from, std::string_view cell) {
        return cell_parameter(from, Format::text, cell.data(), cell.size(), out, scratch);
    };
    ASSERT_TRUE(read(column("a", Kind::bigint), "-9223372036854775808"));
    EXPECT_EQ(Type::signed_integer, out.type);
    EXPECT_EQ(INT64_MIN, out.integer);
    Column natural = column("a", Kind::bigint);
    natural.is_unsigned = true;
    ASSERT_TRUE(read(natural, "18446744073709551615"));
    EXPECT_EQ(UINT64_MAX, out.unsigned_integer);
    ASSERT_TRUE(read(column("a", Kind::double_precision), "0.1"));
    EXPECT_EQ(0.1, out.real);
    ASSERT_TRUE(read(column("a", Kind::varchar), "x"));
    EXPECT_EQ(Type::text, out.type);
    ASSERT_TRUE(read(column("a", Kind::blob), std::string_view("\0x", 2)));
    EXPECT_EQ(Type::binary, out.type);
    EXPECT_EQ(2u, out.bytes.size());
    ASSERT_TRUE(cell_parameter(column("a"), Format::text, nullptr, 0, out, scratch));
    EXPECT_EQ(Type::null, out.type);
    EXPECT_FALSE(read(column("a", Kind::bigint), "x"));
}

}  // namespace
}  // namespace myfabric::sql
