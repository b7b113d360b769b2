#include "sql/escapes.h"

#include <sql.h>
#include <sqlext.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "sql/lexer.h"

namespace myfabric::sql {
namespace {

// clang-format off
constexpr ScalarFunction functions[] = {
    {"ASCII",            "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_ASCII},
    {"BIT_LENGTH",       "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_BIT_LENGTH},
    {"CHAR",             "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_CHAR},
    {"CHAR_LENGTH",      "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_CHAR_LENGTH},
    {"CHARACTER_LENGTH", "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_CHARACTER_LENGTH},
    {"CONCAT",           "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_CONCAT},
    {"INSERT",           "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_INSERT},
    {"LCASE",            "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_LCASE},
    {"LEFT",             "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_LEFT},
    {"LENGTH",           "CHAR_LENGTH",    SQL_STRING_FUNCTIONS,   SQL_FN_STR_LENGTH},
    {"LOCATE",           "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_LOCATE},
    {"LTRIM",            "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_LTRIM},
    {"OCTET_LENGTH",     "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_OCTET_LENGTH},
    {"POSITION",         "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_POSITION},
    {"REPEAT",           "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_REPEAT},
    {"REPLACE",          "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_REPLACE},
    {"RIGHT",            "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_RIGHT},
    {"RTRIM",            "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_RTRIM},
    {"SOUNDEX",          "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_SOUNDEX},
    {"SPACE",            "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_SPACE},
    {"SUBSTRING",        "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_SUBSTRING},
    {"UCASE",            "",               SQL_STRING_FUNCTIONS,   SQL_FN_STR_UCASE},
    {"ABS",              "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_ABS},
    {"ACOS",             "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_ACOS},
    {"ASIN",             "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_ASIN},
    {"ATAN",             "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_ATAN},
    {"ATAN2",            "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_ATAN2},
    {"CEILING",          "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_CEILING},
    {"COS",              "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_COS},
    {"COT",              "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_COT},
    {"DEGREES",          "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_DEGREES},
    {"EXP",              "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_EXP},
    {"FLOOR",            "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_FLOOR},
    {"LOG",              "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_LOG},
    {"LOG10",            "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_LOG10},
    {"MOD",              "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_MOD},
    {"PI",               "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_PI},
    {"POWER",            "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_POWER},
    {"RADIANS",          "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_RADIANS},
    {"RAND",             "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_RAND},
    {"ROUND",            "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_ROUND},
    {"SIGN",             "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_SIGN},
    {"SIN",              "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_SIN},
    {"SQRT",             "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_SQRT},
    {"TAN",              "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_TAN},
    {"TRUNCATE",         "",               SQL_NUMERIC_FUNCTIONS,  SQL_FN_NUM_TRUNCATE},
    {"CURRENT_DATE",     "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_CURRENT_DATE},
    {"CURRENT_TIME",     "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_CURRENT_TIME},
    {"CURRENT_TIMESTAMP", "",              SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_CURRENT_TIMESTAMP},
    {"CURDATE",          "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_CURDATE},
    {"CURTIME",          "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_CURTIME},
    {"DAYNAME",          "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_DAYNAME},
    {"DAYOFMONTH",       "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_DAYOFMONTH},
    {"DAYOFWEEK",        "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_DAYOFWEEK},
    {"DAYOFYEAR",        "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_DAYOFYEAR},
    {"EXTRACT",          "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_EXTRACT},
    {"HOUR",             "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_HOUR},
    {"MINUTE",           "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_MINUTE},
    {"MONTH",            "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_MONTH},
    {"MONTHNAME",        "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_MONTHNAME},
    {"NOW",              "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_NOW},
    {"QUARTER",          "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_QUARTER},
    {"SECOND",           "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_SECOND},
    {"TIMESTAMPADD",     "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_TIMESTAMPADD},
    {"TIMESTAMPDIFF",    "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_TIMESTAMPDIFF},
    {"WEEK",             "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_WEEK},
    {"YEAR",             "",               SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_YEAR},
    {"DATABASE",         "",               SQL_SYSTEM_FUNCTIONS,   SQL_FN_SYS_DBNAME},
    {"IFNULL",           "",               SQL_SYSTEM_FUNCTIONS,   SQL_FN_SYS_IFNULL},
    {"USER",             "",               SQL_SYSTEM_FUNCTIONS,   SQL_FN_SYS_USERNAME},
};

struct Name {
    std::string_view odbc;
    std::string_view mysql;
};

// SQL_TSI_FRAC_SECOND is not here: it counts nanoseconds, MICROSECOND would be another value.
constexpr Name intervals[] = {  // of TIMESTAMPADD and TIMESTAMPDIFF
    {"SQL_TSI_SECOND", "SECOND"}, {"SQL_TSI_MINUTE", "MINUTE"}, {"SQL_TSI_HOUR", "HOUR"},
    {"SQL_TSI_DAY", "DAY"},       {"SQL_TSI_WEEK", "WEEK"},     {"SQL_TSI_MONTH", "MONTH"},
    {"SQL_TSI_QUARTER", "QUARTER"}, {"SQL_TSI_YEAR", "YEAR"},
};

// Older servers have no CONVERT(x, DOUBLE), and DECIMAL lacks its range: a sum has both.
constexpr std::string_view by_sum = "0e0 + ";

constexpr Name convert_types[] = {
    {"SQL_BIGINT", "SIGNED"},        {"SQL_INTEGER", "SIGNED"},
    {"SQL_SMALLINT", "SIGNED"},      {"SQL_TINYINT", "SIGNED"},
    {"SQL_BIT", "UNSIGNED"},         {"SQL_CHAR", "CHAR"},
    {"SQL_VARCHAR", "CHAR"},         {"SQL_LONGVARCHAR", "CHAR"},
    {"SQL_WCHAR", "CHAR"},           {"SQL_WVARCHAR", "CHAR"},
    {"SQL_WLONGVARCHAR", "CHAR"},    {"SQL_BINARY", "BINARY"},
    {"SQL_VARBINARY", "BINARY"},     {"SQL_LONGVARBINARY", "BINARY"},
    {"SQL_DATE", "DATE"},            {"SQL_TYPE_DATE", "DATE"},
    {"SQL_TIME", "TIME(6)"},         {"SQL_TYPE_TIME", "TIME(6)"},
    {"SQL_TIMESTAMP", "DATETIME(6)"}, {"SQL_TYPE_TIMESTAMP", "DATETIME(6)"},
    {"SQL_DECIMAL", "DECIMAL(65,30)"}, {"SQL_NUMERIC", "DECIMAL(65,30)"},
    {"SQL_DOUBLE", by_sum},          {"SQL_FLOAT", by_sum},
    {"SQL_REAL", by_sum},
};

constexpr Name interval_fields[] = {  // {interval '1-2' year to month}
    {"YEAR", "YEAR"},     {"MONTH", "MONTH"},   {"DAY", "DAY"},
    {"HOUR", "HOUR"},     {"MINUTE", "MINUTE"}, {"SECOND", "SECOND"},
};
// clang-format on

template <class Table, class Member>
const auto* find(const Table& table, std::string_view text, Member member) {
    const auto* found = std::ranges::find_if(
        table, [&](const auto& row) { return equal_ignoring_case(row.*member, text); });
    return found == std::end(table) ? nullptr : found;
}

bool is(const Token& token, std::string_view word) {
    return token.kind == TokenKind::word && equal_ignoring_case(token.text, word);
}

bool is_symbol(const Token& token, char c) {
    return token.kind == TokenKind::symbol && token.text[0] == c;
}

std::string shown(const Token& token) {
    return token.kind == TokenKind::end ? "the end of the statement"
                                        : "'" + std::string(token.text) + "'";
}

/// One escape that is not closed yet.
struct Open {
    enum class Call : unsigned char { none, any, add_or_diff, convert, character };
    Call call = Call::none;
    bool named = true;        // {fn: false until the function's name was read
    int depth = 0;            // of parentheses
    int argument = 0;         // commas passed in the function's own parentheses
    std::size_t name_at = 0;  // in the output
    std::size_t name_length = 0;
    std::size_t comma_at = 0;        // the last one, in the output
    std::string_view behind;         // added before or after the function's ')'
    bool value_of_function = false;  // {?=call
};

class Translation {
public:
    Translation(std::string_view sql, bool backslash_escapes)
        : sql_(sql), lexer_(sql, backslash_escapes), backslash_escapes_(backslash_escapes) {
        out_.reserve(sql.size() + 16);
    }

    std::string run();

private:
    void open();
    void close(const Token& brace);
    void literal(const Token& word, std::string_view prefix);
    void interval();
    std::string_view field(const Token& token);
    void escape_character();
    void in_function(const Token& token, Open& open);
    void function_name(const Token& token, Open& open);
    void argument_word(const Token& token, Open& open);

    void copy_to(std::size_t end) {
        out_ += sql_.substr(copied_, end - copied_);
        copied_ = end;
    }
    void replace(const Token& token, std::string_view text) {
        copy_to(token.offset);
        out_ += text;
        copied_ = token.offset + token.text.size();
    }
    /// Continues after `token` and the blanks that follow it.
    void skip(const Token& token) {
        copied_ = token.offset + token.text.size();
        while (copied_ < sql_.size() && (sql_[copied_] == ' ' || sql_[copied_] == '\t')) ++copied_;
    }
    Token expect_close(std::string_view what);

    std::string_view sql_;
    Lexer lexer_;
    bool backslash_escapes_;
    std::string out_;
    std::size_t copied_ = 0;  // of sql_ into out_
    std::vector<Open> open_;
};

Token Translation::expect_close(std::string_view what) {
    const Token brace = lexer_.next();
    if (!is_symbol(brace, '}'))
        throw Error(state::syntax_error, "the escape sequence {" + std::string(what) +
                                             " ...} is not closed by '}' before " + shown(brace));
    return brace;
}

/// {d '...'}, {t '...'}, {ts '...'}, {guid '...'}
void Translation::literal(const Token& word, std::string_view prefix) {
    const Token value = lexer_.next();
    if (value.kind != TokenKind::text)
        throw Error(state::syntax_error, "a text in quotes must follow '{" +
                                             std::string(word.text) + "', not " + shown(value));
    // MySQL has no literal of a date that is zero in part; as a text it is one.
    const std::string_view digits = value.text.substr(1);
    const bool zero = digits.starts_with("0000") || digits.find("-00") < digits.find(' ');
    if (!zero) out_ += prefix;
    out_ += value.text;
    copied_ = value.offset + value.text.size();
    close(expect_close(word.text));
}

std::string_view Translation::field(const Token& token) {
    const auto* row =
        token.kind == TokenKind::word ? find(interval_fields, token.text, &Name::odbc) : nullptr;
    if (!row)
        throw Error(state::syntax_error,
                    shown(token) +
                        " is no field of an interval; known are YEAR, MONTH, DAY, HOUR, "
                        "MINUTE and SECOND");
    return row->mysql;
}

/// {interval '1 02:03' day to minute}, with a sign before the text and precisions in parentheses.
void Translation::interval() {
    Token token = lexer_.next();
    bool negative = false;
    if (is_symbol(token, '-') || is_symbol(token, '+')) {
        negative = token.text == "-";
        token = lexer_.next();
    }
    if (token.kind != TokenKind::text || token.text.size() < 2)
        throw Error(state::syntax_error,
                    "a text in quotes must follow '{interval', not " + shown(token));
    std::string_view value = token.text.substr(1);
    if (negative && value.starts_with('-')) {
        negative = false;
        value.remove_prefix(1);
    }
    const auto skip_precision = [&] {
        Token next = lexer_.next();
        if (!is_symbol(next, '(')) return next;
        while (next.kind != TokenKind::end && !is_symbol(next, ')')) next = lexer_.next();
        return lexer_.next();
    };
    // The server reads a sign inside the text; one before it would make a number of it.
    out_ += std::string("INTERVAL '") + (negative ? "-" : "");
    out_ += value;
    std::string unit(field(lexer_.next()));
    Token next = skip_precision();
    if (is(next, "TO")) {
        unit.append("_").append(field(lexer_.next()));
        next = skip_precision();
    }
    if (unit.ends_with("_SECOND") && value.find('.') != value.npos)
        unit.replace(unit.size() - 6, 6, "MICROSECOND");
    out_.append(" ").append(unit);
    if (!is_symbol(next, '}'))
        throw Error(
            state::syntax_error,
            "the escape sequence {interval ...} is not closed by '}' before " + shown(next));
    copied_ = next.offset;
    close(next);
}

/// {escape '\'}: ODBC knows no backslash escapes, so a single one may stand before the quote.
void Translation::escape_character() {
    const std::size_t quote = sql_.find_first_not_of(" \t\r\n", copied_);
    if (backslash_escapes_ && quote != sql_.npos && sql_.substr(quote, 3) == "'\\'") {
        const std::size_t after = sql_.find_first_not_of(" \t\r\n", quote + 3);
        if (after != sql_.npos && sql_[after] == '}') {
            out_ += "'\\\\'";
            copied_ = quote + 3;
            lexer_.seek(copied_);
        }
    }
}

void Translation::open() {
    if (!out_.empty() && is_word_character(out_.back())) out_ += ' ';
    Token word = lexer_.next();
    if (word.text == "?") {  // {?=call f(...)}: the value is the row of a query
        const Token equals = lexer_.next();
        word = lexer_.next();
        if (equals.text != "=" || !is(word, "call"))
            throw Error(state::syntax_error, "behind '{?' stands '=call' and a function");
        Open opened;
        opened.value_of_function = true;
        skip(word);
        open_.push_back(opened);
        out_ += "SELECT ";
        return;
    }
    Open opened;
    skip(word);
    open_.push_back(opened);
    if (is(word, "d")) return literal(word, "DATE ");
    if (is(word, "t")) return literal(word, "TIME ");
    if (is(word, "ts")) return literal(word, "TIMESTAMP ");
    if (is(word, "guid")) return literal(word, "");
    if (is(word, "interval")) return interval();
    if (is(word, "oj")) return;
    if (is(word, "fn")) {
        open_.back().named = false;
    } else if (is(word, "call")) {
        out_ += "CALL ";
    } else if (is(word, "escape")) {
        out_ += "ESCAPE ";
        escape_character();
    } else {
        throw Error(state::syntax_error,
                    shown(word) +
                        " behind '{' begins no ODBC escape sequence; known are d, t, ts, "
                        "fn, oj, call, escape, interval and guid");
    }
}

void Translation::close(const Token& brace) {
    if (open_.empty()) throw Error(state::syntax_error, "there is a '}' without its '{'");
    if (!open_.back().named)
        throw Error(state::syntax_error, "the name of a function must follow '{fn'");
    copy_to(brace.offset);
    copied_ = brace.offset + 1;
    if (open_.back().value_of_function) {
        while (!out_.empty() && out_.back() == ' ') out_.pop_back();
        if (!out_.ends_with(')')) out_ += "()";
    }
    open_.pop_back();
    if (!out_.empty() && is_word_character(out_.back()) && copied_ < sql_.size() &&
        is_word_character(sql_[copied_]))
        out_ += ' ';
}

void Translation::function_name(const Token& token, Open& open) {
    if (token.kind != TokenKind::word && token.kind != TokenKind::quoted)
        throw Error(state::syntax_error,
                    "the name of a function must follow '{fn', not " + shown(token));
    open.named = true;
    open.call = is(token, "CONVERT")                                      ? Open::Call::convert
                : is(token, "TIMESTAMPADD") || is(token, "TIMESTAMPDIFF") ? Open::Call::add_or_diff
                : is(token, "CHAR")                                       ? Open::Call::character
                                                                          : Open::Call::any;
    // The server's own CHAR returns bytes; ODBC's a character of 0 to 255.
    if (open.call == Open::Call::character) open.behind = " USING latin1";
    copy_to(token.offset);
    open.name_at = out_.size();
    open.name_length = token.text.size();
    const auto* row = find(functions, token.text, &ScalarFunction::name);
    if (row && !row->replacement.empty()) replace(token, row->replacement);
}

void Translation::argument_word(const Token& token, Open& open) {
    if (open.call == Open::Call::character && is(token, "USING")) open.behind = {};
    if (open.call == Open::Call::add_or_diff && open.argument == 0) {
        if (is(token, "SQL_TSI_FRAC_SECOND"))
            throw Error(state::not_implemented,
                        "SQL_TSI_FRAC_SECOND counts nanoseconds, which the servers do not have; "
                        "use MICROSECOND");
        if (const auto* row = find(intervals, token.text, &Name::odbc)) replace(token, row->mysql);
    }
    if (open.call != Open::Call::convert || open.argument != 1) return;
    const auto* row = find(convert_types, token.text, &Name::odbc);
    if (!row) {
        if (to_upper(token.text.substr(0, 4)) == "SQL_")
            throw Error(state::syntax_error, "CONVERT to " + std::string(token.text) +
                                                 " is not possible on this server");
        return;
    }
    if (row->mysql != by_sum) return replace(token, row->mysql);
    // CONVERT(x, SQL_DOUBLE) -> (0e0 + (x))
    replace(token, "");
    out_.erase(open.comma_at);
    out_.replace(open.name_at, open.name_length, "(" + std::string(by_sum));
    open.behind = ")";
}

void Translation::in_function(const Token& token, Open& open) {
    if (!open.named) return function_name(token, open);
    if (is_symbol(token, '(')) {
        ++open.depth;
    } else if (is_symbol(token, ')')) {
        if (--open.depth == 0) {
            copy_to(token.offset);
            out_ += open.behind;
            open.behind = {};
        }
    } else if (is_symbol(token, ',') && open.depth == 1) {
        ++open.argument;
        copy_to(token.offset);
        open.comma_at = out_.size();
    } else if (token.kind == TokenKind::word && open.depth == 1) {
        argument_word(token, open);
    }
}

std::string Translation::run() {
    for (Token token = lexer_.next(); token.kind != TokenKind::end; token = lexer_.next()) {
        if (is_symbol(token, '{')) {
            copy_to(token.offset);
            open();
        } else if (is_symbol(token, '}')) {
            close(token);
        } else if (!open_.empty() &&
                   (!open_.back().named || open_.back().call != Open::Call::none)) {
            in_function(token, open_.back());
        }
    }
    if (!open_.empty())
        throw Error(state::syntax_error, "an escape sequence '{' is not closed by '}'");
    copy_to(sql_.size());
    return std::move(out_);
}

}  // namespace

std::span<const ScalarFunction> scalar_functions() {
    return functions;
}

std::string translate_escapes(std::string_view sql, bool backslash_escapes) {
    if (sql.find('{') == std::string_view::npos) return std::string(sql);
    return Translation(sql, backslash_escapes).run();
}

bool asks_function_value(std::string_view sql, bool backslash_escapes) {
    Lexer lexer(sql, backslash_escapes);
    return is_symbol(lexer.next(), '{') && lexer.next().kind == TokenKind::marker &&
           is_symbol(lexer.next(), '=');
}

}  // namespace myfabric::sql
