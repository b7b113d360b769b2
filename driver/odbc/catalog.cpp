// SQLTables, SQLColumns, SQLPrimaryKeys and the other catalog functions.
#include <algorithm>

#include "catalog/functions.h"
#include "catalog/pattern.h"
#include "catalog/shown_table.h"
#include "odbc/call.h"

namespace myfabric::odbc {
namespace {

using catalog::Argument;
using odbc::narrow_of;

/// Throws HY090 for a name that no database, table or column can have.
Argument checked(Argument argument) {
    constexpr std::ptrdiff_t longest = 64;  // characters, as SQLGetInfo reports
    if (!argument || argument->size() <= static_cast<std::size_t>(longest)) return argument;
    const catalog::Pattern pattern = catalog::parse_pattern(*argument);
    const auto counts = [](char c) { return (c & 0xC0) != 0x80 && c != '%'; };
    if (std::ranges::count_if(pattern.value, counts) > longest)
        throw Error(state::invalid_length,
                    "a name of " + std::to_string(argument->size()) +
                        " bytes was given; names have 64 characters at most");
    return argument;
}

unsigned char narrow_of(const catalog::Facts& facts) {
    return facts.reading.narrow;
}

/// `whose` has the connection's character set.
template <class Whose, class Char>
Argument list(Whose& whose, const Char* value, SQLSMALLINT length) {
    if (!value) return std::nullopt;
    return with_text(narrow_of(whose), value, length,
                     [](std::string_view text) { return std::string(text); });
}

template <class Whose, class Char>
Argument argument(Whose& whose, const Char* value, SQLSMALLINT length) {
    return checked(list(whose, value, length));
}

catalog::Facts facts_of(Statement& s) {
    router::Backend& backend = s.connection().backend();
    catalog::Facts facts;
    if (backend.connection()) {
        facts.mariadb = backend.connection()->is_mariadb();
        facts.server_version = backend.connection()->server_version_number();
        facts.reading = backend.connection()->reading();
    }
    facts.reading.narrow = s.connection().narrow();
    facts.wide_types = s.connection().wide_types();
    facts.long_cap = s.connection().long_cap();
    facts.null_is_current = s.connection().options().null_is_current;
    facts.any_schema = s.connection().options().any_schema;
    facts.odbc_2 = s.connection().environment().odbc_2();
    facts.metadata_id = s.attributes.metadata_id == SQL_TRUE;
    facts.current_database = backend.session().database;
    return facts;
}

/// The rows of a SHOW statement; none when the server refuses it.
std::vector<catalog::ShownRow> show(Statement& s, const std::string& sql) {
    std::vector<catalog::ShownRow> rows;
    try {
        s.connection().backend().run({router::Effect::read}, [&](const auto& connection) {
            rows.clear();
            const std::unique_ptr<results::Results> found = connection->query(sql);
            while (found->next_row()) {
                catalog::ShownRow& row = rows.emplace_back();
                for (std::size_t i = 0; i < found->columns().size(); ++i)
                    row.push_back(found->row().values[i]
                                      ? std::optional(std::string(found->row().values[i],
                                                                  found->row().lengths[i]))
                                      : std::nullopt);
            }
        });
    } catch (const Error& error) {
        if (!s.connection().backend().usable()) throw;
        return {};
    }
    return rows;
}

/// The table that a function is about, for one that may be a temporary one.
struct About {
    Argument catalog, table;
    bool patterns = false;
};

/// Runs the query that `make(facts)` returns and leaves its rows on the statement.
template <class Make>
void run_on(Statement& s, const About& about, const Make& make) {
    catalog::Facts facts = facts_of(s);
    if (s.connection().backend().has_temporary_tables()) {
        if (const auto name = catalog::one_table(about.catalog, about.table, about.patterns, facts))
            if (const auto table = catalog::temporary_table(
                    *name, facts, [&](const std::string& sql) { return show(s, sql); }))
                facts.sources = catalog::sources(*table, facts);
    }
    catalog::Query query = make(facts);
    query.sql = catalog::for_any_session(std::move(query.sql), facts);
    s.run_catalog(query);
}

template <class Make>
SQLRETURN run(SQLUSMALLINT function, SQLHSTMT handle, Make make) noexcept {
    return call_async<Statement>(function, handle, [make](Statement& s) { run_on(s, {}, make); });
}

/// The same for a function about one table (or, with `patterns`, those that match).
template <class C, class Make>
SQLRETURN run(SQLUSMALLINT function, SQLHSTMT handle, const C* catalog, SQLSMALLINT catalog_length,
              const C* table, SQLSMALLINT table_length, bool patterns, Make make) noexcept {
    return call_async<Statement>(function, handle, [=](Statement& s) {
        run_on(s,
               {argument(s, catalog, catalog_length), argument(s, table, table_length), patterns},
               make);
    });
}

template <class Char>
void need(const Char* table) {
    if (!table) throw Error(state::invalid_null_pointer, "the table name is missing");
}

/// "If SQL_ATTR_METADATA_ID is SQL_TRUE, the argument is an identifier": it cannot be null.
template <class... Char>
void need_identifiers(const catalog::Facts& facts, const Char*... arguments) {
    if (facts.metadata_id && !(arguments && ...))
        throw Error(state::invalid_null_pointer,
                    "a name is missing, but SQL_ATTR_METADATA_ID says that all are identifiers");
}

template <class C>
SQLRETURN tables(SQLHSTMT s, C* c, SQLSMALLINT cn, C* o, SQLSMALLINT on, C* t, SQLSMALLINT tn, C* k,
                 SQLSMALLINT kn) noexcept {
    return run(SQL_API_SQLTABLES, s, c, cn, t, tn, true, [=](const catalog::Facts& facts) {
        need_identifiers(facts, t);
        return catalog::tables(argument(facts, c, cn), argument(facts, o, on),
                               argument(facts, t, tn), list(facts, k, kn), facts);
    });
}

template <class C>
SQLRETURN columns(SQLHSTMT s, C* c, SQLSMALLINT cn, C* o, SQLSMALLINT on, C* t, SQLSMALLINT tn,
                  C* k, SQLSMALLINT kn) noexcept {
    return run(SQL_API_SQLCOLUMNS, s, c, cn, t, tn, true, [=](const catalog::Facts& facts) {
        need_identifiers(facts, t, k);
        return catalog::columns(argument(facts, c, cn), argument(facts, o, on),
                                argument(facts, t, tn), argument(facts, k, kn), facts);
    });
}

template <class C>
SQLRETURN primary_keys(SQLHSTMT s, C* c, SQLSMALLINT cn, C* o, SQLSMALLINT on, C* t,
                       SQLSMALLINT tn) noexcept {
    return run(SQL_API_SQLPRIMARYKEYS, s, c, cn, t, tn, false, [=](const catalog::Facts& facts) {
        need(t);
        return catalog::primary_keys(argument(facts, c, cn), argument(facts, o, on),
                                     argument(facts, t, tn), facts);
    });
}

template <class C>
SQLRETURN foreign_keys(SQLHSTMT s, C* pc, SQLSMALLINT pcn, C* po, SQLSMALLINT pon, C* pt,
                       SQLSMALLINT ptn, C* fc, SQLSMALLINT fcn, C* fo, SQLSMALLINT fon, C* ft,
                       SQLSMALLINT ftn) noexcept {
    return run(SQL_API_SQLFOREIGNKEYS, s, [=](const catalog::Facts& facts) {
        if (!pt && !ft)
            throw Error(state::invalid_null_pointer,
                        "the primary or the foreign key's table must be given");
        return catalog::foreign_keys(
            {argument(facts, pc, pcn), argument(facts, po, pon), argument(facts, pt, ptn)},
            {argument(facts, fc, fcn), argument(facts, fo, fon), argument(facts, ft, ftn)}, facts);
    });
}

template <class C>
SQLRETURN statistics(SQLHSTMT s, C* c, SQLSMALLINT cn, C* o, SQLSMALLINT on, C* t, SQLSMALLINT tn,
                     SQLUSMALLINT unique, SQLUSMALLINT reserved) noexcept {
    return run(SQL_API_SQLSTATISTICS, s, c, cn, t, tn, false, [=](const catalog::Facts& facts) {
        need(t);
        if (unique > SQL_INDEX_ALL)
            throw Error(state::uniqueness_out_of_range,
                        "uniqueness " + std::to_string(unique) + " is neither unique nor all");
        if (reserved > SQL_ENSURE)
            throw Error(state::accuracy_out_of_range,
                        "accuracy " + std::to_string(reserved) + " is neither quick nor ensure");
        return catalog::statistics(argument(facts, c, cn), argument(facts, o, on),
                                   argument(facts, t, tn), unique, reserved, facts);
    });
}

template <class C>
SQLRETURN special_columns(SQLHSTMT s, SQLUSMALLINT type, C* c, SQLSMALLINT cn, C* o, SQLSMALLINT on,
                          C* t, SQLSMALLINT tn, SQLUSMALLINT scope,
                          SQLUSMALLINT nullable) noexcept {
    return run(SQL_API_SQLSPECIALCOLUMNS, s, c, cn, t, tn, false, [=](const catalog::Facts& facts) {
        need(t);
        if (type != SQL_BEST_ROWID && type != SQL_ROWVER)
            throw Error(state::column_type_out_of_range,
                        "identifier type " + std::to_string(type) + " is unknown");
        if (scope > SQL_SCOPE_SESSION)
            throw Error(state::scope_out_of_range,
                        "scope " + std::to_string(scope) + " is unknown");
        if (nullable > SQL_NULLABLE)
            throw Error(state::nullable_out_of_range,
                        "nullable " + std::to_string(nullable) + " is unknown");
        return catalog::special_columns(type, argument(facts, c, cn), argument(facts, o, on),
                                        argument(facts, t, tn), scope, nullable, facts);
    });
}

template <class C>
SQLRETURN procedures(SQLHSTMT s, C* c, SQLSMALLINT cn, C* o, SQLSMALLINT on, C* p,
                     SQLSMALLINT pn) noexcept {
    return run(SQL_API_SQLPROCEDURES, s, [=](const catalog::Facts& facts) {
        need_identifiers(facts, p);
        return catalog::procedures(argument(facts, c, cn), argument(facts, o, on),
                                   argument(facts, p, pn), facts);
    });
}

template <class C>
SQLRETURN procedure_columns(SQLHSTMT s, C* c, SQLSMALLINT cn, C* o, SQLSMALLINT on, C* p,
                            SQLSMALLINT pn, C* k, SQLSMALLINT kn) noexcept {
    return run(SQL_API_SQLPROCEDURECOLUMNS, s, [=](const catalog::Facts& facts) {
        need_identifiers(facts, p, k);
        return catalog::procedure_columns(argument(facts, c, cn), argument(facts, o, on),
                                          argument(facts, p, pn), argument(facts, k, kn), facts);
    });
}

template <class C>
SQLRETURN table_privileges(SQLHSTMT s, C* c, SQLSMALLINT cn, C* o, SQLSMALLINT on, C* t,
                           SQLSMALLINT tn) noexcept {
    return run(SQL_API_SQLTABLEPRIVILEGES, s, [=](const catalog::Facts& facts) {
        need_identifiers(facts, t);
        return catalog::table_privileges(argument(facts, c, cn), argument(facts, o, on),
                                         argument(facts, t, tn), facts);
    });
}

template <class C>
SQLRETURN column_privileges(SQLHSTMT s, C* c, SQLSMALLINT cn, C* o, SQLSMALLINT on, C* t,
                            SQLSMALLINT tn, C* k, SQLSMALLINT kn) noexcept {
    return run(SQL_API_SQLCOLUMNPRIVILEGES, s, [=](const catalog::Facts& facts) {
        need(t);
        need_identifiers(facts, k);
        return catalog::column_privileges(argument(facts, c, cn), argument(facts, o, on),
                                          argument(facts, t, tn), argument(facts, k, kn), facts);
    });
}

}  // namespace
}  // namespace myfabric::odbc

using namespace myfabric::odbc;

extern "C" {

// clang-format off
SQLRETURN SQL_API SQLTables(SQLHSTMT s, SQLCHAR* c, SQLSMALLINT cn, SQLCHAR* o, SQLSMALLINT on, SQLCHAR* t, SQLSMALLINT tn, SQLCHAR* k, SQLSMALLINT kn) {
    return tables(s, c, cn, o, on, t, tn, k, kn);
}
SQLRETURN SQL_API SQLTablesW(SQLHSTMT s, SQLWCHAR* c, SQLSMALLINT cn, SQLWCHAR* o, SQLSMALLINT on, SQLWCHAR* t, SQLSMALLINT tn, SQLWCHAR* k, SQLSMALLINT kn) {
    return tables(s, c, cn, o, on, t, tn, k, kn);
}

SQLRETURN SQL_API SQLColumns(SQLHSTMT s, SQLCHAR* c, SQLSMALLINT cn, SQLCHAR* o, SQLSMALLINT on, SQLCHAR* t, SQLSMALLINT tn, SQLCHAR* k, SQLSMALLINT kn) {
    return columns(s, c, cn, o, on, t, tn, k, kn);
}
SQLRETURN SQL_API SQLColumnsW(SQLHSTMT s, SQLWCHAR* c, SQLSMALLINT cn, SQLWCHAR* o, SQLSMALLINT on, SQLWCHAR* t, SQLSMALLINT tn, SQLWCHAR* k, SQLSMALLINT kn) {
    return columns(s, c, cn, o, on, t, tn, k, kn);
}

SQLRETURN SQL_API SQLPrimaryKeys(SQLHSTMT s, SQLCHAR* c, SQLSMALLINT cn, SQLCHAR* o, SQLSMALLINT on, SQLCHAR* t, SQLSMALLINT tn) {
    return primary_keys(s, c, cn, o, on, t, tn);
}
SQLRETURN SQL_API SQLPrimaryKeysW(SQLHSTMT s, SQLWCHAR* c, SQLSMALLINT cn, SQLWCHAR* o, SQLSMALLINT on, SQLWCHAR* t, SQLSMALLINT tn) {
    return primary_keys(s, c, cn, o, on, t, tn);
}

SQLRETURN SQL_API SQLForeignKeys(SQLHSTMT s, SQLCHAR* pc, SQLSMALLINT pcn, SQLCHAR* po, SQLSMALLINT pon, SQLCHAR* pt, SQLSMALLINT ptn,
                                 SQLCHAR* fc, SQLSMALLINT fcn, SQLCHAR* fo, SQLSMALLINT fon, SQLCHAR* ft, SQLSMALLINT ftn) {
    return foreign_keys(s, pc, pcn, po, pon, pt, ptn, fc, fcn, fo, fon, ft, ftn);
}
SQLRETURN SQL_API SQLForeignKeysW(SQLHSTMT s, SQLWCHAR* pc, SQLSMALLINT pcn, SQLWCHAR* po, SQLSMALLINT pon, SQLWCHAR* pt, SQLSMALLINT ptn,
                                  SQLWCHAR* fc, SQLSMALLINT fcn, SQLWCHAR* fo, SQLSMALLINT fon, SQLWCHAR* ft, SQLSMALLINT ftn) {
    return foreign_keys(s, pc, pcn, po, pon, pt, ptn, fc, fcn, fo, fon, ft, ftn);
}

SQLRETURN SQL_API SQLStatistics(SQLHSTMT s, SQLCHAR* c, SQLSMALLINT cn, SQLCHAR* o, SQLSMALLINT on, SQLCHAR* t, SQLSMALLINT tn, SQLUSMALLINT unique, SQLUSMALLINT reserved) {
    return statistics(s, c, cn, o, on, t, tn, unique, reserved);
}
SQLRETURN SQL_API SQLStatisticsW(SQLHSTMT s, SQLWCHAR* c, SQLSMALLINT cn, SQLWCHAR* o, SQLSMALLINT on, SQLWCHAR* t, SQLSMALLINT tn, SQLUSMALLINT unique, SQLUSMALLINT reserved) {
    return statistics(s, c, cn, o, on, t, tn, unique, reserved);
}

SQLRETURN SQL_API SQLSpecialColumns(SQLHSTMT s, SQLUSMALLINT type, SQLCHAR* c, SQLSMALLINT cn, SQLCHAR* o, SQLSMALLINT on, SQLCHAR* t, SQLSMALLINT tn, SQLUSMALLINT scope, SQLUSMALLINT nullable) {
    return special_columns(s, type, c, cn, o, on, t, tn, scope, nullable);
}
SQLRETURN SQL_API SQLSpecialColumnsW(SQLHSTMT s, SQLUSMALLINT type, SQLWCHAR* c, SQLSMALLINT cn, SQLWCHAR* o, SQLSMALLINT on, SQLWCHAR* t, SQLSMALLINT tn, SQLUSMALLINT scope, SQLUSMALLINT nullable) {
    return special_columns(s, type, c, cn, o, on, t, tn, scope, nullable);
}

SQLRETURN SQL_API SQLProcedures(SQLHSTMT s, SQLCHAR* c, SQLSMALLINT cn, SQLCHAR* o, SQLSMALLINT on, SQLCHAR* p, SQLSMALLINT pn) {
    return procedures(s, c, cn, o, on, p, pn);
}
SQLRETURN SQL_API SQLProceduresW(SQLHSTMT s, SQLWCHAR* c, SQLSMALLINT cn, SQLWCHAR* o, SQLSMALLINT on, SQLWCHAR* p, SQLSMALLINT pn) {
    return procedures(s, c, cn, o, on, p, pn);
}

SQLRETURN SQL_API SQLProcedureColumns(SQLHSTMT s, SQLCHAR* c, SQLSMALLINT cn, SQLCHAR* o, SQLSMALLINT on, SQLCHAR* p, SQLSMALLINT pn, SQLCHAR* k, SQLSMALLINT kn) {
    return procedure_columns(s, c, cn, o, on, p, pn, k, kn);
}
SQLRETURN SQL_API SQLProcedureColumnsW(SQLHSTMT s, SQLWCHAR* c, SQLSMALLINT cn, SQLWCHAR* o, SQLSMALLINT on, SQLWCHAR* p, SQLSMALLINT pn, SQLWCHAR* k, SQLSMALLINT kn) {
    return procedure_columns(s, c, cn, o, on, p, pn, k, kn);
}

SQLRETURN SQL_API SQLTablePrivileges(SQLHSTMT s, SQLCHAR* c, SQLSMALLINT cn, SQLCHAR* o, SQLSMALLINT on, SQLCHAR* t, SQLSMALLINT tn) {
    return table_privileges(s, c, cn, o, on, t, tn);
}
SQLRETURN SQL_API SQLTablePrivilegesW(SQLHSTMT s, SQLWCHAR* c, SQLSMALLINT cn, SQLWCHAR* o, SQLSMALLINT on, SQLWCHAR* t, SQLSMALLINT tn) {
    return table_privileges(s, c, cn, o, on, t, tn);
}

SQLRETURN SQL_API SQLColumnPrivileges(SQLHSTMT s, SQLCHAR* c, SQLSMALLINT cn, SQLCHAR* o, SQLSMALLINT on, SQLCHAR* t, SQLSMALLINT tn, SQLCHAR* k, SQLSMALLINT kn) {
    return column_privileges(s, c, cn, o, on, t, tn, k, kn);
}
SQLRETURN SQL_API SQLColumnPrivilegesW(SQLHSTMT s, SQLWCHAR* c, SQLSMALLINT cn, SQLWCHAR* o, SQLSMALLINT on, SQLWCHAR* t, SQLSMALLINT tn, SQLWCHAR* k, SQLSMALLINT kn) {
    return column_privileges(s, c, cn, o, on, t, tn, k, kn);
}
// clang-format on

}  // extern "C"
