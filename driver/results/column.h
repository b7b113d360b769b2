// A result column or parameter as the server describes it, without ODBC terms.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace myfabric::results {

/// The server's types, one per type that a user can distinguish.
// clang-format off
enum class Kind : std::uint8_t {
    null, tinyint, smallint, mediumint, integer, bigint, decimal, real, double_precision, bit, year,
    date, time, datetime, timestamp,
    character, varchar, tinytext, text, mediumtext, longtext,
    binary, varbinary, tinyblob, blob, mediumblob, longblob,
    enumeration, set, json, geometry, uuid, inet4, inet6,
};
// clang-format on

/// How a connection's keys have cells read where programs differ from the reference.
struct Reading {
    bool wider_unsigned = false;    // UnsignedAs=wider
    bool wrap_integers = false;     // WrapIntegers
    bool bytes_as_text = false;     // BinaryAsBytes
    bool zero_date_to_min = false;  // Zero_Date_To_Min
    bool no_bigint = false;         // No_BigInt: described as INTEGER
    bool full_names = false;        // Full_Column_Names: "table.column"
    bool text_results = false;      // No_Binary_Result: binary results of functions are text
    bool display_bytes = false;     // DisplayBytes: the display size of text counts bytes
    unsigned char narrow = 0;       // Charset: number of the set of narrow text, 0 for UTF-8

    bool operator==(const Reading&) const = default;
};

struct Column {
    std::string name;       // alias, or the expression's text
    std::string base_name;  // empty for an expression
    std::string table;      // alias
    std::string base_table;
    std::string database;
    Kind kind = Kind::varchar;
    std::uint64_t length = 0;  // bytes for text and binary types, else display width in characters
    unsigned decimals = 0;     // 31: not fixed
    unsigned charset = 63;     // collation number; 63 = binary
    unsigned char_bytes = 1;   // bytes of the longest character in the result's character set
    bool is_unsigned = false;
    bool nullable = true;
    bool auto_increment = false;
    bool fills_itself = false;  // AUTO_INCREMENT, automatic TIMESTAMP: an INSERT may leave it out
    bool on_update = false;     // a moment that the server sets with each change of the row
    bool primary_key = false;
    bool unique_key = false;
    bool zerofill = false;
    bool case_sensitive = false;  // text with a binary or _cs collation, or binary data

    Reading reading;

    bool operator==(const Column&) const = default;
};

/// What is binary by its kind is text nevertheless: servers say so of what functions return where
/// text went in, and MySQL 5.6 of output parameters.
inline void take_as_text(Column& column) {
    constexpr unsigned utf8mb4 = 45;
    switch (column.kind) {
        case Kind::binary:
            column.kind = Kind::character;
            break;
        case Kind::varbinary:
            column.kind = Kind::varchar;
            break;
        case Kind::tinyblob:
        case Kind::blob:
        case Kind::mediumblob:
        case Kind::longblob:
            column.kind = Kind::longtext;
            break;
        default:
            return;
    }
    column.charset = utf8mb4;
}

inline bool has_full_name(const Column& column) {
    return column.reading.full_names && !column.table.empty();
}
/// The name of a column as SQLDescribeCol reports it.
inline std::string shown_name(const Column& column) {
    return has_full_name(column) ? column.table + "." + column.name : column.name;
}

using Columns = std::vector<Column>;
/// Null: no columns.
using SharedColumns = std::shared_ptr<const Columns>;
inline SharedColumns shared(Columns columns) {
    return columns.empty() ? nullptr : std::make_shared<const Columns>(std::move(columns));
}

/// One row: `values[i]` is null for NULL, else points to `lengths[i]` bytes that live until the
/// next row is asked for.
struct Row {
    const char* const* values = nullptr;
    const unsigned long* lengths = nullptr;
};

/// How the bytes of a row's values are to be read.
enum class Format : std::uint8_t {
    text,    // digits and characters, as the text protocol sends them
    binary,  // little-endian numbers, packed dates and times, as the binary protocol sends them
};

}  // namespace myfabric::results
