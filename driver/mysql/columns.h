// Columns from the client library's metadata. Private to driver/mysql.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mysql/client_library.h"
#include "mysql/field.h"
#include "results/column.h"

namespace myfabric::mysql {

Field field_of(const MYSQL_FIELD& field);

/// Reuses the Columns object while the server describes the same columns, so that what was derived
/// from it can be kept with it.
class ColumnCache {
public:
    /// `text_bytes`: of the longest character in the session's character set. Null for no columns.
    const results::SharedColumns& take(const MYSQL_FIELD* fields, unsigned count,
                                       unsigned text_bytes, const results::Reading& reading);
    const results::SharedColumns& columns() const { return columns_; }
    /// How the server described the columns, for read_answer_head(); empty: not kept.
    std::string_view description() const { return description_; }
    /// `description` is how they were described just now.
    void described_by(std::string_view description) { description_ = description; }
    /// Type and flags of each column; their type_name and format_name are empty.
    const std::vector<Field>& fields() const { return fields_; }

private:
    bool same(const MYSQL_FIELD* fields, unsigned count, unsigned text_bytes) const;

    std::string description_;
    std::vector<Field> fields_;
    results::SharedColumns columns_;
};

}  // namespace myfabric::mysql
