#include "mysql/field.h"

namespace myfabric::mysql {
namespace {

/// TEXT and BLOB types arrive as one wire type; their greatest length distinguishes them.
results::Kind by_length(const Field& field, unsigned text_bytes) {
    const bool text = field.charset != binary_charset;
    // A text's length is counted in the session's character set: up to text_bytes per character.
    const std::uint64_t unit = text ? text_bytes : 1;
    if (field.length <= 0xFF * unit)
        return text ? results::Kind::tinytext : results::Kind::tinyblob;
    if (field.length <= 0xFFFF * unit) return text ? results::Kind::text : results::Kind::blob;
    if (field.length <= 0xFFFFFF * unit)
        return text ? results::Kind::mediumtext : results::Kind::mediumblob;
    return text ? results::Kind::longtext : results::Kind::longblob;
}

results::Kind character(const Field& field, bool fixed) {
    if (field.flags & enum_flag) return results::Kind::enumeration;
    if (field.flags & set_flag) return results::Kind::set;
    if (field.charset == binary_charset)
        return fixed ? results::Kind::binary : results::Kind::varbinary;
    return fixed ? results::Kind::character : results::Kind::varchar;
}

bool is_text(results::Kind kind) {
    switch (kind) {
        case results::Kind::character:
        case results::Kind::varchar:
        case results::Kind::tinytext:
        case results::Kind::text:
        case results::Kind::mediumtext:
        case results::Kind::longtext:
        case results::Kind::enumeration:
        case results::Kind::set:
        case results::Kind::json:
        case results::Kind::uuid:
        case results::Kind::inet4:
        case results::Kind::inet6:
            return true;
        default:
            return false;
    }
}

bool is_number(results::Kind kind) {
    switch (kind) {
        case results::Kind::tinyint:
        case results::Kind::smallint:
        case results::Kind::mediumint:
        case results::Kind::integer:
        case results::Kind::bigint:
        case results::Kind::decimal:
        case results::Kind::real:
        case results::Kind::double_precision:
        case results::Kind::bit:
        case results::Kind::year:
            return true;
        default:
            return false;
    }
}

bool is_bytes(results::Kind kind) {
    switch (kind) {
        case results::Kind::bit:
        case results::Kind::binary:
        case results::Kind::varbinary:
        case results::Kind::tinyblob:
        case results::Kind::blob:
        case results::Kind::mediumblob:
        case results::Kind::longblob:
        case results::Kind::geometry:
            return true;
        default:
            return false;
    }
}

/// Servers tell the length of an expression that is a TEXT as bytes times the bytes of a character
/// once more. From 16 MB on it is a limit of the type, of as many characters of one byte.
std::uint64_t text_length(const Field& field, unsigned text_bytes) {
    constexpr std::uint64_t mediumtext = 0xFFFFFF;
    const bool is_blob = field.type >= WireType::tiny_blob && field.type <= WireType::blob;
    const std::uint64_t bytes = field.length / text_bytes;
    return is_blob && field.of_expression && bytes < mediumtext ? bytes : field.length;
}

/// Decimal digits of the largest number of so many bits.
std::uint64_t digits_of_bits(std::uint64_t bits) {
    return bits * 30103 / 100000 + 1;
}

}  // namespace

results::Kind kind_of(const Field& field, unsigned text_bytes) {
    if (field.format_name == "json") return results::Kind::json;
    if (field.type_name == "uuid") return results::Kind::uuid;
    if (field.type_name == "inet4") return results::Kind::inet4;
    if (field.type_name == "inet6") return results::Kind::inet6;
    switch (field.type) {
        case WireType::null:
            return results::Kind::null;
        case WireType::tiny:
            return results::Kind::tinyint;
        case WireType::small:
            return results::Kind::smallint;
        case WireType::medium:
            return results::Kind::mediumint;
        case WireType::integer:
            return results::Kind::integer;
        case WireType::big:
            return results::Kind::bigint;
        case WireType::decimal:
        case WireType::new_decimal:
            return results::Kind::decimal;
        case WireType::real:
            return results::Kind::real;
        case WireType::double_precision:
            return results::Kind::double_precision;
        case WireType::bit:
            // A column's bits come as bytes. Those of an expression come as decimal digits, which
            // only this flag shows it.
            return field.flags & binary_flag ? results::Kind::decimal : results::Kind::bit;
        case WireType::year:
            return results::Kind::year;
        case WireType::date:
        case WireType::new_date:
            return results::Kind::date;
        case WireType::time:
            return results::Kind::time;
        case WireType::datetime:
            return results::Kind::datetime;
        case WireType::timestamp:
            return results::Kind::timestamp;
        case WireType::json:
            return results::Kind::json;
        case WireType::geometry:
            return results::Kind::geometry;
        case WireType::enumeration:
            return results::Kind::enumeration;
        case WireType::set:
            return results::Kind::set;
        case WireType::tiny_blob:
        case WireType::blob:
        case WireType::medium_blob:
        case WireType::long_blob:
            return by_length(field, text_bytes);
        case WireType::string:
            return character(field, true);
        case WireType::vector:
            return results::Kind::varbinary;
        case WireType::varchar:
        case WireType::var_string:
            break;
    }
    return character(field, false);
}

results::Column describe(const Field& field, unsigned text_bytes) {
    results::Column column;
    column.kind = kind_of(field, text_bytes);
    column.length = field.length;
    // Servers say 31 or, MariaDB since 10.2, 39 for a number of digits that is not fixed.
    column.decimals = field.decimals > 31 ? 31 : field.decimals;
    if (field.type == WireType::bit && column.kind == results::Kind::decimal)
        column.length = digits_of_bits(field.length);
    column.charset = field.charset;
    // MySQL calls its JSON binary, yet sends text in the session's character set.
    const bool text = is_text(column.kind) &&
                      (field.charset != binary_charset || column.kind == results::Kind::json);
    column.char_bytes = text ? text_bytes : 1;
    if (text) column.length = text_length(field, text_bytes);
    // Servers set the flag for TIMESTAMP, UUID and others too, where it means nothing.
    column.is_unsigned = is_number(column.kind) && (field.flags & unsigned_flag);
    column.nullable = !(field.flags & not_null_flag);
    column.auto_increment = field.flags & auto_increment_flag;
    column.fills_itself = column.auto_increment || (column.kind == results::Kind::timestamp &&
                                                    (field.flags & timestamp_flag));
    column.on_update = field.flags & on_update_flag;
    column.primary_key = field.flags & primary_key_flag;
    column.unique_key = field.flags & unique_key_flag;
    column.zerofill = field.flags & zerofill_flag;
    column.case_sensitive = is_bytes(column.kind) || column.kind == results::Kind::json ||
                            (is_text(column.kind) && (field.flags & binary_flag));
    return column;
}

int binary_size(WireType type) {
    switch (type) {
        case WireType::null:
            return 0;
        case WireType::tiny:
            return 1;
        case WireType::small:
        case WireType::year:
            return 2;
        case WireType::medium:
        case WireType::integer:
        case WireType::real:
            return 4;
        case WireType::big:
        case WireType::double_precision:
            return 8;
        default:
            return -1;
    }
}

}  // namespace myfabric::mysql
