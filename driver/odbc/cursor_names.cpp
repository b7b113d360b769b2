// SQLGetCursorName, SQLSetCursorName.
#include <algorithm>

#include "odbc/call.h"

namespace myfabric::odbc {
namespace {

constexpr std::size_t longest_name = 64;  // characters; SQL_MAX_CURSOR_NAME_LEN

bool is_taken(Statement& s, std::string_view name) {
    const auto& statements = s.connection().statements();
    return std::ranges::any_of(statements, [&](const auto& other) {
        return other.get() != &s && equal_ignoring_case(other->cursor_name, name);
    });
}

bool is_reserved(std::string_view name) {
    return equal_ignoring_case(name.substr(0, 6), "SQLCUR") ||
           equal_ignoring_case(name.substr(0, 7), "SQL_CUR");
}

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::ranges::count_if(utf8, [](char c) { return (c & 0xC0) != 0x80; }));
}

/// "SQL_CUR" and the least number that is free on the connection.
std::string generated_name(Statement& s) {
    for (unsigned number = 0;; ++number) {
        std::string name = "SQL_CUR" + std::to_string(number);
        if (!is_taken(s, name)) return name;
    }
}

template <class Char>
SQLRETURN get_cursor_name(SQLHSTMT handle, Char* name, SQLSMALLINT capacity,
                          SQLSMALLINT* length) noexcept {
    return call<Statement>(handle, [&](Statement& s) {
        s.must_be_idle();
        if (capacity < 0)
            throw Error(state::invalid_length, "the buffer length is " + std::to_string(capacity));
        if (s.cursor_name.empty()) s.cursor_name = generated_name(s);
        put(s, text_out(name, capacity, length, Unit::characters), s.cursor_name);
    });
}

template <class Char>
SQLRETURN set_cursor_name(SQLHSTMT handle, const Char* value, SQLSMALLINT length) noexcept {
    return call<Statement>(handle, [&](Statement& s) {
        s.must_be_idle();
        if (!value) throw Error(state::invalid_null_pointer, "the cursor's name is missing");
        const std::string name =
            with_text(s, value, length, [](std::string_view given) { return std::string(given); });
        if (s.result().executed())
            throw Error(state::invalid_cursor_state,
                        "the statement was executed; close its cursor before naming it");
        if (name.empty() || is_reserved(name) || characters(name) > longest_name)
            throw Error(state::invalid_cursor_name,
                        "'" + name + "' cannot be the name of a cursor: names have 1 to " +
                            std::to_string(longest_name) +
                            " characters and do not begin with SQL_CUR or SQLCUR");
        if (is_taken(s, name))
            throw Error(state::duplicate_cursor_name,
                        "another statement of this connection has the cursor name '" + name + "'");
        s.cursor_name = name;
    });
}

}  // namespace
}  // namespace myfabric::odbc

using namespace myfabric::odbc;

extern "C" {

SQLRETURN SQL_API SQLGetCursorName(SQLHSTMT s, SQLCHAR* name, SQLSMALLINT capacity,
                                   SQLSMALLINT* length) {
    return get_cursor_name(s, name, capacity, length);
}
SQLRETURN SQL_API SQLGetCursorNameW(SQLHSTMT s, SQLWCHAR* name, SQLSMALLINT capacity,
                                    SQLSMALLINT* length) {
    return get_cursor_name(s, name, capacity, length);
}

SQLRETURN SQL_API SQLSetCursorName(SQLHSTMT s, SQLCHAR* name, SQLSMALLINT length) {
    return set_cursor_name(s, name, length);
}
SQLRETURN SQL_API SQLSetCursorNameW(SQLHSTMT s, SQLWCHAR* name, SQLSMALLINT length) {
    return set_cursor_name(s, name, length);
}

}  // extern "C"
