#include "catalog/pattern.h"

#include "base/text.h"

namespace myfabric::catalog {
namespace {

constexpr char escape = '\\';      // SQL_SEARCH_PATTERN_ESCAPE
constexpr char like_escape = '|';  // the same in every sql_mode

bool is_special(char c) {
    return c == '%' || c == '_' || c == escape;
}

std::string hex(std::string_view value) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out = "_utf8mb4 0x";
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

}  // namespace

std::string quote(std::string_view value) {
    if (value.find('\\') != value.npos || value.find('\0') != value.npos) return hex(value);
    std::string out = "'";
    for (const char c : value) {
        if (c == '\'') out += c;
        out += c;
    }
    return out + "'";
}

Pattern parse_pattern(std::string_view text) {
    Pattern out;
    out.matches_all = !text.empty() && text.find_first_not_of('%') == text.npos;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        const bool escaped = c == escape && i + 1 < text.size() && is_special(text[i + 1]);
        if (escaped) c = text[++i];
        if (!escaped && (c == '%' || c == '_'))
            out.has_wildcard = true;
        else if (c == '%' || c == '_' || c == like_escape)
            out.like += like_escape;
        out.like += c;
        out.value += c;
    }
    return out;
}

Identifier parse_identifier(std::string_view text) {
    text = trim(text);
    const char mark = text.empty() ? '\0' : text.front();
    if (text.size() < 2 || (mark != '`' && mark != '"') || text.back() != mark)
        return {std::string(text), false};
    Identifier out{{}, true};
    text = text.substr(1, text.size() - 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        out.name += text[i];
        if (text[i] == mark && i + 1 < text.size() && text[i + 1] == mark) ++i;
    }
    return out;
}

Where& Where::also(std::string_view condition) {
    conditions_ += conditions_.empty() ? " WHERE " : " AND ";
    conditions_ += condition;
    return *this;
}

Where& Where::equals(std::string_view expression, std::string_view value) {
    return also(std::string(expression) + " = " + quote(value));
}

Where& Where::identifier(std::string_view expression, std::string_view text) {
    const Identifier parsed = parse_identifier(text);
    if (parsed.quoted) return equals(expression, parsed.name);
    return also("UPPER(" + std::string(expression) + ") = UPPER(" + quote(parsed.name) + ")");
}

bool Where::defaults_to_current(std::string_view expression, const Argument& argument) {
    if (argument) return false;
    if (facts_.null_is_current && !facts_.current_database.empty())
        equals(expression, facts_.current_database);
    return true;
}

Where& Where::catalog(std::string_view expression, const Argument& argument) {
    if (defaults_to_current(expression, argument)) return *this;
    if (!facts_.metadata_id && *argument == "%") return *this;
    return ordinary(expression, argument);
}

Where& Where::catalog_pattern(std::string_view expression, const Argument& argument) {
    if (facts_.odbc_2) return catalog(expression, argument);
    if (defaults_to_current(expression, argument)) return *this;
    return pattern(expression, argument);
}

Where& Where::schema(const Argument& argument) {
    if (facts_.any_schema) return *this;
    if (!argument || parse_pattern(*argument).matches_all) return *this;
    const bool unnamed =
        facts_.metadata_id ? parse_identifier(*argument).name.empty() : argument->empty();
    return unnamed ? *this : nothing();
}

Where& Where::ordinary(std::string_view expression, const Argument& argument) {
    if (!argument) return *this;
    if (facts_.metadata_id) return identifier(expression, *argument);
    return equals(expression, *argument);
}

Where& Where::pattern(std::string_view expression, const Argument& argument) {
    if (!argument) return *this;
    if (facts_.metadata_id) return identifier(expression, *argument);
    const Pattern parsed = parse_pattern(*argument);
    if (parsed.matches_all) return *this;
    if (!parsed.has_wildcard) return equals(expression, parsed.value);
    return also(std::string(expression) + " LIKE " + quote(parsed.like) + " ESCAPE '|'");
}

std::string Where::sql() const {
    return conditions_;
}

}  // namespace myfabric::catalog
