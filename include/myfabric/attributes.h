/* Custom connection attributes of MyFabric ODBC, for SQLSetConnectAttr and SQLGetConnectAttr.
 *
 *     SQLSetConnectAttr(dbc, SQL_ATTR_FABRIC_TABLES, (SQLPOINTER) "shop.orders", SQL_NTS);
 *     SQLSetConnectAttr(dbc, SQL_ATTR_FABRIC_SHARD_KEY, (SQLPOINTER) "42", SQL_NTS);
 *     SQLSetConnectAttr(dbc, SQL_ATTR_FABRIC_MODE, (SQLPOINTER) SQL_FABRIC_MODE_READONLY, 0);
 *     ... the next statement goes to a secondary of the shard that holds 42 ...
 *     SQLGetConnectAttr(dbc, SQL_ATTR_FABRIC_SERVER, server, sizeof server, &bytes);
 *
 * Strings are UTF-8 in the ANSI functions and UTF-16 in the W functions; lengths and capacities
 * count bytes in both, without the terminator, and may be SQL_NTS when setting. Integers are
 * SQLULEN values in the pointer's place when setting; getting writes an SQLUINTEGER. Like every
 * function of a connection these may be called by any thread, and wait for a call of the connection
 * that is going on; the attributes 20010 to 20012 report what is known and ask no server.
 *
 * SQLSTATEs of all: HY024 for a value that cannot be meant, HY090 for a negative length, HY092 for
 * setting what can only be read and the other way round, 01004 for a buffer that is too short.
 */
#ifndef MYFABRIC_ATTRIBUTES_H
#define MYFABRIC_ATTRIBUTES_H

/* The target. May be set before and after connecting; a change takes effect at the next statement,
 * whose errors are then those of connecting: 08001 for a table, key or group that the farm lacks,
 * 08004 and 28000 for a login that is refused. HY011 inside a transaction and without a farm
 * (FabricHost). Setting the group clears tables and key; setting tables clears the group. */
#define SQL_ATTR_FABRIC_GROUP 20001         /* string: a high-availability group */
#define SQL_ATTR_FABRIC_SHARD_KEY 20002     /* string: the key, as text; empty: no key */
#define SQL_ATTR_FABRIC_TABLES 20003        /* string: "db.t1,db.t2" */
#define SQL_ATTR_FABRIC_MODE 20004          /* integer: one of SQL_FABRIC_MODE_... */
#define SQL_ATTR_FABRIC_SCOPE 20005         /* string: "LOCAL" or "GLOBAL" */
#define SQL_ATTR_FABRIC_ATTEMPTS 20006      /* integer: tries to get a usable server */
#define SQL_ATTR_FABRIC_ATTEMPT_DELAY 20007 /* integer: seconds between them */

/* The server in use; can only be read. Empty strings while there is none. */
#define SQL_ATTR_FABRIC_SERVER_UUID 20010  /* string */
#define SQL_ATTR_FABRIC_SERVER 20011       /* string: "host:port" */
#define SQL_ATTR_FABRIC_SERVER_GROUP 20012 /* string: the group that the target resolved to */

/* Setting one of these does something at once; they can only be set, and only while connected.
 * HY011 without a farm. Errors of the farm: 08001 (not reached), 28000 (user or password), 42000
 * (missing right), HY000 (refused, with its words). */
#define SQL_ATTR_FABRIC_FAILOVER 20020     /* integer 1: move to another server of the group */
#define SQL_ATTR_FABRIC_RESET_CACHE 20021  /* integer 1: load the farm's description anew */
#define SQL_ATTR_FABRIC_REPORT_ERROR 20022 /* string: report the server in use, with this text */

/* The trace that the statements to come are of, in W3C's form
 * ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"); with the key TraceComment=1 it
 * stands in a comment in front of them, and so in the logs of servers. Needs no farm; may be set
 * before and after connecting. Empty: the environment's TRACEPARENT. A prepared statement keeps
 * what it was prepared with. */
#define SQL_ATTR_FABRIC_TRACEPARENT 20030 /* string */

#define SQL_FABRIC_MODE_READONLY 1  /* a secondary; the primary when there is none */
#define SQL_FABRIC_MODE_READWRITE 2 /* the primary */
#define SQL_FABRIC_MODE_AUTO 4      /* reads by a secondary, everything else by the primary */

#endif
