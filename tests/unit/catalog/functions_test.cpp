#include "catalog/functions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace myfabric::catalog::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const Argument null;

Facts mariadb() {
    Facts facts;
    facts.mariadb = true;
    facts.server_version = 101119;
    facts.current_database = "test";
    return facts;
}

Facts mysql56() {
    Facts facts;
    facts.server_version = 50624;
    facts.current_database = "test";
    return facts;
}

struct Result {
    Query query;
    std::vector<const char*> names;
};

std::vector<Result> all(const Facts& facts) {
    return {
        {tables(null, null, null, null, facts),
         {"TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "TABLE_TYPE", "REMARKS"}},
        {columns(null, null, "t", null, facts),
         {"TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME",
          "COLUMN_SIZE", "BUFFER_LENGTH", "DECIMAL_DIGITS", "NUM_PREC_RADIX", "NULLABLE", "REMARKS",
          "COLUMN_DEF", "SQL_DATA_TYPE", "SQL_DATETIME_SUB", "CHAR_OCTET_LENGTH",
          "ORDINAL_POSITION", "IS_NULLABLE"}},
        {primary_keys(null, null, "t", facts),
         {"TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "KEY_SEQ", "PK_NAME"}},
        {foreign_keys({null, null, "p"}, {}, facts),
         {"PKTABLE_CAT", "PKTABLE_SCHEM", "PKTABLE_NAME", "PKCOLUMN_NAME", "FKTABLE_CAT",
          "FKTABLE_SCHEM", "FKTABLE_NAME", "FKCOLUMN_NAME", "KEY_SEQ", "UPDATE_RULE", "DELETE_RULE",
          "FK_NAME", "PK_NAME", "DEFERRABILITY"}},
        {statistics(null, null, "t", SQL_INDEX_ALL, SQL_QUICK, facts),
         {"TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "NON_UNIQUE", "INDEX_QUALIFIER", "INDEX_NAME",
          "TYPE", "ORDINAL_POSITION", "COLUMN_NAME", "ASC_OR_DESC", "CARDINALITY", "PAGES",
          "FILTER_CONDITION"}},
        {special_columns(SQL_BEST_ROWID, null, null, "t", SQL_SCOPE_SESSION, SQL_NULLABLE, facts),
         {"SCOPE", "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE", "BUFFER_LENGTH",
          "DECIMAL_DIGITS", "PSEUDO_COLUMN"}},
        {procedures(null, null, null, facts),
         {"PROCEDURE_CAT", "PROCEDURE_SCHEM", "PROCEDURE_NAME", "NUM_INPUT_PARAMS",
          "NUM_OUTPUT_PARAMS", "NUM_RESULT_SETS", "REMARKS", "PROCEDURE_TYPE"}},
        {procedure_columns(null, null, "p", null, facts),
         {"PROCEDURE_CAT", "PROCEDURE_SCHEM", "PROCEDURE_NAME", "COLUMN_NAME", "COLUMN_TYPE",
          "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE", "BUFFER_LENGTH", "DECIMAL_DIGITS",
          "NUM_PREC_RADIX", "NULLABLE", "REMARKS", "COLUMN_DEF", "SQL_DATA_TYPE",
          "SQL_DATETIME_SUB", "CHAR_OCTET_LENGTH", "ORDINAL_POSITION", "IS_NULLABLE"}},
        {table_privileges(null, null, "t", facts),
         {"TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "GRANTOR", "GRANTEE", "PRIVILEGE",
          "IS_GRANTABLE"}},
        {column_privileges(null, null, "t", null, facts),
         {"TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "GRANTOR", "GRANTEE",
          "PRIVILEGE", "IS_GRANTABLE"}},
    };
}

TEST(Functions, GiveTheReferencesColumns) {
    for (const Facts& facts : {mariadb(), mysql56()}) {
        for (const Result& result : all(facts)) {
            ASSERT_EQ(result.query.columns.size(), result.names.size()) << result.query.sql;
            std::size_t from = 0;
            for (std::size_t i = 0; i < result.names.size(); ++i) {
                EXPECT_STREQ(result.query.columns[i].name, result.names[i]);
                const std::string alias = std::string(" AS `") + result.names[i] + "`";
                from = result.query.sql.find(alias, from);
                EXPECT_NE(from, std::string::npos) << alias << " in " << result.query.sql;
            }
        }
    }
}

TEST(Functions, AskForOneTableOfTheCurrentDatabase) {
    const Facts facts = mariadb();
    for (const Query& query :
         {columns(null, null, "t", "%", facts), primary_keys(null, null, "t", facts),
          statistics(null, "", "t", SQL_INDEX_ALL, SQL_QUICK, facts)}) {
        EXPECT_THAT(query.sql, HasSubstr("TABLE_SCHEMA = 'test'"));
        EXPECT_THAT(query.sql, HasSubstr("TABLE_NAME = 't'"));
        EXPECT_THAT(query.sql, Not(HasSubstr("ESCAPE")));
    }
}

TEST(Described, TextsAreUtf8mb4AndNumbersAreNumbers) {
    const Query query = columns(null, null, "t", null, mariadb());
    const results::Columns found = described(query.columns);
    ASSERT_EQ(found.size(), 18u);
    EXPECT_EQ(found[0].name, "TABLE_CAT");
    EXPECT_EQ(found[0].kind, results::Kind::varchar);
    EXPECT_EQ(found[0].length, 64u * 4);
    EXPECT_EQ(found[0].char_bytes, 4u);
    EXPECT_EQ(found[0].charset, 45u);
    EXPECT_TRUE(found[0].nullable);
    EXPECT_EQ(found[4].kind, results::Kind::smallint);
    EXPECT_FALSE(found[4].nullable);
    EXPECT_EQ(found[6].kind, results::Kind::integer);
}

TEST(Tables, EnumeratesCatalogsSchemasAndTypes) {
    const Facts facts = mysql56();
    for (const Argument& schema : {Argument(""), null}) {
        EXPECT_THAT(tables("%", schema, "", null, facts).sql, HasSubstr("SCHEMATA ORDER BY"));
        EXPECT_THAT(tables(schema, "%", "", null, facts).sql, HasSubstr("1 = 0"));
        const std::string types = tables(schema, schema, "", "%", facts).sql;
        EXPECT_THAT(types, HasSubstr("'VIEW'"));
        EXPECT_THAT(types, Not(HasSubstr("'SEQUENCE'")));
    }
    EXPECT_THAT(tables("", "", "", "%", mariadb()).sql, HasSubstr("'SEQUENCE'"));
    // With a table it is a search.
    EXPECT_THAT(tables("%", "", "%", null, facts).sql, HasSubstr("information_schema.TABLES"));
    EXPECT_THAT(tables("%", "", null, null, facts).sql, HasSubstr("information_schema.TABLES"));
}

TEST(Tables, FiltersByType) {
    struct {
        Argument types;
        const char* condition;
    } const samples[] = {
        {"TABLE", "TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')"},
        {"'VIEW'", "TABLE_TYPE IN ('VIEW')"},
        {"view , 'SYSTEM VIEW'", "TABLE_TYPE IN ('VIEW', 'SYSTEM VIEW')"},
        {"BASE TABLE", "TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')"},
        {"SYNONYM", "1 = 0"},
        {"SYNONYM,VIEW", "TABLE_TYPE IN ('VIEW')"},
    };
    for (const auto& sample : samples)
        EXPECT_THAT(tables(null, null, "t", sample.types, mariadb()).sql,
                    HasSubstr(sample.condition));
    for (const Argument& everything : {null, Argument(""), Argument("%"), Argument(" , ")}) {
        const std::string sql = tables(null, null, "t", everything, mariadb()).sql;
        EXPECT_THAT(sql, Not(HasSubstr("TABLE_TYPE IN")));
        EXPECT_THAT(sql, Not(HasSubstr("1 = 0")));
    }
}

TEST(ForeignKeys, RestrictOnlyTheSideThatIsNamed) {
    const Facts facts = mariadb();
    const std::string from = foreign_keys({null, null, "p"}, {}, facts).sql;
    EXPECT_THAT(from, HasSubstr("k.REFERENCED_TABLE_SCHEMA = 'test'"));
    EXPECT_THAT(from, Not(HasSubstr("k.TABLE_SCHEMA = 'test'")));
    EXPECT_THAT(from, HasSubstr("ORDER BY `FKTABLE_CAT`"));
    const std::string to = foreign_keys({}, {"shop", null, "f"}, facts).sql;
    EXPECT_THAT(to, HasSubstr("k.TABLE_SCHEMA = 'shop' AND k.TABLE_NAME = 'f'"));
    EXPECT_THAT(to, Not(HasSubstr("k.REFERENCED_TABLE_SCHEMA = ")));
    EXPECT_THAT(to, HasSubstr("r.CONSTRAINT_SCHEMA = 'shop' AND r.TABLE_NAME = 'f'"));
    EXPECT_THAT(to, HasSubstr("ORDER BY `PKTABLE_CAT`"));
}

TEST(Statistics, KnowsUniqueAndExpressions) {
    Facts facts = mysql56();
    EXPECT_THAT(statistics(null, null, "t", SQL_INDEX_UNIQUE, SQL_QUICK, facts).sql,
                HasSubstr("NON_UNIQUE = 0"));
    const std::string sql = statistics(null, null, "t", SQL_INDEX_ALL, SQL_QUICK, facts).sql;
    EXPECT_THAT(sql, Not(HasSubstr("NON_UNIQUE = 0")));
    EXPECT_THAT(sql, Not(HasSubstr("EXPRESSION")));
    facts.server_version = 80036;
    EXPECT_THAT(statistics(null, null, "t", SQL_INDEX_ALL, SQL_QUICK, facts).sql,
                HasSubstr("EXPRESSION"));
}

TEST(SpecialColumns, RowVersionsAreColumnsThatTheServerChanges) {
    EXPECT_THAT(
        special_columns(SQL_ROWVER, null, null, "t", SQL_SCOPE_CURROW, SQL_NULLABLE, mysql56()).sql,
        HasSubstr("on update"));
}

}  // namespace
}  // namespace myfabric::catalog::test
