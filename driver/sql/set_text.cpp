#include "sql/set_text.h"

#include <algorithm>

#include "base/text.h"
#include "sql/insert_values.h"
#include "sql/lexer.h"

namespace myfabric::sql {
namespace {

constexpr std::string_view scopes[] = {"SESSION", "LOCAL", "@@SESSION", "@@LOCAL"};
constexpr std::string_view of_next_statement[] = {"insert_id",  "last_insert_id", "identity",
                                                  "rand_seed1", "rand_seed2",     "gtid_next"};

template <class List>
bool is_any(std::string_view text, const List& list) {
    return std::ranges::any_of(
        list, [&](std::string_view item) { return equal_ignoring_case(item, text); });
}

bool is_symbol(const Token& token, char c) {
    return token.kind == TokenKind::symbol && token.text[0] == c;
}

}  // namespace

SetText set_text(std::string_view sql) {
    SetText found;
    Lexer lexer(sql);
    lexer.next();  // SET
    bool name = true;
    int depth = 0;
    for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
        if (is_symbol(token, '(')) ++depth;
        if (is_symbol(token, ')')) --depth;
        if (name && (is_symbol(token, '.') || is_any(token.text, scopes))) continue;
        if (name && is_symbol(token, '=')) {
            name = false;
        } else if (name && is_symbol(token, ':')) {
            continue;  // :=
        } else if (name) {
            std::string_view text = token.text;
            while (text.starts_with('@')) text.remove_prefix(1);
            if (!is_symbol(token, ',')) found.variables.push_back(unquoted(text));
        } else if (is_symbol(token, ',') && depth == 0) {
            name = true;
        } else {
            found.literal &= token.kind == TokenKind::word || token.kind == TokenKind::text ||
                             token.kind == TokenKind::number || is_symbol(token, '-') ||
                             is_symbol(token, '+') || is_symbol(token, '.');
        }
    }
    for (const std::string& variable : found.variables)
        found.for_next_statement |= is_any(std::string_view(variable), of_next_statement);
    return found;
}

}  // namespace myfabric::sql
