// A forked child frees what it inherited, and the parent goes on undisturbed.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

class Fork : public testing::TestWithParam<const char*> {};

TEST_P(Fork, ChildThatFreesWhatItInheritedLeavesTheParentAlone) {
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(server_string(GetParam())));
    link.run("DROP TABLE IF EXISTS forked");
    link.run("CREATE TABLE forked (id INT) ENGINE=InnoDB");
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF}));
    Query prepared(link);
    ASSERT_OK(prepared, prepared.prepare("INSERT INTO forked VALUES (2)"));
    link.run("INSERT INTO forked VALUES (1)");
    const pid_t child = fork();
    if (child == 0) {
        SQLFreeHandle(SQL_HANDLE_STMT, prepared.handle());
        SQLDisconnect(link.handle());
        SQLFreeHandle(SQL_HANDLE_DBC, link.handle());
        SQLFreeHandle(SQL_HANDLE_ENV, link.environment());
        _exit(0);
    }
    ASSERT_GT(child, 0);
    int status = 0;
    ASSERT_EQ(child, waitpid(child, &status, 0));
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    ASSERT_OK(prepared, prepared.execute());
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
    EXPECT_EQ((std::vector<std::string>{"1", "2"}), link.rows("SELECT id FROM forked ORDER BY id"));
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
}

INSTANTIATE_TEST_SUITE_P(, Fork, testing::Values("SSLMode=DISABLED;", "SSLMode=PREFERRED;"),
                         [](const auto& tested) {
                             return std::string(tested.param) == "SSLMode=DISABLED;" ? "Plain"
                                                                                     : "Tls";
                         });

}  // namespace
}  // namespace myfabric::test
