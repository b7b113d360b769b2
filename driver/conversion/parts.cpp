#include "conversion/parts.h"

#include <algorithm>

#include "base/character_set.h"
#include "base/unicode.h"
#include "conversion/datetime.h"
#include "conversion/hex.h"
#include "conversion/to_c.h"

namespace myfabric::conversion {
namespace {

using results::Column;
using results::Format;
using results::Kind;

static_assert(rendered_size >= number_size && rendered_size >= datetime_size);

enum class Nature : unsigned char { text, bytes, value };

Nature nature(const Column& column) {
    switch (sql_type(column)) {
        case SQL_WCHAR:
        case SQL_WVARCHAR:
        case SQL_WLONGVARCHAR:
            return Nature::text;
        case SQL_BINARY:
        case SQL_VARBINARY:
        case SQL_LONGVARBINARY:
            return column.reading.bytes_as_text ? Nature::text : Nature::bytes;
        default:
            return Nature::value;
    }
}

template <class T>
std::string_view integer_text(Cell cell, std::span<char> scratch) {
    return BinaryInteger<T>::text(cell, scratch);
}

template <class Source>
std::string_view moment_text(Cell cell, const Column& column, std::span<char> scratch) {
    DateTime value;
    if (Source::read(cell, value) != Outcome::stored) return "";
    return datetime_text(
        value, column.decimals <= 6 ? column.decimals : fraction_digits(value.nanosecond), scratch);
}

std::string_view defined_text(Cell cell, const Column& column, std::span<char> scratch) {
    if (column.kind == Kind::real)
        return fixed_text(BinaryReal<float>::value(cell), column.decimals, scratch);
    if (column.kind == Kind::double_precision)
        return fixed_text(BinaryReal<double>::value(cell), column.decimals, scratch);
    char digits[number_size];
    std::string_view text;
    switch (column.kind) {
        case Kind::tinyint:
            text = integer_text<std::uint8_t>(cell, digits);
            break;
        case Kind::smallint:
            text = integer_text<std::uint16_t>(cell, digits);
            break;
        case Kind::bigint:
            text = integer_text<std::uint64_t>(cell, digits);
            break;
        default:
            text = integer_text<std::uint32_t>(cell, digits);
    }
    return padded_text(text, static_cast<unsigned>(column.length), scratch);
}

/// Units of a buffer beside the terminator; -1 when there is no room for that.
template <class Char>
SQLLEN room(const Target& target) {
    return target.capacity / static_cast<SQLLEN>(sizeof(Char)) - 1;
}

/// Notes how many bytes of the source were delivered.
Outcome advance(Progress& progress, std::size_t bytes, bool all) {
    progress.offset += bytes;
    progress.done = all;
    return all ? Outcome::stored : Outcome::truncated;
}

Outcome text_part(std::string_view rest, const Target& target, Progress& progress) {
    store_length(static_cast<SQLLEN>(rest.size()), target);
    const SQLLEN space = room<SQLCHAR>(target);
    if (space < 0) return Outcome::truncated;
    const std::size_t count = std::min(rest.size(), static_cast<std::size_t>(space));
    std::memcpy(target.value, rest.data(), count);
    static_cast<char*>(target.value)[count] = 0;
    return advance(progress, count, count == rest.size());
}

Outcome narrow_part(const CharacterSet& set, std::string_view rest, const Target& target,
                    Progress& progress) {
    if (progress.remaining < 0) progress.remaining = static_cast<SQLLEN>(set.length(rest));
    store_length(progress.remaining, target);
    const SQLLEN space = room<SQLCHAR>(target);
    if (space < 0) return Outcome::truncated;
    auto* const out = static_cast<char*>(target.value);
    const auto part = set.from_utf8(rest, out, static_cast<std::size_t>(space));
    out[part.written] = 0;
    progress.remaining -= static_cast<SQLLEN>(part.written);
    const Outcome outcome = advance(progress, part.read, part.read == rest.size());
    return outcome == Outcome::stored && part.replaced ? Outcome::replaced : outcome;
}

Outcome byte_part(std::string_view rest, const Target& target, Progress& progress) {
    const std::size_t count =
        std::min(rest.size(), static_cast<std::size_t>(std::max<SQLLEN>(target.capacity, 0)));
    const Outcome outcome = store_bytes(rest, target);
    advance(progress, count, outcome == Outcome::stored);
    return outcome;
}

template <class Char>
Outcome hex_part(std::string_view rest, const Target& target, Progress& progress) {
    const SQLLEN space = room<Char>(target);
    const std::size_t pairs =
        std::min(rest.size(), static_cast<std::size_t>(std::max<SQLLEN>(space, 0)) / 2);
    const Outcome outcome =
        sizeof(Char) == 1 ? store_hex(rest, target) : store_wide_hex(rest, target);
    advance(progress, pairs, outcome == Outcome::stored);
    return outcome;
}

Outcome wide_part(std::string_view rest, const Target& target, Progress& progress) {
    if (progress.remaining < 0)
        progress.remaining = static_cast<SQLLEN>((utf16_length(rest) + (progress.pending ? 1 : 0)) *
                                                 sizeof(SQLWCHAR));
    store_length(progress.remaining, target);
    const SQLLEN space = room<SQLWCHAR>(target);
    if (space < 0) return Outcome::truncated;
    auto* const out = static_cast<SQLWCHAR*>(target.value);
    auto left = static_cast<std::size_t>(space);
    std::size_t written = 0;
    if (progress.pending && left > 0) {
        out[written++] = progress.pending;
        progress.pending = 0;
        --left;
    }
    Transcoded part = utf8_to_utf16(rest, out + written, left);
    written += part.written;
    if (!progress.whole_characters && part.read < rest.size() && part.written < left) {
        SQLWCHAR pair[2];
        part.read += utf8_to_utf16(rest.substr(part.read, 4), pair, 2).read;
        out[written++] = pair[0];
        progress.pending = pair[1];
    }
    out[written] = 0;
    progress.remaining -= static_cast<SQLLEN>(written * sizeof(SQLWCHAR));
    return advance(progress, part.read, part.read == rest.size() && !progress.pending);
}

/// Asks for the length alone.
SQLLEN length_of(std::string_view rest, Nature what, CType type) {
    if (type == CType::binary) return static_cast<SQLLEN>(rest.size());
    const std::size_t units = what == Nature::bytes      ? rest.size() * 2
                              : type == CType::character ? rest.size()
                                                         : utf16_length(rest);
    return static_cast<SQLLEN>(type == CType::character ? units : units * sizeof(SQLWCHAR));
}

}  // namespace

std::string_view as_text(Cell cell, const results::Column& column, results::Format format,
                         std::span<char> scratch) noexcept {
    if (column.kind == Kind::bit && column.length <= 1) return Bits::text(cell, scratch);
    if (format == Format::text) return cell;
    if (shown_as_defined(column)) return defined_text(cell, column, scratch);
    const bool plain = !column.is_unsigned;
    switch (column.kind) {
        case Kind::tinyint:
            return plain ? integer_text<std::int8_t>(cell, scratch)
                         : integer_text<std::uint8_t>(cell, scratch);
        case Kind::smallint:
        case Kind::year:
            return plain ? integer_text<std::int16_t>(cell, scratch)
                         : integer_text<std::uint16_t>(cell, scratch);
        case Kind::mediumint:
        case Kind::integer:
            return plain ? integer_text<std::int32_t>(cell, scratch)
                         : integer_text<std::uint32_t>(cell, scratch);
        case Kind::bigint:
            return plain ? integer_text<std::int64_t>(cell, scratch)
                         : integer_text<std::uint64_t>(cell, scratch);
        case Kind::real:
            return BinaryReal<float>::text(cell, scratch);
        case Kind::double_precision:
            return BinaryReal<double>::text(cell, scratch);
        case Kind::date:
            return moment_text<PackedDate>(cell, column, scratch);
        case Kind::time:
            return moment_text<PackedTime>(cell, column, scratch);
        case Kind::datetime:
        case Kind::timestamp:
            return moment_text<PackedMoment>(cell, column, scratch);
        default:
            return cell;
    }
}

Outcome deliver_part(Cell cell, const results::Column& column, results::Format format, CType type,
                     const Target& target, Progress& progress, std::span<char> scratch) noexcept {
    if (type > CType::wide_character && type != CType::binary) return Outcome::not_allowed;
    if (type != progress.type) {
        progress.type = type;
        progress.pending = 0;
        progress.remaining = -1;
    }
    const Nature what = nature(column);
    if (what == Nature::value && type == CType::binary) {
        const Converter convert = converter(column, format, type);
        if (convert == store_bytes && target.value)  // digits, say: as many as there are
            return byte_part(cell.substr(std::min(progress.offset, cell.size())), target, progress);
        const Outcome outcome = convert(cell, target);
        progress.done = outcome == Outcome::stored && target.value;
        return outcome;
    }
    const std::string_view source =
        what == Nature::value ? as_text(cell, column, format, scratch) : cell;
    const std::string_view rest = source.substr(std::min(progress.offset, source.size()));
    const CharacterSet* const set = type == CType::character && is_narrow_text(column)
                                        ? CharacterSet::at(target.narrow)
                                        : nullptr;
    if (set && !target.value) {
        store_length(static_cast<SQLLEN>(set->length(rest)), target);
        return Outcome::stored;
    }
    if (set) return narrow_part(*set, rest, target, progress);
    if (!target.value) {
        store_length(length_of(rest, what, type), target);
        return Outcome::stored;
    }
    if (what == Nature::value && progress.offset == 0 && target.capacity > 0) {
        const SQLLEN space =
            type == CType::character ? room<SQLCHAR>(target) : room<SQLWCHAR>(target);
        if (static_cast<SQLLEN>(whole_part(source)) > space) return Outcome::out_of_range;
    }
    const bool hex = what == Nature::bytes;
    switch (type) {
        case CType::binary:
            return byte_part(rest, target, progress);
        case CType::character:
            return hex ? hex_part<SQLCHAR>(rest, target, progress)
                       : text_part(rest, target, progress);
        default:
            return hex ? hex_part<SQLWCHAR>(rest, target, progress)
                       : wide_part(rest, target, progress);
    }
}

}  // namespace myfabric::conversion
