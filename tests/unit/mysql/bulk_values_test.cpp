#include "mysql/bulk_values.h"

#include <gtest/gtest.h>

#include <string>

namespace myfabric::mysql {
namespace {

using results::Parameter;
using Type = Parameter::Type;

Parameter integer(std::int64_t value, Type type = Type::signed_integer) {
    Parameter made;
    made.type = type;
    made.integer = value;
    return made;
}
Parameter text(std::string_view bytes) {
    Parameter made;
    made.type = Type::text;
    made.bytes = bytes;
    return made;
}
const Parameter null;

/// Statement 7; the types follow.
const std::string head("\x07\0\0\0\x80\0", 6);
const std::string big("\x08\0", 2);
const std::string string("\xfe\0", 2);
std::string number(char low) {
    return std::string(1, '\0') + low + std::string(7, '\0');  // not NULL
}

TEST(BulkValues, GoRowByRowWithAMarkOfNullBeforeEachValue) {
    BulkValues bulk;
    bulk.begin(2, 3);
    EXPECT_TRUE(bulk.put(0, 0, integer(1)));
    EXPECT_TRUE(bulk.put(0, 1, text("one")));
    EXPECT_TRUE(bulk.put(1, 0, integer(2)));
    EXPECT_TRUE(bulk.put(1, 1, null));
    EXPECT_TRUE(bulk.put(2, 0, null));
    EXPECT_TRUE(bulk.put(2, 1, text("")));
    EXPECT_EQ(bulk.make(7, 3), head + big + string + number(1) + std::string("\0\x03one", 5) +
                                   number(2) + "\x01" + "\x01" + std::string("\0\0", 2));
    EXPECT_EQ(bulk.make(7, 1), head + big + string + number(1) + std::string("\0\x03one", 5));
}

TEST(BulkValues, EndBeforeAValueOfAnotherType) {
    const struct {
        Parameter before, value;
        bool together;
    } samples[] = {
        {integer(1), integer(-2), true},
        {integer(1), text("2"), false},
        {text("1"), integer(2), false},
        {integer(1, Type::unsigned_integer), integer(2), true},  // the same bytes
        {integer(1, Type::unsigned_integer), integer(-2), false},
        {integer(1), integer(2, Type::unsigned_integer), false},
        {null, text("2"), true},
        {text("1"), null, true},
    };
    for (const auto& sample : samples) {
        BulkValues bulk;
        bulk.begin(1, 2);
        EXPECT_TRUE(bulk.put(0, 0, sample.before));
        EXPECT_EQ(bulk.put(1, 0, sample.value), sample.together)
            << static_cast<int>(sample.before.type) << ' ' << static_cast<int>(sample.value.type);
    }
}

TEST(BulkValues, ForgetTheValuesOfBefore) {
    BulkValues bulk;
    bulk.begin(1, 2);
    bulk.put(0, 0, integer(1));
    bulk.put(1, 0, null);
    bulk.begin(1, 2);
    EXPECT_TRUE(bulk.put(0, 0, text("a")));
    EXPECT_TRUE(bulk.put(1, 0, text("b")));
    EXPECT_EQ(bulk.make(7, 2),
              head + string + std::string("\0\x01", 2) + "a" + std::string("\0\x01", 2) + "b");
}

TEST(BulkValues, CanBeFilledByTheArraysOfOneParameter) {
    BulkValues bulk;
    bulk.begin(2, 2);
    const BulkValues::Arrays numbers = bulk.arrays(0, Type::signed_integer);
    const BulkValues::Arrays texts = bulk.arrays(1, Type::text);
    for (std::size_t row = 0; row < 2; ++row) {
        numbers.nulls[row] = texts.nulls[row] = 0;
        numbers.numbers[row] = static_cast<std::int64_t>(row + 1);
        texts.texts[row] = "x";
    }
    numbers.nulls[1] = BulkValues::is_null;
    EXPECT_EQ(bulk.make(7, 2), head + big + string + number(1) + std::string("\0\x01", 2) + "x" +
                                   "\x01" + std::string("\0\x01", 2) + "x");
}

TEST(BulkValues, HoldLongTextsBesideShortOnes) {
    BulkValues bulk;
    bulk.begin(2, 2);
    const std::string large(100'000, 'l');
    bulk.put(0, 0, text(large));
    bulk.put(0, 1, integer(3));
    bulk.put(1, 0, text("s"));
    bulk.put(1, 1, integer(4));
    EXPECT_EQ(bulk.make(7, 2), head + string + big + std::string("\0\xfd\xa0\x86\x01", 5) + large +
                                   number(3) + std::string("\0\x01", 2) + "s" + number(4));
}

}  // namespace
}  // namespace myfabric::mysql
