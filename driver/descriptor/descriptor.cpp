#include "descriptor/descriptor.h"

namespace myfabric::descriptor {

void set_concise_type(Record& record, SQLSMALLINT concise_type) {
    record.automatic = false;
    record.concise_type = concise_type;
    record.type = concise_type;
    record.datetime_interval_code = 0;
    // ODBC 2.x codes of dates and times are the verbose types of 3.x less their sub code.
    switch (concise_type) {
        case SQL_DATE:
            record.concise_type = SQL_TYPE_DATE;
            break;
        case SQL_TIME:
            record.concise_type = SQL_TYPE_TIME;
            break;
        case SQL_TIMESTAMP:
            record.concise_type = SQL_TYPE_TIMESTAMP;
            break;
        default:
            break;
    }
    switch (record.concise_type) {
        case SQL_TYPE_DATE:
            record.type = SQL_DATETIME;
            record.datetime_interval_code = SQL_CODE_DATE;
            break;
        case SQL_TYPE_TIME:
            record.type = SQL_DATETIME;
            record.datetime_interval_code = SQL_CODE_TIME;
            break;
        case SQL_TYPE_TIMESTAMP:
            record.type = SQL_DATETIME;
            record.datetime_interval_code = SQL_CODE_TIMESTAMP;
            break;
        default:
            if (concise_type >= SQL_INTERVAL_YEAR &&
                concise_type <= SQL_INTERVAL_MINUTE_TO_SECOND) {
                record.type = SQL_INTERVAL;
                record.datetime_interval_code =
                    static_cast<SQLSMALLINT>(concise_type - SQL_INTERVAL_YEAR + SQL_CODE_YEAR);
            }
    }
}

const Record& Descriptor::first_record() {
    static const Record record;
    return record;
}

void Descriptor::set_count(std::size_t count) {
    if (count != this->count()) records_.resize(count + 1);
    touch();
}

Record& Descriptor::writable(std::size_t number) {
    if (number >= records_.size()) {
        constexpr std::size_t usual = 4;
        if (number < usual) records_.reserve(usual);
        records_.resize(number + 1);
    }
    touch();
    return records_[number];
}

void Descriptor::copy_from(const Descriptor& other) {
    array_size = other.array_size;
    array_status_ptr = other.array_status_ptr;
    rows_processed_ptr = other.rows_processed_ptr;
    bind_offset_ptr = other.bind_offset_ptr;
    bind_type = other.bind_type;
    records_ = other.records_;
    touch();
}

}  // namespace myfabric::descriptor
