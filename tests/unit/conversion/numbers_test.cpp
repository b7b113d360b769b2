#include "conversion/numbers.h"

#include <algorithm>
#include <cerrno>
#include <cfloat>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <random>

#include "conversion/decimal.h"
#include "samples.h"

namespace myfabric::conversion::test {
namespace {

template <class T>
void expect_integer(const Column& from, Format format, CType type, std::string_view cell,
                    Outcome outcome, T value) {
    const auto got = convert<T>(from, format, type, cell);
    EXPECT_EQ(got.outcome, outcome);
    if (outcome <= Outcome::fraction_truncated) {
        EXPECT_EQ(got.value, value);
        EXPECT_EQ(got.length, static_cast<SQLLEN>(sizeof(T)));
    }
}

/// Limits of an integer C type, out of text and out of a binary BIGINT.
template <class T>
void expect_limits(CType type) {
    using Limits = std::numeric_limits<T>;
    const auto text = [](auto number) { return std::to_string(number); };
    const Column signed_column = column(Kind::bigint);
    const Column unsigned_column = column(Kind::bigint, true);
    for (const Column& from : {signed_column, column(Kind::decimal), column(Kind::varchar)}) {
        expect_integer<T>(from, Format::text, type, text(Limits::max()), Outcome::stored,
                          Limits::max());
        expect_integer<T>(from, Format::text, type, text(Limits::min()), Outcome::stored,
                          Limits::min());
        expect_integer<T>(from, Format::text, type, "0", Outcome::stored, 0);
    }
    if constexpr (sizeof(T) < 8) {
        const long long above = static_cast<long long>(Limits::max()) + 1;
        const long long below = static_cast<long long>(Limits::min()) - 1;
        for (const long long outside : {above, below, LLONG_MAX, LLONG_MIN}) {
            SCOPED_TRACE(outside);
            expect_integer<T>(signed_column, Format::text, type, text(outside),
                              Outcome::out_of_range, 0);
            expect_integer<T>(signed_column, Format::binary, type, packed(outside),
                              Outcome::out_of_range, 0);
            expect_integer<T>(column(Kind::double_precision), Format::binary, type,
                              packed(static_cast<double>(outside)), Outcome::out_of_range, 0);
        }
        expect_integer<T>(signed_column, Format::binary, type, packed<long long>(Limits::max()),
                          Outcome::stored, Limits::max());
        expect_integer<T>(signed_column, Format::binary, type, packed<long long>(Limits::min()),
                          Outcome::stored, Limits::min());
    }
    expect_integer<T>(unsigned_column, Format::binary, type, packed(ULLONG_MAX),
                      std::is_same_v<T, SQLUBIGINT> ? Outcome::stored : Outcome::out_of_range,
                      Limits::max());
}

TEST(Integers, EveryWidthHasItsLimits) {
    expect_limits<SQLSCHAR>(CType::stinyint);
    expect_limits<SQLCHAR>(CType::utinyint);
    expect_limits<SQLSMALLINT>(CType::sshort);
    expect_limits<SQLUSMALLINT>(CType::ushort);
    expect_limits<SQLINTEGER>(CType::slong);
    expect_limits<SQLUINTEGER>(CType::ulong);
    expect_limits<SQLBIGINT>(CType::sbigint);
    expect_limits<SQLUBIGINT>(CType::ubigint);
}

struct TextSample {
    const char* text;
    Outcome outcome;
    SQLINTEGER value;
};
TEST(Integers, TextIsANumericLiteral) {
    const TextSample samples[] = {
        {"12.5", Outcome::fraction_truncated, 12},
        {"-12.5", Outcome::fraction_truncated, -12},
        {"  42  ", Outcome::stored, 42},
        {"+7", Outcome::stored, 7},
        {"00042", Outcome::stored, 42},
        {"12.000", Outcome::stored, 12},
        {"1e3", Outcome::stored, 1000},
        {"1.25E1", Outcome::fraction_truncated, 12},
        {"125e-1", Outcome::fraction_truncated, 12},
        {"-0.9", Outcome::fraction_truncated, 0},
        {".5", Outcome::fraction_truncated, 0},
        {"5.", Outcome::stored, 5},
        {"1e99999999999", Outcome::out_of_range, 0},
        {"0e99999999999", Outcome::stored, 0},
        {"1e-99999999999", Outcome::fraction_truncated, 0},
        {"99999999999999999999999999999999999999999999", Outcome::out_of_range, 0},
        {"", Outcome::bad_text, 0},
        {" ", Outcome::bad_text, 0},
        {"abc", Outcome::bad_text, 0},
        {"1x", Outcome::bad_text, 0},
        {"1e", Outcome::bad_text, 0},
        {"--1", Outcome::bad_text, 0},
        {".", Outcome::bad_text, 0},
        {"0x1F", Outcome::bad_text, 0},
    };
    for (const TextSample& s : samples) {
        SCOPED_TRACE(s.text);
        expect_integer<SQLINTEGER>(column(Kind::varchar), Format::text, CType::slong, s.text,
                                   s.outcome, s.value);
        expect_integer<SQLINTEGER>(column(Kind::varchar), Format::binary, CType::slong, s.text,
                                   s.outcome, s.value);
    }
}

/// Texts that a server may send, and what is nearly that: up to `most` digits, some replaced.
std::string number_text(std::mt19937& random, std::size_t most, bool with_point) {
    const auto below = [&random](std::size_t limit) { return random() % limit; };
    std::string text(below(most + 1), '0');
    for (char& digit : text) digit = static_cast<char>('0' + below(10));
    if (with_point && below(3)) text.insert(below(text.size() + 1), 1, '.');
    if (!text.empty() && below(8) == 0) text[below(text.size())] = static_cast<char>(below(256));
    return below(2) ? "-" + text : text;
}
bool only_digits(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

TEST(Integers, DigitsReadAtOnceAreTheNumberThatOneByOneGives) {
    std::mt19937 random(20);
    int right = 0;
    for (int i = 0; i < 300'000; ++i) {
        const std::string text = number_text(random, 21, false);
        // On the heap, of exactly this size: nothing may be read behind it.
        const std::vector<char> bytes(text.begin(), text.end());
        const Cell cell(bytes.data(), bytes.size());
        SQLBIGINT large = 0;
        SQLINTEGER small = 0;
        const bool large_read = plain_integer(cell, large), small_read = plain_integer(cell, small);
        errno = 0;
        const long long number = std::strtoll(text.c_str(), nullptr, 10);
        const bool is_number = only_digits(text) && errno == 0;
        if (large_read) {
            ASSERT_TRUE(is_number) << text;
            ASSERT_EQ(number, large) << text;
        }
        if (small_read) {
            ASSERT_TRUE(is_number) << text;
            ASSERT_EQ(number, small) << text;
        }
        const std::size_t digits = text.size() - text.starts_with('-');
        ASSERT_TRUE(large_read || !is_number || digits > 16) << text;
        ASSERT_TRUE(small_read || !is_number || digits > 8) << text;
        right += is_number;
    }
    EXPECT_GT(right, 100'000);
}

TEST(Integers, BinaryColumnsHaveTheirNativeWidth) {
    expect_integer<SQLINTEGER>(column(Kind::tinyint), Format::binary, CType::slong,
                               packed<signed char>(-128), Outcome::stored, -128);
    expect_integer<SQLINTEGER>(column(Kind::tinyint, true), Format::binary, CType::slong,
                               packed<unsigned char>(255), Outcome::stored, 255);
    expect_integer<SQLINTEGER>(column(Kind::smallint), Format::binary, CType::slong,
                               packed<short>(-32768), Outcome::stored, -32768);
    expect_integer<SQLINTEGER>(column(Kind::year, true), Format::binary, CType::slong,
                               packed<short>(2155), Outcome::stored, 2155);
    expect_integer<SQLINTEGER>(column(Kind::mediumint), Format::binary, CType::slong,
                               packed(-8388608), Outcome::stored, -8388608);
    expect_integer<SQLUINTEGER>(column(Kind::integer, true), Format::binary, CType::ulong,
                                packed(UINT_MAX), Outcome::stored, UINT_MAX);
    expect_integer<SQLINTEGER>(column(Kind::integer, true), Format::binary, CType::slong,
                               packed(UINT_MAX), Outcome::out_of_range, 0);
    expect_integer<SQLUINTEGER>(column(Kind::integer), Format::binary, CType::ulong, packed(-1),
                                Outcome::out_of_range, 0);
}

TEST(Integers, FloatingPointLosesItsFraction) {
    const Column from = column(Kind::double_precision);
    expect_integer<SQLINTEGER>(from, Format::binary, CType::slong, packed(2.0), Outcome::stored, 2);
    expect_integer<SQLINTEGER>(from, Format::binary, CType::slong, packed(-2.75),
                               Outcome::fraction_truncated, -2);
    expect_integer<SQLCHAR>(from, Format::binary, CType::utinyint, packed(-0.5),
                            Outcome::fraction_truncated, 0);
    expect_integer<SQLINTEGER>(from, Format::binary, CType::slong, packed(2147483647.5),
                               Outcome::fraction_truncated, INT_MAX);
    expect_integer<SQLINTEGER>(from, Format::binary, CType::slong, packed(double(NAN)),
                               Outcome::out_of_range, 0);
    expect_integer<SQLBIGINT>(from, Format::binary, CType::sbigint, packed(9223372036854775808.0),
                              Outcome::out_of_range, 0);
    expect_integer<SQLBIGINT>(from, Format::binary, CType::sbigint, packed(-9223372036854775808.0),
                              Outcome::stored, LLONG_MIN);
    expect_integer<SQLINTEGER>(column(Kind::real), Format::binary, CType::slong, packed(1.5f),
                               Outcome::fraction_truncated, 1);
}

TEST(Integers, OnlyTheLengthIsStoredWithoutABuffer) {
    SQLLEN length = 0;
    EXPECT_EQ(converter(column(Kind::integer), Format::text, CType::slong)(
                  "5", Target{nullptr, 0, &length}),
              Outcome::stored);
    EXPECT_EQ(length, 4);
    SQLINTEGER value = 0;
    EXPECT_EQ(converter(column(Kind::integer), Format::text, CType::slong)(
                  "5", Target{&value, 0, nullptr}),
              Outcome::stored);
    EXPECT_EQ(value, 5);
}

TEST(Reals, TextAndBinary) {
    struct Sample {
        Kind kind;
        Format format;
        std::string cell;
        Outcome outcome;
        double value;
    };
    const Sample samples[] = {
        {Kind::double_precision, Format::text, "1.5", Outcome::stored, 1.5},
        {Kind::double_precision, Format::text, "1.7976931348623157e308", Outcome::stored, DBL_MAX},
        {Kind::double_precision, Format::text, "-2.2250738585072014e-308", Outcome::stored,
         -DBL_MIN},
        {Kind::double_precision, Format::binary, packed(DBL_MAX), Outcome::stored, DBL_MAX},
        {Kind::real, Format::binary, packed(0.5f), Outcome::stored, 0.5},
        {Kind::bigint, Format::binary, packed(LLONG_MIN), Outcome::stored, -9223372036854775808.0},
        {Kind::decimal, Format::binary, "-123.25", Outcome::stored, -123.25},
        {Kind::varchar, Format::text, " +1e2 ", Outcome::stored, 100},
        {Kind::varchar, Format::text, "1e400", Outcome::out_of_range, 0},
        {Kind::varchar, Format::text, "1e-400", Outcome::stored, 0},
        {Kind::varchar, Format::text, "nan", Outcome::bad_text, 0},
        {Kind::varchar, Format::text, "inf", Outcome::bad_text, 0},
        {Kind::varchar, Format::text, "", Outcome::bad_text, 0},
        {Kind::varchar, Format::text, "1.5 apples", Outcome::bad_text, 0},
    };
    for (const Sample& s : samples) {
        SCOPED_TRACE(s.cell);
        const auto got = convert<double>(column(s.kind), s.format, CType::double_precision, s.cell);
        EXPECT_EQ(got.outcome, s.outcome);
        if (s.outcome == Outcome::stored) {
            EXPECT_EQ(got.value, s.value);
            EXPECT_EQ(got.length, 8);
        }
    }
}

TEST(Reals, DigitsReadAtOnceAreTheNearestNumber) {
    std::mt19937 random(21);
    int read = 0;
    for (int i = 0; i < 300'000; ++i) {
        const std::string text = number_text(random, 18, true);
        const std::vector<char> bytes(text.begin(), text.end());
        double number = 0;
        if (!plain_real({bytes.data(), bytes.size()}, number)) continue;
        char* end = nullptr;
        const double expected = std::strtod(text.c_str(), &end);
        ASSERT_EQ(text.c_str() + text.size(), end) << text;
        ASSERT_EQ(packed(expected), packed(number)) << text;
        ++read;
    }
    EXPECT_GT(read, 100'000);
    for (const char* none : {"", "-", ".", "-.", "1..2", "1.-2", "+1", " 1", "1 ", "1e3"}) {
        double number = 0;
        EXPECT_FALSE(plain_real(none, number)) << none;
    }
}

TEST(Reals, FloatRefusesWhatItCannotHold) {
    const Column from = column(Kind::double_precision);
    EXPECT_EQ(convert<float>(from, Format::binary, CType::real, packed(1e39)).outcome,
              Outcome::out_of_range);
    EXPECT_EQ(convert<float>(from, Format::text, CType::real, "1e39").outcome,
              Outcome::out_of_range);
    EXPECT_EQ(convert<float>(from, Format::binary, CType::real, packed(0.1)).value, 0.1f);
    EXPECT_EQ(convert<float>(from, Format::text, CType::real, "0.1").value, 0.1f);
}

TEST(Bit, TakesZeroAndOne) {
    struct Sample {
        const char* text;
        Outcome outcome;
        int value;
    };
    const Sample samples[] = {
        {"0", Outcome::stored, 0},
        {"1", Outcome::stored, 1},
        {"1.0", Outcome::stored, 1},
        {"0.5", Outcome::fraction_truncated, 0},
        {"1.9", Outcome::fraction_truncated, 1},
        {"2", Outcome::out_of_range, 0},
        {"-1", Outcome::out_of_range, 0},
        {"-0.5", Outcome::out_of_range, 0},
        {"-0", Outcome::stored, 0},
        {"yes", Outcome::bad_text, 0},
    };
    for (const Sample& s : samples) {
        SCOPED_TRACE(s.text);
        const auto got = convert<SQLCHAR>(column(Kind::varchar), Format::text, CType::bit, s.text);
        EXPECT_EQ(got.outcome, s.outcome);
        if (s.outcome > Outcome::fraction_truncated) continue;
        EXPECT_EQ(got.value, s.value);
    }
    EXPECT_EQ(
        convert<SQLCHAR>(column(Kind::tinyint), Format::binary, CType::bit, packed<signed char>(1))
            .value,
        1);
    EXPECT_EQ(
        convert<SQLCHAR>(column(Kind::double_precision), Format::binary, CType::bit, packed(0.25))
            .outcome,
        Outcome::fraction_truncated);
}

TEST(Bit, ColumnsAreBytesInBothFormats) {
    const Column one = column(Kind::bit, true, 0, 1);
    const Column many = column(Kind::bit, true, 0, 16);
    for (const Format format : {Format::text, Format::binary}) {
        EXPECT_EQ(convert<SQLCHAR>(one, format, CType::bit, "\1").value, 1);
        EXPECT_EQ(convert<SQLINTEGER>(one, format, CType::slong, std::string(1, '\0')).value, 0);
        Buffer text(2), small(1), hex(5);
        EXPECT_EQ(converter(one, format, CType::character)("\1", text.target()), Outcome::stored);
        EXPECT_EQ(text.text(), "1");
        EXPECT_EQ(converter(one, format, CType::character)("\1", small.target()),
                  Outcome::out_of_range);
        EXPECT_EQ(converter(many, format, CType::character)("\x01\xFF", hex.target()),
                  Outcome::stored);
        EXPECT_EQ(hex.text(), "01FF");
        EXPECT_EQ(convert<SQLINTEGER>(many, format, CType::slong, "\x01\xFF").value, 511);
    }
    EXPECT_EQ(convert<SQLUBIGINT>(column(Kind::bit, true, 0, 64), Format::text, CType::ubigint,
                                  std::string(8, '\xFF'))
                  .value,
              ULLONG_MAX);
}

struct NumericSample {
    const char* text;
    short precision, scale;
    Outcome outcome;
    const char* value;  // as text again
};
TEST(Numeric, TakesPrecisionAndScaleOfTheDescriptor) {
    const NumericSample samples[] = {
        {"0", 0, 0, Outcome::stored, "0"},
        {"12.5", 0, 0, Outcome::fraction_truncated, "12"},
        {"12.5", 10, 1, Outcome::stored, "12.5"},
        {"-12.5", 10, 3, Outcome::stored, "-12.500"},
        {"-0.001", 10, 2, Outcome::fraction_truncated, "0.00"},
        {"0.05", 10, 2, Outcome::stored, "0.05"},
        {"12000", 10, -3, Outcome::stored, "12000"},
        {"1e5", 10, 0, Outcome::stored, "100000"},
        {"12345", 4, 0, Outcome::out_of_range, ""},
        {"99999999999999999999999999999999999999", 38, 0, Outcome::stored,
         "99999999999999999999999999999999999999"},
        {"100000000000000000000000000000000000000", 38, 0, Outcome::out_of_range, ""},
        {"99999999999999999999999999999999999999999999999999999999999999999", 0, 0,
         Outcome::out_of_range, ""},
        {"0.00000000000000000000000000000000000001", 38, 38, Outcome::stored,
         "0.00000000000000000000000000000000000001"},
        {"x", 0, 0, Outcome::bad_text, ""},
    };
    for (const NumericSample& s : samples) {
        SCOPED_TRACE(s.text);
        const auto got = convert<SQL_NUMERIC_STRUCT>(column(Kind::varchar), Format::text,
                                                     CType::numeric, s.text, s.precision, s.scale);
        EXPECT_EQ(got.outcome, s.outcome);
        if (s.outcome > Outcome::fraction_truncated) continue;
        char text[200];
        EXPECT_EQ(numeric_text(got.value, text), s.value);
        EXPECT_EQ(got.value.precision, s.precision ? s.precision : 38);
        EXPECT_EQ(got.length, 19);
    }
}

TEST(Numeric, IsLittleEndianWithASign) {
    const auto got = convert<SQL_NUMERIC_STRUCT>(column(Kind::bigint), Format::binary,
                                                 CType::numeric, packed(-258LL));
    EXPECT_EQ(got.value.sign, 0);
    EXPECT_EQ(got.value.val[0], 2);
    EXPECT_EQ(got.value.val[1], 1);
    EXPECT_EQ(convert<SQL_NUMERIC_STRUCT>(column(Kind::double_precision), Format::binary,
                                          CType::numeric, packed(1e20))
                  .outcome,
              Outcome::stored);
}

struct CharSample {
    Kind kind;
    bool is_unsigned;
    std::string cell;
    const char* text;
};
TEST(NumberText, BinaryCellsReadLikeTextCells) {
    const CharSample samples[] = {
        {Kind::tinyint, false, packed<signed char>(-128), "-128"},
        {Kind::tinyint, true, packed<unsigned char>(255), "255"},
        {Kind::smallint, false, packed<short>(-32768), "-32768"},
        {Kind::mediumint, false, packed(-1), "-1"},
        {Kind::integer, true, packed(UINT_MAX), "4294967295"},
        {Kind::bigint, false, packed(LLONG_MIN), "-9223372036854775808"},
        {Kind::bigint, true, packed(ULLONG_MAX), "18446744073709551615"},
        {Kind::double_precision, false, packed(0.1), "0.1"},
        {Kind::double_precision, false, packed(100000.0), "100000"},
        {Kind::double_precision, false, packed(-0.00001), "-0.00001"},
        {Kind::double_precision, false, packed(1e14), "100000000000000"},
        {Kind::double_precision, false, packed(1e15), "1e15"},
        {Kind::double_precision, false, packed(1.5e20), "1.5e20"},
        {Kind::double_precision, false, packed(1e-16), "1e-16"},
        {Kind::double_precision, false, packed(DBL_MAX), "1.7976931348623157e308"},
        {Kind::double_precision, false, packed(0.0), "0"},
        {Kind::real, false, packed(0.1f), "0.1"},
        {Kind::real, false, packed(FLT_MAX), "3.4028235e38"},
        {Kind::decimal, false, "-12.50", "-12.50"},
        {Kind::year, true, packed<short>(2015), "2015"},
    };
    for (const CharSample& s : samples) {
        SCOPED_TRACE(s.text);
        Buffer narrow(40), wide(80);
        const Column from = column(s.kind, s.is_unsigned, 31);
        EXPECT_EQ(converter(from, Format::binary, CType::character)(s.cell, narrow.target()),
                  Outcome::stored);
        EXPECT_EQ(narrow.text(), s.text);
        EXPECT_EQ(narrow.length, static_cast<SQLLEN>(std::strlen(s.text)));
        EXPECT_EQ(converter(from, Format::binary, CType::wide_character)(s.cell, wide.target()),
                  Outcome::stored);
        EXPECT_EQ(wide.wide(), std::u16string(s.text, s.text + std::strlen(s.text)));
        EXPECT_EQ(wide.length, narrow.length * 2);
    }
}

struct CutSample {
    const char* text;
    std::size_t capacity;  // characters with the terminator
    Outcome outcome;
    const char* stored;
};
TEST(NumberText, OnlyTheFractionMayBeCut) {
    const CutSample samples[] = {
        {"123.456", 8, Outcome::stored, "123.456"}, {"123.456", 7, Outcome::truncated, "123.45"},
        {"123.456", 5, Outcome::truncated, "123"},  {"123.456", 4, Outcome::truncated, "123"},
        {"123.456", 3, Outcome::out_of_range, ""},  {"12345", 5, Outcome::out_of_range, ""},
        {"-1", 3, Outcome::stored, "-1"},           {"-1", 2, Outcome::out_of_range, ""},
        {"1.5e20", 5, Outcome::out_of_range, ""},   {"123.456", 0, Outcome::truncated, ""},
    };
    for (const CutSample& s : samples) {
        SCOPED_TRACE(std::string(s.text) + " in " + std::to_string(s.capacity));
        for (const CType type : {CType::character, CType::wide_character}) {
            const std::size_t unit = type == CType::character ? 1 : 2;
            Buffer buffer(s.capacity * unit);
            EXPECT_EQ(converter(column(Kind::decimal), Format::text, type)(s.text, buffer.target()),
                      s.outcome);
            EXPECT_TRUE(buffer.guard_intact());
            if (s.outcome == Outcome::out_of_range) continue;
            EXPECT_EQ(buffer.length, static_cast<SQLLEN>(std::strlen(s.text) * unit));
            if (!s.capacity) continue;
            if (unit == 1) {
                EXPECT_EQ(buffer.text(), s.stored);
            } else {
                EXPECT_EQ(buffer.wide(),
                          std::u16string(s.stored, s.stored + std::strlen(s.stored)));
            }
        }
    }
}

TEST(NumberBytes, BinaryIsTheNativeNumber) {
    const auto from_text =
        convert<SQLINTEGER>(column(Kind::integer), Format::text, CType::binary, "-5");
    EXPECT_EQ(from_text.value, -5);
    EXPECT_EQ(from_text.length, 4);
    EXPECT_EQ(
        convert<SQLINTEGER>(column(Kind::integer), Format::binary, CType::binary, packed(-5)).value,
        -5);
    EXPECT_EQ(
        convert<double>(column(Kind::double_precision), Format::text, CType::binary, "0.5").value,
        0.5);
    EXPECT_EQ(
        convert<SQLSMALLINT>(column(Kind::integer), Format::text, CType::binary, "-5").outcome,
        Outcome::out_of_range);
    Buffer digits(8);
    EXPECT_EQ(
        converter(column(Kind::decimal), Format::binary, CType::binary)("1.25", digits.target()),
        Outcome::stored);
    EXPECT_EQ(digits.memory.substr(0, 4), "1.25");
}

TEST(Restrictions, NumbersAreNoDatesNorGuids) {
    for (const Format format : {Format::text, Format::binary})
        for (const CType type :
             {CType::date, CType::time, CType::timestamp, CType::guid, CType::by_default})
            EXPECT_EQ(converter(column(Kind::integer), format, type)("1234", Target{}),
                      Outcome::not_allowed);
    EXPECT_EQ(
        converter(column(Kind::double_precision), Format::text, CType::interval_day)("1", Target{}),
        Outcome::not_allowed);
    EXPECT_EQ(converter(column(Kind::blob), Format::text, CType::slong)("1", Target{}),
              Outcome::not_allowed);
}

TEST(Restrictions, EveryCombinationHasAConverter) {
    for (int kind = 0; kind <= static_cast<int>(Kind::inet6); ++kind)
        for (std::size_t type = 0; type < c_types; ++type)
            for (const Format format : {Format::text, Format::binary})
                EXPECT_NE(
                    converter(column(static_cast<Kind>(kind)), format, static_cast<CType>(type)),
                    nullptr);
}

}  // namespace
}  // namespace myfabric::conversion::test
