#include "mysql/field.h"

namespace myfabric::mysql {
namespace {

/// TEXT and BLOB types arrive as one wire type; their greatest length tells them apart.
Kind by_length(const Field& field, unsigned text_bytes) {
    const bool text = field.charset != binary_charset;
    // A text's length is counted in the session's character set: up to text_bytes per character.
    const std::uint64_t unit = text ? text_bytes : 1;
    if (field.length <= 0xFF * unit) return text ? Kind::tinytext : Kind::tinyblob;
    if (field.length <= 0xFFFF * unit) return text ? Kind::text : Kind::blob;
    if (field.length <= 0xFFFFFF * unit) return text ? Kind::mediumtext : Kind::mediumblob;
    return text ? Kind::longtext : Kind::longblob;
}

Kind character(const Field& field, bool fixed) {
    if (field.flags & enum_flag) return Kind::enumeration;
    if (field.flags & set_flag) return Kind::set;
    if (field.charset == binary_charset) return fixed ? Kind::binary : Kind::varbinary;
    return fixed ? Kind::character : Kind::varchar;
}

bool is_text(Kind kind) {
    switch (kind) {
        case Kind::character:
        case Kind::varchar:
        case Kind::tinytext:
        case Kind::text:
        case Kind::mediumtext:
        case Kind::longtext:
        case Kind::enumeration:
        case Kind::set:
        case Kind::json:
        case Kind::uuid:
        case Kind::inet4:
        case Kind::inet6:
            return true;
        default:
            return false;
    }
}

bool is_number(Kind kind) {
    switch (kind) {
        case Kind::tinyint:
        case Kind::smallint:
        case Kind::mediumint:
        case Kind::integer:
        case Kind::bigint:
        case Kind::decimal:
        case Kind::real:
        case Kind::double_precision:
        case Kind::bit:
        case Kind::year:
            return true;
        default:
            return false;
    }
}

bool is_bytes(Kind kind) {
    switch (kind) {
        case Kind::bit:
        case Kind::binary:
        case Kind::varbinary:
        case Kind::tinyblob:
        case Kind::blob:
        case Kind::mediumblob:
        case Kind::longblob:
        case Kind::geometry:
            return true;
        default:
            return false;
    }
}

}  // namespace

Kind kind_of(const Field& field, unsigned text_bytes) {
    if (field.format_name == "json") return Kind::json;
    if (field.type_name == "uuid") return Kind::uuid;
    if (field.type_name == "inet4") return Kind::inet4;
    if (field.type_name == "inet6") return Kind::inet6;
    switch (field.type) {
        case WireType::null:
            return Kind::null;
        case WireType::tiny:
            return Kind::tinyint;
        case WireType::small:
            return Kind::smallint;
        case WireType::medium:
            return Kind::mediumint;
        case WireType::integer:
            return Kind::integer;
        case WireType::big:
            return Kind::bigint;
        case WireType::decimal:
        case WireType::new_decimal:
            return Kind::decimal;
        case WireType::real:
            return Kind::real;
        case WireType::double_precision:
            return Kind::double_precision;
        case WireType::bit:
            return Kind::bit;
        case WireType::year:
            return Kind::year;
        case WireType::date:
        case WireType::new_date:
            return Kind::date;
        case WireType::time:
            return Kind::time;
        case WireType::datetime:
            return Kind::datetime;
        case WireType::timestamp:
            return Kind::timestamp;
        case WireType::json:
            return Kind::json;
        case WireType::geometry:
            return Kind::geometry;
        case WireType::enumeration:
            return Kind::enumeration;
        case WireType::set:
            return Kind::set;
        case WireType::tiny_blob:
        case WireType::blob:
        case WireType::medium_blob:
        case WireType::long_blob:
            return by_length(field, text_bytes);
        case WireType::string:
            return character(field, true);
        case WireType::vector:
            return Kind::varbinary;
        case WireType::varchar:
        case WireType::var_string:
            break;
    }
    return character(field, false);
}

Column describe(const Field& field, unsigned text_bytes) {
    Column column;
    column.kind = kind_of(field, text_bytes);
    column.length = field.length;
    // Servers say 31 or, MariaDB since 10.2, 39 for a number of digits that is not fixed.
    column.decimals = field.decimals > 31 ? 31 : field.decimals;
    column.charset = field.charset;
    // MySQL calls its JSON binary, yet sends text in the session's character set.
    const bool text =
        is_text(column.kind) && (field.charset != binary_charset || column.kind == Kind::json);
    column.char_bytes = text ? text_bytes : 1;
    // Servers set the flag for TIMESTAMP, UUID and others too, where it means nothing.
    column.is_unsigned = is_number(column.kind) && (field.flags & unsigned_flag);
    column.nullable = !(field.flags & not_null_flag);
    column.auto_increment = field.flags & auto_increment_flag;
    column.primary_key = field.flags & primary_key_flag;
    column.unique_key = field.flags & unique_key_flag;
    column.zerofill = field.flags & zerofill_flag;
    column.case_sensitive = is_bytes(column.kind) || column.kind == Kind::json ||
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
