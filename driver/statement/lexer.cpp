#include "statement/lexer.h"

#include <algorithm>
#include <array>

namespace myfabric::statement {
namespace {

constexpr auto word_characters = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < table.size(); ++c)
        table[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '_' || c == '$' || c >= 0x80;
    return table;
}();

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

}  // namespace

bool is_word_character(char c) noexcept {
    return word_characters[static_cast<unsigned char>(c)];
}

/// Whether a comment, or the start or end of an executable one, stood here.
bool Lexer::skip_comment() {
    const std::string_view rest = sql_.substr(at_);
    const bool dashes = rest.starts_with("--") && (rest.size() == 2 || is_blank(rest[2]));
    if (rest[0] == '#' || dashes) {
        const std::size_t line_end = sql_.find('\n', at_);
        at_ = line_end == std::string_view::npos ? sql_.size() : line_end + 1;
        return true;
    }
    if (rest.starts_with("/*!") || rest.starts_with("/*M!")) {
        at_ += rest[2] == '!' ? 3 : 4;
        while (at_ < sql_.size() && is_digit(sql_[at_])) ++at_;
        return true;
    }
    if (rest.starts_with("/*")) {
        const std::size_t close = sql_.find("*/", at_ + 2);
        at_ = close == std::string_view::npos ? sql_.size() : close + 2;
        return true;
    }
    if (!rest.starts_with("*/")) return false;
    at_ += 2;  // the end of an executable comment
    return true;
}

void Lexer::skip_blanks_and_comments() {
    while (at_ < sql_.size()) {
        const char c = sql_[at_];
        if (is_blank(c)) {
            ++at_;
        } else if ((c != '/' && c != '-' && c != '#' && c != '*') || !skip_comment()) {
            return;
        }
    }
}

Token Lexer::quoted(char quote, TokenKind kind) {
    const std::size_t start = at_++;
    while (at_ < sql_.size()) {
        const char c = sql_[at_];
        if (c == '\\' && quote != '`' && backslash_escapes_) {
            at_ += 2;
            continue;
        }
        ++at_;
        if (c != quote) continue;
        if (at_ < sql_.size() && sql_[at_] == quote) {
            ++at_;
            continue;
        }
        break;
    }
    at_ = std::min(at_, sql_.size());
    return {kind, sql_.substr(start, at_ - start), start};
}

Token Lexer::next() {
    skip_blanks_and_comments();
    if (at_ >= sql_.size()) return {TokenKind::end, {}, sql_.size()};
    const std::size_t start = at_;
    const char c = sql_[at_];
    const auto token = [&](TokenKind kind) {
        return Token{kind, sql_.substr(start, at_ - start), start};
    };
    const auto skip_word = [&] {
        while (at_ < sql_.size() && is_word_character(sql_[at_])) ++at_;
    };
    if (is_digit(c)) {
        while (at_ < sql_.size() && (is_word_character(sql_[at_]) || sql_[at_] == '.')) ++at_;
        return token(TokenKind::number);
    }
    if (is_word_character(c)) {
        skip_word();
        return token(TokenKind::word);
    }
    switch (c) {
        case '\'':
        case '"':
            return quoted(c, TokenKind::text);
        case '`':
            return quoted(c, TokenKind::quoted);
        case '@':
            ++at_;
            if (at_ < sql_.size() && sql_[at_] == '@') ++at_;
            skip_word();
            return token(TokenKind::variable);
        default:
            break;
    }
    ++at_;
    return token(c == '?'   ? TokenKind::marker
                 : c == ';' ? TokenKind::separator
                            : TokenKind::symbol);
}

}  // namespace myfabric::statement
