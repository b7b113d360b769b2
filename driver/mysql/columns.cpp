#include "mysql/columns.h"

#include <cstdint>
#include <cstring>
#include <utility>

namespace myfabric::mysql {
namespace {

#if MYFABRIC_CONNECTOR_C
std::string_view attribute(const MYSQL_FIELD& field, mariadb_field_attr_t which) {
    MARIADB_CONST_STRING text{};
    if (!field.extension || mariadb_field_attr(&text, &field, which) || !text.str) return {};
    return {text.str, text.length};
}
#endif

bool has_extension([[maybe_unused]] const MYSQL_FIELD& field) {
#if MYFABRIC_CONNECTOR_C
    return field.extension != nullptr;
#else
    return false;
#endif
}

/// Whether the first and the last bytes of two texts of this length are the same; the two loads
/// overlap.
template <class Word>
bool same_ends(const char* a, const char* b, unsigned length) {
    const auto load = [](const char* from) {
        Word word;
        std::memcpy(&word, from, sizeof word);
        return word;
    };
    const std::size_t last = length - sizeof(Word);
    return load(a) == load(b) && load(a + last) == load(b + last);
}

// Names are short: comparing them in place is quicker than calling for it.
[[gnu::always_inline]] inline bool is(const std::string& known, const char* text, unsigned length) {
    if (known.size() != length) return false;
    const char* a = known.data();
    if (length >= sizeof(std::uint32_t)) {
        if (length <= 2 * sizeof(std::uint32_t)) return same_ends<std::uint32_t>(a, text, length);
        return std::memcmp(a, text, length) == 0;
    }
    return length == 0 || (a[0] == text[0] && a[length / 2] == text[length / 2] &&
                           a[length - 1] == text[length - 1]);
}

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

bool ColumnCache::same(const MYSQL_FIELD* fields, unsigned count, unsigned text_bytes) const {
    if (!columns_ || fields_.size() != count) return false;
    for (unsigned i = 0; i < count; ++i) {
        const MYSQL_FIELD& now = fields[i];
        const Field& before = fields_[i];
        const results::Column& column = (*columns_)[i];
        if (static_cast<WireType>(now.type) != before.type || now.flags != before.flags ||
            now.charsetnr != before.charset || now.decimals != before.decimals ||
            now.length != before.length || !is(column.name, now.name, now.name_length) ||
            !is(column.base_name, now.org_name, now.org_name_length) ||
            !is(column.table, now.table, now.table_length) ||
            !is(column.base_table, now.org_table, now.org_table_length) ||
            !is(column.database, now.db, now.db_length))
            return false;
        if (has_extension(now) && kind_of(field_of(now), text_bytes) != column.kind) return false;
    }
    return true;
}

const results::SharedColumns& ColumnCache::take(const MYSQL_FIELD* fields, unsigned count,
                                                unsigned text_bytes,
                                                const results::Reading& reading) {
    if (same(fields, count, text_bytes)) return columns_;
    columns_.reset();
    description_.clear();
    fields_.clear();
    if (count == 0) return columns_;
    results::Columns columns;
    columns.reserve(count);
    for (unsigned i = 0; i < count; ++i) {
        const MYSQL_FIELD& field = fields[i];
        Field understood = field_of(field);
        understood.of_expression = field.org_table_length == 0;
        results::Column& column = columns.emplace_back(describe(understood, text_bytes));
        column.name = name(field.name, field.name_length);
        column.base_name = name(field.org_name, field.org_name_length);
        column.table = name(field.table, field.table_length);
        column.base_table = name(field.org_table, field.org_table_length);
        column.database = name(field.db, field.db_length);
        column.reading = reading;
        if (reading.text_results && field.org_table_length == 0) results::take_as_text(column);
        // These texts are the library's and do not last.
        understood.type_name = understood.format_name = {};
        fields_.push_back(understood);
    }
    columns_ = results::shared(std::move(columns));
    return columns_;
}

}  // namespace myfabric::mysql
