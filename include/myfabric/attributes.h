/* Custom connection attributes of MyFabric ODBC, for SQLSetConnectAttr and SQLGetConnectAttr. */
#ifndef MYFABRIC_ATTRIBUTES_H
#define MYFABRIC_ATTRIBUTES_H

/* The target: strings in UTF-8 (ANSI functions) or UTF-16 (W functions). They may be set before and
 * after connecting; a change takes effect at the next statement. Inside a transaction: HY011. */
#define SQL_ATTR_FABRIC_GROUP 20001         /* string: a high-availability group */
#define SQL_ATTR_FABRIC_SHARD_KEY 20002     /* string: the key, as text */
#define SQL_ATTR_FABRIC_TABLES 20003        /* string: "db.t1,db.t2" */
#define SQL_ATTR_FABRIC_MODE 20004          /* integer: one of SQL_FABRIC_MODE_... */
#define SQL_ATTR_FABRIC_SCOPE 20005         /* string: "LOCAL" or "GLOBAL" */
#define SQL_ATTR_FABRIC_ATTEMPTS 20006      /* integer: tries to get a usable server */
#define SQL_ATTR_FABRIC_ATTEMPT_DELAY 20007 /* integer: seconds between them */

/* The server in use; read-only. Empty strings while there is none. Reading never waits. */
#define SQL_ATTR_FABRIC_SERVER_UUID 20010  /* string */
#define SQL_ATTR_FABRIC_SERVER 20011       /* string: "host:port" */
#define SQL_ATTR_FABRIC_SERVER_GROUP 20012 /* string: the group that the target resolved to */

/* Setting one of these does something at once; they cannot be read. */
#define SQL_ATTR_FABRIC_FAILOVER 20020     /* integer 1: move to another server of the group */
#define SQL_ATTR_FABRIC_RESET_CACHE 20021  /* integer 1: load the farm's description anew */
#define SQL_ATTR_FABRIC_REPORT_ERROR 20022 /* string: report the server in use with this message \
                                            */

#define SQL_FABRIC_MODE_READONLY 1
#define SQL_FABRIC_MODE_READWRITE 2
#define SQL_FABRIC_MODE_AUTO 4

#endif
