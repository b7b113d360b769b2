// Dates, times and intervals as parameter values.
#include "base/text.h"
#include "conversion/interval.h"
#include "conversion/parameter_value.h"

namespace myfabric::conversion {
namespace {

using results::Parameter;

constexpr unsigned server_digits = 6;  // of a fraction

/// Cuts the fraction to what the server keeps, see from_c.h.
Outcome put_moment(const DateTime& value, Parameter::Type type, const Context& c) {
    const bool finer = value.nanosecond % 1000 != 0 || value.fraction_lost;
    if (finer && c.scale > static_cast<short>(server_digits)) return Outcome::datetime_overflow;
    c.out.type = type;
    c.out.moment = {};
    if (type != Parameter::Type::time) {
        c.out.moment.year = value.year;
        c.out.moment.month = value.month;
        c.out.moment.day = value.day;
    }
    if (type != Parameter::Type::date) {
        c.out.moment.hour = value.hour;
        c.out.moment.minute = value.minute;
        c.out.moment.second = value.second;
        c.out.moment.microsecond = value.nanosecond / 1000;
        c.out.moment.negative = value.negative;
    }
    return Outcome::stored;
}

/// A value with the parts that its source has to a date or time type.
Outcome put_datetime(DateTime value, const Context& c) {
    switch (c.to.group) {
        case Group::date:
            if (!value.has_date) return Outcome::not_allowed;
            if (!value.time_is_zero() && !c.writing.cut_dates) return Outcome::datetime_overflow;
            return put_moment(value, Parameter::Type::date, c);
        case Group::time:
            if (!value.has_time) return Outcome::not_allowed;
            if (value.has_date && value.nanosecond && c.scale == 0)
                return Outcome::datetime_overflow;
            return put_moment(value, Parameter::Type::time, c);
        case Group::timestamp:
            if (!value.has_date) {
                if (value.hour > 23 || value.negative) return Outcome::datetime_overflow;
                set_today(value);
            }
            return put_moment(value, Parameter::Type::datetime, c);
        case Group::unknown:
            return put_moment(value,
                              !value.has_date   ? Parameter::Type::time
                              : !value.has_time ? Parameter::Type::date
                                                : Parameter::Type::datetime,
                              c);
        case Group::character: {
            char text[datetime_size];
            return keep_text(datetime_text(value, fraction_digits(value.nanosecond), text), c);
        }
        default:
            return Outcome::not_allowed;
    }
}

/// What an impossible structure of a date, a time or both gives depends on the SQL type: "C to SQL:
/// Date" and others.
Outcome bad_structure(const Context& c, bool has_date, bool has_time) {
    switch (c.to.group) {
        case Group::character:
            return Outcome::datetime_overflow;
        case Group::date:
            return has_date ? Outcome::bad_datetime : Outcome::not_allowed;
        case Group::time:
            return has_time ? Outcome::bad_datetime : Outcome::not_allowed;
        case Group::timestamp:
        case Group::unknown:
            return Outcome::bad_datetime;
        default:
            return Outcome::not_allowed;
    }
}

/// The value within {d '...'}, {t '...'} or {ts '...'}, or the text itself.
std::string_view without_escape(std::string_view text) {
    text = trim(text);
    if (text.size() < 2 || text.front() != '{' || text.back() != '}') return text;
    const std::size_t open = text.find('\'');
    const std::size_t close = text.rfind('\'');
    return close > open ? trim(text.substr(open + 1, close - open - 1)) : text;
}

/// The date that Min_Date_To_Zero has written as 0000-00-00.
template <class Structure>
bool is_least(const Structure& value, const Context& c) {
    return c.writing.min_date_to_zero && value.year == 0 && value.month == 1 && value.day == 1;
}

DateTime zero_date(bool with_time) {
    DateTime zero;
    zero.has_date = true;
    zero.has_time = with_time;
    return zero;
}

Outcome interval_to_time(const Interval& value, const Context& c) {
    constexpr std::uint64_t most = 838 * 3600 + 59 * 60 + 59;  // of a TIME
    if (value.year_month) return Outcome::not_allowed;
    if (value.seconds > most) return Outcome::interval_overflow;
    DateTime time;
    time.has_time = true;
    time.negative = value.negative;
    time.hour = static_cast<unsigned>(value.seconds / 3600);
    time.minute = static_cast<unsigned>(value.seconds / 60 % 60);
    time.second = static_cast<unsigned>(value.seconds % 60);
    time.nanosecond = value.nanosecond;
    return put_moment(time, Parameter::Type::time, c);
}

}  // namespace

Outcome from_date(const void* value, const Context& c) {
    const auto date = read<SQL_DATE_STRUCT>(value);
    if (is_least(date, c)) return put_datetime(zero_date(false), c);
    if (date.year < 0 || !is_real_date(static_cast<unsigned>(date.year), date.month, date.day))
        return bad_structure(c, true, false);
    DateTime moment;
    moment.has_date = true;
    moment.year = static_cast<unsigned>(date.year);
    moment.month = date.month;
    moment.day = date.day;
    return put_datetime(moment, c);
}

Outcome from_time(const void* value, const Context& c) {
    const auto time = read<SQL_TIME_STRUCT>(value);
    if (time.hour > 23 || time.minute > 59 || time.second > 59)
        return bad_structure(c, false, true);
    DateTime moment;
    moment.has_time = true;
    moment.hour = time.hour;
    moment.minute = time.minute;
    moment.second = time.second;
    return put_datetime(moment, c);
}

Outcome from_timestamp(const void* value, const Context& c) {
    const auto stamp = read<SQL_TIMESTAMP_STRUCT>(value);
    if (is_least(stamp, c) && stamp.hour == 0 && stamp.minute == 0 && stamp.second == 0 &&
        stamp.fraction == 0)
        return put_datetime(zero_date(true), c);
    // An SQL_TYPE_TIME ignores the date fields.
    const bool real_date = c.to.group == Group::time ||
                           (stamp.year >= 0 && is_real_date(static_cast<unsigned>(stamp.year),
                                                            stamp.month, stamp.day));
    if (!real_date || stamp.hour > 23 || stamp.minute > 59 || stamp.second > 59 ||
        stamp.fraction > 999999999)
        return bad_structure(c, true, true);
    DateTime moment;
    moment.has_date = moment.has_time = true;
    moment.year = static_cast<unsigned>(stamp.year);
    moment.month = stamp.month;
    moment.day = stamp.day;
    moment.hour = stamp.hour;
    moment.minute = stamp.minute;
    moment.second = stamp.second;
    moment.nanosecond = stamp.fraction;
    return put_datetime(moment, c);
}

Outcome text_to_datetime(std::string_view text, const Context& c) {
    DateTime moment;
    if (parse(without_escape(text), moment) != Outcome::stored) return Outcome::bad_text;
    const bool whole_date = moment.month != 0 && moment.day != 0;
    if (moment.has_date && whole_date && moment.year != 0 &&
        !is_real_date(moment.year, moment.month, moment.day))
        return Outcome::bad_text;
    // A timestamp-literal for a TIME: its date is ignored.
    const Outcome outcome = put_datetime(moment, c);
    return outcome == Outcome::not_allowed ? Outcome::bad_text : outcome;
}

Outcome from_interval(CType type, const void* value, const Context& c) {
    const auto interval = read<SQL_INTERVAL_STRUCT>(value);
    const Interval meaning = interval_of(type, interval);
    char text[80];
    const std::string_view written = interval_text(type, interval, text);
    switch (c.to.group) {
        case Group::character:
            return keep_text(written, c);
        case Group::integer:
        case Group::decimal:
            return is_single_field(type) ? put_number(written, c) : Outcome::not_allowed;
        case Group::time:
            return interval_to_time(meaning, c);
        case Group::year_month: {
            if (!meaning.year_month) return Outcome::not_allowed;
            const CType to = c_type(c.to.type);
            if (to == type && is_single_field(to)) return put_number(written, c);
            break;
        }
        case Group::day_time: {
            if (meaning.year_month) return Outcome::not_allowed;
            const CType to = c_type(c.to.type);
            if (to == type && is_single_field(to) && !meaning.nanosecond)
                return put_number(written, c);
            break;
        }
        case Group::unknown:
            return meaning.year_month ? keep_text(written, c) : interval_to_time(meaning, c);
        default:
            return Outcome::not_allowed;
    }
    // Another interval type: its fields must hold the value.
    const CType to = c_type(c.to.type);
    SQL_INTERVAL_STRUCT other{};
    if (store_interval(to, meaning, Target{&other, sizeof other, nullptr}) != Outcome::stored)
        return Outcome::interval_overflow;
    if (is_single_field(to) && !meaning.nanosecond)
        return put_number(interval_text(to, other, text), c);
    return meaning.year_month ? keep_text(interval_text(to, other, text), c)
                              : interval_to_time(meaning, c);
}

}  // namespace myfabric::conversion
