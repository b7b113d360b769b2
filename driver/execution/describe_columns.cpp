#include "execution/describe_columns.h"

#include "conversion/types.h"

namespace myfabric::execution {

results::Columns before_values(results::Columns columns) {
    using results::Kind;
    constexpr std::uint64_t longest = 0xFFFFFFFF;
    for (results::Column& column : columns) {
        if (!column.base_name.empty()) continue;
        switch (column.kind) {
            case Kind::character:
            case Kind::varchar:
            case Kind::tinytext:
            case Kind::text:
            case Kind::mediumtext:
                column.kind = Kind::longtext;
                break;
            case Kind::binary:
            case Kind::varbinary:
            case Kind::tinyblob:
            case Kind::blob:
            case Kind::mediumblob:
                column.kind = Kind::longblob;
                break;
            default:
                continue;
        }
        column.length = longest;
    }
    return columns;
}

void describe_columns(descriptor::Descriptor& ird, const results::Columns& found,
                      cursor::Bookmarks bookmarks, const TypeView& view) {
    ird.set_count(found.size());
    for (std::size_t number = bookmarks == cursor::Bookmarks::off ? 1 : 0; number <= found.size();
         ++number) {
        const results::Column& column =
            number ? found[number - 1] : cursor::bookmark_column(bookmarks);
        const conversion::TypeInfo info =
            conversion::describe(column, view.wide_types, view.long_cap);
        descriptor::Record& record = ird.writable(number);
        descriptor::set_concise_type(record, info.concise_type);
        record.length = info.column_size;
        record.octet_length = info.octet_length;
        record.precision = info.precision;
        record.scale = info.scale;
        record.display_size = info.display_size;
        record.nullable = column.nullable || column.fills_itself ? SQL_NULLABLE : SQL_NO_NULLS;
        record.unnamed = column.name.empty() ? SQL_UNNAMED : SQL_NAMED;
        record.is_unsigned = info.is_unsigned ? SQL_TRUE : SQL_FALSE;
        record.searchable = info.searchable;
        record.updatable =
            column.base_table.empty() ? SQL_ATTR_READONLY : SQL_ATTR_READWRITE_UNKNOWN;
        record.auto_unique_value = column.auto_increment ? SQL_TRUE : SQL_FALSE;
        record.case_sensitive = info.case_sensitive ? SQL_TRUE : SQL_FALSE;
        record.fixed_precision_scale = info.fixed_precision_scale ? SQL_TRUE : SQL_FALSE;
        record.num_prec_radix = info.num_prec_radix;
        descriptor::RecordTexts& texts = record.texts.writable();
        texts.name = texts.label = results::shown_name(column);
        texts.base_column_name = column.base_name;
        texts.base_table_name = column.base_table;
        texts.table_name = column.table;
        texts.catalog_name = column.database;
        texts.literal_prefix = info.literal_prefix;
        texts.literal_suffix = info.literal_suffix;
        texts.type_name = texts.local_type_name = info.type_name;
    }
}

}  // namespace myfabric::execution
