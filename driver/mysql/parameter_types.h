// Parameter values in the client library's terms. Private to driver/mysql.
#pragma once

#include "mysql/client_library.h"
#include "mysql/prepared.h"

namespace myfabric::mysql {

inline enum_field_types wire_type(results::Parameter::Type type) {
    switch (type) {
        case results::Parameter::Type::signed_integer:
        case results::Parameter::Type::unsigned_integer:
            return MYSQL_TYPE_LONGLONG;
        case results::Parameter::Type::real:
            return MYSQL_TYPE_DOUBLE;
        case results::Parameter::Type::binary:
            return MYSQL_TYPE_BLOB;
        case results::Parameter::Type::decimal:
            return MYSQL_TYPE_NEWDECIMAL;
        case results::Parameter::Type::date:
            return MYSQL_TYPE_DATE;
        case results::Parameter::Type::time:
            return MYSQL_TYPE_TIME;
        case results::Parameter::Type::datetime:
            return MYSQL_TYPE_DATETIME;
        case results::Parameter::Type::null:
        case results::Parameter::Type::text:
            break;
    }
    return MYSQL_TYPE_STRING;
}

inline MYSQL_TIME to_library(const results::DateTimeValue& moment, results::Parameter::Type type) {
    MYSQL_TIME time{};
    time.year = moment.year;
    time.month = moment.month;
    time.day = moment.day;
    time.hour = moment.hour;
    time.minute = moment.minute;
    time.second = moment.second;
    time.second_part = moment.microsecond;
    time.time_type = MYSQL_TIMESTAMP_DATETIME;
    if (type == results::Parameter::Type::date) {
        time.hour = time.minute = time.second = 0;
        time.second_part = 0;
        time.time_type = MYSQL_TIMESTAMP_DATE;
    } else if (type == results::Parameter::Type::time) {
        // The wire has one byte for the hour and counts the rest as days.
        time.year = time.month = 0;
        time.day = moment.day + moment.hour / 24;
        time.hour = moment.hour % 24;
        time.neg = moment.negative;
        time.time_type = MYSQL_TIMESTAMP_TIME;
    }
    return time;
}

}  // namespace myfabric::mysql
