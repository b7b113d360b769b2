#include "conversion/from_c.h"

#include <algorithm>
#include <charconv>

#include "base/character_set.h"
#include "base/text.h"
#include "base/unicode.h"
#include "conversion/guid.h"
#include "conversion/hex.h"
#include "conversion/interval.h"
#include "conversion/numbers.h"
#include "conversion/parameter_value.h"

namespace myfabric::conversion {
namespace {

using results::Parameter;

// Character and binary data

Outcome hex_to_bytes(std::string_view text, const Context& c) {
    c.scratch.clear();
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        const int byte = hex_pair(text[i], text[i + 1]);
        if (byte < 0) return Outcome::bad_text;
        c.scratch.push_back(static_cast<char>(byte));
    }
    c.out.type = Parameter::Type::binary;
    c.out.bytes = c.scratch;
    return Outcome::stored;
}

/// `text` lies in the application's buffer or in c.scratch.
Outcome from_text(std::string_view text, const Context& c) {
    Literal literal;
    switch (c.to.group) {
        case Group::unknown:
        case Group::character:
            return put_text(text, c.out);
        case Group::integer:
            return parse(text, literal) ? put_integer(literal, Outcome::data_truncated, c)
                                        : Outcome::bad_text;
        case Group::decimal:
            return parse(text, literal) ? put_decimal(trim(text), c.out) : Outcome::bad_text;
        case Group::real: {
            double number = 0;
            const Outcome outcome = real_of(text, number);
            return outcome == Outcome::stored ? put_real(number, c.out) : outcome;
        }
        case Group::bit:
            return parse(text, literal) ? put_bit(literal, c) : Outcome::bad_text;
        case Group::binary: {
            const std::string hex(text);  // the text may be in the scratch that takes the bytes
            return hex_to_bytes(hex, c);
        }
        case Group::date:
        case Group::time:
        case Group::timestamp:
            return text_to_datetime(text, c);
        case Group::guid: {
            SQLGUID guid;
            if (!parse_guid(text, guid)) return Outcome::bad_text;
            char plain[guid_size];
            guid_text(guid, plain);
            return keep_text({plain, guid_size}, c);
        }
        case Group::year_month:
        case Group::day_time: {
            Interval value;
            const CType type = c_type(c.to.type);
            return parse_interval(type, text, value) ? put_text(trim(text), c.out)
                                                     : Outcome::bad_text;
        }
    }
    return Outcome::not_allowed;
}

Outcome from_narrow(const void* value, SQLLEN length, const Context& c) {
    if (length < 0 && length != SQL_NTS) return Outcome::bad_length;
    if (!value) return from_text({}, c);
    const auto* const text = static_cast<const char*>(value);
    std::size_t size = length == SQL_NTS ? std::strlen(text) : static_cast<std::size_t>(length);
    if (c.writing.trim_nul && size && text[size - 1] == 0) --size;
    if (const CharacterSet* set = CharacterSet::at(c.writing.narrow)) {
        if (!set->to_utf8({text, size}, c.scratch)) return Outcome::bad_text;
        return from_text(c.scratch, c);
    }
    return from_text({text, size}, c);
}

Outcome from_wide(const void* value, SQLLEN length, const Context& c) {
    if (length < 0 && length != SQL_NTS) return Outcome::bad_length;
    const auto* const text = static_cast<const SQLWCHAR*>(value);
    std::size_t units = 0;
    if (length != SQL_NTS)
        units = static_cast<std::size_t>(length) / sizeof(SQLWCHAR);
    else if (text)
        while (text[units]) ++units;
    if (c.writing.trim_nul && text && units && text[units - 1] == 0) --units;
    c.scratch = value ? utf16_to_utf8(text, units) : std::string();
    return from_text(c.scratch, c);
}

/// Little-endian, as reading an unsigned column gives them.
Outcome from_unsigned_bytes(const void* value, std::size_t size, const Context& c) {
    std::uint64_t number = 0;
    std::memcpy(&number, value, std::min(size, sizeof number));
    return put_unsigned(number, c.out);
}

Outcome from_binary(const void* value, SQLLEN length, SQLSMALLINT sql_type, const Context& c) {
    if (length == SQL_NTS)
        length = value ? static_cast<SQLLEN>(std::strlen(static_cast<const char*>(value))) : 0;
    if (length < 0) return Outcome::bad_length;
    const auto size = static_cast<std::size_t>(length);
    switch (c.to.group) {
        case Group::character:  // bytes of a text
            return put_text({static_cast<const char*>(value), value ? size : 0}, c.out);
        case Group::unknown:
        case Group::binary:
            c.out.type = Parameter::Type::binary;
            c.out.bytes = value ? std::string_view(static_cast<const char*>(value), size)
                                : std::string_view();
            return Outcome::stored;
        case Group::guid:
            if (size != sizeof(SQLGUID)) return Outcome::out_of_range;
            {
                char text[guid_size];
                guid_text(guid_from_bytes(static_cast<const char*>(value)), text);
                return keep_text({text, guid_size}, c);
            }
        default: {
            // "Byte length of data = SQL data length": the bytes of the type's own structure.
            const CType type = c_type(default_c_type(sql_type, false));
            if (c_type_size(type) == 0)
                return from_text({static_cast<const char*>(value), value ? size : 0}, c);
            if (length != c_type_size(type)) return Outcome::out_of_range;
            if (c.to.group == Group::integer && c.writing.unsigned_bytes)
                return from_unsigned_bytes(value, size, c);
            return from_c(type, sql_type, value, length, 0, c.scale, c.out, c.scratch);
        }
    }
}

// Numbers

template <std::integral T>
Outcome from_integer(const void* value, const Context& c) {
    const auto number = read<T>(value);
    switch (c.to.group) {
        case Group::integer:
            if (std::cmp_less(number, c.to.least) || std::cmp_greater(number, c.to.most))
                return Outcome::out_of_range;
            [[fallthrough]];
        case Group::unknown:
        case Group::decimal:
        case Group::real:
            if constexpr (std::is_signed_v<T>)
                return put_signed(number, c.out);
            else
                return put_unsigned(number, c.out);
        default: {
            char text[number_size];
            const char* const end = std::to_chars(text, text + sizeof text, number).ptr;
            return put_number({text, static_cast<std::size_t>(end - text)}, c);
        }
    }
}

template <std::floating_point T>
Outcome from_real(const void* value, const Context& c) {
    const auto number = read<T>(value);
    switch (c.to.group) {
        case Group::unknown:
        case Group::real:
            return put_real(number, c.out);
        case Group::year_month:
        case Group::day_time:
            return Outcome::not_allowed;
        default: {
            char text[number_size];
            return put_number(real_text(number, text), c);
        }
    }
}

Outcome from_numeric(const void* value, const Context& c) {
    char text[200];
    auto number = read<SQL_NUMERIC_STRUCT>(value);
    // Programs leave both at 0 and say them at SQLBindParameter.
    if (number.precision == 0 && number.scale == 0) number.scale = static_cast<SQLSCHAR>(c.scale);
    return put_number(numeric_text(number, text), c);
}

Outcome from_bit(const void* value, const Context& c) {
    const auto bit = read<SQLCHAR>(value);
    if (bit > 1) return Outcome::out_of_range;
    if (c.to.group == Group::year_month || c.to.group == Group::day_time)
        return Outcome::not_allowed;
    return from_integer<SQLCHAR>(value, c);
}

Outcome from_guid(const void* value, const Context& c) {
    const auto guid = read<SQLGUID>(value);
    char text[guid_size];
    switch (c.to.group) {
        case Group::unknown:
        case Group::character:
        case Group::guid:
            guid_text(guid, text);
            return keep_text({text, guid_size}, c);
        case Group::binary:
            guid_to_bytes(guid, text);
            return keep_bytes({text, sizeof guid}, c);
        default:
            return Outcome::not_allowed;
    }
}

}  // namespace

Outcome from_c(CType type, SQLSMALLINT sql_type, const void* value, SQLLEN length, unsigned,
               short scale, results::Parameter& out, Scratch& scratch, Writing writing) {
    out = {};
    const Context c{sql_row(sql_type), scale, out, scratch, writing};
    const bool by_length = c_type_size(type) == 0;
    if (!value && !by_length) return Outcome::bad_length;
    switch (type) {
        case CType::character:
            return from_narrow(value, length, c);
        case CType::wide_character:
            return from_wide(value, length, c);
        case CType::binary:
            return from_binary(value, length, sql_type, c);
        case CType::sshort:
            return from_integer<SQLSMALLINT>(value, c);
        case CType::ushort:
            return from_integer<SQLUSMALLINT>(value, c);
        case CType::slong:
            return from_integer<SQLINTEGER>(value, c);
        case CType::ulong:
            return from_integer<SQLUINTEGER>(value, c);
        case CType::stinyint:
            return from_integer<SQLSCHAR>(value, c);
        case CType::utinyint:
            return from_integer<SQLCHAR>(value, c);
        case CType::sbigint:
            return from_integer<SQLBIGINT>(value, c);
        case CType::ubigint:
            return from_integer<SQLUBIGINT>(value, c);
        case CType::real:
            return from_real<SQLREAL>(value, c);
        case CType::double_precision:
            return from_real<SQLDOUBLE>(value, c);
        case CType::bit:
            return from_bit(value, c);
        case CType::numeric:
            return from_numeric(value, c);
        case CType::date:
            return from_date(value, c);
        case CType::time:
            return from_time(value, c);
        case CType::timestamp:
            return from_timestamp(value, c);
        case CType::guid:
            return from_guid(value, c);
        case CType::by_default:
            return Outcome::not_allowed;
        default:
            return from_interval(type, value, c);
    }
}

}  // namespace myfabric::conversion
