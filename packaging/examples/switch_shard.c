/* Switches the shard of one open connection by attribute, and goes on after its primary has died.
 *   cc switch_shard.c -lodbc && ./a.out "DSN=shop" 1 1001    (waits for a line on standard input) */
#include <myfabric/attributes.h>
#include <sql.h>
#include <sqlext.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void check(SQLRETURN result, SQLSMALLINT type, SQLHANDLE handle, const char *what) {
    SQLCHAR state[6], text[600];
    for (SQLSMALLINT i = 1; result != SQL_SUCCESS && SQL_SUCCEEDED(SQLGetDiagRec(type, handle, i, state, NULL, text, sizeof text, NULL)); ++i)
        printf("  %s %s: %s\n", what, state, text);
    if (!SQL_SUCCEEDED(result)) exit(1);
}

static void run(SQLHDBC connection, SQLHSTMT statement, const char *sql) {
    SQLCHAR server[64], value[64];
    check(SQLExecDirect(statement, (SQLCHAR *)sql, SQL_NTS), SQL_HANDLE_STMT, statement, "note");
    SQLGetConnectAttr(connection, SQL_ATTR_FABRIC_SERVER, server, sizeof server, NULL);
    printf("  %s: %s", server, sql);
    SQLBindCol(statement, 1, SQL_C_CHAR, value, sizeof value, NULL);
    SQLSMALLINT columns = 0;
    SQLNumResultCols(statement, &columns);
    while (columns && SQL_SUCCEEDED(SQLFetch(statement))) printf(" -> %s", value);
    puts("");
    SQLFreeStmt(statement, SQL_CLOSE);
}

int main(int argc, char **argv) {
    SQLHENV environment; SQLHDBC connection; SQLHSTMT statement; struct timespec a, b; char line[8], sql[99];
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
    SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3_80, 0);
    SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection);
    check(SQLDriverConnect(connection, NULL, (SQLCHAR *)argv[1], SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT), SQL_HANDLE_DBC, connection, "connect");
    SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement);
    for (int i = 2; i < argc; ++i) {
        check(SQLSetConnectAttr(connection, SQL_ATTR_FABRIC_SHARD_KEY, argv[i], SQL_NTS), SQL_HANDLE_DBC, connection, "set");
        snprintf(sql, sizeof sql, "SELECT item FROM orders WHERE customer_id = %s", argv[i]);
        run(connection, statement, sql);
    }
    puts("ready"); fflush(stdout);
    if (!fgets(line, sizeof line, stdin)) return 0; /* meanwhile the primary dies */
    clock_gettime(CLOCK_MONOTONIC, &a);
    run(connection, statement, sql);
    run(connection, statement, "INSERT INTO journal VALUES (1, 1, 'written after the primary died')");
    clock_gettime(CLOCK_MONOTONIC, &b);
    printf("  both statements took %.2f s over the same handles\n", (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9);
    return 0;
}
