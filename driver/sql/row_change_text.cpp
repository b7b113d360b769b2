#include "sql/row_change_text.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "conversion/parts.h"
#include "conversion/to_c.h"
#include "sql/insert_values.h"
#include "sql/lexer.h"

namespace myfabric::sql {
namespace {

using conversion::CType;
using results::Column;
using results::Format;
using results::Kind;
using Type = results::Parameter::Type;

bool is_integer(Kind kind) {
    return (kind >= Kind::tinyint && kind <= Kind::bigint) || kind == Kind::year ||
           kind == Kind::bit;
}

bool is_text(Kind kind) {
    return (kind >= Kind::character && kind <= Kind::longtext) || kind == Kind::enumeration ||
           kind == Kind::set || kind == Kind::json;
}

bool is_bytes(Kind kind) {
    return kind >= Kind::binary && kind <= Kind::longblob;
}

/// Kinds whose bytes differ between the two protocols.
bool is_packed(Kind kind) {
    return (kind >= Kind::tinyint && kind <= Kind::bigint) || kind == Kind::year ||
           kind == Kind::real || kind == Kind::double_precision ||
           (kind >= Kind::date && kind <= Kind::timestamp);
}

template <class T>
bool read_number(const Column& column, Format format, CType type, conversion::Cell cell,
                 T& number) {
    const conversion::Target target{&number, sizeof number, nullptr};
    return conversion::converter(column, format, type)(cell, target) == conversion::Outcome::stored;
}

void join(std::string& text, std::string_view separator, std::string_view more) {
    if (!text.empty()) text += separator;
    text += more;
}

std::string condition_text(const Condition& condition, const std::string& value = "?") {
    const Column& column = *condition.column;
    const std::string name = quoted_name(column.base_name);
    switch (condition.comparison) {
        case Comparison::key:
            if (column.kind == Kind::decimal) break;
            return name + " = " + value;
        case Comparison::bytes:
            return "CAST(CONVERT(" + name + " USING utf8mb4) AS BINARY) <=> CAST(" + value +
                   " AS BINARY)";
        case Comparison::shown:
            return "CAST(" + name + " AS CHAR) <=> " + value;
        case Comparison::given:
            return name + " <=> DEFAULT(" + name + ")";
        case Comparison::decimal:
            break;
        case Comparison::value:
        case Comparison::none:
            return name + " <=> " + value;
    }
    // A text beside a DECIMAL would be compared as a DOUBLE.
    return name + " <=> CAST(" + value + " AS DECIMAL(65," +
           std::to_string(std::min(column.decimals, 30u)) + "))";
}

}  // namespace

std::string quoted_name(std::string_view name) {
    std::string text = "`";
    for (const char c : name) {
        text += c;
        if (c == '`') text += c;
    }
    return text + "`";
}

std::string BaseTable::quoted() const {
    return (database.empty() ? "" : quoted_name(database) + ".") + quoted_name(table);
}

Comparison comparison_of(const Column& column, Format format, bool in_key) {
    if (column.kind == Kind::geometry) return Comparison::none;
    // FLOATs are sent as texts of six digits, which are not the value.
    if (column.kind == Kind::real && format == Format::text)
        return in_key ? Comparison::none : Comparison::shown;
    if (in_key) return Comparison::key;
    if (column.kind == Kind::decimal) return Comparison::decimal;
    return is_text(column.kind) ? Comparison::bytes : Comparison::value;
}

std::optional<std::vector<unsigned>> choose_key(std::span<const KeyPart> parts,
                                                const results::Columns& columns) {
    std::optional<std::vector<unsigned>> found;
    for (std::size_t begin = 0, end; begin < parts.size(); begin = end) {
        end = begin;
        std::vector<unsigned> key;
        bool whole = true;
        for (; end < parts.size() && parts[end].key == parts[begin].key; ++end) {
            const auto at = std::ranges::find_if(columns, [&](const Column& column) {
                return equal_ignoring_case(column.base_name, parts[end].column) &&
                       !column.base_name.empty();
            });
            whole = whole && parts[end].unique && !parts[end].nullable && at != columns.end();
            if (whole) key.push_back(static_cast<unsigned>(at - columns.begin()));
        }
        if (!whole) continue;
        if (parts[begin].key == "PRIMARY") return key;
        if (!found) found = std::move(key);
    }
    return found;
}

std::optional<BaseTable> base_table(const results::Columns& columns, std::string& why) {
    const Column* first = nullptr;
    for (const Column& column : columns) {
        if (column.base_table.empty() || column.base_name.empty()) continue;
        if (!first) first = &column;
        if (column.database != first->database || column.base_table != first->base_table ||
            column.table != first->table) {
            why = "its columns come from several tables, " + first->table + " and " + column.table;
            return std::nullopt;
        }
    }
    if (!first) {
        why = "its columns come from no table";
        return std::nullopt;
    }
    return BaseTable{first->database, first->base_table};
}

std::string update_text(std::string_view table, std::span<const Column* const> set) {
    std::string list;
    for (const Column* column : set) join(list, ", ", quoted_name(column->base_name) + " = ?");
    return "UPDATE " + std::string(table) + " SET " + list;
}

std::string insert_text(std::string_view table, std::span<const Column* const> columns) {
    std::string names, markers;
    for (const Column* column : columns) {
        join(names, ", ", quoted_name(column->base_name));
        join(markers, ", ", "?");
    }
    return "INSERT INTO " + std::string(table) + " (" + names + ") VALUES (" + markers + ")";
}

std::string where_text(std::span<const Condition> conditions) {
    std::string text;
    for (const Condition& condition : conditions) join(text, " AND ", condition_text(condition));
    return " WHERE " + text;
}

std::string literal(const results::Parameter& value) {
    const auto hexadecimal = [&] {
        constexpr char digits[] = "0123456789abcdef";
        std::string text;
        for (const char c : value.bytes) {
            text += digits[static_cast<unsigned char>(c) >> 4];
            text += digits[static_cast<unsigned char>(c) & 15];
        }
        return text;
    };
    switch (value.type) {
        case Type::signed_integer:
            return std::to_string(value.integer);
        case Type::unsigned_integer:
            return std::to_string(value.unsigned_integer);
        case Type::real: {
            char buffer[32];
            const auto end = std::to_chars(buffer, buffer + sizeof buffer, value.real,
                                           std::chars_format::scientific);
            return {buffer, end.ptr};
        }
        case Type::decimal:
            return std::string(value.bytes);
        case Type::text:
            return "_utf8mb4 x'" + hexadecimal() + "'";
        case Type::binary:
            return "x'" + hexadecimal() + "'";
        case Type::null:
        case Type::date:
        case Type::time:
        case Type::datetime:
            break;
    }
    return "NULL";
}

std::string condition_group(std::span<const Condition> conditions,
                            std::span<const results::Parameter> values) {
    std::string text;
    auto value = values.begin();
    for (const Condition& condition : conditions)
        join(text, " AND ",
             condition_text(condition, condition.comparison == Comparison::given || values.empty()
                                           ? "?"
                                           : literal(*value++)));
    return "(" + text + ")";
}

bool cell_parameter(const Column& column, Format format, const char* value, std::size_t length,
                    results::Parameter& out, conversion::Scratch& scratch) {
    out = {};
    if (!value) return true;
    const conversion::Cell cell(value, length);
    if (is_integer(column.kind)) {
        if (column.is_unsigned || column.kind == Kind::bit || column.kind == Kind::year) {
            out.type = Type::unsigned_integer;
            return read_number(column, format, CType::ubigint, cell, out.unsigned_integer);
        }
        out.type = Type::signed_integer;
        return read_number(column, format, CType::sbigint, cell, out.integer);
    }
    if (column.kind == Kind::real || column.kind == Kind::double_precision) {
        out.type = Type::real;
        return read_number(column, format, CType::double_precision, cell, out.real);
    }
    out.type = is_bytes(column.kind) || column.kind == Kind::geometry ? Type::binary : Type::text;
    out.bytes = cell;
    if (format == Format::binary && is_packed(column.kind)) {
        scratch = cell_text(column, cell);
        out.bytes = scratch;
    }
    return true;
}

std::string cell_text(const Column& column, std::string_view cell) {
    if (!is_packed(column.kind)) return std::string(cell);
    char buffer[conversion::rendered_size];
    SQLLEN length = 0;
    const auto outcome = conversion::converter(column, Format::binary, CType::character)(
        cell, {buffer, sizeof buffer, &length});
    if (outcome == conversion::Outcome::stored)
        return std::string(buffer, static_cast<std::size_t>(length));
    // Only a date without a value has no text of its own.
    return column.kind == Kind::date ? "0000-00-00" : "0000-00-00 00:00:00";
}

bool reads_tables(std::string_view sql, bool backslash_escapes) {
    Lexer lexer(sql, backslash_escapes);
    for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next())
        if (token.kind == TokenKind::word && equal_ignoring_case(token.text, "from")) return true;
    return false;
}

std::string locking(std::string_view sql, bool backslash_escapes) {
    Lexer lexer(sql, backslash_escapes);
    std::size_t end = 0;  // of the last token that is no separator: comments are left out
    for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next())
        if (token.kind != TokenKind::separator) end = token.offset + token.text.size();
    return std::string(sql.substr(0, end)) + " FOR UPDATE";
}

std::optional<Positioned> positioned(std::string_view sql, bool backslash_escapes) {
    Lexer lexer(sql, backslash_escapes);
    Token last[4];  // WHERE, CURRENT, OF, the name
    for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
        if (token.kind == TokenKind::separator) continue;
        std::rotate(std::begin(last), std::begin(last) + 1, std::end(last));
        last[3] = token;
    }
    constexpr const char* words[] = {"where", "current", "of"};
    for (int i = 0; i < 3; ++i)
        if (last[i].kind != TokenKind::word || !equal_ignoring_case(last[i].text, words[i]))
            return std::nullopt;
    Positioned found;
    found.head = sql.substr(0, last[0].offset);
    switch (last[3].kind) {
        case TokenKind::word:
            found.cursor = last[3].text;
            break;
        case TokenKind::quoted:
            found.cursor = unquoted(last[3].text);
            break;
        case TokenKind::text:
            found.cursor = last[3].text.substr(1, last[3].text.size() - 2);
            break;
        default:
            return std::nullopt;
    }
    return found;
}

}  // namespace myfabric::sql
