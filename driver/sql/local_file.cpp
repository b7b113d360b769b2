#include "sql/local_file.h"

#include "base/text.h"
#include "sql/lexer.h"

namespace myfabric::sql {
namespace {

bool is(const Token& token, std::string_view word) {
    return token.kind == TokenKind::word && equal_ignoring_case(token.text, word);
}

}  // namespace

bool names_local_file(std::string_view sql, std::string_view name, bool backslash_escapes) {
    Lexer lexer(sql, backslash_escapes);
    for (Token token = lexer.next(); token.kind != TokenKind::end;) {
        if (!is(token, "LOAD")) {
            token = lexer.next();
            continue;
        }
        token = lexer.next();
        if (!is(token, "DATA") && !is(token, "XML")) continue;
        token = lexer.next();
        if (is(token, "LOW_PRIORITY") || is(token, "CONCURRENT")) token = lexer.next();
        if (!is(token, "LOCAL") || !is(token = lexer.next(), "INFILE")) continue;
        token = lexer.next();
        if (token.kind == TokenKind::text && value_of_text(token.text, backslash_escapes) == name)
            return true;
    }
    return false;
}

}  // namespace myfabric::sql
