#include "descriptor/fields.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace myfabric::descriptor {
namespace {

SQLPOINTER number(SQLLEN value) {
    return reinterpret_cast<SQLPOINTER>(value);
}

std::string state_of(auto&& call) {
    try {
        call();
        return "";
    } catch (const Error& error) {
        return std::string(error.state());
    }
}

TEST(DescriptorFields, ConciseTypeDecidesVerboseTypeAndCode) {
    struct Sample {
        SQLSMALLINT concise, type, code, kept;
    };
    const Sample samples[] = {
        {SQL_C_SLONG, SQL_C_SLONG, 0, SQL_C_SLONG},
        {SQL_TYPE_TIMESTAMP, SQL_DATETIME, SQL_CODE_TIMESTAMP, SQL_TYPE_TIMESTAMP},
        {SQL_DATE, SQL_DATETIME, SQL_CODE_DATE, SQL_TYPE_DATE},
        {SQL_INTERVAL_DAY_TO_SECOND, SQL_INTERVAL, SQL_CODE_DAY_TO_SECOND,
         SQL_INTERVAL_DAY_TO_SECOND},
    };
    for (const Sample& sample : samples) {
        Record record;
        set_concise_type(record, sample.concise);
        EXPECT_EQ(sample.type, record.type);
        EXPECT_EQ(sample.code, record.datetime_interval_code);
        EXPECT_EQ(sample.kept, record.concise_type);
    }
}

TEST(DescriptorFields, SettingTypeAndCodeGivesTheConciseType) {
    Descriptor ard(Kind::application_row);
    set_field(ard, 1, SQL_DESC_TYPE, number(SQL_DATETIME), 0, false);
    set_field(ard, 1, SQL_DESC_DATETIME_INTERVAL_CODE, number(SQL_CODE_TIME), 0, false);
    EXPECT_EQ(SQL_TYPE_TIME, ard.record(1).concise_type);
}

TEST(DescriptorFields, RightsAreThoseOfTheReference) {
    Descriptor ard(Kind::application_row);
    Descriptor ird(Kind::row);
    Descriptor ipd(Kind::parameter);
    EXPECT_EQ("HY016", state_of([&] { set_field(ird, 1, SQL_DESC_TYPE, number(4), 0, false); }));
    EXPECT_EQ("",
              state_of([&] { set_field(ird, 0, SQL_DESC_ROWS_PROCESSED_PTR, nullptr, 0, false); }));
    EXPECT_EQ("HY091", state_of([&] { set_field(ard, 1, SQL_DESC_NAME, nullptr, 0, false); }));
    EXPECT_EQ("HY091", state_of([&] { set_field(ard, 1, 29999, nullptr, 0, false); }));
    EXPECT_EQ("07009", state_of([&] { set_field(ard, -1, SQL_DESC_TYPE, number(4), 0, false); }));
    EXPECT_EQ("07009", state_of([&] { set_field(ipd, 0, SQL_DESC_TYPE, number(4), 0, false); }));
}

TEST(DescriptorFields, NamesAreReadInEitherWidth) {
    Descriptor ipd(Kind::parameter);
    char name[] = "customer";
    set_field(ipd, 1, SQL_DESC_NAME, name, SQL_NTS, false);
    SQLWCHAR wide[20];
    SQLINTEGER length = 0;
    EXPECT_TRUE(get_field(ipd, 1, SQL_DESC_NAME, wide, sizeof wide, &length, true));
    EXPECT_EQ(16, length);
    char narrow[4];
    EXPECT_FALSE(get_field(ipd, 1, SQL_DESC_NAME, narrow, sizeof narrow, &length, false));
    EXPECT_STREQ("cus", narrow);
    EXPECT_EQ(8, length);
}

TEST(DescriptorFields, CountGrowsWithARecordAndFreesThoseAbove) {
    Descriptor ard(Kind::application_row);
    const std::uint64_t before = ard.revision();
    set_field(ard, 3, SQL_DESC_CONCISE_TYPE, number(SQL_C_CHAR), 0, false);
    EXPECT_EQ(3u, ard.count());
    EXPECT_NE(before, ard.revision());
    set_field(ard, 0, SQL_DESC_COUNT, number(1), 0, false);
    EXPECT_EQ(1u, ard.count());
    EXPECT_EQ("07009",
              state_of([&] { get_field(ard, 2, SQL_DESC_TYPE, nullptr, 0, nullptr, false); }));
}

TEST(DescriptorFields, CopyTakesAllButKindAndAllocation) {
    Descriptor from(Kind::application_row);
    from.array_size = 7;
    set_field(from, 2, SQL_DESC_CONCISE_TYPE, number(SQL_C_SLONG), 0, false);
    Descriptor to(Kind::application_parameter);
    to.alloc_type = SQL_DESC_ALLOC_USER;
    to.copy_from(from);
    EXPECT_EQ(7u, to.array_size);
    EXPECT_EQ(SQL_C_SLONG, to.record(2).concise_type);
    EXPECT_EQ(Kind::application_parameter, to.kind);
    EXPECT_EQ(SQL_DESC_ALLOC_USER, to.alloc_type);
}

TEST(DescriptorFields, NumericNeedsAPrecisionThatHoldsItsScale) {
    Record record;
    set_concise_type(record, SQL_C_NUMERIC);
    record.precision = 5;
    record.scale = 6;
    EXPECT_EQ("HY021", state_of([&] { check_consistency(record); }));
    record.scale = 5;
    EXPECT_EQ("", state_of([&] { check_consistency(record); }));
}

}  // namespace
}  // namespace myfabric::descriptor
