#include <ctime>

#include "samples.h"

namespace myfabric::conversion::test {
namespace {

std::string show(const SQL_DATE_STRUCT& v) {
    return std::to_string(v.year) + "-" + std::to_string(v.month) + "-" + std::to_string(v.day);
}
std::string show(const SQL_TIME_STRUCT& v) {
    return std::to_string(v.hour) + ":" + std::to_string(v.minute) + ":" + std::to_string(v.second);
}
std::string show(const SQL_TIMESTAMP_STRUCT& v) {
    return show(SQL_DATE_STRUCT{v.year, v.month, v.day}) + " " +
           show(SQL_TIME_STRUCT{v.hour, v.minute, v.second}) + "." + std::to_string(v.fraction);
}

std::string today() {
    const std::time_t now = std::time(nullptr);
    char text[20];
    std::strftime(text, sizeof text, "%Y-", std::localtime(&now));
    const std::tm local = *std::localtime(&now);
    return text + std::to_string(local.tm_mon + 1) + "-" + std::to_string(local.tm_mday);
}

const std::string micros = packed(123456u);

struct Sample {
    Kind kind;
    Format format;
    std::string cell;
    CType type;
    Outcome outcome;
    std::string value;
};

TEST(Moments, ToTheStructures) {
    constexpr Format t = Format::text, b = Format::binary;
    const std::string day = today();
    // clang-format off
    const Sample samples[] = {
        {Kind::date, t, "2015-01-02", CType::date, Outcome::stored, "2015-1-2"},
        {Kind::date, b, packed_date(2015, 1, 2), CType::date, Outcome::stored, "2015-1-2"},
        {Kind::date, t, "9999-12-31", CType::timestamp, Outcome::stored, "9999-12-31 0:0:0.0"},
        {Kind::date, b, packed_date(2015, 1, 2), CType::timestamp, Outcome::stored, "2015-1-2 0:0:0.0"},
        {Kind::date, t, "0000-00-00", CType::date, Outcome::bad_datetime, ""},
        {Kind::date, b, "", CType::date, Outcome::bad_datetime, ""},
        {Kind::date, t, "2015-00-00", CType::date, Outcome::bad_datetime, ""},
        {Kind::date, t, "2015-02-30", CType::date, Outcome::bad_datetime, ""},
        {Kind::date, t, "2015-01-02", CType::time, Outcome::not_allowed, ""},
        {Kind::datetime, t, "2015-01-02 03:04:05.123456", CType::timestamp, Outcome::stored, "2015-1-2 3:4:5.123456000"},
        {Kind::datetime, b, packed_moment(2015, 1, 2, 3, 4, 5) + micros, CType::timestamp, Outcome::stored, "2015-1-2 3:4:5.123456000"},
        {Kind::timestamp, b, packed_date(2015, 1, 2), CType::timestamp, Outcome::stored, "2015-1-2 0:0:0.0"},
        {Kind::datetime, t, "0000-00-00 00:00:00", CType::timestamp, Outcome::bad_datetime, ""},
        {Kind::datetime, b, "", CType::timestamp, Outcome::bad_datetime, ""},
        {Kind::datetime, t, "2015-01-02 00:00:00", CType::date, Outcome::stored, "2015-1-2"},
        {Kind::datetime, t, "2015-01-02 03:04:05", CType::date, Outcome::fraction_truncated, "2015-1-2"},
        {Kind::datetime, b, packed_moment(2015, 1, 2, 3, 4, 5), CType::date, Outcome::fraction_truncated, "2015-1-2"},
        {Kind::datetime, t, "2015-01-02 03:04:05", CType::time, Outcome::stored, "3:4:5"},
        {Kind::datetime, t, "2015-01-02 03:04:05.5", CType::time, Outcome::fraction_truncated, "3:4:5"},
        {Kind::datetime, b, packed_date(2015, 1, 2), CType::time, Outcome::stored, "0:0:0"},
        {Kind::time, t, "23:59:59", CType::time, Outcome::stored, "23:59:59"},
        {Kind::time, b, packed_time(false, 0, 23, 59, 59), CType::time, Outcome::stored, "23:59:59"},
        {Kind::time, b, "", CType::time, Outcome::stored, "0:0:0"},
        {Kind::time, t, "01:02:03.5", CType::time, Outcome::fraction_truncated, "1:2:3"},
        {Kind::time, b, packed_time(false, 0, 1, 2, 3) + micros, CType::time, Outcome::fraction_truncated, "1:2:3"},
        {Kind::time, t, "24:00:00", CType::time, Outcome::datetime_overflow, ""},
        {Kind::time, t, "-838:59:59", CType::time, Outcome::datetime_overflow, ""},
        {Kind::time, b, packed_time(false, 1, 0, 0, 0), CType::time, Outcome::datetime_overflow, ""},
        {Kind::time, t, "-00:00:01", CType::time, Outcome::datetime_overflow, ""},
        {Kind::time, t, "01:02:03.25", CType::timestamp, Outcome::stored, day + " 1:2:3.250000000"},
        {Kind::time, t, "24:00:00", CType::timestamp, Outcome::datetime_overflow, ""},
        {Kind::time, t, "01:02:03", CType::date, Outcome::not_allowed, ""},
        {Kind::varchar, t, "0000-00-00", CType::date, Outcome::bad_datetime, ""},
        {Kind::varchar, t, "0000-00-00 00:00:00", CType::timestamp, Outcome::bad_datetime, ""},
        {Kind::varchar, t, "2015-00-00", CType::date, Outcome::bad_text, ""},
        {Kind::varchar, t, "20150102", CType::date, Outcome::stored, "2015-1-2"},
        {Kind::varchar, t, "20150102030405", CType::timestamp, Outcome::stored, "2015-1-2 3:4:5.0"},
        {Kind::varchar, t, "20151302", CType::date, Outcome::bad_text, ""},
        {Kind::varchar, t, "2015010", CType::date, Outcome::bad_text, ""},
        {Kind::varchar, t, " 2015-01-02 ", CType::date, Outcome::stored, "2015-1-2"},
        {Kind::varchar, t, "2015-01-02 03:04:05", CType::date, Outcome::fraction_truncated, "2015-1-2"},
        {Kind::varchar, t, "2015-01-02T03:04:05.123456789", CType::timestamp, Outcome::stored, "2015-1-2 3:4:5.123456789"},
        {Kind::varchar, t, "2015-01-02 03:04:05.1234567891", CType::timestamp, Outcome::fraction_truncated, "2015-1-2 3:4:5.123456789"},
        {Kind::varchar, t, "2015-01-02", CType::timestamp, Outcome::stored, "2015-1-2 0:0:0.0"},
        {Kind::varchar, t, "03:04:05", CType::timestamp, Outcome::stored, day + " 3:4:5.0"},
        {Kind::varchar, t, "03:04:05", CType::time, Outcome::stored, "3:4:5"},
        {Kind::varchar, t, "2016-02-29", CType::date, Outcome::stored, "2016-2-29"},
        {Kind::varchar, t, "2015-02-29", CType::date, Outcome::bad_text, ""},
        {Kind::varchar, t, "1900-02-29", CType::date, Outcome::bad_text, ""},
        {Kind::varchar, t, "2015-13-01", CType::date, Outcome::bad_text, ""},
        {Kind::varchar, t, "2015-01-02", CType::time, Outcome::bad_text, ""},
        {Kind::varchar, t, "03:04:05", CType::date, Outcome::bad_text, ""},
        {Kind::varchar, t, "25:00:00", CType::time, Outcome::bad_text, ""},
        {Kind::varchar, t, "yesterday", CType::timestamp, Outcome::bad_text, ""},
        {Kind::varchar, t, "", CType::date, Outcome::bad_text, ""},
    };
    // clang-format on
    for (const Sample& s : samples) {
        SCOPED_TRACE(s.format == t ? s.cell : s.value);
        const Column from = column(s.kind, false, 6);
        std::string value;
        Outcome outcome;
        SQLLEN length;
        if (s.type == CType::date) {
            const auto got = convert<SQL_DATE_STRUCT>(from, s.format, s.type, s.cell);
            std::tie(outcome, value, length) = std::tuple(got.outcome, show(got.value), got.length);
        } else if (s.type == CType::time) {
            const auto got = convert<SQL_TIME_STRUCT>(from, s.format, s.type, s.cell);
            std::tie(outcome, value, length) = std::tuple(got.outcome, show(got.value), got.length);
        } else {
            const auto got = convert<SQL_TIMESTAMP_STRUCT>(from, s.format, s.type, s.cell);
            std::tie(outcome, value, length) = std::tuple(got.outcome, show(got.value), got.length);
        }
        EXPECT_EQ(outcome, s.outcome);
        if (outcome <= Outcome::fraction_truncated) {
            EXPECT_EQ(value, s.value);
            EXPECT_EQ(length, s.type == CType::timestamp ? 16 : 6);
        }
    }
}

struct TextSample {
    Kind kind;
    unsigned decimals;
    std::string cell;
    const char* text;
};
TEST(Moments, PackedCellsReadLikeTextCells) {
    const TextSample samples[] = {
        {Kind::date, 0, packed_date(2015, 1, 2), "2015-01-02"},
        {Kind::date, 0, "", "0000-00-00"},
        {Kind::datetime, 0, packed_moment(2015, 1, 2, 3, 4, 5), "2015-01-02 03:04:05"},
        {Kind::datetime, 0, "", "0000-00-00 00:00:00"},
        {Kind::datetime, 6, packed_date(2015, 1, 2), "2015-01-02 00:00:00.000000"},
        {Kind::timestamp, 3, packed_moment(2015, 1, 2, 3, 4, 5) + packed(120000u),
         "2015-01-02 03:04:05.120"},
        {Kind::timestamp, 31, packed_moment(2015, 1, 2, 3, 4, 5) + packed(120000u),
         "2015-01-02 03:04:05.12"},
        {Kind::time, 0, "", "00:00:00"},
        {Kind::time, 0, packed_time(true, 34, 22, 59, 59), "-838:59:59"},
        {Kind::time, 2, packed_time(false, 0, 1, 2, 3) + packed(500000u), "01:02:03.50"},
    };
    for (const TextSample& s : samples) {
        SCOPED_TRACE(s.text);
        const Column from = column(s.kind, false, s.decimals);
        Buffer packed_buffer(40), text_buffer(40), wide(80);
        EXPECT_EQ(converter(from, Format::binary, CType::character)(s.cell, packed_buffer.target()),
                  Outcome::stored);
        EXPECT_EQ(packed_buffer.text(), s.text);
        EXPECT_EQ(packed_buffer.length, static_cast<SQLLEN>(std::strlen(s.text)));
        EXPECT_EQ(converter(from, Format::text, CType::character)(s.text, text_buffer.target()),
                  Outcome::stored);
        EXPECT_EQ(text_buffer.text(), s.text);
        EXPECT_EQ(converter(from, Format::binary, CType::wide_character)(s.cell, wide.target()),
                  Outcome::stored);
        EXPECT_EQ(wide.wide(), std::u16string(s.text, s.text + std::strlen(s.text)));
    }
}

TEST(Moments, OnlyTheFractionOfTextMayBeCut) {
    const Column from = column(Kind::datetime, false, 6);
    const Converter to = converter(from, Format::text, CType::character);
    Buffer whole(20), small(19), part(23);
    EXPECT_EQ(to("2015-01-02 03:04:05.123456", whole.target()), Outcome::truncated);
    EXPECT_EQ(whole.text(), "2015-01-02 03:04:05");
    EXPECT_EQ(whole.length, 26);
    EXPECT_EQ(to("2015-01-02 03:04:05.123456", small.target()), Outcome::out_of_range);
    EXPECT_EQ(to("2015-01-02 03:04:05.123456", part.target()), Outcome::truncated);
    EXPECT_EQ(part.text(), "2015-01-02 03:04:05.12");
}

TEST(Moments, BinaryIsTheStructure) {
    for (const auto& [format, cell] : {std::pair<Format, std::string>{Format::text, "2015-01-02"},
                                       {Format::binary, packed_date(2015, 1, 2)}}) {
        const auto got = convert<SQL_DATE_STRUCT>(column(Kind::date), format, CType::binary, cell);
        EXPECT_EQ(show(got.value), "2015-1-2");
        EXPECT_EQ(got.length, 6);
    }
}

TEST(Moments, DamagedCellsAreRefused) {
    EXPECT_EQ(
        convert<SQL_DATE_STRUCT>(column(Kind::date), Format::binary, CType::date, "abc").outcome,
        Outcome::bad_datetime);
    EXPECT_EQ(
        convert<SQL_TIME_STRUCT>(column(Kind::time), Format::binary, CType::time, "abc").outcome,
        Outcome::bad_datetime);
    EXPECT_EQ(
        convert<SQL_DATE_STRUCT>(column(Kind::date), Format::text, CType::date, "2015010").outcome,
        Outcome::bad_datetime);
}

struct IntervalSample {
    Kind kind;
    const char* cell;
    CType type;
    Outcome outcome;
    std::string value;
};
std::string show(const SQL_INTERVAL_STRUCT& v) {
    std::string out = v.interval_sign ? "-" : "";
    if (v.interval_type == SQL_IS_YEAR || v.interval_type == SQL_IS_MONTH ||
        v.interval_type == SQL_IS_YEAR_TO_MONTH)
        return out + std::to_string(v.intval.year_month.year) + "y" +
               std::to_string(v.intval.year_month.month) + "m";
    const auto& d = v.intval.day_second;
    return out + std::to_string(d.day) + " " + std::to_string(d.hour) + ":" +
           std::to_string(d.minute) + ":" + std::to_string(d.second) + "." +
           std::to_string(d.fraction);
}
TEST(Intervals, FromNumbersTimesAndText) {
    const IntervalSample samples[] = {
        {Kind::time, "-838:59:59", CType::interval_hour_to_second, Outcome::stored,
         "-0 838:59:59.0"},
        {Kind::time, "26:00:01.5", CType::interval_day_to_second, Outcome::stored,
         "1 2:0:1.500000"},
        {Kind::time, "26:00:01", CType::interval_hour, Outcome::fraction_truncated, "0 26:0:0.0"},
        {Kind::time, "26:00:01", CType::interval_second, Outcome::stored, "0 0:0:93601.0"},
        {Kind::time, "26:00:01", CType::interval_month, Outcome::not_allowed, ""},
        {Kind::integer, "-5", CType::interval_day, Outcome::stored, "-5 0:0:0.0"},
        {Kind::integer, "14", CType::interval_month, Outcome::stored, "0y14m"},
        {Kind::integer, "3", CType::interval_year, Outcome::stored, "3y0m"},
        {Kind::decimal, "1.5", CType::interval_second, Outcome::stored, "0 0:0:1.500000"},
        {Kind::decimal, "1.5", CType::interval_hour, Outcome::fraction_truncated, "0 1:0:0.0"},
        {Kind::bigint, "99999999999", CType::interval_day, Outcome::interval_overflow, ""},
        {Kind::integer, "1", CType::interval_day_to_second, Outcome::interval_overflow, ""},
        {Kind::varchar, "154 22:44:10.5", CType::interval_day_to_second, Outcome::stored,
         "154 22:44:10.500000"},
        {Kind::varchar, "154 22:44:10", CType::interval_day_to_hour, Outcome::fraction_truncated,
         "154 22:0:0.0"},
        {Kind::varchar, " 3-6 ", CType::interval_year_to_month, Outcome::stored, "3y6m"},
        {Kind::varchar, "INTERVAL -'3-6' YEAR TO MONTH", CType::interval_year_to_month,
         Outcome::stored, "-3y6m"},
        {Kind::varchar, "10:30", CType::interval_minute_to_second, Outcome::stored, "0 0:10:30.0"},
        {Kind::varchar, "10:30", CType::interval_hour_to_minute, Outcome::stored, "0 10:30:0.0"},
        {Kind::varchar, "-7", CType::interval_day, Outcome::stored, "-7 0:0:0.0"},
        {Kind::varchar, "7 days", CType::interval_day, Outcome::bad_text, ""},
        {Kind::varchar, "", CType::interval_day, Outcome::bad_text, ""},
    };
    for (const IntervalSample& s : samples) {
        SCOPED_TRACE(s.cell);
        const auto got =
            convert<SQL_INTERVAL_STRUCT>(column(s.kind, false, 6), Format::text, s.type, s.cell);
        EXPECT_EQ(got.outcome, s.outcome);
        if (s.outcome > Outcome::fraction_truncated) continue;
        EXPECT_EQ(show(got.value), s.value);
    }
    const auto packed_cell =
        convert<SQL_INTERVAL_STRUCT>(column(Kind::time), Format::binary,
                                     CType::interval_hour_to_second, packed_time(true, 1, 2, 3, 4));
    EXPECT_EQ(show(packed_cell.value), "-0 26:3:4.0");
}

}  // namespace
}  // namespace myfabric::conversion::test
