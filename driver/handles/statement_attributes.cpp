// SQLSetStmtAttr and SQLGetStmtAttr.
#include <string>

#include "base/error.h"
#include "handles/statement.h"

namespace myfabric::handles {
namespace {

// clang-format off
struct Kept {
    SQLINTEGER id;
    SQLULEN StatementAttributes::*member;
    SQLULEN highest;
};

constexpr Kept kept[] = {
    {SQL_ATTR_ASYNC_ENABLE,    &StatementAttributes::async_enable,         SQL_ASYNC_ENABLE_ON},
    {SQL_ATTR_ENABLE_AUTO_IPD, &StatementAttributes::enable_auto_ipd,      SQL_TRUE},
    {SQL_ATTR_KEYSET_SIZE,     &StatementAttributes::keyset_size,          ~SQLULEN{0}},
    {SQL_ATTR_MAX_LENGTH,      &StatementAttributes::max_length,           ~SQLULEN{0}},
    {SQL_ATTR_MAX_ROWS,        &StatementAttributes::max_rows,             ~SQLULEN{0}},
    {SQL_ATTR_METADATA_ID,     &StatementAttributes::metadata_id,          SQL_TRUE},
    {SQL_ATTR_NOSCAN,          &StatementAttributes::noscan,               SQL_NOSCAN_ON},
    {SQL_ATTR_QUERY_TIMEOUT,   &StatementAttributes::query_timeout,        ~SQLULEN{0}},
    {SQL_ATTR_RETRIEVE_DATA,   &StatementAttributes::retrieve_data,        SQL_RD_ON},
    {SQL_ATTR_SIMULATE_CURSOR, &StatementAttributes::simulate_cursor,      SQL_SC_UNIQUE},
    {SQL_ROWSET_SIZE,          &StatementAttributes::extended_rowset_size, ~SQLULEN{0}},
};
// clang-format on

template <class Table>
auto* find(const Table& table, SQLINTEGER id) {
    for (const auto& row : table)
        if (row.id == id) return &row;
    return static_cast<decltype(&table[0])>(nullptr);
}

/// The header field of a descriptor that an attribute stands for.
struct Place {
    DescriptorHandle* handle;
    SQLULEN descriptor::Descriptor::*size = nullptr;
    SQLUSMALLINT* descriptor::Descriptor::*status = nullptr;
    SQLULEN* descriptor::Descriptor::*processed = nullptr;
    SQLLEN* descriptor::Descriptor::*offset = nullptr;
    SQLINTEGER descriptor::Descriptor::*bind_type = nullptr;
};

Place place_of(Statement& s, SQLINTEGER attribute) {
    using descriptor::Descriptor;
    Place place{nullptr};
    switch (attribute) {
        case SQL_ATTR_ROW_ARRAY_SIZE:
            place.handle = &s.ard();
            place.size = &Descriptor::array_size;
            break;
        case SQL_ATTR_ROW_BIND_OFFSET_PTR:
            place.handle = &s.ard();
            place.offset = &Descriptor::bind_offset_ptr;
            break;
        case SQL_ATTR_ROW_BIND_TYPE:
            place.handle = &s.ard();
            place.bind_type = &Descriptor::bind_type;
            break;
        case SQL_ATTR_ROW_OPERATION_PTR:
            place.handle = &s.ard();
            place.status = &Descriptor::array_status_ptr;
            break;
        case SQL_ATTR_ROW_STATUS_PTR:
            place.handle = &s.ird();
            place.status = &Descriptor::array_status_ptr;
            break;
        case SQL_ATTR_ROWS_FETCHED_PTR:
            place.handle = &s.ird();
            place.processed = &Descriptor::rows_processed_ptr;
            break;
        case SQL_ATTR_PARAMSET_SIZE:
            place.handle = &s.apd();
            place.size = &Descriptor::array_size;
            break;
        case SQL_ATTR_PARAM_BIND_OFFSET_PTR:
            place.handle = &s.apd();
            place.offset = &Descriptor::bind_offset_ptr;
            break;
        case SQL_ATTR_PARAM_BIND_TYPE:
            place.handle = &s.apd();
            place.bind_type = &Descriptor::bind_type;
            break;
        case SQL_ATTR_PARAM_OPERATION_PTR:
            place.handle = &s.apd();
            place.status = &Descriptor::array_status_ptr;
            break;
        case SQL_ATTR_PARAM_STATUS_PTR:
            place.handle = &s.ipd();
            place.status = &Descriptor::array_status_ptr;
            break;
        case SQL_ATTR_PARAMS_PROCESSED_PTR:
            place.handle = &s.ipd();
            place.processed = &Descriptor::rows_processed_ptr;
            break;
        default:
            break;
    }
    return place;
}

void set_place(const Place& place, SQLPOINTER value) {
    descriptor::Descriptor& fields = place.handle->fields;
    if (place.size) {
        const SQLULEN size = reinterpret_cast<SQLULEN>(value);
        if (size == 0) throw Error(state::invalid_attribute_value, "an array size of 0");
        fields.*place.size = size;
    } else if (place.status) {
        fields.*place.status = static_cast<SQLUSMALLINT*>(value);
    } else if (place.processed) {
        fields.*place.processed = static_cast<SQLULEN*>(value);
    } else if (place.offset) {
        fields.*place.offset = static_cast<SQLLEN*>(value);
    } else {
        fields.*place.bind_type = static_cast<SQLINTEGER>(reinterpret_cast<SQLLEN>(value));
    }
    fields.touch();
}

SQLULEN get_place(const Place& place) {
    const descriptor::Descriptor& fields = place.handle->fields;
    if (place.size) return fields.*place.size;
    if (place.status) return reinterpret_cast<SQLULEN>(fields.*place.status);
    if (place.processed) return reinterpret_cast<SQLULEN>(fields.*place.processed);
    if (place.offset) return reinterpret_cast<SQLULEN>(fields.*place.offset);
    return static_cast<SQLULEN>(fields.*place.bind_type);
}

void use_descriptor(Statement& statement, SQLINTEGER attribute, SQLPOINTER value) {
    DescriptorHandle* descriptor = nullptr;
    if (value) {
        descriptor = checked<DescriptorHandle>(value);
        if (!descriptor || &descriptor->connection() != &statement.connection())
            throw Error(state::invalid_attribute_value,
                        "the handle is no descriptor of this connection");
        if (descriptor->owner() && descriptor->owner() != &statement)
            throw Error(state::automatic_descriptor);
    }
    if (attribute == SQL_ATTR_APP_ROW_DESC) {
        if (descriptor && !descriptor->owner())
            descriptor->fields.kind = descriptor::Kind::application_row;
        statement.use_ard(descriptor);
    } else {
        if (descriptor && !descriptor->owner())
            descriptor->fields.kind = descriptor::Kind::application_parameter;
        statement.use_apd(descriptor);
    }
    if (descriptor) descriptor->fields.touch();
}

/// The attributes that say which cursor it is: they follow each other ("SQLSetStmtAttr").
bool set_cursor(Statement& statement, SQLINTEGER attribute, SQLULEN value) {
    SQLULEN& type = statement.attributes.cursor_type;
    const auto unknown = [&] {
        return Error(state::invalid_attribute_value, "value " + std::to_string(value) +
                                                         " is not one of statement attribute " +
                                                         std::to_string(attribute));
    };
    const auto must_be_closed = [&] {
        if (statement.cursor_open())
            throw Error(state::invalid_cursor_state, "the cursor is open: close it first");
    };
    switch (attribute) {
        case SQL_ATTR_CONCURRENCY:
            if (value < SQL_CONCUR_READ_ONLY || value > SQL_CONCUR_VALUES) throw unknown();
            must_be_closed();
            statement.attributes.concurrency = value;
            statement.attributes.concurrency_set = true;
            return true;
        case SQL_ATTR_USE_BOOKMARKS:
            if (value > SQL_UB_VARIABLE) throw unknown();
            must_be_closed();
            statement.attributes.use_bookmarks = value;
            return true;
        case SQL_ATTR_CURSOR_TYPE:
            if (value > SQL_CURSOR_STATIC) throw unknown();
            break;
        case SQL_ATTR_CURSOR_SCROLLABLE:
            if (value > SQL_SCROLLABLE) throw unknown();
            value = value == SQL_SCROLLABLE ? SQL_CURSOR_STATIC : SQL_CURSOR_FORWARD_ONLY;
            break;
        case SQL_ATTR_CURSOR_SENSITIVITY:
            if (value > SQL_SENSITIVE) throw unknown();
            if (value == SQL_UNSPECIFIED) return true;
            must_be_closed();
            if (value == SQL_INSENSITIVE) {
                statement.attributes.concurrency = SQL_CONCUR_READ_ONLY;
                statement.attributes.concurrency_set = true;
            }
            value = value == SQL_SENSITIVE ? SQL_CURSOR_DYNAMIC : SQL_CURSOR_STATIC;
            break;
        default:
            return false;
    }
    must_be_closed();
    type = value;
    return true;
}

bool get_cursor(const Statement& statement, SQLINTEGER attribute, SQLULEN& value) {
    const execution::CurrentResult& open = statement.result();
    const bool is_open = open.cursor_open();
    const SQLULEN type = is_open ? open.cursor_type() : statement.attributes.cursor_type;
    const SQLULEN concurrency = is_open ? open.concurrency() : statement.attributes.concurrency;
    switch (attribute) {
        case SQL_ATTR_CONCURRENCY:
            value = concurrency;
            return true;
        case SQL_ATTR_USE_BOOKMARKS:
            value = statement.attributes.use_bookmarks;
            return true;
        case SQL_ATTR_CURSOR_TYPE:
            value = type;
            return true;
        case SQL_ATTR_CURSOR_SCROLLABLE:
            value = type == SQL_CURSOR_FORWARD_ONLY ? SQL_NONSCROLLABLE : SQL_SCROLLABLE;
            return true;
        case SQL_ATTR_CURSOR_SENSITIVITY:
            value = type == SQL_CURSOR_DYNAMIC ? SQL_SENSITIVE
                    : type == SQL_CURSOR_STATIC && concurrency == SQL_CONCUR_READ_ONLY
                        ? SQL_INSENSITIVE
                        : SQL_UNSPECIFIED;
            return true;
        default:
            return false;
    }
}

}  // namespace

void set_statement_attribute(Statement& statement, SQLINTEGER attribute, SQLPOINTER value,
                             SQLINTEGER) {
    const SQLULEN number = reinterpret_cast<SQLULEN>(value);
    if (const Place place = place_of(statement, attribute); place.handle)
        return set_place(place, value);
    if (const Kept* row = find(kept, attribute)) {
        if (number > row->highest)
            throw Error(state::invalid_attribute_value, "value " + std::to_string(number) +
                                                            " is not one of statement attribute " +
                                                            std::to_string(attribute));
        statement.attributes.*row->member = number;
        return;
    }
    if (set_cursor(statement, attribute, number)) return;
    switch (attribute) {
        case SQL_ATTR_APP_ROW_DESC:
        case SQL_ATTR_APP_PARAM_DESC:
            return use_descriptor(statement, attribute, value);
        case SQL_ATTR_IMP_ROW_DESC:
        case SQL_ATTR_IMP_PARAM_DESC:
            throw Error(state::automatic_descriptor);
        case SQL_ATTR_FETCH_BOOKMARK_PTR:
            statement.attributes.fetch_bookmark_ptr = value;
            return;
        case SQL_ATTR_ROW_NUMBER:
            throw Error(state::invalid_attribute, "the row number is read-only");
        default:
            throw Error(state::invalid_attribute,
                        "there is no statement attribute " + std::to_string(attribute));
    }
}

namespace {

/// The bookmark of the current row, as programs of ODBC 2 ask for it (SQLGetStmtOption).
SQLULEN bookmark_of(Statement& statement) {
    if (!statement.cursor_open())
        throw Error(state::invalid_cursor_state, "no cursor is open on this statement");
    if (statement.result().cursor().bookmarks() == cursor::Bookmarks::off)
        throw Error(state::invalid_attribute,
                    "the cursor was opened without bookmarks (SQL_ATTR_USE_BOOKMARKS)");
    SQLULEN bookmark = 0;
    SQLLEN length = 0;
    statement.get_data(0, SQL_C_BOOKMARK, &bookmark, sizeof bookmark, &length);
    return bookmark;
}

}  // namespace

void get_statement_attribute(Statement& statement, SQLINTEGER attribute, SQLPOINTER value,
                             SQLINTEGER* length) {
    const auto put = [&](SQLULEN number) {
        if (value) *static_cast<SQLULEN*>(value) = number;
        if (length) *length = sizeof(SQLULEN);
    };
    const auto put_handle = [&](DescriptorHandle& handle) {
        if (value) *static_cast<SQLPOINTER*>(value) = static_cast<Handle*>(&handle);
        if (length) *length = SQL_IS_POINTER;
    };
    // Driver managers ask for these four of every statement.
    switch (attribute) {
        case SQL_ATTR_APP_ROW_DESC:
            return put_handle(statement.ard());
        case SQL_ATTR_APP_PARAM_DESC:
            return put_handle(statement.apd());
        case SQL_ATTR_IMP_ROW_DESC:
            return put_handle(statement.ird());
        case SQL_ATTR_IMP_PARAM_DESC:
            return put_handle(statement.ipd());
        default:
            break;
    }
    if (const Place place = place_of(statement, attribute); place.handle)
        return put(get_place(place));
    if (const Kept* row = find(kept, attribute)) return put(statement.attributes.*row->member);
    if (SQLULEN number = 0; get_cursor(statement, attribute, number)) return put(number);
    switch (attribute) {
        case SQL_ATTR_FETCH_BOOKMARK_PTR:
            return put(reinterpret_cast<SQLULEN>(statement.attributes.fetch_bookmark_ptr));
        case SQL_ATTR_ROW_NUMBER:
            if (!statement.cursor_open())
                throw Error(state::invalid_cursor_state, "no cursor is open on this statement");
            return put(statement.result().cursor().row_number());
        case SQL_GET_BOOKMARK:
            return put(bookmark_of(statement));
        default:
            throw Error(state::invalid_attribute,
                        "there is no statement attribute " + std::to_string(attribute));
    }
}

}  // namespace myfabric::handles
