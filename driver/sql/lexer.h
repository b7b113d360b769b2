// One pass over SQL text: parameter markers, the kind of statement, what it does to the session.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace myfabric::sql {

enum class TokenKind : std::uint8_t {
    end,
    word,    // keyword or bare identifier
    quoted,  // `identifier`
    text,    // '...' or "..."
    number,
    variable,   // @name, @@name
    marker,     // ?
    separator,  // ;
    symbol,     // any other single character
};

struct Token {
    TokenKind kind = TokenKind::end;
    std::string_view text;   // as it stands, quotes included
    std::size_t offset = 0;  // bytes from the start
};

/// Splits MySQL's SQL into tokens without copying. Comments are skipped, but the inside of
/// executable comments (/*! ... */, /*M! ... */) is read as SQL.
class Lexer {
public:
    explicit Lexer(std::string_view sql, bool backslash_escapes = true)
        : sql_(sql), backslash_escapes_(backslash_escapes) {}

    Token next();
    /// Goes past what says nothing to analyse(): blanks, numbers, and words without a Word, as
    /// keywords.h has them; commas, too, if it says so. True when it was more than blanks.
    bool skip_plain(bool commas);
    /// Whether a comment was skipped so far.
    bool skipped_comment() const { return skipped_comment_; }
    /// Goes on at `offset` bytes from the start, which must not be inside a text or comment.
    void seek(std::size_t offset) { at_ = offset; }

private:
    bool skip_comment();
    Token quoted(char quote, TokenKind kind);

    std::string_view sql_;
    std::size_t at_ = 0;
    bool backslash_escapes_;
    bool skipped_comment_ = false;
};

/// The value of a text token: without its quotes, doubled ones and backslash escapes undone.
std::string value_of_text(std::string_view quoted, bool backslash_escapes = true);

/// Whether `c` may stand in a bare identifier or keyword.
bool is_word_character(char c) noexcept;

// clang-format off
enum class Verb : std::uint8_t {
    none, select, show, insert, update, remove, replace, call, set, use, begin, commit, rollback,
    savepoint, ddl, lock, unlock, explain, with, values, table, load, perform, prepare, execute,
    kill, handler, flush, other,
};
// clang-format on

struct Analysis {
    std::size_t parameter_count = 0;
    Verb first_verb = Verb::none;
    bool several_statements = false;
    /// Leaves nothing behind and needs nothing of its session: it calls nothing but the servers'
    /// own functions.
    bool plain_read = false;
    bool calls_routine = false;  // a query that calls what may be a user-defined function
    bool sets_autocommit = false;
    bool asks_insert_id = false;       // LAST_INSERT_ID(), @@identity
    bool asks_last_statement = false;  // ROW_COUNT(), FOUND_ROWS(), SHOW WARNINGS
    bool may_be_positioned = false;    // an UPDATE or DELETE that has the word CURRENT
    bool calls_fabric_later = false;   // CALL fabric.... after another statement
    bool creates_temporary_table = false;
    bool locks_tables = false;
    bool takes_user_lock = false;
    bool sets_user_variable = false;
    bool changes_database = false;  // USE, also as a later statement
    /// One SET of the session's variables alone: the text may be repeated on another server.
    bool sets_session_variable = false;
    /// Sets session variables in a text that must not be repeated, or would not do the same: it has
    /// other statements, parameters, user variables, or global variables beside them.
    bool sets_unrepeatable = false;

    /// Whether some of it may have taken effect when it failed: CALL, a block, several statements.
    bool in_parts() const {
        return several_statements || calls_routine || first_verb == Verb::call ||
               first_verb == Verb::execute || first_verb == Verb::perform ||
               first_verb == Verb::prepare || first_verb == Verb::other;
    }
    /// Whether it ends a transaction that is open, or may.
    bool may_commit() const;
    /// Whether it is one INSERT, UPDATE, DELETE, REPLACE or SELECT.
    bool is_plain_dml() const {
        return !several_statements && (first_verb == Verb::insert || first_verb == Verb::update ||
                                       first_verb == Verb::remove || first_verb == Verb::replace ||
                                       first_verb == Verb::select);
    }

    /// Whether the statement may have changed the session that it ran in.
    bool changes_session() const {
        return creates_temporary_table || locks_tables || takes_user_lock || sets_user_variable ||
               changes_database || sets_unrepeatable || first_verb == Verb::set;
    }
};

/// Reads `sql` once and allocates nothing.
Analysis analyse(std::string_view sql, bool backslash_escapes = true);

/// Whether `sql`, one INSERT, UPDATE, DELETE, REPLACE or SELECT, calls nothing but the servers' own
/// functions. Reads it again: for rare cases.
bool calls_only_builtins(std::string_view sql);

}  // namespace myfabric::sql
