#include "mysql/columns.h"

namespace myfabric::mysql {
namespace {

#if MYFABRIC_CONNECTOR_C
std::string_view attribute(const MYSQL_FIELD& field, mariadb_field_attr_t which) {
    MARIADB_CONST_STRING text{};
    if (!field.extension || mariadb_field_attr(&text, &field, which) || !text.str) return {};
    return {text.str, text.length};
}
#endif

std::string name(const char* text, unsigned length) {
    return text ? std::string(text, length) : std::string();
}

}  // namespace

Field field_of(const MYSQL_FIELD& field) {
    Field result;
    result.type = static_cast<WireType>(field.type);
    result.flags = field.flags;
    result.charset = field.charsetnr;
    result.decimals = field.decimals;
    result.length = field.length;
#if MYFABRIC_CONNECTOR_C
    result.type_name = attribute(field, MARIADB_FIELD_ATTR_DATA_TYPE_NAME);
    result.format_name = attribute(field, MARIADB_FIELD_ATTR_FORMAT_NAME);
#endif
    return result;
}

Columns columns_of(const MYSQL_FIELD* fields, unsigned count, unsigned text_bytes) {
    Columns columns;
    columns.reserve(count);
    for (unsigned i = 0; i < count; ++i) {
        const MYSQL_FIELD& field = fields[i];
        Column& column = columns.emplace_back(describe(field_of(field), text_bytes));
        column.name = name(field.name, field.name_length);
        column.base_name = name(field.org_name, field.org_name_length);
        column.table = name(field.table, field.table_length);
        column.base_table = name(field.org_table, field.org_table_length);
        column.database = name(field.db, field.db_length);
    }
    return columns;
}

}  // namespace myfabric::mysql
