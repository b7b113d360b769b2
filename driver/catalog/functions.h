// The queries of the catalog functions: arguments in, SQL over information_schema out.
//
// Databases are catalogs; the schema columns are NULL. Columns carry their ODBC 3 names; programs
// of ODBC 2 bind by number. What a null, empty or "%" argument means is said at class Where.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include "catalog/query.h"

namespace myfabric::catalog {

/// SQLTables, with its three enumerations: SQL_ALL_CATALOGS, SQL_ALL_SCHEMAS (none), and
/// SQL_ALL_TABLE_TYPES. `types` is a list like "TABLE,VIEW" or "'TABLE', 'VIEW'".
Query tables(const Argument& catalog, const Argument& schema, const Argument& table,
             const Argument& types, const Facts& facts);

/// SQLColumns: types and sizes are those that SQLDescribeCol returns.
Query columns(const Argument& catalog, const Argument& schema, const Argument& table,
              const Argument& column, const Facts& facts);

Query primary_keys(const Argument& catalog, const Argument& schema, const Argument& table,
                   const Facts& facts);

/// One side of SQLForeignKeys; the caller refuses (HY009) two sides without a table.
struct TableArguments {
    Argument catalog, schema, table;
};
Query foreign_keys(const TableArguments& primary, const TableArguments& foreign,
                   const Facts& facts);

/// SQLStatistics: the table's row, then its indexes. `unique` is SQL_INDEX_UNIQUE or SQL_INDEX_ALL.
/// CARDINALITY is the server's estimate, also for SQL_ENSURE, as an exact number would mean to
/// count the table.
Query statistics(const Argument& catalog, const Argument& schema, const Argument& table,
                 SQLUSMALLINT unique, SQLUSMALLINT reserved, const Facts& facts);

/// SQLSpecialColumns: SQL_BEST_ROWID finds the primary key, or else the shortest unique key whose
/// columns cannot be NULL (or may, with SQL_NULLABLE); SQL_ROWVER the columns with ON UPDATE.
/// A key holds for the session and longer, so that every `scope` is met.
Query special_columns(SQLUSMALLINT identifier_type, const Argument& catalog, const Argument& schema,
                      const Argument& table, SQLUSMALLINT scope, SQLUSMALLINT nullable,
                      const Facts& facts);

/// SQLProcedures: procedures and functions.
Query procedures(const Argument& catalog, const Argument& schema, const Argument& procedure,
                 const Facts& facts);

/// SQLProcedureColumns: the return value first, then the parameters. Columns of result sets are
/// not known before a call.
Query procedure_columns(const Argument& catalog, const Argument& schema, const Argument& procedure,
                        const Argument& column, const Facts& facts);

/// SQLTablePrivileges: also privileges that were granted for the database or for all of them.
Query table_privileges(const Argument& catalog, const Argument& schema, const Argument& table,
                       const Facts& facts);

/// SQLColumnPrivileges of one table: also what was granted for the table and above.
Query column_privileges(const Argument& catalog, const Argument& schema, const Argument& table,
                        const Argument& column, const Facts& facts);

}  // namespace myfabric::catalog
