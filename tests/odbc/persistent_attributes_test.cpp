// "All connection and statement attributes successfully set by the application for the connection
// persist until SQLFreeHandle is called on the connection." (SQLSetConnectAttr)
#include <gtest/gtest.h>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

SQLUINTEGER number(Link& link, SQLINTEGER attribute) {
    SQLUINTEGER value = 0;
    EXPECT_EQ(SQL_SUCCESS, SQLGetConnectAttr(link.handle(), attribute, &value, 0, nullptr))
        << link.text();
    return value;
}

TEST(PersistentAttributes, HoldOverDisconnecting) {
    if (driver_file()) return;  // the manager frees the driver's handle when it disconnects
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(server_string()));
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF}));
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_TXN_ISOLATION, SQLULEN{SQL_TXN_SERIALIZABLE}));
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_ACCESS_MODE, SQLULEN{SQL_MODE_READ_ONLY}));
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_CURRENT_CATALOG, "information_schema"));
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
    ASSERT_OK(link, SQLDisconnect(link.handle()));
    ASSERT_NO_FATAL_FAILURE(link.open(server_string()));
    EXPECT_EQ(SQLUINTEGER{SQL_AUTOCOMMIT_OFF}, number(link, SQL_ATTR_AUTOCOMMIT));
    EXPECT_EQ(SQLUINTEGER{SQL_TXN_SERIALIZABLE}, number(link, SQL_ATTR_TXN_ISOLATION));
    EXPECT_EQ(SQLUINTEGER{SQL_MODE_READ_ONLY}, number(link, SQL_ATTR_ACCESS_MODE));
    EXPECT_EQ("information_schema|0|SERIALIZABLE",
              link.rows("SELECT DATABASE(), @@autocommit, @@tx_isolation").at(0));
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_ROLLBACK));
}

TEST(PersistentAttributes, OfStatementsHoldForThoseAllocatedLater) {
    Link link(SQL_OV_ODBC2);
    ASSERT_NO_FATAL_FAILURE(link.open(server_string()));
    if (!SQL_SUCCEEDED(link.set_attribute(SQL_ATTR_MAX_ROWS, SQLULEN{2})))
        return;  // managers may keep statement options of connections to themselves
    Query query(link);
    SQLULEN rows = 0;
    ASSERT_OK(query, SQLGetStmtAttr(query, SQL_ATTR_MAX_ROWS, &rows, 0, nullptr));
    EXPECT_EQ(SQLULEN{2}, rows);
}

TEST(PersistentAttributes, WhatSqlTextChangedDoesNot) {
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(server_string()));
    link.run("SET autocommit=0");
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_ROLLBACK));
    ASSERT_OK(link, SQLDisconnect(link.handle()));
    ASSERT_NO_FATAL_FAILURE(link.open(server_string()));
    EXPECT_EQ("1", link.value("SELECT @@autocommit"));
}

}  // namespace
}  // namespace myfabric::test
