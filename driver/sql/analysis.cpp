// analyse(): what a statement is and what it does to its session.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "sql/builtin_functions.h"
#include "sql/keywords.h"
#include "sql/lexer.h"

namespace myfabric::sql {
namespace {

// Variables that hold what an earlier statement of the session left.
constexpr std::string_view of_last_statement[] = {"@@warning_count", "@@error_count"};
constexpr std::string_view of_last_insert[] = {"@@identity", "@@last_insert_id",
                                               "@@session.identity", "@@session.last_insert_id",
                                               "@@insert_id"};
constexpr std::string_view global_scopes[] = {"@@global", "@@persist", "@@persist_only"};

constexpr std::string_view farm_schema[] = {"fabric", "`fabric`"};

template <std::size_t N>
bool is_any(std::string_view text, const std::string_view (&list)[N]) {
    return std::ranges::any_of(
        list, [&](std::string_view item) { return equal_ignoring_case(item, text); });
}

bool may_be_read(Verb verb) {
    return verb == Verb::select || verb == Verb::show || verb == Verb::explain ||
           verb == Verb::with || verb == Verb::values || verb == Verb::table;
}

/// A word says nothing unless it is a keyword.
bool says_nothing(TokenKind kind) {
    return kind == TokenKind::word || kind == TokenKind::quoted || kind == TokenKind::text ||
           kind == TokenKind::number;
}

bool is_symbol(const Token& token, char c) {
    return token.kind == TokenKind::symbol && token.text[0] == c;
}

/// What stands before a parenthesis, in a second reading of the text that is as far as the first.
/// Most texts have no comments, and then a look back is enough.
class Callee {
public:
    Callee(std::string_view sql, bool backslash_escapes)
        : sql_(sql), lexer_(sql, backslash_escapes) {}

    /// Whether the parenthesis at `offset` may be the call of a user-defined function.
    bool may_be_own(std::size_t offset, bool has_comments) {
        return has_comments ? read_to(offset) : look_back(offset);
    }

private:
    bool look_back(std::size_t at) const {
        const auto skip_blanks = [&] {
            while (at && (sql_[at - 1] == ' ' || (sql_[at - 1] >= '\t' && sql_[at - 1] <= '\r')))
                --at;
        };
        skip_blanks();
        if (!at) return false;
        if (const char c = sql_[at - 1]; c == '`' || c == '"') return true;
        const std::size_t end = at;
        while (at && is_word_character(sql_[at - 1])) --at;
        if (at == end) return false;  // no word: a parenthesis by itself
        const std::string_view word = sql_.substr(at, end - at);
        skip_blanks();
        const bool qualified = at && sql_[at - 1] == '.';
        return qualified || !is_harmless_before_parenthesis(word);
    }

    bool read_to(std::size_t offset) {
        for (Token token = lexer_.next(); token.kind != TokenKind::end; token = lexer_.next()) {
            const bool arrived = token.offset >= offset;
            const bool own =
                last_.kind == TokenKind::quoted ||
                (last_.kind == TokenKind::text && last_.text[0] == '"') ||
                (last_.kind == TokenKind::word &&
                 (is_symbol(before_, '.') || !is_harmless_before_parenthesis(last_.text)));
            before_ = std::exchange(last_, token);
            if (arrived) return own;
        }
        return true;
    }

    std::string_view sql_;
    Lexer lexer_;
    Token before_, last_;
};

/// Walks over the tokens and remembers no more than the one before.
class Walk {
public:
    void take(const Token& token);
    /// Whether words that are no keywords, and numbers, change nothing but what was before.
    bool at_ease() const { return !awaits_something(); }
    bool ignores_commas() const { return verb_ != Verb::set; }
    void passed_plain() {
        before_ = Word::none;
        symbol_before_ = 0;
    }
    /// Whether it matters what is called by the parenthesis that was just taken.
    bool asks_callee() const {
        // Behind WITH the names of the tables have parentheses, too, before the query itself.
        const bool names = verb_ == Verb::with && !query_began_ && depth_ == 1;
        return may_be_read(found_.first_verb) && !found_.calls_routine && !names;
    }
    void calls_own() { found_.calls_routine = effect_ = true; }
    Analysis finish();

private:
    bool awaits_something() const {
        return verb_ == Verb::none || second_ || write_pending_ || set_.assignment_next;
    }
    void begin_statement(const Keyword& keyword);
    void second_word(Word word);
    void word(Word word);
    void symbol(char c);
    void variable(std::string_view name);
    void assignment_begins(const Token& token, Word word);
    void change_verb(Verb verb);

    Analysis found_;
    Verb verb_ = Verb::none;  // of the statement at hand
    Word verb_word_ = Word::none;
    Word before_ = Word::none;  // of the token before
    char symbol_before_ = 0;
    int depth_ = 0;               // of parentheses
    bool effect_ = false;         // more than a read
    bool second_ = false;         // the next token is the statement's second, and says something
    bool create_head_ = false;    // between CREATE and what is created
    bool compound_ = false;       // a routine's body, whose separators separate nothing
    bool write_pending_ = false;  // after WITH: a write, unless it is called as a function
    bool query_began_ = false;    // after WITH: SELECT, TABLE or a write on the outermost level

    struct {
        bool assignment_next = false;
        bool whole = false;   // not a list of assignments to variables
        bool global = false;  // holds for all that follow until another scope
        bool session_set = false, other_set = false, reads_user_variable = false;
    } set_;
};

void Walk::begin_statement(const Keyword& keyword) {
    if (found_.first_verb == Verb::none)
        found_.first_verb = keyword.verb;
    else
        found_.several_statements = true;
    verb_ = keyword.verb;
    verb_word_ = keyword.word;
    query_began_ = false;
    second_ = verb_ == Verb::begin || verb_ == Verb::call;
    create_head_ = keyword.text == "CREATE";
    set_.assignment_next = verb_ == Verb::set;
    set_.whole = set_.global = false;
    found_.locks_tables |= verb_ == Verb::lock;
    found_.changes_database |= verb_ == Verb::use;
}

void Walk::change_verb(Verb verb) {
    verb_ = verb;
    if (!found_.several_statements) found_.first_verb = verb;
}

void Walk::second_word(Word word) {
    second_ = false;
    if (verb_ != Verb::begin) return;
    if (verb_word_ == Word::start) {
        if (word != Word::transaction) change_verb(Verb::other);  // START SLAVE
    } else if (word == Word::not_) {                              // BEGIN NOT ATOMIC: a block
        compound_ = true;
        change_verb(Verb::other);
    }
}

void Walk::assignment_begins(const Token& token, Word word) {
    set_.assignment_next = false;
    if (token.kind == TokenKind::variable) {
        if (!token.text.starts_with("@@"))
            found_.sets_user_variable = true;
        else
            (is_any(token.text, global_scopes) ? set_.other_set : set_.session_set) = true;
        return;
    }
    if (word == Word::non_session_set ||
        word == Word::transaction) {  // the latter for the next one alone
        set_.whole = set_.other_set = true;
        return;
    }
    if (word == Word::global) set_.global = true;
    if (word == Word::session) set_.global = false;
    (set_.global ? set_.other_set : set_.session_set) = true;
}

void Walk::word(Word word) {
    switch (word) {
        case Word::effect:
            effect_ = true;
            break;
        case Word::diagnosis:
            effect_ |= verb_ == Verb::show;
            found_.asks_last_statement |= verb_ == Verb::show;
            break;
        case Word::query:
            query_began_ |= depth_ == 0;
            break;
        case Word::update:
            if (before_ == Word::for_) effect_ = true;
            [[fallthrough]];
        case Word::write:
            query_began_ |= depth_ == 0;
            write_pending_ = depth_ == 0 && (verb_ == Verb::with || verb_ == Verb::explain);
            break;
        case Word::current:
            found_.may_be_positioned |=
                (verb_ == Verb::update || verb_ == Verb::remove) && !found_.several_statements;
            break;
        case Word::share:
            effect_ |= before_ == Word::for_;
            break;
        case Word::in:
            effect_ |= before_ == Word::lock;
            break;  // LOCK IN SHARE MODE
        case Word::value:
            effect_ |= before_ == Word::next;
            break;  // NEXT VALUE FOR
        case Word::to:
            if (verb_ == Verb::rollback) change_verb(Verb::savepoint);
            break;
        case Word::read:  // FLUSH TABLES WITH READ LOCK
            found_.locks_tables |= verb_ == Verb::flush && before_ == Word::with;
            break;
        case Word::temporary:
            found_.creates_temporary_table |= create_head_;
            break;
        case Word::routine:
            compound_ |= create_head_;
            [[fallthrough]];
        case Word::table:
            query_began_ |= depth_ == 0;
            create_head_ = false;
            break;
        default:
            break;
    }
}

void Walk::symbol(char c) {
    switch (c) {
        case '(':
            ++depth_;
            found_.takes_user_lock |= before_ == Word::get_lock;
            found_.asks_insert_id |= before_ == Word::insert_id;
            found_.asks_last_statement |= before_ == Word::of_last;
            effect_ |= before_ == Word::get_lock || before_ == Word::function ||
                       before_ == Word::insert_id || before_ == Word::of_last;
            break;
        case ')':
            depth_ -= depth_ > 0;
            break;
        case ',':
            set_.assignment_next = verb_ == Verb::set && depth_ == 0 && !set_.whole;
            break;
        case '=':
            if (symbol_before_ == ':' && verb_ != Verb::set)
                found_.sets_user_variable = effect_ = true;
            break;
        default:
            break;
    }
}

void Walk::variable(std::string_view name) {
    if (name.starts_with("@@")) {
        const bool insert_id = is_any(name, of_last_insert);
        const bool last = is_any(name, of_last_statement);
        found_.asks_insert_id |= insert_id;
        found_.asks_last_statement |= last;
        effect_ |= insert_id || last;
        return;
    }
    if (verb_ == Verb::show) return;  // SHOW GRANTS FOR user@host
    effect_ = true;                   // it has its value in this session alone
    set_.reads_user_variable |= verb_ == Verb::set;
    // SELECT ... INTO @a, CALL p(@a), LOAD DATA ... (a, @a)
    found_.sets_user_variable |=
        before_ == Word::into || verb_ == Verb::call || verb_ == Verb::load;
}

void Walk::take(const Token& token) {
    const Keyword& keyword = token.kind == TokenKind::word ? keyword_of(token.text) : no_keyword;
    // Most of the tokens say nothing.
    if (keyword.word == Word::none && says_nothing(token.kind) && !awaits_something())
        return passed_plain();
    if (token.kind == TokenKind::separator) {
        passed_plain();
        if (compound_) return;
        effect_ |= write_pending_;
        write_pending_ = false;
        verb_ = Verb::none;
        depth_ = 0;
        return;
    }
    const char c = token.kind == TokenKind::symbol ? token.text[0] : '\0';
    if (token.kind == TokenKind::marker) ++found_.parameter_count;
    if (verb_ == Verb::none && c == '(') {  // a query in parentheses: the verb is inside
        ++depth_;
    } else if (verb_ == Verb::none) {
        begin_statement(keyword);
    } else {
        if (second_ && verb_ == Verb::call && found_.several_statements)
            found_.calls_fabric_later |= is_any(token.text, farm_schema);
        if (second_) second_word(keyword.word);
        if (write_pending_) {
            write_pending_ = false;
            effect_ |= c != '(';
        }
        if (set_.assignment_next)
            assignment_begins(token, keyword.word);
        else if (token.kind == TokenKind::variable)
            variable(token.text);
        if (token.kind == TokenKind::word) word(keyword.word);
        if (c) symbol(c);
    }
    before_ = keyword.word;
    symbol_before_ = c;
}

Analysis Walk::finish() {
    effect_ |= write_pending_;
    found_.plain_read = may_be_read(found_.first_verb) && !effect_ && !found_.several_statements;
    found_.sets_session_variable = set_.session_set && !set_.other_set &&
                                   !set_.reads_user_variable && !found_.sets_user_variable &&
                                   !found_.several_statements && found_.parameter_count == 0;
    found_.sets_unrepeatable = set_.session_set && !found_.sets_session_variable;
    return found_;
}

}  // namespace

bool Analysis::may_commit() const {
    if (several_statements) return true;
    switch (first_verb) {
        case Verb::none:
        case Verb::select:
        case Verb::show:
        case Verb::insert:
        case Verb::update:
        case Verb::remove:
        case Verb::replace:
        case Verb::use:
        case Verb::rollback:
        case Verb::savepoint:
        case Verb::explain:
        case Verb::with:
        case Verb::values:
        case Verb::table:
        case Verb::load:
        case Verb::perform:
        case Verb::kill:
        case Verb::handler:
            return false;
        case Verb::set:
            return sets_autocommit || sets_unrepeatable;
        case Verb::ddl:
            return !creates_temporary_table;
        default:
            return true;
    }
}

Analysis analyse(std::string_view sql, bool backslash_escapes) {
    Walk walk;
    Lexer lexer(sql, backslash_escapes);
    Callee callee(sql, backslash_escapes);
    while (true) {
        if (walk.at_ease() && lexer.skip_plain(walk.ignores_commas())) walk.passed_plain();
        const Token token = lexer.next();
        if (token.kind == TokenKind::end) break;
        walk.take(token);
        if (is_symbol(token, '(') && walk.asks_callee() &&
            callee.may_be_own(token.offset, lexer.skipped_comment()))
            walk.calls_own();
    }
    Analysis found = walk.finish();
    if (found.first_verb == Verb::set)
        found.sets_autocommit = to_lower(sql).find("autocommit") != std::string::npos ||
                                to_lower(sql).find("password") != std::string::npos;
    return found;
}

bool calls_only_builtins(std::string_view sql) {
    Lexer lexer(sql);
    Callee callee(sql, true);
    Token token = lexer.next();
    // The columns of INSERT INTO t (a, b) stand in parentheses.
    const bool insert =
        equal_ignoring_case(token.text, "INSERT") || equal_ignoring_case(token.text, "REPLACE");
    bool columns = insert;
    constexpr std::string_view behind_columns[] = {"SELECT", "VALUES", "VALUE",
                                                   "SET",    "TABLE",  "WITH"};
    for (; token.kind != TokenKind::end; token = lexer.next()) {
        columns &= token.kind != TokenKind::word || !is_any(token.text, behind_columns);
        if (!is_symbol(token, '(')) continue;
        if (callee.may_be_own(token.offset, true) && !std::exchange(columns, false)) return false;
        columns = false;
    }
    return true;
}

}  // namespace myfabric::sql
