// A descriptor: header fields and records of the ARD, APD, IRD or IPD.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/lazy.h"

namespace myfabric::descriptor {

enum class Kind : std::uint8_t { application_row, application_parameter, row, parameter };

struct RecordTexts {
    std::string name, base_column_name, base_table_name, table_name, catalog_name, schema_name;
    std::string label, literal_prefix, literal_suffix, local_type_name, type_name;
};

/// One record (a column or parameter). Defaults are those of "SQLSetDescField: Initialization".
struct Record {
    SQLSMALLINT type = SQL_C_DEFAULT;
    SQLSMALLINT concise_type = SQL_C_DEFAULT;
    SQLSMALLINT datetime_interval_code = 0;
    SQLINTEGER datetime_interval_precision = 0;
    SQLULEN length = 0;
    SQLLEN octet_length = 0;
    SQLSMALLINT precision = 0;
    SQLSMALLINT scale = 0;
    SQLPOINTER data_ptr = nullptr;
    SQLLEN* octet_length_ptr = nullptr;
    SQLLEN* indicator_ptr = nullptr;
    SQLSMALLINT parameter_type = SQL_PARAM_INPUT;
    SQLSMALLINT nullable = SQL_NULLABLE_UNKNOWN;
    SQLSMALLINT unnamed = SQL_UNNAMED;
    SQLSMALLINT is_unsigned = SQL_FALSE;
    SQLSMALLINT fixed_precision_scale = SQL_FALSE;
    SQLSMALLINT searchable = SQL_PRED_NONE;
    SQLSMALLINT updatable = SQL_ATTR_READWRITE_UNKNOWN;
    SQLSMALLINT rowver = SQL_FALSE;
    SQLINTEGER auto_unique_value = SQL_FALSE;
    SQLINTEGER case_sensitive = SQL_FALSE;
    SQLINTEGER num_prec_radix = 0;
    SQLLEN display_size = 0;
    bool automatic = false;  // of an IPD: the driver's knowledge, not the application's word
    Lazy<RecordTexts> texts;
};

/// Sets concise_type, type and datetime_interval_code so that they agree.
void set_concise_type(Record& record, SQLSMALLINT concise_type);

class Descriptor {
public:
    explicit Descriptor(Kind descriptor_kind) : kind(descriptor_kind) {}

    Kind kind;
    bool is_application() const {
        return kind == Kind::application_row || kind == Kind::application_parameter;
    }

    // Header fields.
    SQLULEN array_size = 1;
    SQLUSMALLINT* array_status_ptr = nullptr;
    SQLULEN* rows_processed_ptr = nullptr;
    SQLLEN* bind_offset_ptr = nullptr;
    SQLINTEGER bind_type = SQL_BIND_BY_COLUMN;
    SQLSMALLINT alloc_type = SQL_DESC_ALLOC_AUTO;

    /// SQL_DESC_COUNT: the highest record in use. Record 0 (the bookmark) always exists.
    std::size_t count() const { return records_.empty() ? 0 : records_.size() - 1; }
    /// Grows with default records, or frees those above `count`.
    void set_count(std::size_t count);

    const Record& record(std::size_t number) const {
        return records_.empty() ? first_record() : records_[number];
    }
    /// For writing; grows the descriptor when `number` is beyond its count.
    Record& writable(std::size_t number);

    /// Changes with every change that a fetch plan or parameter plan depends on.
    std::uint64_t revision() const { return revision_; }
    void touch() { ++revision_; }

    /// Copies all fields but the kind and the allocation type (SQLCopyDesc).
    void copy_from(const Descriptor& other);

private:
    static const Record& first_record();

    std::vector<Record> records_;  // from 0; none before the first is written
    std::uint64_t revision_ = 1;
};

}  // namespace myfabric::descriptor
