#include "sql/lexer.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/digits.h"
#include "sql/keywords.h"

namespace myfabric::sql {
namespace {

/// What a character begins where a token or the blanks between tokens begin.
enum class Begin : std::uint8_t {
    symbol,
    blank,
    word,
    number,
    comment,  // perhaps
    text,
    quoted,
    variable,
};

constexpr auto begins = [] {
    std::array<Begin, 256> table{};
    for (std::size_t c = 0; c < table.size(); ++c) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c >= 0x80)
            table[c] = Begin::word;
        if (c >= '0' && c <= '9') table[c] = Begin::number;
        if (c == ' ' || (c >= '\t' && c <= '\r')) table[c] = Begin::blank;
    }
    for (const unsigned char c : {'/', '-', '#', '*'}) table[c] = Begin::comment;
    for (const unsigned char c : {'\'', '"'}) table[c] = Begin::text;
    table['`'] = Begin::quoted;
    table['@'] = Begin::variable;
    return table;
}();

constexpr auto in_words = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < table.size(); ++c)
        table[c] = begins[c] == Begin::word || begins[c] == Begin::number;
    return table;
}();

Begin begin_of(char c) {
    return begins[static_cast<unsigned char>(c)];
}

bool is_blank(char c) {
    return begin_of(c) == Begin::blank;
}

}  // namespace

bool is_word_character(char c) noexcept {
    return in_words[static_cast<unsigned char>(c)];
}

/// Whether a comment, or the start or end of an executable one, stood here.
bool Lexer::skip_comment() {
    const std::string_view rest = sql_.substr(at_);
    const bool dashes = rest.starts_with("--") && (rest.size() == 2 || is_blank(rest[2]));
    if (rest[0] == '#' || dashes) {
        skipped_comment_ = true;
        const std::size_t line_end = sql_.find('\n', at_);
        at_ = line_end == std::string_view::npos ? sql_.size() : line_end + 1;
        return true;
    }
    if (rest.starts_with("/*") || rest.starts_with("*/")) skipped_comment_ = true;
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

bool Lexer::skip_plain(bool commas) {
    const char* const text = sql_.data();
    const std::size_t size = sql_.size();
    std::size_t at = at_;
    const auto skip_blanks = [&] {
        while (at < size && is_blank(text[at])) ++at;
    };
    bool skipped = false;
    for (skip_blanks(); at < size; skip_blanks(), skipped = true) {
        const Begin begin = begin_of(text[at]);
        if (begin == Begin::word) {
            std::size_t end = at + 1;
            while (end < size && is_word_character(text[end])) ++end;
            if (keyword_of({text + at, end - at}).word != Word::none) break;
            at = end;
        } else if (begin == Begin::number) {
            ++at;
            while (at < size && (is_word_character(text[at]) || text[at] == '.')) ++at;
        } else if (commas && text[at] == ',') {
            ++at;
        } else {
            break;
        }
    }
    at_ = at;
    return skipped;
}

Token Lexer::next() {
    const char* const text = sql_.data();
    const std::size_t size = sql_.size();
    const auto end_of_word = [=](std::size_t at) {
        while (at < size && is_word_character(text[at])) ++at;
        return at;
    };
    for (std::size_t start = at_; start < size; start = at_) {
        const auto token = [&](TokenKind kind, std::size_t end) {
            at_ = end;
            return Token{kind, {text + start, end - start}, start};
        };
        const char c = text[start];
        switch (begin_of(c)) {
            case Begin::blank:
                at_ = start + 1;
                continue;
            case Begin::word:
                return token(TokenKind::word, end_of_word(start + 1));
            case Begin::number: {
                std::size_t end = start + 1;
                while (end < size && (is_word_character(text[end]) || text[end] == '.')) ++end;
                return token(TokenKind::number, end);
            }
            case Begin::comment:
                if (skip_comment()) continue;
                break;
            case Begin::text:
                return quoted(c, TokenKind::text);
            case Begin::quoted:
                return quoted(c, TokenKind::quoted);
            case Begin::variable: {
                const bool system = start + 1 < size && text[start + 1] == '@';
                return token(TokenKind::variable, end_of_word(start + 1 + system));
            }
            case Begin::symbol:
                break;
        }
        return token(c == '?'   ? TokenKind::marker
                     : c == ';' ? TokenKind::separator
                                : TokenKind::symbol,
                     start + 1);
    }
    return {TokenKind::end, {}, size};
}

std::string value_of_text(std::string_view quoted, bool backslash_escapes) {
    const char quote = quoted.front();
    std::string value;
    for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
        if (backslash_escapes && quoted[i] == '\\' && i + 2 < quoted.size()) {
            switch (const char c = quoted[++i]) {
                case '0':
                    value += '\0';
                    break;
                case 'b':
                    value += '\b';
                    break;
                case 'n':
                    value += '\n';
                    break;
                case 'r':
                    value += '\r';
                    break;
                case 't':
                    value += '\t';
                    break;
                case 'Z':
                    value += '\x1A';
                    break;
                default:
                    value += c;
            }
            continue;
        }
        value += quoted[i];
        if (quoted[i] == quote) ++i;  // doubled
    }
    return value;
}

}  // namespace myfabric::sql
