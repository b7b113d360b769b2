// TraceComment=1: servers see which trace a statement is of, and nothing else changes.
#include <gtest/gtest.h>
#include <myfabric/attributes.h>

#include <cstdlib>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

const std::string first = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const std::string second = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
const std::string own_text =
    "SELECT INFO FROM information_schema.PROCESSLIST WHERE ID = CONNECTION_ID()";

std::string comment(const std::string& value) {
    return "/*traceparent='" + value + "'*/";
}

SQLCHAR* chars(const std::string& text) {
    return reinterpret_cast<SQLCHAR*>(const_cast<char*>(text.c_str()));
}

/// The environment is read when a connection is made.
class TraceOfProcess {
public:
    explicit TraceOfProcess(const std::string& value) { setenv("TRACEPARENT", value.c_str(), 1); }
    ~TraceOfProcess() { unsetenv("TRACEPARENT"); }
};

TEST(TraceComment, IsNotSentUnlessItIsWanted) {
    const TraceOfProcess process(first);
    Link link;
    link.open(server_string());
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_FABRIC_TRACEPARENT, second));
    EXPECT_EQ(own_text, link.value(own_text));
}

TEST(TraceComment, ComesFromTheEnvironmentOrTheAttribute) {
    const TraceOfProcess process(first);
    Link link;
    link.open(server_string("TraceComment=1;"));
    EXPECT_EQ(comment(first) + own_text, link.value(own_text));
    EXPECT_EQ(first, link.attribute(SQL_ATTR_FABRIC_TRACEPARENT));
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_FABRIC_TRACEPARENT, second));
    EXPECT_EQ(comment(second) + own_text, link.value(own_text));
    EXPECT_EQ(second, link.attribute(SQL_ATTR_FABRIC_TRACEPARENT));
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_FABRIC_TRACEPARENT, std::string()));
    EXPECT_EQ(comment(first) + own_text, link.value(own_text));
}

TEST(TraceComment, MayBeSetBeforeConnecting) {
    Link link;
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_FABRIC_TRACEPARENT, second));
    link.open(server_string("TraceComment=1;"));
    EXPECT_EQ(comment(second) + own_text, link.value(own_text));
}

TEST(TraceComment, IsTakenInW3CsFormAlone) {
    Link link;
    link.open(server_string("TraceComment=1;"));
    for (const char* wrong :
         {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
          "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01", "*/ DROP TABLE t /*"}) {
        EXPECT_EQ(SQL_ERROR, link.set_attribute(SQL_ATTR_FABRIC_TRACEPARENT, wrong)) << wrong;
        EXPECT_EQ("HY024", link.state()) << wrong;
    }
    EXPECT_EQ(own_text, link.value(own_text));
}

TEST(TraceComment, AnEnvironmentThatIsWrongIsToldAndLeftOut) {
    const TraceOfProcess process("*/ DROP TABLE t /*");
    Link link;
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, link.try_open(server_string("TraceComment=1;")));
    EXPECT_NE(std::string::npos, link.text().find("TRACEPARENT")) << link.text();
    EXPECT_EQ(own_text, link.value(own_text));
}

TEST(TraceComment, LeavesParametersResultsAndErrorsAsTheyAre) {
    const TraceOfProcess process(first);
    Link link;
    link.open(server_string("TraceComment=1;Multi_Statements=1;"));
    link.run("DROP TABLE IF EXISTS traced");
    link.run("CREATE TABLE traced (id INT PRIMARY KEY, v INT)");
    Query insert(link);
    SQLINTEGER ids[] = {1, 2, 3}, values[] = {10, 20, 30};
    ASSERT_OK(insert, insert.prepare("INSERT INTO traced VALUES (?, ?)"));
    SQLSetStmtAttr(insert, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(3), 0);
    SQLBindParameter(insert, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, ids, 0, nullptr);
    SQLBindParameter(insert, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values, 0,
                     nullptr);
    ASSERT_OK(insert, insert.execute());
    EXPECT_EQ((std::vector<std::string>{"1|10", "2|20", "3|30"}),
              link.rows("SELECT id, v FROM traced ORDER BY id"));

    Query prepared(link);
    SQLINTEGER one = 1;
    ASSERT_OK(prepared, prepared.prepare(own_text + " AND 1 = ?"));
    SQLBindParameter(prepared, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &one, 0,
                     nullptr);
    ASSERT_OK(prepared, prepared.execute());
    ASSERT_OK(prepared, prepared.fetch());
    const std::string seen = prepared.get(1).value_or("");
    EXPECT_EQ(0u, seen.find(comment(first) + own_text)) << seen;

    // Statements of one text that have parameters are sent one by one, each of the trace.
    Query several(link);
    ASSERT_OK(several, several.prepare("UPDATE traced SET v = 11 WHERE id = ?; " + own_text));
    SQLBindParameter(several, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &one, 0, nullptr);
    ASSERT_OK(several, several.execute());
    ASSERT_OK(several, SQLMoreResults(several));
    EXPECT_EQ((std::vector<std::string>{comment(first) + " " + own_text}), several.rows());

    Query wrong(link);
    EXPECT_STATE(wrong, "42000", wrong.run("SELECT 1 FRM traced"));
    EXPECT_NE(std::string::npos, wrong.text().find("near 'traced' at line 1")) << wrong.text();
    EXPECT_EQ(std::string::npos, wrong.text().find("traceparent")) << wrong.text();

    Query cursor(link), change(link);
    SQLSetStmtAttr(cursor, SQL_ATTR_CURSOR_TYPE, reinterpret_cast<SQLPOINTER>(SQL_CURSOR_STATIC),
                   0);
    ASSERT_OK(cursor, SQLSetCursorName(cursor, chars("c"), SQL_NTS));
    ASSERT_OK(cursor, cursor.run("SELECT id, v FROM traced ORDER BY id"));
    ASSERT_OK(cursor, cursor.fetch());
    ASSERT_OK(change, change.run("UPDATE traced SET v = 12 WHERE CURRENT OF c"));
    EXPECT_EQ("12", link.value("SELECT v FROM traced WHERE id = 1"));
    EXPECT_EQ(SQL_NO_DATA, change.run("DELETE FROM traced WHERE id = 99"));
    // What the driver answers itself is no server's.
    EXPECT_EQ(1u, link.rows("CALL fabric.server()").size());
    link.run("DROP TABLE traced");
}

TEST(TraceComment, StandsInTheServersLog) {
    const TraceOfProcess process(first);
    Link link;
    link.open(server_string("TraceComment=1;"));
    link.run("SET GLOBAL log_output = 'TABLE'");
    link.run("SET GLOBAL general_log = 1");
    link.run("SELECT 'a traced one'");
    link.run("SET GLOBAL general_log = 0");
    EXPECT_EQ("1", link.value("SELECT COUNT(*) FROM mysql.general_log WHERE argument = CONCAT('" +
                              comment("").substr(0, 14) + "''" + first +
                              "''*/SELECT ''a traced one''')"));
    link.run("TRUNCATE mysql.general_log");
    link.run("SET GLOBAL log_output = 'FILE'");
}

}  // namespace
}  // namespace myfabric::test
