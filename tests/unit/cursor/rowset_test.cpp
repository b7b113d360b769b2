#include "cursor/rowset.h"

#include <gtest/gtest.h>

#include "results/memory_results.h"

namespace myfabric::cursor {
namespace {

results::Column column(const char* name, results::Kind kind) {
    results::Column made;
    made.name = name;
    made.kind = kind;
    made.length = 40;
    made.char_bytes = 4;
    return made;
}

results::MemoryResults results() {
    return results::MemoryResults(
        {column("id", results::Kind::integer), column("name", results::Kind::varchar)},
        {{"1", "one"}, {"2", std::nullopt}, {"x", "three"}, {"4", "fourteen"}});
}

struct Row {
    SQLINTEGER id;
    SQLLEN id_length;
    char name[6];
    SQLLEN name_length;
};

TEST(Rowset, RowWiseBindingFillsValuesLengthsAndStatus) {
    results::MemoryResults rows = results();
    Row bound[5] = {};
    descriptor::Descriptor ard(descriptor::Kind::application_row);
    ard.bind_type = sizeof(Row);
    descriptor::Record& id = ard.writable(1);
    descriptor::set_concise_type(id, SQL_C_SLONG);
    id.data_ptr = &bound[0].id;
    id.octet_length_ptr = id.indicator_ptr = &bound[0].id_length;
    descriptor::Record& name = ard.writable(2);
    descriptor::set_concise_type(name, SQL_C_CHAR);
    name.data_ptr = bound[0].name;
    name.octet_length = sizeof bound[0].name;
    name.octet_length_ptr = name.indicator_ptr = &bound[0].name_length;
    Plan plan;
    plan.update(ard, rows, true);

    SQLUSMALLINT status[5];
    SQLULEN fetched = 0;
    Diagnostics diagnostics;
    RowsetTarget target;
    target.size = 5;
    target.status = status;
    target.rows_fetched = &fetched;
    const RowsetOutcome outcome = fetch_rowset(rows, plan, target, diagnostics);
    EXPECT_EQ(SQL_SUCCESS, outcome.result);
    EXPECT_EQ(4u, fetched);
    const SQLUSMALLINT expected[] = {SQL_ROW_SUCCESS, SQL_ROW_SUCCESS, SQL_ROW_ERROR,
                                     SQL_ROW_SUCCESS_WITH_INFO, SQL_ROW_NOROW};
    for (int i = 0; i < 5; ++i) EXPECT_EQ(expected[i], status[i]) << i;
    EXPECT_EQ(1, bound[0].id);
    EXPECT_STREQ("one", bound[0].name);
    EXPECT_EQ(3, bound[0].name_length);
    EXPECT_EQ(SQL_NULL_DATA, bound[1].name_length);
    EXPECT_STREQ("fourt", bound[3].name);
    EXPECT_EQ(8, bound[3].name_length);
    ASSERT_GE(diagnostics.records().size(), 2u);
    EXPECT_EQ("22018", diagnostics.records()[0].state);
    EXPECT_EQ(3, diagnostics.records()[0].row);
    EXPECT_EQ(1, diagnostics.records()[0].column);
    EXPECT_EQ("01004", diagnostics.records()[1].state);
}

TEST(Rowset, NullWithoutIndicatorIsAnErrorOfItsRow) {
    results::MemoryResults rows({column("n", results::Kind::integer)}, {{std::nullopt}});
    SQLINTEGER value = 7;
    descriptor::Descriptor ard(descriptor::Kind::application_row);
    descriptor::set_concise_type(ard.writable(1), SQL_C_SLONG);
    ard.writable(1).data_ptr = &value;
    Plan plan;
    plan.update(ard, rows, true);
    Diagnostics diagnostics;
    EXPECT_EQ(SQL_ERROR, fetch_rowset(rows, plan, {}, diagnostics).result);
    EXPECT_EQ("22002", diagnostics.records()[0].state);
}

TEST(Rowset, MaxRowsAndTheEndGiveNoData) {
    results::MemoryResults rows = results();
    Plan plan;
    descriptor::Descriptor ard(descriptor::Kind::application_row);
    plan.update(ard, rows, true);
    Diagnostics diagnostics;
    RowsetTarget target;
    target.size = 10;
    target.most = 3;
    EXPECT_EQ(3u, fetch_rowset(rows, plan, target, diagnostics).rows);
    target.most = 0;
    EXPECT_EQ(SQL_NO_DATA, fetch_rowset(rows, plan, target, diagnostics).result);
}

}  // namespace
}  // namespace myfabric::cursor
