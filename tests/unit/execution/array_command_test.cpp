#include "execution/array_command.h"

#include <gtest/gtest.h>

#include "fake_executor.h"

namespace myfabric::execution {
namespace {

using descriptor::Descriptor;
using descriptor::Kind;

struct Array : testing::Test {
    Array() {
        for (SQLINTEGER i = 0; i < 10; ++i) values[i] = i;
        bind_parameter(apd, ipd, 1,
                       {SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values, 0, nullptr});
        apd.array_size = 10;
        engine("InnoDB");
        use("INSERT INTO t(a) VALUES (?)");
    }
    void engine(const std::string& name) {
        executor.answers["SHOW CREATE"] = {
            {integer_column("Table"), integer_column("Create Table")},
            {{{"t"}, {"CREATE TABLE `t` (\n  `a` int\n) ENGINE=" + name}}}};
    }
    void use(const char* sql) {
        command = Command::parse(sql, {});
        input.update(command, apd, ipd, {});
        array.forget();
    }
    bool serves(bool bulk) {
        return array.serves(command, input.plan(), {}, executor, [=] { return bulk; });
    }

    FakeExecutor executor;
    Descriptor apd{Kind::application_parameter}, ipd{Kind::parameter};
    SQLINTEGER values[10];
    Command command;
    ParameterInput input;
    ArrayCommand array;
};

TEST_F(Array, ServesWhatTakesEffectWholeOrNotAtAll) {
    EXPECT_TRUE(serves(true));
    EXPECT_TRUE(serves(false));          // known
    EXPECT_EQ(2u, executor.ran.size());  // the engine, and whether it is Galera
    EXPECT_EQ("SHOW CREATE TABLE `t`", executor.ran[0]);
    engine("MyISAM");
    array.forget();
    EXPECT_FALSE(serves(true));
    engine("InnoDB");
    for (const char* sql : {"SELECT ?", "INSERT INTO t SELECT ?", "CALL p(?)",
                            "INSERT INTO t VALUES (?); SELECT 1"}) {
        SCOPED_TRACE(sql);
        use(sql);
        EXPECT_FALSE(serves(true));
    }
    use("UPDATE t SET a = ?");
    EXPECT_FALSE(serves(false));  // there is no row to repeat
    array.forget();
    EXPECT_TRUE(serves(true));
}

TEST_F(Array, AsksAgainForNothingButALostLink) {
    executor.failure = Error::from_server("42S02", 1146, "no table");
    EXPECT_FALSE(serves(true));
    array.forget();
    executor.failure = Error(state::link_failure, "gone");
    EXPECT_THROW(serves(true), Error);
}

TEST_F(Array, RepeatsTheRowByPowersOfTwo) {
    ASSERT_TRUE(serves(false));
    const std::size_t rows = array.gather(1, 7, command, input, {}, executor);
    EXPECT_EQ(4u, rows);
    array.run(rows, command, input, {}, executor, {});
    EXPECT_EQ("INSERT INTO t(a) VALUES (?),(?),(?),(?) [1] [2] [3] [4]", executor.ran.back());
}

TEST_F(Array, GivesTheBulkProtocolAll) {
    ASSERT_TRUE(serves(true));
    const std::size_t rows = array.gather(0, 10, command, input, {}, executor);
    EXPECT_EQ(10u, rows);
    std::size_t ran = 0;
    array.run(rows, command, input, {}, executor,
              [&](mysql::BulkValues&, std::size_t count, bool whole) {
                  ran = count;
                  EXPECT_TRUE(whole);
                  return results::Counts{count, 0, 0};
              });
    EXPECT_EQ(10u, ran);
}

TEST_F(Array, StopsBeforeASetThatFailsOrWaits) {
    SQLLEN lengths[10] = {};
    char texts[10][8] = {"1", "2", "3", "x", "5"};
    bind_parameter(apd, ipd, 1,
                   {SQL_PARAM_INPUT, SQL_C_CHAR, SQL_INTEGER, 0, 0, texts, 8, lengths});
    for (SQLLEN& length : lengths) length = SQL_NTS;
    use("INSERT INTO t(a) VALUES (?)");
    ASSERT_TRUE(serves(true));
    EXPECT_EQ(3u, array.gather(0, 5, command, input, {}, executor));
    lengths[1] = SQL_DATA_AT_EXEC;
    EXPECT_EQ(1u, array.gather(0, 5, command, input, {}, executor));
}

}  // namespace
}  // namespace myfabric::execution
