#include "sql/pieces.h"

#include "sql/lexer.h"

namespace myfabric::sql {

std::vector<Piece> pieces(std::string_view sql, bool backslash_escapes) {
    std::vector<Piece> found;
    Lexer lexer(sql, backslash_escapes);
    Piece piece;
    std::size_t begin = 0;
    bool any = false;
    while (true) {
        const Token token = lexer.next();
        if (token.kind == TokenKind::separator || token.kind == TokenKind::end) {
            piece.text = sql.substr(begin, token.offset - begin);
            if (any) found.push_back(piece);
            if (token.kind == TokenKind::end) return found;
            begin = token.offset + 1;
            piece = {};
            any = false;
            continue;
        }
        any = true;
        if (token.kind == TokenKind::marker) ++piece.markers;
    }
}

}  // namespace myfabric::sql
