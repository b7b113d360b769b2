// The descriptor fields of the reference: type, place and who may read or write each.
#pragma once

#include "base/text.h"
#include "descriptor/descriptor.h"

namespace myfabric::descriptor {

/// SQLGetDescField. Returns false when a text was truncated (01004). `record` is ignored for header
/// fields. Throws HY091 (unknown field, or undefined for this kind) and 07009.
bool get_field(const Descriptor& descriptor, SQLSMALLINT record, SQLSMALLINT field,
               SQLPOINTER value, SQLINTEGER buffer_length, SQLINTEGER* length, bool wide);

/// SQLSetDescField. Throws HY016 (IRD), HY091, HY092 (read-only field), 07009, HY021, HY105, 22001.
void set_field(Descriptor& descriptor, SQLSMALLINT record, SQLSMALLINT field, SQLPOINTER value,
               SQLINTEGER buffer_length, bool wide);

/// The concise type of a verbose type and its sub code; SQL_UNKNOWN_TYPE when they do not fit.
SQLSMALLINT concise_type(SQLSMALLINT type, SQLSMALLINT code);

/// The consistency check of SQLSetDescRec and of SQL_DESC_DATA_PTR. Throws HY021.
void check_consistency(const Record& record);

}  // namespace myfabric::descriptor
