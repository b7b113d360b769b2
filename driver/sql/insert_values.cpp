#include "sql/insert_values.h"

#include <utility>

#include "base/text.h"
#include "sql/lexer.h"

namespace myfabric::sql {
namespace {

bool is(const Token& token, std::string_view word) {
    return token.kind == TokenKind::word && equal_ignoring_case(token.text, word);
}

bool is_symbol(const Token& token, char c) {
    return token.kind == TokenKind::symbol && token.text[0] == c;
}

bool is_name(const Token& token) {
    return token.kind == TokenKind::word || token.kind == TokenKind::quoted;
}

bool is_modifier(const Token& token) {
    for (const std::string_view word :
         {"LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "QUICK", "INTO", "FROM"})
        if (is(token, word)) return true;
    return false;
}

/// Reads `database.table`; `token` is the first of it and becomes the one after it.
std::optional<TableName> table_name(Lexer& lexer, Token& token) {
    if (!is_name(token)) return std::nullopt;
    TableName found{{}, unquoted(token.text)};
    token = lexer.next();
    if (is_symbol(token, '.')) {
        token = lexer.next();
        if (!is_name(token)) return std::nullopt;
        found.database = std::exchange(found.table, unquoted(token.text));
        token = lexer.next();
    }
    return found;
}

}  // namespace

std::string unquoted(std::string_view identifier) {
    if (identifier.size() < 2 || identifier[0] != '`') return std::string(identifier);
    std::string plain;
    for (std::size_t i = 1; i + 1 < identifier.size(); ++i) {
        plain += identifier[i];
        if (identifier[i] == '`') ++i;
    }
    return plain;
}

std::optional<ValuesRow> values_row(std::string_view sql) {
    Lexer lexer(sql);
    Token token = lexer.next();
    if (!is(token, "INSERT") && !is(token, "REPLACE")) return std::nullopt;
    int depth = 0;
    for (; token.kind != TokenKind::end; token = lexer.next()) {
        if (token.kind == TokenKind::marker || token.kind == TokenKind::separator)
            return std::nullopt;
        if (is(token, "SELECT") || is(token, "SET") || is(token, "RETURNING")) return std::nullopt;
        depth += is_symbol(token, '(') - is_symbol(token, ')');
        if (depth == 0 && (is(token, "VALUES") || is(token, "VALUE"))) break;
    }
    token = lexer.next();
    if (!is_symbol(token, '(')) return std::nullopt;
    ValuesRow row{token.offset, 0};
    for (depth = 1; depth > 0;) {
        token = lexer.next();
        if (token.kind == TokenKind::end || is(token, "SELECT")) return std::nullopt;
        depth += is_symbol(token, '(') - is_symbol(token, ')');
    }
    row.end = token.offset + 1;
    token = lexer.next();
    if (is_symbol(token, ',')) return std::nullopt;  // further rows
    for (; token.kind != TokenKind::end; token = lexer.next()) {
        if (token.kind == TokenKind::marker || is(token, "RETURNING")) return std::nullopt;
        if (token.kind == TokenKind::separator && lexer.next().kind != TokenKind::end)
            return std::nullopt;
    }
    return row;
}

std::string with_rows(std::string_view sql, const ValuesRow& row, std::size_t rows) {
    const std::string_view values = sql.substr(row.begin, row.end - row.begin);
    std::string text;
    text.reserve(sql.size() + rows * (values.size() + 1));
    text += sql.substr(0, row.end);
    for (std::size_t i = 1; i < rows; ++i) (text += ',') += values;
    text += sql.substr(row.end);
    return text;
}

std::optional<TableName> changed_table(std::string_view sql) {
    Lexer lexer(sql);
    Token token = lexer.next();
    const bool insert = is(token, "INSERT") || is(token, "REPLACE");
    if (!insert && !is(token, "UPDATE") && !is(token, "DELETE")) return std::nullopt;
    do token = lexer.next();
    while (is_modifier(token));
    const std::optional<TableName> found = table_name(lexer, token);
    if (!found || insert) return found;
    // Several tables, or an alias that stands for another one.
    for (; token.kind != TokenKind::end; token = lexer.next()) {
        if (is(token, "SET") || is(token, "WHERE")) return found;
        if (is_symbol(token, ',') || is(token, "JOIN") || is(token, "USING")) return std::nullopt;
    }
    return found;
}

}  // namespace myfabric::sql
