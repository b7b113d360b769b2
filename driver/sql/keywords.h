// The words that the analysis of a statement looks at, in one table.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "sql/lexer.h"

namespace myfabric::sql {

/// What a word means for the analysis, beside being a verb.
enum class Word : std::uint8_t {
    none,
    effect,     // makes a query more than a read wherever it stands
    function,   // a function that writes or asks for the session's state: counts when it is called
    get_lock,   // the same, and leaves a lock
    insert_id,  // the same: LAST_INSERT_ID()
    of_last,    // the same: asks about the session's last statement
    query,      // SELECT: after WITH, what is before it only names things
    write,      // after WITH it makes the statement a write
    update,     // the same; and FOR UPDATE
    diagnosis,  // SHOW WARNINGS and the like ask for the session's state
    start,      // START TRANSACTION, and START SLAVE
    global,     // SET GLOBAL
    session,    // SET SESSION
    non_session_set,  // SET STATEMENT, SET PASSWORD: not a list of assignments of the session
    transaction,
    routine,  // CREATE PROCEDURE: its body may have separators
    temporary,
    table,
    with,
    lock,
    read,
    for_,
    share,
    in,
    next,
    value,
    into,
    to,
    not_,
    current,  // WHERE CURRENT OF, perhaps
};

struct Keyword {
    std::string_view text;
    Verb verb;
    Word word = Word::none;
};

// Sorted by the first letter.
// clang-format off
inline constexpr Keyword keywords[] = {
    {"ALTER", Verb::ddl},
    {"ANALYZE", Verb::ddl},
    {"BEGIN", Verb::begin},
    {"CALL", Verb::call},
    {"COMMIT", Verb::commit},
    {"CREATE", Verb::ddl},
    {"CURRENT", Verb::other, Word::current},
    {"DEFAULT", Verb::other, Word::non_session_set},  // SET DEFAULT ROLE
    {"DELETE", Verb::remove, Word::write},
    {"DESC", Verb::explain},
    {"DESCRIBE", Verb::explain},
    {"DO", Verb::perform},
    {"DROP", Verb::ddl},
    {"DUMPFILE", Verb::other, Word::effect},
    {"ERRORS", Verb::other, Word::diagnosis},
    {"EVENT", Verb::other, Word::routine},
    {"EXECUTE", Verb::execute},
    {"EXPLAIN", Verb::explain},
    {"FLUSH", Verb::flush},
    {"FOR", Verb::other, Word::for_},
    {"FOUND_ROWS", Verb::other, Word::of_last},
    {"FUNCTION", Verb::other, Word::routine},
    {"GET_LOCK", Verb::other, Word::get_lock},
    {"GLOBAL", Verb::other, Word::global},
    {"GRANT", Verb::ddl},
    {"HANDLER", Verb::handler},
    {"IN", Verb::other, Word::in},
    {"INSERT", Verb::insert, Word::write},
    {"INTO", Verb::other, Word::into},
    {"IS_FREE_LOCK", Verb::other, Word::function},
    {"IS_USED_LOCK", Verb::other, Word::function},
    {"KILL", Verb::kill},
    {"LASTVAL", Verb::other, Word::function},
    {"LAST_INSERT_ID", Verb::other, Word::insert_id},
    {"LOAD", Verb::load},
    {"LOCAL", Verb::other, Word::session},
    {"LOCK", Verb::lock, Word::lock},
    {"MASTER_GTID_WAIT", Verb::other, Word::function},
    {"MASTER_POS_WAIT", Verb::other, Word::function},
    {"NEXT", Verb::other, Word::next},
    {"NEXTVAL", Verb::other, Word::effect},
    {"NOT", Verb::other, Word::not_},
    {"OPTIMIZE", Verb::ddl},
    {"OUTFILE", Verb::other, Word::effect},
    {"PACKAGE", Verb::other, Word::routine},
    {"PASSWORD", Verb::other, Word::non_session_set},
    {"PERSIST", Verb::other, Word::global},
    {"PERSIST_ONLY", Verb::other, Word::global},
    {"PREPARE", Verb::prepare},
    {"PREVIOUS", Verb::other, Word::next},
    {"PROCEDURE", Verb::other, Word::routine},
    {"PROFILE", Verb::other, Word::diagnosis},
    {"PROFILES", Verb::other, Word::diagnosis},
    {"READ", Verb::other, Word::read},
    {"RELEASE", Verb::savepoint},
    {"RELEASE_ALL_LOCKS", Verb::other, Word::function},
    {"RELEASE_LOCK", Verb::other, Word::function},
    {"RENAME", Verb::ddl},
    {"REPLACE", Verb::replace, Word::write},
    {"REVOKE", Verb::ddl},
    {"ROLLBACK", Verb::rollback},
    {"ROW_COUNT", Verb::other, Word::of_last},
    {"SAVEPOINT", Verb::savepoint},
    {"SELECT", Verb::select, Word::query},
    {"SEQUENCE", Verb::other, Word::table},
    {"SESSION", Verb::other, Word::session},
    {"SET", Verb::set},
    {"SETVAL", Verb::other, Word::function},
    {"SHARE", Verb::other, Word::share},
    {"SHOW", Verb::show},
    {"SLEEP", Verb::other, Word::function},
    {"SOURCE_POS_WAIT", Verb::other, Word::function},
    {"SQL_CALC_FOUND_ROWS", Verb::other, Word::effect},
    {"START", Verb::begin, Word::start},
    {"STATEMENT", Verb::other, Word::non_session_set},
    {"TABLE", Verb::table, Word::table},
    {"TEMPORARY", Verb::other, Word::temporary},
    {"TO", Verb::other, Word::to},
    {"TRANSACTION", Verb::other, Word::transaction},
    {"TRIGGER", Verb::other, Word::routine},
    {"TRUNCATE", Verb::ddl},
    {"UNLOCK", Verb::unlock},
    {"UPDATE", Verb::update, Word::update},
    {"USE", Verb::use},
    {"VALUE", Verb::other, Word::value},
    {"VALUES", Verb::values},
    {"WAIT_FOR_EXECUTED_GTID_SET", Verb::other, Word::function},
    {"WARNINGS", Verb::other, Word::diagnosis},
    {"WITH", Verb::with, Word::with},
};
// clang-format on

inline constexpr std::size_t letters = 26;

/// For each first letter: the first row and, as bits, the lengths of its words. Nearly all other
/// words end at the bits.
struct Bucket {
    std::uint8_t begin = 0, end = 0;
    std::uint32_t lengths = 0;
};
inline constexpr auto buckets = [] {
    std::array<Bucket, letters> table{};
    for (std::size_t row = 0; row < std::size(keywords); ++row) {
        Bucket& bucket = table[static_cast<std::size_t>(keywords[row].text[0] - 'A')];
        if (!bucket.lengths) bucket.begin = static_cast<std::uint8_t>(row);
        bucket.end = static_cast<std::uint8_t>(row + 1);
        bucket.lengths |= 1u << keywords[row].text.size();
    }
    return table;
}();
static_assert(std::ranges::is_sorted(keywords, {}, [](const Keyword& k) { return k.text[0]; }));
static_assert(std::ranges::all_of(keywords, [](const Keyword& k) { return k.text.size() < 32; }));

inline constexpr Keyword no_keyword{{}, Verb::other};

/// Whether `word`, in any case, is `keyword`, which has its length.
inline bool is_keyword(std::string_view word, std::string_view keyword) {
    constexpr unsigned char case_bit = 0x20;  // '_' and the letters of keywords have it not
    for (std::size_t i = 0; i < keyword.size(); ++i)
        if ((static_cast<unsigned char>(word[i]) & ~case_bit) !=
            static_cast<unsigned char>(keyword[i]))
            return false;
    return true;
}

/// The row of `word` (not empty, any case), or no_keyword.
inline const Keyword& keyword_of(std::string_view word) {
    const unsigned letter = (static_cast<unsigned char>(word[0]) | 0x20u) - 'a';
    if (letter >= letters || word.size() >= 32) return no_keyword;
    const Bucket& bucket = buckets[letter];
    if (!(bucket.lengths >> word.size() & 1)) return no_keyword;
    for (std::size_t row = bucket.begin; row < bucket.end; ++row)
        if (keywords[row].text.size() == word.size() && is_keyword(word, keywords[row].text))
            return keywords[row];
    return no_keyword;
}

}  // namespace myfabric::sql
