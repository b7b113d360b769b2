#include "sql/parameter_targets.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "sql/lexer.h"

namespace myfabric::sql {
namespace {

using Kind = ParameterTarget::Kind;
constexpr std::size_t none = static_cast<std::size_t>(-1);

template <std::size_t N>
bool is_any(std::string_view text, const std::string_view (&words)[N]) {
    return std::ranges::any_of(
        words, [&](std::string_view word) { return equal_ignoring_case(word, text); });
}

// clang-format off
/// Words that end an operand or a table's name, or that stand before a parenthesis without being
/// a function.
constexpr std::string_view reserved[] = {
    "ALL", "AND", "ANY", "AS", "ASC", "BETWEEN", "BINARY", "BY", "CASE", "CROSS", "DELETE", "DESC",
    "DISTINCT", "DIV", "DUPLICATE", "ELSE", "END", "ESCAPE", "EXCEPT", "EXISTS", "FOR", "FORCE", "FROM", "FULL",
    "GROUP", "HAVING", "IGNORE", "IN", "INNER", "INSERT", "INTERSECT", "INTERVAL", "INTO", "IS",
    "JOIN", "KEY", "LEFT", "LIKE", "LIMIT", "LOCK", "MOD", "NATURAL", "NOT", "OFFSET", "ON", "OR",
    "ORDER", "OUTER", "PARTITION", "PROCEDURE", "REGEXP", "REPLACE", "RETURNING", "RIGHT", "RLIKE",
    "SELECT", "SET", "SOME", "SOUNDS", "STRAIGHT_JOIN", "THEN", "UNION", "UPDATE", "USE", "USING",
    "VALUE", "VALUES", "WHEN", "WHERE", "WINDOW", "WITH", "XOR",
};
/// Functions of these names may stand before a parenthesis nevertheless.
constexpr std::string_view functions_too[] = {"LEFT", "RIGHT", "MOD", "REPLACE", "INSERT", "VALUES"};
constexpr std::string_view clauses[] = {
    "SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "SET", "VALUES",
    "VALUE", "UPDATE", "RETURNING",
};
constexpr std::string_view word_operators[] = {"LIKE", "RLIKE", "REGEXP", "DIV", "MOD"};
/// Those whose result has the type that their arguments have in common.
constexpr std::string_view alike[] = {"IFNULL", "COALESCE", "NULLIF", "GREATEST", "LEAST", "IF", "NVL"};

struct FunctionArguments {
    std::string_view name;
    std::array<SQLSMALLINT, 4> types;  // the last one holds for all that follow
};
constexpr SQLSMALLINT text = SQL_VARCHAR, number = SQL_BIGINT, real = SQL_DOUBLE, moment = SQL_TYPE_TIMESTAMP;
constexpr FunctionArguments function_arguments[] = {
    {"ABS",         {real, real, real, real}},
    {"ADDDATE",     {moment, number, number, number}},
    {"CHAR_LENGTH", {text, text, text, text}},
    {"CONCAT",      {text, text, text, text}},
    {"CONCAT_WS",   {text, text, text, text}},
    {"DATE",        {moment, moment, moment, moment}},
    {"DATEDIFF",    {moment, moment, moment, moment}},
    {"DATE_ADD",    {moment, number, number, number}},
    {"DATE_FORMAT", {moment, text, text, text}},
    {"DATE_SUB",    {moment, number, number, number}},
    {"DAY",         {moment, moment, moment, moment}},
    {"EXP",         {real, real, real, real}},
    {"HEX",         {text, text, text, text}},
    {"INSTR",       {text, text, text, text}},
    {"LEFT",        {text, number, number, number}},
    {"LENGTH",      {text, text, text, text}},
    {"LN",          {real, real, real, real}},
    {"LOCATE",      {text, text, number, number}},
    {"LOG",         {real, real, real, real}},
    {"LOWER",       {text, text, text, text}},
    {"LPAD",        {text, number, text, text}},
    {"LTRIM",       {text, text, text, text}},
    {"MD5",         {text, text, text, text}},
    {"MONTH",       {moment, moment, moment, moment}},
    {"POW",         {real, real, real, real}},
    {"POWER",       {real, real, real, real}},
    {"REPEAT",      {text, number, number, number}},
    {"REPLACE",     {text, text, text, text}},
    {"REVERSE",     {text, text, text, text}},
    {"RIGHT",       {text, number, number, number}},
    {"ROUND",       {real, number, number, number}},
    {"RPAD",        {text, number, text, text}},
    {"RTRIM",       {text, text, text, text}},
    {"SHA1",        {text, text, text, text}},
    {"SHA2",        {text, number, number, number}},
    {"SPACE",       {number, number, number, number}},
    {"SQRT",        {real, real, real, real}},
    {"STR_TO_DATE", {text, text, text, text}},
    {"SUBSTR",      {text, number, number, number}},
    {"SUBSTRING",   {text, number, number, number}},
    {"TIMESTAMPDIFF", {text, moment, moment, moment}},
    {"TRIM",        {text, text, text, text}},
    {"TRUNCATE",    {real, number, number, number}},
    {"UCASE",       {text, text, text, text}},
    {"UNHEX",       {text, text, text, text}},
    {"UPPER",       {text, text, text, text}},
    {"YEAR",        {moment, moment, moment, moment}},
};
// clang-format on

/// A SELECT, or the INSERT, UPDATE or DELETE around all of them.
struct Block {
    std::size_t parent = none;
    int depth = 0;
    std::vector<std::string> tables;
    std::string_view clause;
    bool names_tables = false;  // a table's name may come next
};

/// A token with where it stands in the statement.
struct Place {
    Token token;
    std::size_t block = none;
    std::string_view clause;
    std::size_t open = none;   // the parenthesis around it
    std::size_t match = none;  // of a parenthesis: the other one
};

class Finder {
public:
    explicit Finder(std::string_view sql) : sql_(sql) { read(); }
    std::vector<ParameterTarget> targets();

private:
    void read();
    std::size_t read_table(std::size_t at, Block& block);

    bool is(std::size_t at, std::string_view word) const {
        return at < places_.size() && places_[at].token.kind == TokenKind::word &&
               equal_ignoring_case(places_[at].token.text, word);
    }
    bool is_symbol(std::size_t at, char c) const {
        return at < places_.size() && places_[at].token.kind == TokenKind::symbol &&
               places_[at].token.text[0] == c;
    }
    bool is_name(std::size_t at) const {
        if (at >= places_.size()) return false;
        const Token& token = places_[at].token;
        return token.kind == TokenKind::quoted ||
               (token.kind == TokenKind::word && !is_any(token.text, reserved));
    }
    bool is_operand(std::size_t at) const {
        if (at >= places_.size()) return false;
        const TokenKind kind = places_[at].token.kind;
        return is_name(at) || kind == TokenKind::text || kind == TokenKind::number ||
               kind == TokenKind::variable;
    }
    bool is_operator(std::size_t at) const {
        if (at >= places_.size()) return false;
        const Token& token = places_[at].token;
        if (token.kind == TokenKind::word) return is_any(token.text, word_operators);
        return token.kind == TokenKind::symbol &&
               std::string_view("=<>!+-*/%&|^").find(token.text[0]) != std::string_view::npos;
    }
    bool is_arithmetic(std::size_t at) const {
        return places_[at].token.kind == TokenKind::symbol &&
               std::string_view("+-*/%").find(places_[at].token.text[0]) != std::string_view::npos;
    }
    std::size_t function_before(std::size_t open) const;
    std::string text_of(std::size_t first, std::size_t last) const {
        const Token& end = places_[last].token;
        return std::string(sql_.substr(places_[first].token.offset,
                                       end.offset + end.text.size() - places_[first].token.offset));
    }

    std::size_t primary_begin(std::size_t last) const;
    std::size_t primary_end(std::size_t first) const;
    ParameterTarget expression(std::size_t first, std::size_t last, std::size_t block) const;
    ParameterTarget left_of(std::size_t at, bool whole) const;
    ParameterTarget right_of(std::size_t at) const;
    ParameterTarget met_by(std::size_t first, std::size_t last) const;
    ParameterTarget in_parentheses(std::size_t open, std::size_t at) const;
    ParameterTarget in_function(std::size_t name, std::size_t open, std::size_t at) const;
    ParameterTarget in_values(std::size_t open, std::size_t at) const;
    std::size_t argument_of(std::size_t open, std::size_t at) const;
    TableName routine_name(std::size_t last) const;

    std::string_view sql_;
    std::vector<Place> places_;
    std::vector<Block> blocks_;
    std::string insert_table_;  // as written
    std::vector<std::string> insert_columns_;
    bool is_insert_ = false;
};

// ---- reading the statement ---------------------------------------------------------------------

void Finder::read() {
    Lexer lexer(sql_);
    for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next())
        places_.push_back({token, none, {}, none, none});
    std::vector<std::size_t> opens;
    blocks_.push_back({});
    std::size_t block = 0;
    is_insert_ = is(0, "INSERT") || is(0, "REPLACE");
    blocks_[0].names_tables = is_insert_ || is(0, "UPDATE") || is(0, "DELETE");
    for (std::size_t i = 0; i < places_.size(); ++i) {
        Place& place = places_[i];
        place.open = opens.empty() ? none : opens.back();
        const int depth = static_cast<int>(opens.size());
        if (is_symbol(i, '(')) {
            opens.push_back(i);
        } else if (is_symbol(i, ')') && !opens.empty()) {
            places_[opens.back()].match = i;
            place.match = opens.back();
            opens.pop_back();
            place.open = opens.empty() ? none : opens.back();
            while (blocks_[block].depth > static_cast<int>(opens.size()) &&
                   blocks_[block].parent != none)
                block = blocks_[block].parent;
        } else if (is(i, "SELECT")) {
            Block next;
            next.depth = depth;
            // Behind UNION, or INSERT ... SELECT: beside the block, not in it.
            next.parent = depth > blocks_[block].depth ? block : blocks_[block].parent;
            if (i == 0) next.parent = none;
            blocks_.push_back(next);
            block = blocks_.size() - 1;
            blocks_[block].clause = "SELECT";
        } else if (place.token.kind == TokenKind::word && depth == blocks_[block].depth &&
                   is_any(place.token.text, clauses) && i != 0 &&
                   !(is(i, "VALUES") && is_symbol(i + 1, '(') &&
                     blocks_[block].clause == "UPDATE")) {
            for (const std::string_view clause : clauses)
                if (equal_ignoring_case(clause, place.token.text)) blocks_[block].clause = clause;
        }
        place.block = block;
        place.clause = blocks_[block].clause;
        Block& now = blocks_[block];
        const bool introduces = is(i, "FROM") || is(i, "JOIN") || is(i, "STRAIGHT_JOIN") ||
                                is(i, "INTO") || (now.names_tables && i == 0) ||
                                ((is_symbol(i, ',') || is_symbol(i, '(')) && now.names_tables &&
                                 (now.clause == "FROM" || (block == 0 && now.clause.empty())));
        if (is(i, "FROM") || is(i, "JOIN")) now.names_tables = true;
        if (is(i, "WHERE") || is(i, "SET") || is(i, "ON") || is(i, "VALUES") || is(i, "VALUE"))
            now.names_tables = is(i, "ON") && now.clause == "FROM";
        if (introduces && now.names_tables) read_table(i + 1, now);
    }
    // What is not closed reaches to the end.
    for (const std::size_t open : opens) places_[open].match = places_.size() - 1;
}

/// Notes the table whose name begins at `at`, if one does.
std::size_t Finder::read_table(std::size_t at, Block& block) {
    for (const std::string_view word :
         {"LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "QUICK"})
        if (is(at, word)) ++at;
    if (is(at, "INTO") || is(at, "FROM") || !is_name(at)) return at;
    std::size_t last = at;
    while (is_symbol(last + 1, '.') && last + 2 < places_.size()) last += 2;
    std::string table = text_of(at, last);
    const bool into =
        is_insert_ && block.parent == none && insert_table_.empty() && &block == &blocks_[0];
    if (into) {
        block.names_tables = false;
        insert_table_ = table;
        std::size_t i = last + 1;
        if (is_symbol(i, '('))
            for (++i; i < places_.size() && !is_symbol(i, ')'); ++i)
                if (!is_symbol(i, ',') && !is_symbol(i + 1, '.') && !is_symbol(i, '.'))
                    insert_columns_.push_back(std::string(places_[i].token.text));
    } else {
        std::size_t alias = last + 1;
        if (is(alias, "AS")) ++alias;
        if (is_name(alias)) table += " AS " + std::string(places_[alias].token.text);
    }
    block.tables.push_back(std::move(table));
    return last;
}

// ---- operands ----------------------------------------------------------------------------------

/// The name of the function whose parenthesis opens at `open`, or none.
std::size_t Finder::function_before(std::size_t open) const {
    if (open == none || open == 0) return none;
    const std::size_t name = open - 1;
    if (is_name(name)) return name;
    const Token& token = places_[name].token;
    return token.kind == TokenKind::word && is_any(token.text, functions_too) &&
                   !(is(name, "VALUES") && places_[name].clause == "VALUES") && !(name == 0)
               ? name
               : none;
}

/// Where the name, literal, call or parenthesis begins that ends at `last`; none if nothing does.
std::size_t Finder::primary_begin(std::size_t last) const {
    if (last >= places_.size()) return none;
    std::size_t first = last;
    if (is_symbol(last, ')')) {
        first = places_[last].match;
        if (first == none) return none;
        const std::size_t name = function_before(first);
        if (name == none) return first;
        first = name;
    } else if (!is_operand(last)) {
        return none;
    }
    while (first >= 2 && is_symbol(first - 1, '.')) first -= 2;
    return first;
}

std::size_t Finder::primary_end(std::size_t first) const {
    while (is_symbol(first, '-') || is_symbol(first, '+') || is(first, "BINARY")) ++first;
    if (is_symbol(first, '(')) return places_[first].match;
    if (!is_operand(first) && !(is_symbol(first + 1, '(') && function_before(first + 1) == first))
        return none;
    std::size_t last = first;
    while (is_symbol(last + 1, '.') && last + 2 < places_.size()) last += 2;
    if (is_symbol(last + 1, '(') && function_before(last + 1) != none)
        return places_[last + 1].match;
    return last;
}

ParameterTarget Finder::expression(std::size_t first, std::size_t last, std::size_t block) const {
    ParameterTarget target;
    if (first == none || last == none || last < first) return target;
    target.kind = Kind::expression;
    target.text = text_of(first, last);
    const auto add = [](std::string& list, const std::vector<std::string>& tables) {
        for (const std::string& table : tables) (list += list.empty() ? "" : ", ") += table;
    };
    add(target.tables, blocks_[block].tables);
    for (std::size_t i = block; i != none; i = blocks_[i].parent)
        add(target.all_tables, blocks_[i].tables);
    // An alias of the select list may stand for an expression in HAVING.
    if (first == last && places_[first].clause == "HAVING") {
        for (std::size_t i = 1; i + 1 < places_.size(); ++i) {
            if (places_[i].block != block || places_[i].clause != "SELECT" || !is(i, "AS"))
                continue;
            if (!equal_ignoring_case(places_[i + 1].token.text, places_[first].token.text))
                continue;
            std::size_t begin = i - 1;
            while (begin > 0 && !is(begin - 1, "SELECT") && !is(begin - 1, "DISTINCT") &&
                   !(is_symbol(begin - 1, ',') && places_[begin - 1].open == places_[i].open))
                --begin;
            target.text = text_of(begin, i - 1);
        }
    }
    return target;
}

/// The operand that ends at `at`; `whole`: with what it is added to or multiplied with.
ParameterTarget Finder::left_of(std::size_t at, bool whole) const {
    if (is(at, "NOT") || is(at, "BINARY")) return at ? left_of(at - 1, whole) : ParameterTarget{};
    std::size_t first = primary_begin(at);
    if (first == none) return {};
    while (whole && first >= 2 && is_arithmetic(first - 1)) {
        const std::size_t more = primary_begin(first - 2);
        if (more == none) break;
        first = more;
    }
    return expression(first, at, places_[at].block);
}

ParameterTarget Finder::right_of(std::size_t at) const {
    return expression(at, primary_end(at), at < places_.size() ? places_[at].block : 0);
}

// ---- what a parameter meets --------------------------------------------------------------------

std::size_t Finder::argument_of(std::size_t open, std::size_t at) const {
    std::size_t argument = 0;
    for (std::size_t i = open + 1; i < at; ++i)
        argument += is_symbol(i, ',') && places_[i].open == open;
    return argument;
}

TableName Finder::routine_name(std::size_t last) const {
    TableName name{{}, unquoted(places_[last].token.text)};
    if (last >= 2 && is_symbol(last - 1, '.'))
        name.database = unquoted(places_[last - 2].token.text);
    return name;
}

ParameterTarget Finder::in_values(std::size_t open, std::size_t at) const {
    ParameterTarget target;
    const std::size_t index = argument_of(open, at);
    if (insert_columns_.empty()) {
        target.kind = Kind::column;
        target.text = insert_table_;
        target.index = index;
    } else if (index < insert_columns_.size()) {
        target.kind = Kind::expression;
        target.text = insert_columns_[index];
        target.tables = target.all_tables = insert_table_;
    }
    return target;
}

ParameterTarget Finder::in_function(std::size_t name, std::size_t open, std::size_t at) const {
    ParameterTarget target;
    const std::string_view function = places_[name].token.text;
    const std::size_t index = argument_of(open, at);
    const bool qualified = name > 0 && is_symbol(name - 1, '.');
    if (is(0, "CALL") && places_[open].open == none) {
        target.kind = Kind::argument;
        target.index = index;
        target.routine = routine_name(name);
        return target;
    }
    if (!qualified && (equal_ignoring_case(function, "CAST") ||
                       (equal_ignoring_case(function, "CONVERT") && index == 0)))
        return expression(name, places_[open].match, places_[at].block);
    if (!qualified && is_any(function, alike)) {
        for (std::size_t i = open + 1; i < places_[open].match; i = primary_end(i)) {
            const std::size_t last = primary_end(i);
            if (last == none || last >= places_[open].match) {
                // A parameter or something longer: go on after the next comma.
                while (i < places_[open].match && !(is_symbol(i, ',') && places_[i].open == open))
                    ++i;
                if (i >= places_[open].match) break;
                ++i;
                const std::size_t end = primary_end(i);
                if (end == none || end >= places_[open].match) break;
                return expression(i, end, places_[at].block);
            }
            if (equal_ignoring_case(function, "IF") && argument_of(open, i) == 0) break;
            return expression(i, last, places_[at].block);
        }
        return met_by(name, places_[open].match);
    }
    if (!qualified)
        for (const FunctionArguments& row : function_arguments)
            if (equal_ignoring_case(row.name, function)) {
                target.kind = Kind::type;
                target.type = row.types[std::min(index, row.types.size() - 1)];
                return target;
            }
    // A stored function, or one of the server's that nothing is known of.
    target.kind = Kind::argument;
    target.index = index;
    target.routine = routine_name(name);
    return target;
}

/// A parameter (or what stands for it) inside the parenthesis at `open`.
ParameterTarget Finder::in_parentheses(std::size_t open, std::size_t at) const {
    if (open == none) return {};
    if (is_insert_ && places_[open].open == none && places_[open].clause.starts_with("VALUE") &&
        (is(open - 1, "VALUES") || is(open - 1, "VALUE") || is_symbol(open - 1, ',')))
        return in_values(open, at);
    if (open > 0 && is(open - 1, "IN")) return left_of(open - 2, true);
    const std::size_t name = function_before(open);
    if (name != none) return in_function(name, open, at);
    if (places_[open + 1].token.kind == TokenKind::word && is(open + 1, "SELECT")) return {};
    // (?, ?) = (a, b) and the like are seen as a whole; so is (?).
    if (argument_of(open, places_[open].match) > 0) return {};
    return met_by(open, places_[open].match);
}

/// What the operand from `first` to `last` is compared or calculated with.
ParameterTarget Finder::met_by(std::size_t first, std::size_t last) const {
    ParameterTarget target;
    std::size_t before = first - 1;
    while (first > 0 && (is(before, "BINARY") || is(before, "NOT")) && before > 0) --before;
    if (first > 0 && is_operator(before)) {
        const bool arithmetic = is_arithmetic(before);
        while (before > 0 && is_operator(before)) --before;
        target = left_of(before, !arithmetic);
    } else if (first > 0 && is(before, "BETWEEN") && before > 0) {
        target = left_of(before - 1, true);
    } else if (first > 0 && is(before, "AND")) {
        for (std::size_t i = before; i-- > 0;) {
            if (places_[i].open != places_[before].open) continue;
            if (is(i, "BETWEEN")) {
                if (i > 0) target = left_of(i - 1, true);
                break;
            }
            if (is(i, "AND") || is(i, "OR") || is(i, "WHERE") || is(i, "ON")) break;
        }
    } else if (first > 0 && is(before, "INTERVAL")) {
        target.kind = Kind::type;
        target.type = SQL_BIGINT;
    }
    if (target.kind != Kind::unknown) return target;
    std::size_t after = last + 1;
    if (is_operator(after)) {
        while (is_operator(after)) ++after;
        target = right_of(after);
    } else if (is(after, "BETWEEN")) {
        target = right_of(after + 1);
    } else if (is(after, "IN") || (is(after, "NOT") && is(after + 1, "IN"))) {
        const std::size_t open = is(after, "IN") ? after + 1 : after + 2;
        if (is(open + 1, "SELECT")) {
            std::size_t item = open + 2;
            while (is(item, "DISTINCT") || is(item, "ALL")) ++item;
            target = right_of(item);
        } else if (is_symbol(open, '(')) {
            target = right_of(open + 1);
        }
    }
    if (target.kind != Kind::unknown) return target;
    return in_parentheses(places_[first].open, first);
}

std::vector<ParameterTarget> Finder::targets() {
    std::vector<ParameterTarget> found;
    for (std::size_t i = 0; i < places_.size(); ++i) {
        if (places_[i].token.kind != TokenKind::marker) continue;
        ParameterTarget target;
        if (places_[i].clause == "LIMIT" || places_[i].clause == "OFFSET") {
            target.kind = Kind::type;
            target.type = SQL_BIGINT;
        } else if (i > 0) {
            target = met_by(i, i);
            // An expression that is about to be stored has the column's type rather than that of
            // a number beside it.
            const std::size_t open = places_[i].open;
            if (open != none && is_insert_ && places_[open].clause.starts_with("VALUE") &&
                places_[open].open == none && function_before(open) == none)
                target = in_values(open, i);
        }
        found.push_back(std::move(target));
    }
    return found;
}

}  // namespace

std::vector<ParameterTarget> parameter_targets(std::string_view sql) {
    return Finder(sql).targets();
}

std::optional<TableName> called_procedure(std::string_view sql) {
    Lexer lexer(sql);
    if (const Token call = lexer.next(); !equal_ignoring_case(call.text, "CALL"))
        return std::nullopt;
    TableName name{{}, unquoted(lexer.next().text)};
    if (lexer.next().text == ".")
        name.database = std::exchange(name.table, unquoted(lexer.next().text));
    return name;
}

}  // namespace myfabric::sql
