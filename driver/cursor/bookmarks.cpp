#include "cursor/bookmarks.h"

#include <cstring>

#include "base/error.h"
#include "conversion/to_c.h"

namespace myfabric::cursor {
namespace {

/// Where column 0 of one row lies.
struct Place {
    char* value;
    SQLLEN capacity;
    SQLLEN* length;
};

Place place_of(const descriptor::Descriptor& ard, SQLULEN row) {
    const descriptor::Record& record = ard.record(0);
    const SQLLEN offset = ard.bind_offset_ptr ? *ard.bind_offset_ptr : 0;
    const bool by_row = ard.bind_type != SQL_BIND_BY_COLUMN;
    const SQLLEN size = conversion::c_type_size(conversion::c_type(record.concise_type));
    const SQLLEN capacity = size ? size : record.octet_length;
    const SQLLEN stride = by_row ? ard.bind_type : capacity;
    const SQLLEN length_stride = by_row ? SQLLEN{ard.bind_type} : SQLLEN{sizeof(SQLLEN)};
    const auto at = static_cast<SQLLEN>(row);
    Place place{static_cast<char*>(record.data_ptr) + at * stride + offset, capacity, nullptr};
    if (record.octet_length_ptr)
        place.length = reinterpret_cast<SQLLEN*>(reinterpret_cast<char*>(record.octet_length_ptr) +
                                                 at * length_stride + offset);
    return place;
}

results::Column column(results::Kind kind) {
    results::Column found;
    found.kind = kind;
    found.length = kind == results::Kind::bigint ? 20 : bookmark_size;
    found.is_unsigned = kind == results::Kind::bigint;
    found.nullable = false;
    return found;
}

}  // namespace

const results::Column& bookmark_column(Bookmarks kind) {
    static const results::Column number = column(results::Kind::bigint);
    static const results::Column bytes = column(results::Kind::binary);
    return kind == Bookmarks::fixed ? number : bytes;
}

void store_bookmark(SQLULEN number, SQLSMALLINT c_type, Bookmarks kind,
                    const conversion::Target& target) {
    if (c_type == SQL_C_DEFAULT || c_type == SQL_ARD_TYPE)
        c_type = kind == Bookmarks::fixed ? SQL_C_BOOKMARK : SQL_C_VARBOOKMARK;
    const auto type = conversion::c_type(c_type);
    const results::Column& as =
        bookmark_column(type == conversion::CType::binary ? Bookmarks::variable : Bookmarks::fixed);
    char bytes[bookmark_size];
    std::memcpy(bytes, &number, sizeof bytes);
    const auto outcome =
        conversion::converter(as, results::Format::binary, type)({bytes, sizeof bytes}, target);
    if (outcome != conversion::Outcome::stored)
        throw Error(*conversion::state_of(outcome),
                    "column 0: a bookmark has " + std::to_string(bookmark_size) +
                        " bytes; bind it as SQL_C_VARBOOKMARK or SQL_C_BOOKMARK");
}

void put_bookmark(const descriptor::Descriptor& ard, SQLULEN row, SQLULEN number) {
    const Place place = place_of(ard, row);
    store_bookmark(number, ard.record(0).concise_type, Bookmarks::variable,
                   {place.value, place.capacity, place.length});
}

SQLULEN read_bookmark(const descriptor::Descriptor& ard, SQLULEN row) {
    const Place place = place_of(ard, row);
    SQLULEN number = 0;
    if (place.length && *place.length == SQL_NULL_DATA) return 0;
    switch (conversion::c_type(ard.record(0).concise_type)) {
        case conversion::CType::slong:
        case conversion::CType::ulong: {
            SQLUINTEGER small = 0;
            std::memcpy(&small, place.value, sizeof small);
            return small;
        }
        case conversion::CType::by_default:
        case conversion::CType::binary:
            if (place.capacity < bookmark_size ||
                (place.length && *place.length >= 0 && *place.length != bookmark_size))
                return 0;
            break;
        case conversion::CType::sbigint:
        case conversion::CType::ubigint:
            break;
        default:
            return 0;
    }
    std::memcpy(&number, place.value, sizeof number);
    return number;
}

void throw_bad_bookmark() {
    throw Error(state::invalid_bookmark, "the bookmark names no row of this cursor");
}

}  // namespace myfabric::cursor
