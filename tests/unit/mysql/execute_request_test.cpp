#include "mysql/execute_request.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

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
Parameter text(std::string_view bytes, Type type = Type::text) {
    Parameter made;
    made.type = type;
    made.bytes = bytes;
    return made;
}
const Parameter null;

/// Statement 7, no cursor, executed once.
const std::string head("\x07\0\0\0\0\x01\0\0\0", 9);
const std::string big("\x08\0", 2);
const std::string string("\xfe\0", 2);
std::string zeros(std::size_t count) {
    return std::string(count, '\0');
}

class ExecuteRequestTest : public testing::Test {
protected:
    std::string make(const std::vector<Parameter>& values) {
        return std::string(request.make(7, values));
    }
    ExecuteRequest request{2};
};

TEST_F(ExecuteRequestTest, WithoutParametersEndsAfterTheHead) {
    EXPECT_EQ(ExecuteRequest(0).make(7, {}), head);
}

TEST_F(ExecuteRequestTest, SendsTypesOnceAndAgainWhenTheyChange) {
    const std::string values = "\x05" + zeros(7) + "\x02hi";
    EXPECT_EQ(make({integer(5), text("hi")}), head + zeros(1) + "\x01" + big + string + values);
    request.answered(true);
    EXPECT_EQ(make({integer(5), text("hi")}), head + zeros(2) + values);
    request.answered(true);
    EXPECT_EQ(make({text("5"), text("hi")}),
              head + zeros(1) + "\x01" + string + string + "\x01" + "5" + "\x02hi");
}

TEST_F(ExecuteRequestTest, SendsTypesAgainAfterAFailureAndWhenTheyMayBeForgotten) {
    make({integer(5), integer(6)});
    request.answered(false);
    EXPECT_EQ(make({integer(5), integer(6)}).at(head.size() + 1), '\x01');
    request.answered(true);
    EXPECT_EQ(make({integer(5), integer(6)}).at(head.size() + 1), '\0');
    request.forget_types();
    EXPECT_EQ(make({integer(5), integer(6)}).at(head.size() + 1), '\x01');
}

TEST_F(ExecuteRequestTest, NullIsABitAndKeepsTheTypeOfBefore) {
    make({integer(5), integer(6)});
    request.answered(true);
    EXPECT_EQ(make({integer(5), null}), head + "\x02" + zeros(1) + "\x05" + zeros(7));
    EXPECT_EQ(make({null, null}), head + "\x03" + zeros(1));
    ExecuteRequest nine(9);
    const std::vector<Parameter> nulls(9);
    const std::string made(nine.make(7, nulls));
    EXPECT_EQ(made.substr(head.size(), 3), std::string("\xff\x01\x01"));
    EXPECT_EQ(made.size(), head.size() + 3 + 18);  // every one has the type of a text
}

TEST_F(ExecuteRequestTest, LeavesOutWhatWasSentAheadUntilItWasExecuted) {
    request.sent_ahead(0, Type::binary);
    EXPECT_TRUE(request.is_sent_ahead(0));
    EXPECT_EQ(make({null, text("hi")}),
              head + zeros(1) + "\x01" + std::string("\xfc\0", 2) + string + "\x02hi");
    request.answered(true);
    EXPECT_FALSE(request.is_sent_ahead(0));
    EXPECT_EQ(make({null, text("hi")}), head + "\x01" + zeros(1) + "\x02hi");
}

TEST_F(ExecuteRequestTest, WritesDatesAndTimesPacked) {
    Parameter date, time;
    date.type = Type::date;
    date.moment = {.year = 2024, .month = 2, .day = 29, .hour = 7};  // its time is not sent
    time.type = Type::time;
    time.moment = {.hour = 25, .minute = 1, .second = 2, .negative = true};
    const std::string made = make({date, time});
    EXPECT_EQ(made.substr(head.size() + 2), std::string("\x0a\0\x0b\0", 4) +
                                                "\x04\xe8\x07\x02\x1d" +
                                                std::string("\x08\x01\x01\0\0\0\x01\x01\x02", 9));
}

TEST(WireCode, MarksUnsignedIntegers) {
    EXPECT_EQ(wire_code(Type::signed_integer), 8);
    EXPECT_EQ(wire_code(Type::unsigned_integer), 0x8008);
    EXPECT_EQ(wire_code(Type::null), wire_code(Type::text));
}

}  // namespace
}  // namespace myfabric::mysql
