#include "sql/dynamic_function.h"

#include <sql.h>
#include <sqlext.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "sql/lexer.h"

namespace myfabric::sql {
namespace {

struct Row {
    std::string_view first, second;  // words; an empty one stands for anything
    DynamicFunction function;
};

// clang-format off
constexpr Row rows[] = {  // in the reference's order
    {"alter",   "table",    {"ALTER TABLE",    SQL_DIAG_ALTER_TABLE}},
    {"create",  "index",    {"CREATE INDEX",   SQL_DIAG_CREATE_INDEX}},
    {"create",  "database", {"CREATE SCHEMA",  SQL_DIAG_CREATE_SCHEMA}},
    {"create",  "schema",   {"CREATE SCHEMA",  SQL_DIAG_CREATE_SCHEMA}},
    {"create",  "table",    {"CREATE TABLE",   SQL_DIAG_CREATE_TABLE}},
    {"create",  "view",     {"CREATE VIEW",    SQL_DIAG_CREATE_VIEW}},
    {"delete",  "",         {"DELETE WHERE",   SQL_DIAG_DELETE_WHERE}},
    {"drop",    "index",    {"DROP INDEX",     SQL_DIAG_DROP_INDEX}},
    {"drop",    "database", {"DROP SCHEMA",    SQL_DIAG_DROP_SCHEMA}},
    {"drop",    "schema",   {"DROP SCHEMA",    SQL_DIAG_DROP_SCHEMA}},
    {"drop",    "table",    {"DROP TABLE",     SQL_DIAG_DROP_TABLE}},
    {"drop",    "view",     {"DROP VIEW",      SQL_DIAG_DROP_VIEW}},
    {"grant",   "",         {"GRANT",          SQL_DIAG_GRANT}},
    {"insert",  "",         {"INSERT",         SQL_DIAG_INSERT}},
    {"replace", "",         {"INSERT",         SQL_DIAG_INSERT}},
    {"call",    "",         {"CALL",           SQL_DIAG_CALL}},
    {"revoke",  "",         {"REVOKE",         SQL_DIAG_REVOKE}},
    {"select",  "",         {"SELECT CURSOR",  SQL_DIAG_SELECT_CURSOR}},
    {"with",    "",         {"SELECT CURSOR",  SQL_DIAG_SELECT_CURSOR}},
    {"values",  "",         {"SELECT CURSOR",  SQL_DIAG_SELECT_CURSOR}},
    {"update",  "",         {"UPDATE WHERE",   SQL_DIAG_UPDATE_WHERE}},
};

/// Words that may stand between CREATE, ALTER or DROP and what it is about.
constexpr std::string_view between[] = {
    "or", "replace", "temporary", "unique", "fulltext", "spatial", "online", "offline", "ignore",
};
// clang-format on

}  // namespace

DynamicFunction dynamic_function(std::string_view sql, bool positioned) {
    Lexer lexer(sql);
    Token token = lexer.next();
    while (token.text == "(") token = lexer.next();
    const std::string_view first = token.text;
    Token second = lexer.next();
    while (std::ranges::any_of(
        between, [&](std::string_view word) { return equal_ignoring_case(word, second.text); }))
        second = lexer.next();
    const auto* const row = std::ranges::find_if(rows, [&](const Row& one) {
        return equal_ignoring_case(one.first, first) &&
               (one.second.empty() || equal_ignoring_case(one.second, second.text));
    });
    if (row == std::end(rows)) return {};
    if (!positioned) return row->function;
    return row->function.code == SQL_DIAG_DELETE_WHERE
               ? DynamicFunction{"DYNAMIC DELETE CURSOR", SQL_DIAG_DYNAMIC_DELETE_CURSOR}
               : DynamicFunction{"DYNAMIC UPDATE CURSOR", SQL_DIAG_DYNAMIC_UPDATE_CURSOR};
}

}  // namespace myfabric::sql
