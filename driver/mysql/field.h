// From the metadata that a server sends for a column to a Column. Pure, without the client library.
#pragma once

#include <cstdint>
#include <string_view>

#include "results/column.h"

namespace myfabric::mysql {

/// Type numbers of the client/server protocol.
enum class WireType : unsigned {
    decimal = 0,
    tiny = 1,
    small = 2,
    integer = 3,
    real = 4,
    double_precision = 5,
    null = 6,
    timestamp = 7,
    big = 8,
    medium = 9,
    date = 10,
    time = 11,
    datetime = 12,
    year = 13,
    new_date = 14,
    varchar = 15,
    bit = 16,
    vector = 242,
    json = 245,
    new_decimal = 246,
    enumeration = 247,
    set = 248,
    tiny_blob = 249,
    medium_blob = 250,
    long_blob = 251,
    blob = 252,
    var_string = 253,
    string = 254,
    geometry = 255,
};

/// Flag bits of the protocol's column definition.
enum FieldFlag : unsigned {
    not_null_flag = 1,
    primary_key_flag = 2,
    unique_key_flag = 4,
    unsigned_flag = 32,
    zerofill_flag = 64,
    binary_flag = 128,
    enum_flag = 256,
    auto_increment_flag = 512,
    timestamp_flag = 1024,  // a TIMESTAMP that gets the current time by itself
    set_flag = 2048,
    on_update_flag = 8192,
};

constexpr unsigned binary_charset = 63;

/// What decides how a column is to be understood.
struct Field {
    WireType type = WireType::var_string;
    unsigned flags = 0;
    unsigned charset = binary_charset;
    unsigned decimals = 0;
    std::uint64_t length = 0;      // bytes
    bool of_expression = false;    // rather than of a table's column
    std::string_view type_name;    // MariaDB's extended metadata: "uuid", "inet6", "point"...
    std::string_view format_name;  // likewise: "json"
};

/// `text_bytes`: bytes of the longest character in the session's character set of results.
results::Kind kind_of(const Field& field, unsigned text_bytes);

/// Everything of a Column except its names.
results::Column describe(const Field& field, unsigned text_bytes);

/// Bytes of a value in a binary row; -1 when the row says its length in front of the value.
int binary_size(WireType type);

}  // namespace myfabric::mysql
