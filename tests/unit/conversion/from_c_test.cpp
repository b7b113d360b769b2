#include "conversion/from_c.h"

#include <climits>
#include <cmath>
#include <ctime>

#include "samples.h"

namespace myfabric::conversion::test {
namespace {

using results::Parameter;
using Type = Parameter::Type;

/// A parameter in one line, to compare and to print.
std::string show(const Parameter& p) {
    const auto two = [](unsigned n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    const auto& m = p.moment;
    const std::string date = std::to_string(m.year) + "-" + two(m.month) + "-" + two(m.day);
    const std::string time = (m.negative ? "-" : "") + two(m.hour) + ":" + two(m.minute) + ":" +
                             two(m.second) +
                             (m.microsecond ? "." + std::to_string(m.microsecond) : "");
    switch (p.type) {
        case Type::null:
            return "null";
        case Type::signed_integer:
            return "i " + std::to_string(p.integer);
        case Type::unsigned_integer:
            return "u " + std::to_string(p.unsigned_integer);
        case Type::real:
            return "r " + std::to_string(p.real);
        case Type::text:
            return "t " + std::string(p.bytes);
        case Type::decimal:
            return "n " + std::string(p.bytes);
        case Type::binary:
            return "b " + std::string(p.bytes);
        case Type::date:
            return "date " + date;
        case Type::time:
            return "time " + time;
        case Type::datetime:
            return "datetime " + date + " " + time;
    }
    return {};
}

struct Result {
    Outcome outcome;
    std::string value;
};
Result send_bytes(CType type, SQLSMALLINT sql, const void* value, SQLLEN length, short scale = 0) {
    Parameter out;
    Scratch scratch;
    const Outcome outcome = from_c(type, sql, value, length, 0, scale, out, scratch);
    return {outcome, show(out)};
}
template <class T>
Result send(CType type, SQLSMALLINT sql, const T& value, short scale = 0) {
    return send_bytes(type, sql, &value, 0, scale);
}

struct TextSample {
    const char* text;
    SQLSMALLINT sql;
    Outcome outcome;
    std::string value;
};

TEST(FromText, BySqlType) {
    char day[20];
    const std::time_t now = std::time(nullptr);
    std::strftime(day, sizeof day, "%Y-%m-%d", std::localtime(&now));
    const std::string today = day;
    // clang-format off
    const TextSample samples[] = {
        {"abc", SQL_VARCHAR, Outcome::stored, "t abc"},
        {"", SQL_WVARCHAR, Outcome::stored, "t "},
        {"abc", SQL_UNKNOWN_TYPE, Outcome::stored, "t abc"},
        {"42", SQL_INTEGER, Outcome::stored, "i 42"},
        {" -42 ", SQL_INTEGER, Outcome::stored, "i -42"},
        {"4294967295", SQL_INTEGER, Outcome::stored, "i 4294967295"},
        {"4294967296", SQL_INTEGER, Outcome::out_of_range, ""},
        {"18446744073709551615", SQL_BIGINT, Outcome::stored, "u 18446744073709551615"},
        {"-9223372036854775808", SQL_BIGINT, Outcome::stored, "i -9223372036854775808"},
        {"-9223372036854775809", SQL_BIGINT, Outcome::out_of_range, ""},
        {"12.5", SQL_INTEGER, Outcome::data_truncated, ""},
        {"12.0", SQL_INTEGER, Outcome::stored, "i 12"},
        {"twelve", SQL_INTEGER, Outcome::bad_text, ""},
        {"", SQL_INTEGER, Outcome::bad_text, ""},
        {" 12.50 ", SQL_DECIMAL, Outcome::stored, "n 12.50"},
        {"12,50", SQL_DECIMAL, Outcome::bad_text, ""},
        {"1.5e1", SQL_DOUBLE, Outcome::stored, "r 15.000000"},
        {"1e400", SQL_DOUBLE, Outcome::out_of_range, ""},
        {"x", SQL_REAL, Outcome::bad_text, ""},
        {"1", SQL_BIT, Outcome::stored, "i 1"},
        {"0.5", SQL_BIT, Outcome::data_truncated, ""},
        {"2", SQL_BIT, Outcome::out_of_range, ""},
        {"616263", SQL_VARBINARY, Outcome::stored, "b abc"},
        {"61626", SQL_VARBINARY, Outcome::stored, "b ab"},
        {"6x", SQL_BINARY, Outcome::bad_text, ""},
        {"2015-01-02", SQL_TYPE_DATE, Outcome::stored, "date 2015-01-02"},
        {"{d '2015-01-02'}", SQL_TYPE_DATE, Outcome::stored, "date 2015-01-02"},
        {"2015-01-02 00:00:00", SQL_TYPE_DATE, Outcome::stored, "date 2015-01-02"},
        {"2015-01-02 03:04:05", SQL_TYPE_DATE, Outcome::datetime_overflow, ""},
        {"2015-02-30", SQL_TYPE_DATE, Outcome::bad_text, ""},
        {"0000-00-00", SQL_TYPE_DATE, Outcome::stored, "date 0-00-00"},
        {"03:04:05", SQL_TYPE_DATE, Outcome::bad_text, ""},
        {"-838:59:59", SQL_TYPE_TIME, Outcome::stored, "time -838:59:59"},
        {"2015-01-02 03:04:05.5", SQL_TYPE_TIME, Outcome::datetime_overflow, ""},
        {"2015-01-02 03:04:05", SQL_TYPE_TIME, Outcome::stored, "time 03:04:05"},
        {"2015-01-02", SQL_TYPE_TIME, Outcome::bad_text, ""},
        {"{ts '2015-01-02 03:04:05.123456'}", SQL_TYPE_TIMESTAMP, Outcome::stored, "datetime 2015-01-02 03:04:05.123456"},
        {"2015-01-02", SQL_TYPE_TIMESTAMP, Outcome::stored, "datetime 2015-01-02 00:00:00"},
        {"03:04:05", SQL_TYPE_TIMESTAMP, Outcome::stored, "datetime " + today + " 03:04:05"},
        {"soon", SQL_TYPE_TIMESTAMP, Outcome::bad_text, ""},
        {"{01234567-89AB-CDEF-0123-456789ABCDEF}", SQL_GUID, Outcome::stored, "t 01234567-89ab-cdef-0123-456789abcdef"},
        {"no guid", SQL_GUID, Outcome::bad_text, ""},
        {"3-6", SQL_INTERVAL_YEAR_TO_MONTH, Outcome::stored, "t 3-6"},
        {"x", SQL_INTERVAL_DAY, Outcome::bad_text, ""},
    };
    // clang-format on
    for (const TextSample& s : samples) {
        SCOPED_TRACE(s.text);
        std::u16string wide(s.text, s.text + std::strlen(s.text));
        for (const bool terminated : {true, false}) {
            const auto units = static_cast<SQLLEN>(wide.size());
            const Result narrow_result =
                send_bytes(CType::character, s.sql, s.text, terminated ? SQL_NTS : units);
            const Result wide_result = send_bytes(CType::wide_character, s.sql, wide.c_str(),
                                                  terminated ? SQL_NTS : units * 2);
            EXPECT_EQ(narrow_result.outcome, s.outcome);
            EXPECT_EQ(wide_result.outcome, s.outcome);
            if (s.outcome != Outcome::stored) continue;
            EXPECT_EQ(narrow_result.value, s.value);
            EXPECT_EQ(wide_result.value, s.value);
        }
    }
}

TEST(FromText, NarrowTextIsNotCopied) {
    const char text[] = "abc";
    Parameter out;
    Scratch scratch;
    EXPECT_EQ(from_c(CType::character, SQL_VARCHAR, text, SQL_NTS, 0, 0, out, scratch),
              Outcome::stored);
    EXPECT_EQ(out.bytes.data(), text);
}

TEST(FromText, WideTextBecomesUtf8) {
    EXPECT_EQ(send_bytes(CType::wide_character, SQL_WVARCHAR, u"\u00e9\U0001F600", SQL_NTS).value,
              "t \u00e9\U0001F600");
}

TEST(FromText, ImpossibleLengthsAreHY090) {
    EXPECT_EQ(send_bytes(CType::character, SQL_VARCHAR, "abc", -7).outcome, Outcome::bad_length);
    EXPECT_EQ(send_bytes(CType::wide_character, SQL_VARCHAR, u"abc", -7).outcome,
              Outcome::bad_length);
    EXPECT_EQ(send_bytes(CType::binary, SQL_BINARY, "abc", -7).outcome, Outcome::bad_length);
    EXPECT_EQ(send_bytes(CType::binary, SQL_BINARY, "abc", SQL_NTS).value, "b abc");
    EXPECT_EQ(send_bytes(CType::slong, SQL_INTEGER, nullptr, 0).outcome, Outcome::bad_length);
    EXPECT_EQ(send_bytes(CType::character, SQL_VARCHAR, nullptr, 0).value, "t ");
}

TEST(FromNumbers, IntegersBySqlType) {
    struct Sample {
        SQLINTEGER value;
        SQLSMALLINT sql;
        Outcome outcome;
        const char* shown;
    };
    const Sample samples[] = {
        {-5, SQL_INTEGER, Outcome::stored, "i -5"},
        {300, SQL_TINYINT, Outcome::out_of_range, ""},
        {255, SQL_TINYINT, Outcome::stored, "i 255"},
        {-129, SQL_TINYINT, Outcome::out_of_range, ""},
        {65536, SQL_SMALLINT, Outcome::out_of_range, ""},
        {-5, SQL_DECIMAL, Outcome::stored, "i -5"},
        {-5, SQL_DOUBLE, Outcome::stored, "i -5"},
        {-5, SQL_VARCHAR, Outcome::stored, "t -5"},
        {1, SQL_BIT, Outcome::stored, "i 1"},
        {2, SQL_BIT, Outcome::out_of_range, ""},
        {5, SQL_TYPE_DATE, Outcome::not_allowed, ""},
        {5, SQL_VARBINARY, Outcome::not_allowed, ""},
        {5, SQL_GUID, Outcome::not_allowed, ""},
        {-5, SQL_INTERVAL_DAY, Outcome::stored, "i -5"},
        {5, SQL_INTERVAL_DAY_TO_HOUR, Outcome::not_allowed, ""},
        {INT_MIN, SQL_UNKNOWN_TYPE, Outcome::stored, "i -2147483648"},
    };
    for (const Sample& s : samples) {
        SCOPED_TRACE(std::to_string(s.value) + " to " + std::to_string(s.sql));
        const Result got = send(CType::slong, s.sql, s.value);
        EXPECT_EQ(got.outcome, s.outcome);
        if (s.outcome != Outcome::stored) continue;
        EXPECT_EQ(got.value, s.shown);
    }
}

TEST(FromNumbers, EveryWidth) {
    EXPECT_EQ(send(CType::stinyint, SQL_INTEGER, SQLSCHAR{-128}).value, "i -128");
    EXPECT_EQ(send(CType::utinyint, SQL_INTEGER, SQLCHAR{255}).value, "i 255");
    EXPECT_EQ(send(CType::sshort, SQL_INTEGER, SQLSMALLINT{-32768}).value, "i -32768");
    EXPECT_EQ(send(CType::ushort, SQL_INTEGER, SQLUSMALLINT{65535}).value, "i 65535");
    EXPECT_EQ(send(CType::ulong, SQL_INTEGER, SQLUINTEGER{UINT_MAX}).value, "i 4294967295");
    EXPECT_EQ(send(CType::sbigint, SQL_BIGINT, SQLBIGINT{LLONG_MIN}).value,
              "i -9223372036854775808");
    EXPECT_EQ(send(CType::ubigint, SQL_BIGINT, SQLUBIGINT{ULLONG_MAX}).value,
              "u 18446744073709551615");
    EXPECT_EQ(send(CType::ubigint, SQL_VARCHAR, SQLUBIGINT{ULLONG_MAX}).value,
              "t 18446744073709551615");
    EXPECT_EQ(send(CType::bit, SQL_BIT, SQLCHAR{1}).value, "i 1");
    EXPECT_EQ(send(CType::bit, SQL_VARCHAR, SQLCHAR{0}).value, "t 0");
    EXPECT_EQ(send(CType::bit, SQL_BIT, SQLCHAR{2}).outcome, Outcome::out_of_range);
}

TEST(FromNumbers, FloatingPoint) {
    EXPECT_EQ(send(CType::double_precision, SQL_DOUBLE, 1.5).value, "r 1.500000");
    EXPECT_EQ(send(CType::real, SQL_REAL, 0.5f).value, "r 0.500000");
    EXPECT_EQ(send(CType::double_precision, SQL_INTEGER, -2.75).value, "i -2");
    EXPECT_EQ(send(CType::double_precision, SQL_INTEGER, 1e10).outcome, Outcome::out_of_range);
    EXPECT_EQ(send(CType::double_precision, SQL_VARCHAR, 0.1).value, "t 0.1");
    EXPECT_EQ(send(CType::double_precision, SQL_DOUBLE, double(NAN)).outcome,
              Outcome::out_of_range);
    EXPECT_EQ(send(CType::double_precision, SQL_VARCHAR, double(INFINITY)).outcome,
              Outcome::out_of_range);
    EXPECT_EQ(send(CType::double_precision, SQL_BIT, 0.5).outcome, Outcome::data_truncated);
    EXPECT_EQ(send(CType::double_precision, SQL_INTERVAL_DAY, 1.0).outcome, Outcome::not_allowed);
}

TEST(FromNumbers, NumericStructure) {
    SQL_NUMERIC_STRUCT number{5, 2, 0, {0x39, 0x30}};  // -123.45
    EXPECT_EQ(send(CType::numeric, SQL_DECIMAL, number).value, "n -123.45");
    EXPECT_EQ(send(CType::numeric, SQL_VARCHAR, number).value, "t -123.45");
    EXPECT_EQ(send(CType::numeric, SQL_INTEGER, number).value, "i -123");
    EXPECT_EQ(send(CType::numeric, SQL_DOUBLE, number).value, "r -123.450000");
    number.scale = 7;
    EXPECT_EQ(send(CType::numeric, SQL_DECIMAL, number).value, "n -0.0012345");
    number.scale = -2;
    EXPECT_EQ(send(CType::numeric, SQL_DECIMAL, number).value, "n -1234500");
    EXPECT_EQ(send(CType::numeric, SQL_DECIMAL, SQL_NUMERIC_STRUCT{1, 0, 0, {}}).value, "n 0");
}

TEST(FromMoments, Structures) {
    const SQL_DATE_STRUCT date{2015, 1, 2};
    const SQL_TIME_STRUCT time{3, 4, 5};
    const SQL_TIMESTAMP_STRUCT stamp{2015, 1, 2, 3, 4, 5, 120000000};
    EXPECT_EQ(send(CType::date, SQL_TYPE_DATE, date).value, "date 2015-01-02");
    EXPECT_EQ(send(CType::date, SQL_DATE, date).value, "date 2015-01-02");
    EXPECT_EQ(send(CType::date, SQL_TYPE_TIMESTAMP, date).value, "datetime 2015-01-02 00:00:00");
    EXPECT_EQ(send(CType::date, SQL_VARCHAR, date).value, "t 2015-01-02");
    EXPECT_EQ(send(CType::date, SQL_TYPE_TIME, date).outcome, Outcome::not_allowed);
    EXPECT_EQ(send(CType::date, SQL_INTEGER, date).outcome, Outcome::not_allowed);
    EXPECT_EQ(send(CType::time, SQL_TYPE_TIME, time).value, "time 03:04:05");
    EXPECT_EQ(send(CType::time, SQL_CHAR, time).value, "t 03:04:05");
    EXPECT_EQ(send(CType::time, SQL_TYPE_DATE, time).outcome, Outcome::not_allowed);
    EXPECT_EQ(send(CType::time, SQL_TYPE_TIMESTAMP, time).outcome, Outcome::stored);
    EXPECT_EQ(send(CType::timestamp, SQL_TYPE_TIMESTAMP, stamp).value,
              "datetime 2015-01-02 03:04:05.120000");
    EXPECT_EQ(send(CType::timestamp, SQL_TIMESTAMP, stamp).value,
              "datetime 2015-01-02 03:04:05.120000");
    EXPECT_EQ(send(CType::timestamp, SQL_UNKNOWN_TYPE, stamp).value,
              "datetime 2015-01-02 03:04:05.120000");
    EXPECT_EQ(send(CType::timestamp, SQL_VARCHAR, stamp).value, "t 2015-01-02 03:04:05.12");
    EXPECT_EQ(send(CType::timestamp, SQL_TYPE_DATE, stamp).outcome, Outcome::datetime_overflow);
    EXPECT_EQ(send(CType::timestamp, SQL_TYPE_TIME, stamp).outcome, Outcome::datetime_overflow);
    EXPECT_EQ(send(CType::timestamp, SQL_TYPE_TIME, stamp, 2).value, "time 03:04:05.120000");
}

TEST(FromMoments, ImpossibleValuesDependOnTheSqlType) {
    for (const SQL_DATE_STRUCT date : {SQL_DATE_STRUCT{2015, 2, 29}, SQL_DATE_STRUCT{2015, 13, 1},
                                       SQL_DATE_STRUCT{0, 0, 0}, SQL_DATE_STRUCT{-1, 1, 1}}) {
        EXPECT_EQ(send(CType::date, SQL_TYPE_DATE, date).outcome, Outcome::bad_datetime);
        EXPECT_EQ(send(CType::date, SQL_VARCHAR, date).outcome, Outcome::datetime_overflow);
    }
    EXPECT_EQ(send(CType::time, SQL_TYPE_TIME, SQL_TIME_STRUCT{24, 0, 0}).outcome,
              Outcome::bad_datetime);
    EXPECT_EQ(send(CType::time, SQL_TYPE_TIME, SQL_TIME_STRUCT{0, 60, 0}).outcome,
              Outcome::bad_datetime);
    EXPECT_EQ(
        send(CType::timestamp, SQL_TYPE_TIMESTAMP, SQL_TIMESTAMP_STRUCT{2015, 1, 2, 3, 4, 60, 0})
            .outcome,
        Outcome::bad_datetime);
    EXPECT_EQ(send(CType::timestamp, SQL_TYPE_TIMESTAMP,
                   SQL_TIMESTAMP_STRUCT{2015, 1, 2, 3, 4, 5, 1000000000})
                  .outcome,
              Outcome::bad_datetime);
    EXPECT_EQ(
        send(CType::timestamp, SQL_TYPE_TIME, SQL_TIMESTAMP_STRUCT{0, 0, 0, 3, 4, 5, 0}).value,
        "time 03:04:05");
}

TEST(FromMoments, NanosecondsAreCutUnlessTheScaleAsksForThem) {
    const SQL_TIMESTAMP_STRUCT stamp{2015, 1, 2, 3, 4, 5, 123456700};
    EXPECT_EQ(send(CType::timestamp, SQL_TYPE_TIMESTAMP, stamp, 3).value,
              "datetime 2015-01-02 03:04:05.123456");
    EXPECT_EQ(send(CType::timestamp, SQL_TYPE_TIMESTAMP, stamp, 7).outcome,
              Outcome::datetime_overflow);
    EXPECT_EQ(send(CType::timestamp, SQL_VARCHAR, stamp).value, "t 2015-01-02 03:04:05.1234567");
}

TEST(FromBinary, BytesAndStructures) {
    const SQLINTEGER number = -5;
    EXPECT_EQ(send_bytes(CType::binary, SQL_VARBINARY, "a\0b", 3).value, std::string("b a\0b", 5));
    EXPECT_EQ(send_bytes(CType::binary, SQL_VARCHAR, "ab", 2).value, "t ab");
    EXPECT_EQ(send_bytes(CType::binary, SQL_INTEGER, &number, 4).value, "i -5");
    EXPECT_EQ(send_bytes(CType::binary, SQL_INTEGER, &number, 3).outcome, Outcome::out_of_range);
    const SQL_DATE_STRUCT date{2015, 1, 2};
    EXPECT_EQ(send_bytes(CType::binary, SQL_TYPE_DATE, &date, 6).value, "date 2015-01-02");
}

TEST(FromGuid, TextOrBytes) {
    const SQLGUID guid{0x61626364, 0x6566, 0x6768, {'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p'}};
    EXPECT_EQ(send(CType::guid, SQL_GUID, guid).value, "t 61626364-6566-6768-696a-6b6c6d6e6f70");
    EXPECT_EQ(send(CType::guid, SQL_WCHAR, guid).value, "t 61626364-6566-6768-696a-6b6c6d6e6f70");
    EXPECT_EQ(send(CType::guid, SQL_BINARY, guid).value, "b abcdefghijklmnop");
    EXPECT_EQ(send(CType::guid, SQL_INTEGER, guid).outcome, Outcome::not_allowed);
}

TEST(FromInterval, TimesNumbersAndText) {
    SQL_INTERVAL_STRUCT value{};
    value.intval.day_second = {1, 2, 3, 4, 500000};
    EXPECT_EQ(send(CType::interval_day_to_second, SQL_INTERVAL_DAY_TO_SECOND, value).value,
              "time 26:03:04.500000");
    EXPECT_EQ(send(CType::interval_day_to_second, SQL_TYPE_TIME, value).value,
              "time 26:03:04.500000");
    EXPECT_EQ(send(CType::interval_day_to_second, SQL_VARCHAR, value).value, "t 1 02:03:04.5");
    EXPECT_EQ(send(CType::interval_day_to_second, SQL_INTEGER, value).outcome,
              Outcome::not_allowed);
    EXPECT_EQ(send(CType::interval_day_to_second, SQL_INTERVAL_DAY_TO_HOUR, value).outcome,
              Outcome::interval_overflow);
    EXPECT_EQ(send(CType::interval_day, SQL_INTEGER, value).value, "i 1");
    EXPECT_EQ(send(CType::interval_day, SQL_INTERVAL_DAY, value).value, "i 1");
    EXPECT_EQ(send(CType::interval_day, SQL_INTERVAL_HOUR, value).value, "i 24");
    EXPECT_EQ(send(CType::interval_day, SQL_INTERVAL_MONTH, value).outcome, Outcome::not_allowed);
    value.intval.day_second.day = 100;
    EXPECT_EQ(send(CType::interval_day_to_second, SQL_TYPE_TIME, value).outcome,
              Outcome::interval_overflow);
    SQL_INTERVAL_STRUCT months{};
    months.interval_sign = SQL_TRUE;
    months.intval.year_month = {3, 6};
    EXPECT_EQ(send(CType::interval_year_to_month, SQL_INTERVAL_YEAR_TO_MONTH, months).value,
              "t -3-6");
    EXPECT_EQ(send(CType::interval_year_to_month, SQL_VARCHAR, months).value, "t -3-6");
    EXPECT_EQ(send(CType::interval_year, SQL_INTEGER, months).value, "i -3");
}

TEST(FromDefault, MustHaveBeenResolved) {
    const int value = 1;
    EXPECT_EQ(send(CType::by_default, SQL_INTEGER, value).outcome, Outcome::not_allowed);
}

}  // namespace
}  // namespace myfabric::conversion::test
