// SQLGetDescField, SQLSetDescField, SQLGetDescRec, SQLSetDescRec, SQLCopyDesc.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

SQLPOINTER number(SQLLEN value) {
    return reinterpret_cast<SQLPOINTER>(value);
}

/// A descriptor handle as EXPECT_STATE wants it.
struct Desc {
    SQLHDESC handle = SQL_NULL_HDESC;
    std::string state() const { return test::state(SQL_HANDLE_DESC, handle); }
    std::string text() const { return diagnostic_text(SQL_HANDLE_DESC, handle); }
    operator SQLHDESC() const { return handle; }

    template <class T>
    T get(SQLSMALLINT record, SQLSMALLINT field) const {
        T value{};
        EXPECT_EQ(SQL_SUCCESS,
                  SQLGetDescField(handle, record, field, &value, sizeof value, nullptr))
            << "field " << field << "\n"
            << text();
        return value;
    }
    std::string name(SQLSMALLINT record, SQLSMALLINT field) const {
        SQLCHAR value[200] = {};
        EXPECT_EQ(SQL_SUCCESS, SQLGetDescField(handle, record, field, value, sizeof value, nullptr))
            << "field " << field << "\n"
            << text();
        return reinterpret_cast<char*>(value);
    }
    SQLRETURN set(SQLSMALLINT record, SQLSMALLINT field, SQLPOINTER value, SQLINTEGER n = 0) const {
        return SQLSetDescField(handle, record, field, value, n);
    }
};

class Descriptors : public testing::Test {
protected:
    void SetUp() override { link.open(server_string()); }

    static Desc of(const Query& query, SQLINTEGER attribute) {
        Desc found;
        SQLGetStmtAttr(query.handle(), attribute, &found.handle, SQL_IS_POINTER, nullptr);
        return found;
    }
    Desc allocate() {
        Desc made;
        EXPECT_EQ(SQL_SUCCESS, SQLAllocHandle(SQL_HANDLE_DESC, link.handle(), &made.handle));
        return made;
    }

    Link link;
};

TEST_F(Descriptors, AStatementHasFourThatAreItsOwn) {
    Query query(link);
    const Desc all[] = {of(query, SQL_ATTR_APP_ROW_DESC), of(query, SQL_ATTR_APP_PARAM_DESC),
                        of(query, SQL_ATTR_IMP_ROW_DESC), of(query, SQL_ATTR_IMP_PARAM_DESC)};
    for (const Desc& one : all) ASSERT_TRUE(one.handle);
    EXPECT_EQ(SQL_DESC_ALLOC_AUTO, all[0].get<SQLSMALLINT>(0, SQL_DESC_ALLOC_TYPE));
    EXPECT_EQ(SQL_DESC_ALLOC_AUTO, all[3].get<SQLSMALLINT>(0, SQL_DESC_ALLOC_TYPE));
    EXPECT_EQ(1u, all[0].get<SQLULEN>(0, SQL_DESC_ARRAY_SIZE));
    EXPECT_EQ(SQL_BIND_BY_COLUMN, all[1].get<SQLINTEGER>(0, SQL_DESC_BIND_TYPE));
    EXPECT_EQ(0, all[1].get<SQLSMALLINT>(0, SQL_DESC_COUNT));
    const Desc made = allocate();
    EXPECT_EQ(SQL_DESC_ALLOC_USER, made.get<SQLSMALLINT>(0, SQL_DESC_ALLOC_TYPE));
    SQLFreeHandle(SQL_HANDLE_DESC, made.handle);
    EXPECT_STATE(all[0], "HY017", SQLFreeHandle(SQL_HANDLE_DESC, all[0].handle));
}

// "The IRD is populated when the statement is prepared"; HY007 before that.
TEST_F(Descriptors, TheIrdTellsOfAPreparedStatement) {
    Query query(link);
    const Desc ird = of(query, SQL_ATTR_IMP_ROW_DESC);
    SQLSMALLINT count = 0;
    EXPECT_STATE(ird, "HY007", SQLGetDescField(ird, 0, SQL_DESC_COUNT, &count, 0, nullptr));
    link.run("DROP TABLE IF EXISTS described");
    link.run(
        "CREATE TABLE described (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, "
        "t VARCHAR(20) CHARACTER SET utf8mb4, d DECIMAL(9,2), m DATETIME(3))");
    ASSERT_OK(query, query.prepare("SELECT id AS n, t, d, m, 1 + 1 FROM described AS x"));
    EXPECT_EQ(5, ird.get<SQLSMALLINT>(0, SQL_DESC_COUNT));
    EXPECT_EQ("n", ird.name(1, SQL_DESC_NAME));
    EXPECT_EQ("n", ird.name(1, SQL_DESC_LABEL));
    EXPECT_EQ("id", ird.name(1, SQL_DESC_BASE_COLUMN_NAME));
    EXPECT_EQ("described", ird.name(1, SQL_DESC_BASE_TABLE_NAME));
    EXPECT_EQ("x", ird.name(1, SQL_DESC_TABLE_NAME));
    EXPECT_EQ("test", ird.name(1, SQL_DESC_CATALOG_NAME));
    EXPECT_EQ("", ird.name(1, SQL_DESC_SCHEMA_NAME));
    EXPECT_EQ("INTEGER UNSIGNED", ird.name(1, SQL_DESC_TYPE_NAME));
    EXPECT_EQ(SQL_INTEGER, ird.get<SQLSMALLINT>(1, SQL_DESC_CONCISE_TYPE));
    EXPECT_EQ(SQL_TRUE, ird.get<SQLINTEGER>(1, SQL_DESC_AUTO_UNIQUE_VALUE));
    EXPECT_EQ(SQL_TRUE, ird.get<SQLSMALLINT>(1, SQL_DESC_UNSIGNED));
    EXPECT_EQ(SQL_NULLABLE, ird.get<SQLSMALLINT>(1, SQL_DESC_NULLABLE));  // AUTO_INCREMENT
    EXPECT_EQ(20u, ird.get<SQLULEN>(2, SQL_DESC_LENGTH));
    EXPECT_EQ("'", ird.name(2, SQL_DESC_LITERAL_PREFIX));
    EXPECT_EQ(9, ird.get<SQLSMALLINT>(3, SQL_DESC_PRECISION));
    EXPECT_EQ(2, ird.get<SQLSMALLINT>(3, SQL_DESC_SCALE));
    EXPECT_EQ(SQL_DATETIME, ird.get<SQLSMALLINT>(4, SQL_DESC_TYPE));
    EXPECT_EQ(SQL_CODE_TIMESTAMP, ird.get<SQLSMALLINT>(4, SQL_DESC_DATETIME_INTERVAL_CODE));
    EXPECT_EQ(3, ird.get<SQLSMALLINT>(4, SQL_DESC_PRECISION));
    EXPECT_EQ(SQL_ATTR_READONLY, ird.get<SQLSMALLINT>(5, SQL_DESC_UPDATABLE));
    SQLCHAR name[40];
    SQLSMALLINT type = 0, sub = 0, precision = 0, scale = 0, nullable = 0, length = 0;
    SQLLEN octets = 0;
    EXPECT_EQ(SQL_SUCCESS, SQLGetDescRec(ird, 4, name, sizeof name, &length, &type, &sub, &octets,
                                         &precision, &scale, &nullable));
    EXPECT_STREQ("m", reinterpret_cast<char*>(name));
    EXPECT_EQ(SQL_DATETIME, type);
    EXPECT_EQ(SQL_CODE_TIMESTAMP, sub);
    EXPECT_EQ(16, octets);
    EXPECT_EQ(SQL_NO_DATA, SQLGetDescRec(ird, 6, name, sizeof name, &length, &type, &sub, &octets,
                                         &precision, &scale, &nullable));
    EXPECT_EQ(SQL_NO_DATA, SQLGetDescField(ird, 6, SQL_DESC_TYPE, &type, 0, nullptr));
    // another statement, another description
    ASSERT_OK(query, query.prepare("SELECT 'text' AS only_one"));
    EXPECT_EQ(1, ird.get<SQLSMALLINT>(0, SQL_DESC_COUNT));
    EXPECT_EQ("only_one", ird.name(1, SQL_DESC_NAME));
}

TEST_F(Descriptors, RightsAreThoseOfTheReference) {
    Query query(link);
    ASSERT_OK(query, query.prepare("SELECT 1"));
    const Desc ard = of(query, SQL_ATTR_APP_ROW_DESC), apd = of(query, SQL_ATTR_APP_PARAM_DESC),
               ird = of(query, SQL_ATTR_IMP_ROW_DESC), ipd = of(query, SQL_ATTR_IMP_PARAM_DESC);
    struct Sample {
        const Desc& descriptor;
        SQLSMALLINT record, field;
        SQLLEN value;
        const char* state;
    };
    const Sample samples[] = {
        {ird, 1, SQL_DESC_TYPE, SQL_INTEGER, "HY016"},
        {ird, 0, SQL_DESC_COUNT, 1, "HY016"},
        {ard, 0, SQL_DESC_ALLOC_TYPE, 1, "HY091"},
        {ard, 1, SQL_DESC_NAME, 0, "HY091"},
        {ard, 1, SQL_DESC_PARAMETER_TYPE, SQL_PARAM_INPUT, "HY091"},
        {ard, 0, SQL_DESC_ROWS_PROCESSED_PTR, 0, "HY091"},
        {ipd, 1, SQL_DESC_INDICATOR_PTR, 0, "HY091"},
        {ipd, 1, SQL_DESC_NULLABLE, SQL_NULLABLE, "HY091"},
        {ipd, 0, SQL_DESC_ARRAY_SIZE, 2, "HY091"},
        {ard, 1, 29999, 0, "HY091"},
        {ard, -1, SQL_DESC_TYPE, SQL_C_CHAR, "07009"},
        {ipd, 0, SQL_DESC_TYPE, SQL_CHAR, "07009"},
        {apd, 0, SQL_DESC_TYPE, SQL_C_CHAR, "07009"},
        {ipd, 1, SQL_DESC_UNNAMED, SQL_NAMED, "HY092"},
        {ipd, 1, SQL_DESC_PARAMETER_TYPE, 77, "HY105"},
    };
    for (const Sample& sample : samples) {
        SCOPED_TRACE("field " + std::to_string(sample.field) + " of record " +
                     std::to_string(sample.record));
        EXPECT_STATE(sample.descriptor, sample.state,
                     sample.descriptor.set(sample.record, sample.field, number(sample.value)));
    }
    SQLUSMALLINT status[1];
    EXPECT_EQ(SQL_SUCCESS, ird.set(0, SQL_DESC_ARRAY_STATUS_PTR, status));
    char name[80];
    std::memset(name, 'x', sizeof name);
    EXPECT_STATE(ipd, "22001", ipd.set(1, SQL_DESC_NAME, name, 70));
    EXPECT_EQ(SQL_SUCCESS, ipd.set(1, SQL_DESC_NAME, name, 5)) << ipd.text();
    EXPECT_EQ("xxxxx", ipd.name(1, SQL_DESC_NAME));
    EXPECT_EQ(SQL_NAMED, ipd.get<SQLSMALLINT>(1, SQL_DESC_UNNAMED));
    SQLINTEGER text = 0;
    ard.set(1, SQL_DESC_TYPE, number(SQL_C_SLONG));
    EXPECT_STATE(ard, "HY091", SQLGetDescField(ard, 1, SQL_DESC_LABEL, &text, 0, nullptr));
}

TEST_F(Descriptors, TheConsistencyCheckRefusesWhatDoesNotFit) {
    const Desc made = allocate();
    SQLINTEGER buffer = 0;
    struct Sample {
        const char* what;
        SQLSMALLINT type, sub, precision, scale;
        const char* state;
    };
    const Sample samples[] = {
        {"a number", SQL_C_SLONG, 0, 0, 0, ""},
        {"no type", 1234, 0, 0, 0, "HY021"},
        {"a date", SQL_DATETIME, SQL_CODE_DATE, 0, 0, ""},
        {"no date", SQL_DATETIME, 9, 0, 0, "HY021"},
        {"no code", SQL_DATETIME, 0, 0, 0, "HY021"},
        {"an interval", SQL_INTERVAL, SQL_CODE_DAY_TO_SECOND, 6, 0, ""},
        {"no interval", SQL_INTERVAL, 14, 0, 0, "HY021"},
        {"a fraction", SQL_DATETIME, SQL_CODE_TIMESTAMP, 9, 0, ""},
        {"too fine a fraction", SQL_DATETIME, SQL_CODE_TIMESTAMP, 10, 0, "HY021"},
        {"a NUMERIC", SQL_C_NUMERIC, 0, 10, 4, ""},
        {"more scale than precision", SQL_C_NUMERIC, 0, 4, 10, "HY021"},
    };
    for (const Sample& sample : samples) {
        SCOPED_TRACE(sample.what);
        const SQLRETURN result =
            SQLSetDescRec(made, 1, sample.type, sample.sub, 4, sample.precision, sample.scale,
                          &buffer, nullptr, nullptr);
        EXPECT_EQ(*sample.state ? SQL_ERROR : SQL_SUCCESS, result) << made.text();
        EXPECT_EQ(sample.state, made.state());
    }
    // the pointer brings the check, and any other field unbinds
    made.set(1, SQL_DESC_TYPE, number(SQL_C_NUMERIC));
    EXPECT_EQ(38, made.get<SQLSMALLINT>(1, SQL_DESC_PRECISION));
    made.set(1, SQL_DESC_PRECISION, number(3));
    made.set(1, SQL_DESC_SCALE, number(5));
    EXPECT_STATE(made, "HY021", made.set(1, SQL_DESC_DATA_PTR, &buffer));
    made.set(1, SQL_DESC_SCALE, number(2));
    EXPECT_EQ(SQL_SUCCESS, made.set(1, SQL_DESC_DATA_PTR, &buffer));
    EXPECT_EQ(&buffer, made.get<SQLPOINTER>(1, SQL_DESC_DATA_PTR));
    made.set(1, SQL_DESC_SCALE, number(1));
    EXPECT_EQ(nullptr, made.get<SQLPOINTER>(1, SQL_DESC_DATA_PTR));
    SQLFreeHandle(SQL_HANDLE_DESC, made.handle);
}

TEST_F(Descriptors, ThePointerOfAnIpdIsCheckedAndNotKept) {
    Query query(link);
    const Desc ipd = of(query, SQL_ATTR_IMP_PARAM_DESC);
    SQLINTEGER buffer = 0;
    ipd.set(1, SQL_DESC_TYPE, number(SQL_INTEGER));
    EXPECT_EQ(SQL_SUCCESS, ipd.set(1, SQL_DESC_DATA_PTR, &buffer)) << ipd.text();
    ipd.set(1, SQL_DESC_TYPE, number(SQL_DATETIME));
    EXPECT_STATE(ipd, "HY021", ipd.set(1, SQL_DESC_DATA_PTR, &buffer));
}

// One explicit descriptor is the ARD of the reading and the APD of the writing statement.
TEST_F(Descriptors, OneDescriptorServesSeveralStatements) {
    link.run("DROP TABLE IF EXISTS parts");
    link.run("DROP TABLE IF EXISTS copies");
    link.run("CREATE TABLE parts (id INT PRIMARY KEY, t VARCHAR(20))");
    link.run("CREATE TABLE copies (id INT PRIMARY KEY, t VARCHAR(20))");
    link.run("INSERT INTO parts VALUES (1, 'one'), (2, NULL), (3, 'three')");
    struct Row {
        SQLINTEGER id;
        SQLLEN id_length;
        SQLCHAR text[20];
        SQLLEN text_length;
    } rows[2];
    const Desc shared = allocate();
    shared.set(0, SQL_DESC_BIND_TYPE, number(sizeof(Row)));
    shared.set(0, SQL_DESC_ARRAY_SIZE, number(1));
    EXPECT_EQ(SQL_SUCCESS, SQLSetDescRec(shared, 1, SQL_C_SLONG, 0, 4, 0, 0, &rows[0].id,
                                         &rows[0].id_length, &rows[0].id_length));
    EXPECT_EQ(SQL_SUCCESS, SQLSetDescRec(shared, 2, SQL_C_CHAR, 0, sizeof rows[0].text, 0, 0,
                                         rows[0].text, &rows[0].text_length, &rows[0].text_length));
    Query reader(link), writer(link);
    SQLSetStmtAttr(reader, SQL_ATTR_APP_ROW_DESC, shared.handle, SQL_IS_POINTER);
    SQLSetStmtAttr(writer, SQL_ATTR_APP_PARAM_DESC, shared.handle, SQL_IS_POINTER);
    ASSERT_OK(reader, reader.run("SELECT id, t FROM parts ORDER BY id"));
    const Desc ipd = of(writer, SQL_ATTR_IMP_PARAM_DESC);
    EXPECT_EQ(SQL_SUCCESS, SQLCopyDesc(of(reader, SQL_ATTR_IMP_ROW_DESC), ipd)) << ipd.text();
    EXPECT_EQ(SQL_INTEGER, ipd.get<SQLSMALLINT>(1, SQL_DESC_TYPE));
    ASSERT_OK(writer, writer.prepare("INSERT INTO copies VALUES (?, ?)"));
    SQLRETURN result;
    while ((result = reader.fetch()) != SQL_NO_DATA) {
        ASSERT_OK(reader, result);
        ASSERT_OK(writer, writer.execute());
    }
    EXPECT_EQ(link.rows("SELECT * FROM parts"), link.rows("SELECT * FROM copies"));
    // freed, both statements have their own again
    EXPECT_EQ(SQL_SUCCESS, SQLFreeHandle(SQL_HANDLE_DESC, shared.handle));
    EXPECT_TRUE(of(reader, SQL_ATTR_APP_ROW_DESC).handle);
    EXPECT_EQ(SQL_DESC_ALLOC_AUTO,
              of(reader, SQL_ATTR_APP_ROW_DESC).get<SQLSMALLINT>(0, SQL_DESC_ALLOC_TYPE));
    EXPECT_EQ(0, of(writer, SQL_ATTR_APP_PARAM_DESC).get<SQLSMALLINT>(0, SQL_DESC_COUNT));
}

TEST_F(Descriptors, CopiesTakeTheBindingsAcrossConnections) {
    Link other;
    other.open(server_string());
    Query here(link), there(other);
    SQLINTEGER value = 0;
    SQLBindCol(here, 1, SQL_C_SLONG, &value, 0, nullptr);
    Desc target;
    SQLGetStmtAttr(there, SQL_ATTR_APP_ROW_DESC, &target.handle, SQL_IS_POINTER, nullptr);
    EXPECT_EQ(SQL_SUCCESS, SQLCopyDesc(of(here, SQL_ATTR_APP_ROW_DESC), target)) << target.text();
    ASSERT_OK(there, there.run("SELECT 42"));
    ASSERT_OK(there, there.fetch());
    EXPECT_EQ(42, value);
    const Desc ird = of(here, SQL_ATTR_IMP_ROW_DESC);
    EXPECT_STATE(ird, "HY016", SQLCopyDesc(target, ird));
    EXPECT_STATE(target, "HY007", SQLCopyDesc(ird, target));  // nothing is prepared
}

TEST_F(Descriptors, IpdKnowsTheParametersOfAPreparedStatement) {
    link.run("DROP TABLE IF EXISTS known");
    link.run("CREATE TABLE known (id INT NOT NULL, price DECIMAL(10,2), made DATETIME(3) NULL)");
    SQLUINTEGER automatic = 0;
    ASSERT_OK(link, SQLGetConnectAttr(link.handle(), SQL_ATTR_AUTO_IPD, &automatic, 0, nullptr));
    EXPECT_EQ(SQLUINTEGER{SQL_TRUE}, automatic);
    Query query(link);
    SQLINTEGER id = 0;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_SMALLINT, 5, 0, &id, 0, nullptr);
    ASSERT_OK(query, query.prepare("INSERT INTO known VALUES (?, ?, ?)"));
    const Desc ipd = of(query, SQL_ATTR_IMP_PARAM_DESC);
    EXPECT_EQ(3, ipd.get<SQLSMALLINT>(0, SQL_DESC_COUNT));
    EXPECT_EQ(SQL_SMALLINT, ipd.get<SQLSMALLINT>(1, SQL_DESC_CONCISE_TYPE)) << "as it was bound";
    EXPECT_EQ(SQL_DECIMAL, ipd.get<SQLSMALLINT>(2, SQL_DESC_CONCISE_TYPE));
    EXPECT_EQ(10, ipd.get<SQLSMALLINT>(2, SQL_DESC_PRECISION));
    EXPECT_EQ(2, ipd.get<SQLSMALLINT>(2, SQL_DESC_SCALE));
    EXPECT_EQ(SQL_NULLABLE, ipd.get<SQLSMALLINT>(2, SQL_DESC_NULLABLE));
    EXPECT_EQ(SQL_TYPE_TIMESTAMP, ipd.get<SQLSMALLINT>(3, SQL_DESC_CONCISE_TYPE));
    EXPECT_EQ(3, ipd.get<SQLSMALLINT>(3, SQL_DESC_PRECISION));
    // Another statement: what was known of the first is forgotten.
    ASSERT_OK(query, query.prepare("SELECT id FROM known WHERE id = ? AND id > ?"));
    EXPECT_EQ(SQL_SMALLINT, ipd.get<SQLSMALLINT>(1, SQL_DESC_CONCISE_TYPE));
    EXPECT_EQ(SQL_INTEGER, ipd.get<SQLSMALLINT>(2, SQL_DESC_CONCISE_TYPE));
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ENABLE_AUTO_IPD, number(SQL_FALSE), 0));
    ASSERT_OK(query, query.prepare("SELECT ?, ?, CAST(? AS SIGNED)"));
    EXPECT_LT(ipd.get<SQLSMALLINT>(0, SQL_DESC_COUNT), 4);
    EXPECT_NE(SQL_INTEGER, ipd.get<SQLSMALLINT>(2, SQL_DESC_CONCISE_TYPE));
}

TEST_F(Descriptors, FieldsBindAColumnWithItsOffset) {
    Query query(link);
    const Desc ard = of(query, SQL_ATTR_APP_ROW_DESC);
    SQLINTEGER values[3] = {};
    SQLLEN offset = sizeof(SQLINTEGER);
    ard.set(1, SQL_DESC_CONCISE_TYPE, number(SQL_C_SLONG));
    ard.set(1, SQL_DESC_DATA_PTR, &values[0]);
    ard.set(0, SQL_DESC_BIND_OFFSET_PTR, &offset);
    EXPECT_EQ(1, ard.get<SQLSMALLINT>(0, SQL_DESC_COUNT));
    ASSERT_OK(query, query.run("SELECT 7 UNION ALL SELECT 8"));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ(7, values[1]);
    offset = 2 * sizeof(SQLINTEGER);
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ(8, values[2]);
    ard.set(0, SQL_DESC_COUNT, number(0));
    EXPECT_EQ(0, ard.get<SQLSMALLINT>(0, SQL_DESC_COUNT));
}

}  // namespace
}  // namespace myfabric::test
