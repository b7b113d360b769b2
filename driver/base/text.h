// Text at the C boundary: UTF-8 inside, SQLCHAR and SQLWCHAR (UTF-16) outside.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace myfabric {

class CharacterSet;

/// An input argument as UTF-8. `length` counts bytes (SQLCHAR) or characters (SQLWCHAR), or is
/// SQL_NTS. The text ends at a NUL within its length: programs count the NUL, or give the size of
/// the buffer. A null pointer is an empty text. Throws HY090 for any other negative length.
std::string_view text(const SQLCHAR* value, SQLLEN length);
std::string text(const SQLWCHAR* value, SQLLEN length);

/// The text of an attribute, whose `length` counts bytes also for W functions, or is SQL_NTS. A
/// driver manager may hand UTF-16 to the narrow entry point, which then has zero bytes within the
/// length. Ends at the first zero. Throws HY090 for any other negative length.
std::string attribute_text(const void* value, SQLINTEGER length, bool wide);

/// The unit in which a function counts its output buffer.
enum class Unit : unsigned char { bytes, characters };

/// An output argument for text: buffer, its capacity, and where the full length goes.
/// The unit counts for W functions only; in ANSI functions a character is a byte.
struct TextOut {
    void* buffer = nullptr;
    long long capacity = 0;
    void* length = nullptr;  // SQLSMALLINT* or SQLINTEGER*, see length_size
    unsigned char length_size = sizeof(SQLSMALLINT);
    Unit unit = Unit::bytes;
    bool wide = false;
    bool four_bytes = false;   // a wide character has four, as iODBC's; the unit is characters
    unsigned char narrow = 0;  // CharacterSet::Number of a narrow text; 0 for UTF-8

    /// Writes `value` terminated, cut at a whole character. Returns false when it did not fit whole
    /// (then 01004 is due);
    /// the length is always that of the whole value. Throws HY090 for a negative capacity.
    bool put(std::string_view value) const;

private:
    void put_length(std::size_t counted) const;
    bool put_utf32(std::u32string_view value) const;
    bool put_narrow(const CharacterSet& set, std::string_view value) const;
};

template <class Char, class Length>
TextOut text_out(Char* buffer, long long capacity, Length* length, Unit unit) {
    return {buffer, capacity, length, sizeof(Length), unit, sizeof(Char) == sizeof(SQLWCHAR)};
}

/// ASCII-only, locale-independent helpers for keywords and names.
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);
/// Without blanks, tabs and line ends at both ends.
std::string_view trim(std::string_view text) noexcept;

}  // namespace myfabric
