#include "sql/shown_text.h"

#include "sql/lexer.h"

namespace myfabric::sql {

std::string without_values(std::string_view sql, bool backslash_escapes, std::size_t longest) {
    std::string shown;
    Lexer lexer(sql, backslash_escapes);
    std::size_t end = 0;
    for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
        if (token.offset > end && !shown.empty()) shown += ' ';
        end = token.offset + token.text.size();
        const bool value = token.kind == TokenKind::text || token.kind == TokenKind::number;
        const std::string_view text = value ? "?" : token.text;
        if (shown.size() + text.size() > longest) return shown + "...";
        shown += text;
    }
    return shown;
}

}  // namespace myfabric::sql
