#include "sql/farm_call_text.h"

#include "base/error.h"
#include "base/text.h"
#include "sql/lexer.h"

namespace myfabric::sql {
namespace {

/// The message never repeats an argument: it may be a password.
[[noreturn]] void bad(std::string_view name, const std::string& why) {
    throw Error(state::syntax_error,
                "CALL fabric." + std::string(name) + " cannot be read: " + why);
}

/// A word or `quoted` name without its quotes.
std::string_view name_of(const Token& token) {
    if (token.kind == TokenKind::quoted && token.text.size() >= 2)
        return token.text.substr(1, token.text.size() - 2);
    return token.kind == TokenKind::word ? token.text : std::string_view{};
}

bool is_symbol(const Token& token, char c) {
    return token.kind == TokenKind::symbol && token.text[0] == c;
}

/// Reads the text after "CALL fabric."; null when it is another statement.
bool enter(Lexer& lexer) {
    const Token call = lexer.next();
    if (call.kind != TokenKind::word || !equal_ignoring_case(call.text, "call")) return false;
    return equal_ignoring_case(name_of(lexer.next()), "fabric") && is_symbol(lexer.next(), '.');
}

bool is_temporal(const Token& token) {
    return equal_ignoring_case(token.text, "date") || equal_ignoring_case(token.text, "time") ||
           equal_ignoring_case(token.text, "timestamp");
}

/// The argument that begins with `token`; `number` counts from 1.
Argument argument(Lexer& lexer, Token token, std::string_view call, const std::string& number) {
    std::string sign;
    if (is_symbol(token, '-') || is_symbol(token, '+')) {
        if (token.text == "-") sign = "-";
        token = lexer.next();
        if (token.kind != TokenKind::number)
            bad(call, "a number must follow the sign of argument " + number);
    }
    // DATE '2015-01-02', which {d '2015-01-02'} becomes
    if (token.kind == TokenKind::word && is_temporal(token)) {
        token = lexer.next();
        if (token.kind != TokenKind::text) bad(call, "argument " + number + " is no literal");
    }
    switch (token.kind) {
        case TokenKind::marker:
            return {std::nullopt, true};
        case TokenKind::text:
            return {value_of_text(token.text), false};
        case TokenKind::number:
            return {sign.append(token.text), false, true};
        case TokenKind::word:
            if (equal_ignoring_case(token.text, "null")) return {};
            bad(call, "argument " + number + " must be quoted as a text");
        case TokenKind::end:
            bad(call, "the ')' is missing");
        default:
            bad(call, "argument " + number + " is neither a literal nor a '?' nor NULL");
    }
}

}  // namespace

bool is_fabric_call(std::string_view sql) {
    const std::string_view text = trim(sql);
    // A comment may stand before it; any other first letter settles the matter.
    if (text.empty() ||
        (text[0] != 'c' && text[0] != 'C' && text[0] != '/' && text[0] != '-' && text[0] != '#'))
        return false;
    Lexer lexer(text);
    return enter(lexer);
}

std::optional<FabricCall> parse_fabric_call(std::string_view sql) {
    Lexer lexer(sql);
    if (!enter(lexer)) return std::nullopt;
    FabricCall call;
    call.name = name_of(lexer.next());
    if (call.name.empty()) bad("", "a name must follow 'fabric.'");
    Token token = lexer.next();
    if (is_symbol(token, '(')) {
        token = lexer.next();
        while (!is_symbol(token, ')')) {
            call.arguments.push_back(
                argument(lexer, token, call.name, std::to_string(call.arguments.size() + 1)));
            token = lexer.next();
            if (is_symbol(token, ',')) {
                token = lexer.next();
                if (is_symbol(token, ')')) bad(call.name, "an argument must follow the comma");
            } else if (!is_symbol(token, ')')) {
                bad(call.name,
                    "a comma or ')' must follow argument " + std::to_string(call.arguments.size()));
            }
        }
        token = lexer.next();
    }
    if (token.kind == TokenKind::separator) token = lexer.next();
    if (token.kind != TokenKind::end)
        bad(call.name, "more text follows its end; send that as a statement of its own");
    return call;
}

}  // namespace myfabric::sql
