// SQLGetDescField, SQLSetDescField, SQLGetDescRec, SQLSetDescRec, SQLCopyDesc.
#include <exception>

#include "descriptor/fields.h"
#include "odbc/call.h"

namespace myfabric::odbc {
namespace {

/// The records of IRD and IPD are made when they are read. Throws HY007 for an IRD before
/// SQLPrepare.
void make_readable(DescriptorHandle& d, SQLSMALLINT field) {
    if (d.fields.is_application() || !d.owner()) return;
    if (field == SQL_DESC_ARRAY_STATUS_PTR || field == SQL_DESC_ROWS_PROCESSED_PTR ||
        field == SQL_DESC_ALLOC_TYPE)
        return;
    if (d.fields.kind == descriptor::Kind::parameter) return d.owner()->describe_ipd();
    try {
        d.owner()->describe_ird();
    } catch (const Error& error) {
        if (error.is(state::function_sequence)) throw Error(state::not_prepared);
        throw;
    }
}

SQLRETURN get_desc_field(SQLHDESC handle, SQLSMALLINT record, SQLSMALLINT field, SQLPOINTER value,
                         SQLINTEGER capacity, SQLINTEGER* length, bool wide) noexcept {
    return call<DescriptorHandle>(handle, [&](DescriptorHandle& d) -> SQLRETURN {
        make_readable(d, field);
        const bool of_record = field != SQL_DESC_COUNT && field != SQL_DESC_ALLOC_TYPE &&
                               field >= SQL_DESC_CONCISE_TYPE && field != SQL_DESC_ARRAY_SIZE &&
                               field != SQL_DESC_ARRAY_STATUS_PTR && field != SQL_DESC_BIND_TYPE &&
                               field != SQL_DESC_BIND_OFFSET_PTR &&
                               field != SQL_DESC_ROWS_PROCESSED_PTR;
        if (of_record && record > 0 && static_cast<std::size_t>(record) > d.fields.count())
            return SQL_NO_DATA;
        if (!descriptor::get_field(d.fields, record, field, value, capacity, length, wide))
            d.diagnostics().warn(state::right_truncated);
        return SQL_SUCCESS;
    });
}

SQLRETURN set_desc_field(SQLHDESC handle, SQLSMALLINT record, SQLSMALLINT field, SQLPOINTER value,
                         SQLINTEGER length, bool wide) noexcept {
    return call<DescriptorHandle>(handle, [&](DescriptorHandle& d) {
        descriptor::set_field(d.fields, record, field, value, length, wide);
    });
}

template <class Char>
SQLRETURN get_desc_rec(SQLHDESC handle, SQLSMALLINT number, Char* name, SQLSMALLINT capacity,
                       SQLSMALLINT* name_length, SQLSMALLINT* type, SQLSMALLINT* sub_type,
                       SQLLEN* length, SQLSMALLINT* precision, SQLSMALLINT* scale,
                       SQLSMALLINT* nullable) noexcept {
    return call<DescriptorHandle>(handle, [&](DescriptorHandle& d) -> SQLRETURN {
        make_readable(d, SQL_DESC_TYPE);
        if (number < 0 || (number == 0 && !d.fields.is_application()))
            throw Error(state::invalid_descriptor_index,
                        "there is no descriptor record " + std::to_string(number));
        if (static_cast<std::size_t>(number) > d.fields.count()) return SQL_NO_DATA;
        const descriptor::Record& record = d.fields.record(static_cast<std::size_t>(number));
        put(d, text_out(name, capacity, name_length, Unit::characters), record.texts.get().name);
        if (type) *type = record.type;
        if (sub_type) *sub_type = record.datetime_interval_code;
        if (length) *length = record.octet_length;
        if (precision) *precision = record.precision;
        if (scale) *scale = record.scale;
        if (nullable) *nullable = record.nullable;
        return SQL_SUCCESS;
    });
}

}  // namespace
}  // namespace myfabric::odbc

using namespace myfabric;
using namespace myfabric::odbc;

extern "C" {

SQLRETURN SQL_API SQLGetDescField(SQLHDESC d, SQLSMALLINT r, SQLSMALLINT f, SQLPOINTER v,
                                  SQLINTEGER capacity, SQLINTEGER* length) {
    return get_desc_field(d, r, f, v, capacity, length, false);
}
SQLRETURN SQL_API SQLGetDescFieldW(SQLHDESC d, SQLSMALLINT r, SQLSMALLINT f, SQLPOINTER v,
                                   SQLINTEGER capacity, SQLINTEGER* length) {
    return get_desc_field(d, r, f, v, capacity, length, true);
}

SQLRETURN SQL_API SQLSetDescField(SQLHDESC d, SQLSMALLINT r, SQLSMALLINT f, SQLPOINTER v,
                                  SQLINTEGER n) {
    return set_desc_field(d, r, f, v, n, false);
}
SQLRETURN SQL_API SQLSetDescFieldW(SQLHDESC d, SQLSMALLINT r, SQLSMALLINT f, SQLPOINTER v,
                                   SQLINTEGER n) {
    return set_desc_field(d, r, f, v, n, true);
}

SQLRETURN SQL_API SQLGetDescRec(SQLHDESC d, SQLSMALLINT r, SQLCHAR* name, SQLSMALLINT capacity,
                                SQLSMALLINT* name_length, SQLSMALLINT* type, SQLSMALLINT* sub,
                                SQLLEN* length, SQLSMALLINT* precision, SQLSMALLINT* scale,
                                SQLSMALLINT* nullable) {
    return get_desc_rec(d, r, name, capacity, name_length, type, sub, length, precision, scale,
                        nullable);
}
SQLRETURN SQL_API SQLGetDescRecW(SQLHDESC d, SQLSMALLINT r, SQLWCHAR* name, SQLSMALLINT capacity,
                                 SQLSMALLINT* name_length, SQLSMALLINT* type, SQLSMALLINT* sub,
                                 SQLLEN* length, SQLSMALLINT* precision, SQLSMALLINT* scale,
                                 SQLSMALLINT* nullable) {
    return get_desc_rec(d, r, name, capacity, name_length, type, sub, length, precision, scale,
                        nullable);
}

SQLRETURN SQL_API SQLSetDescRec(SQLHDESC handle, SQLSMALLINT number, SQLSMALLINT type,
                                SQLSMALLINT sub_type, SQLLEN length, SQLSMALLINT precision,
                                SQLSMALLINT scale, SQLPOINTER data, SQLLEN* string_length,
                                SQLLEN* indicator) {
    return call<DescriptorHandle>(handle, [&](DescriptorHandle& d) {
        if (d.fields.kind == descriptor::Kind::row) throw Error(state::cannot_modify_ird);
        if (number < 0 || (number == 0 && d.fields.kind != descriptor::Kind::application_row))
            throw Error(state::invalid_descriptor_index,
                        "there is no descriptor record " + std::to_string(number));
        descriptor::Record changed = static_cast<std::size_t>(number) <= d.fields.count()
                                         ? d.fields.record(static_cast<std::size_t>(number))
                                         : descriptor::Record{};
        const SQLSMALLINT concise = descriptor::concise_type(type, sub_type);
        if (concise == SQL_UNKNOWN_TYPE)
            throw Error(state::inconsistent_descriptor,
                        "the code " + std::to_string(sub_type) + " is no " +
                            (type == SQL_DATETIME ? "date or time" : "interval"));
        descriptor::set_concise_type(changed, concise);
        changed.octet_length = length;
        changed.precision = precision;
        changed.scale = scale;
        descriptor::check_consistency(changed);
        if (d.fields.is_application()) changed.data_ptr = data;
        changed.octet_length_ptr = string_length;
        changed.indicator_ptr = indicator;
        d.fields.writable(static_cast<std::size_t>(number)) = changed;
    });
}

SQLRETURN SQL_API SQLCopyDesc(SQLHDESC source, SQLHDESC target) {
    DescriptorHandle* from = handles::checked<DescriptorHandle>(source);
    if (!from) return SQL_INVALID_HANDLE;
    // Descriptors of two connections: their locks are never held at once.
    descriptor::Descriptor copy(from->fields.kind);
    std::exception_ptr trouble;  // which the target's records report
    const SQLRETURN read = call<DescriptorHandle>(source, [&](DescriptorHandle& d) {
        try {
            make_readable(d, SQL_DESC_TYPE);
            copy.copy_from(d.fields);
        } catch (...) {
            trouble = std::current_exception();
        }
    });
    if (!SQL_SUCCEEDED(read)) return read;
    return call<DescriptorHandle>(target, [&](DescriptorHandle& d) {
        if (trouble) std::rethrow_exception(trouble);
        if (d.fields.kind == descriptor::Kind::row) throw Error(state::cannot_modify_ird);
        for (std::size_t i = 1; i <= copy.count(); ++i)
            if (copy.record(i).data_ptr) descriptor::check_consistency(copy.record(i));
        d.fields.copy_from(copy);
    });
}

}  // extern "C"
