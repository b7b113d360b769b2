#include "execution/row_changes.h"

#include <gtest/gtest.h>

#include "fake_executor.h"

namespace myfabric::execution {
namespace {

using descriptor::Descriptor;
using descriptor::Kind;

/// An integer as the binary protocol sends it: a row is read again by a prepared statement.
std::string binary(SQLINTEGER value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

/// A cursor on three rows of t(a PRIMARY KEY, b), fetched as one rowset.
struct Rows : testing::Test {
    Rows() {
        results::Column key = integer_column("a", "t");
        key.primary_key = true;
        executor.answers["SHOW INDEX"] = {
            {integer_column("0"), integer_column("1"), integer_column("2"), integer_column("3"),
             integer_column("4"), integer_column("5"), integer_column("6"), integer_column("7"),
             integer_column("8"), integer_column("9")},
            {{{"t"}, {"0"}, {"PRIMARY"}, {"1"}, {"a"}, {""}, {""}, {""}, {""}, {""}}}};
        executor.answers["SELECT *"] = {{integer_column("a"), integer_column("b")}, {}};
        CurrentResult::Wanted wanted;
        wanted.concurrency = SQL_CONCUR_VALUES;
        wanted.changeable = true;
        wanted.cursor_type = SQL_CURSOR_STATIC;
        result.took(
            std::make_unique<results::MemoryResults>(
                results::Columns{key, integer_column("b", "t")},
                std::vector<results::MemoryRow>{{{"1"}, {"10"}}, {{"2"}, {"20"}}, {{"3"}, {"30"}}}),
            wanted);
        bind(1, a);
        bind(2, b);
        ard.array_size = 3;
        ird.array_status_ptr = status;
        cursor::Fetch fetch;
        fetch.size = 3;
        result.cursor().fetch(fetch, ard, diagnostics);
        diagnostics.clear();
    }
    void bind(std::size_t number, SQLINTEGER* values) {
        descriptor::Record& record = ard.writable(number);
        descriptor::set_concise_type(record, SQL_C_SLONG);
        record.data_ptr = values;
        record.indicator_ptr = record.octet_length_ptr = lengths[number - 1];
        descriptor::set_concise_type(ird.writable(number), SQL_INTEGER);
    }
    RowChanges::Call call() { return {ard, ird, diagnostics}; }
    SQLRETURN set(SQLULEN row, SQLUSMALLINT operation) {
        executor.ran.clear();
        return changes.set_position(row, operation, SQL_LOCK_NO_CHANGE, 3, call());
    }

    FakeExecutor executor;
    CurrentResult result{executor};
    ParameterInput input;
    RowChanges changes{executor, result, input};
    Descriptor ard{Kind::application_row}, ird{Kind::row};
    Diagnostics diagnostics;
    SQLINTEGER a[3] = {}, b[3] = {};
    SQLLEN lengths[2][3] = {};
    SQLUSMALLINT status[3] = {};
};

TEST_F(Rows, AreDeletedByKeyAndValues) {
    EXPECT_EQ(SQL_SUCCESS, set(2, SQL_DELETE));
    EXPECT_EQ("DELETE FROM `app`.`t` WHERE `a` = ? AND `b` <=> ? [2] [20]", executor.ran.back());
    EXPECT_EQ(SQL_ROW_DELETED, status[1]);
    EXPECT_EQ(1, result.row_count());
    EXPECT_TRUE(result.cursor().is_deleted(2));
    EXPECT_THROW(set(2, SQL_DELETE), Error);
}

TEST_F(Rows, AreUpdatedAndReadAgain) {
    executor.answers["SELECT `a`, `b`"] = {{integer_column("a"), integer_column("b")},
                                           {{binary(1), binary(11)}}};
    b[0] = 11;
    lengths[0][0] = SQL_COLUMN_IGNORE;
    EXPECT_EQ(SQL_SUCCESS, set(1, SQL_UPDATE));
    ASSERT_EQ(3u, executor.ran.size());  // the table's keys are asked for first
    EXPECT_EQ("UPDATE `app`.`t` SET `b` = ? WHERE `a` = ? AND `b` <=> ? [11] [1] [10]",
              executor.ran[1]);
    EXPECT_EQ(SQL_ROW_UPDATED, status[0]);
    const results::Row& row = result.kept()->row_at(0);
    EXPECT_EQ("11", std::string(row.values[1], row.lengths[1]));
    set(1, SQL_UPDATE);
    EXPECT_EQ(2u, executor.ran.size());  // and once for a result
}

TEST_F(Rows, OneThatHasChangedIsLeftAlone) {
    executor.affected = 0;
    EXPECT_EQ(SQL_SUCCESS, set(1, SQL_DELETE));
    ASSERT_EQ(1u, diagnostics.records().size());
    EXPECT_EQ("01001", diagnostics.records()[0].state);
    EXPECT_EQ(1, diagnostics.records()[0].row);
    EXPECT_EQ(0, result.row_count());
}

TEST_F(Rows, AnErrorDoesNotEndSeveral) {
    set(1, SQL_DELETE);
    executor.failure = Error::from_server("23000", 1451, "no");
    EXPECT_EQ(SQL_SUCCESS, set(0, SQL_DELETE));
    EXPECT_EQ(SQL_ROW_DELETED, status[0]);  // before
    EXPECT_EQ(SQL_ROW_ERROR, status[1]);
    EXPECT_EQ(SQL_ROW_DELETED, status[2]);
    EXPECT_EQ(1, result.row_count());
    EXPECT_EQ("01S01", diagnostics.records().back().state);
}

TEST_F(Rows, ALostLinkDoes) {
    set(1, SQL_DELETE);
    executor.failure = Error(state::link_failure, "gone");
    EXPECT_THROW(set(0, SQL_DELETE), Error);
    EXPECT_FALSE(changes.active());
    EXPECT_TRUE(executor.ran.size() == 1);
}

TEST_F(Rows, WaitForData) {
    lengths[1][0] = SQL_DATA_AT_EXEC;
    EXPECT_EQ(SQL_NEED_DATA, set(1, SQL_UPDATE));
    EXPECT_TRUE(changes.active());
    SQLPOINTER token = nullptr;
    ASSERT_TRUE(input.next(&token));
    EXPECT_EQ(b, token);
    SQLINTEGER value = 12;
    input.put(&value, 0);
    EXPECT_FALSE(input.next(&token));
    EXPECT_EQ(SQL_SUCCESS, changes.resume(call()));
    EXPECT_EQ("UPDATE `app`.`t` SET `a` = ?, `b` = ? WHERE `a` = ? AND `b` <=> ? [1] [12] [1] [10]",
              executor.ran[1]);
    EXPECT_FALSE(changes.active());
}

TEST_F(Rows, ArePositionedByAnotherStatement) {
    result.cursor().set_position(3);
    EXPECT_TRUE(changes.run_positioned("c", "DELETE FROM t ", {}, true));
    EXPECT_EQ("DELETE FROM t  WHERE `a` = ? AND `b` <=> ? [3] [30]", executor.ran.back());
    EXPECT_TRUE(result.cursor().is_deleted(3));
    EXPECT_THROW(changes.run_positioned("c", "DELETE FROM t ", {}, true), Error);
}

TEST_F(Rows, StayOnTheirTarget) {
    executor.now.group = "other";
    EXPECT_THROW(set(1, SQL_DELETE), Error);
    EXPECT_TRUE(executor.ran.empty());
}

}  // namespace
}  // namespace myfabric::execution
