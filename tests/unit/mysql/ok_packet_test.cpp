#include "mysql/ok_packet.h"

#include <gtest/gtest.h>

#include <string>

namespace myfabric::mysql {
namespace {

std::string bytes(std::initializer_list<int> numbers) {
    std::string text;
    for (const int number : numbers) text += static_cast<char>(number);
    return text;
}

TEST(OkPacket, SaysRowsInsertIdStatusAndWarnings) {
    const struct {
        std::string body;
        OkPacket ok;
    } samples[] = {
        {bytes({0, 0, 0, 2, 0, 0, 0}), {0, 0, 2, 0}},
        {bytes({0, 250, 7, 3, 1, 5, 2}), {250, 7, 0x103, 0x205}},
        {bytes({0, 252, 0x34, 0x12, 0, 0, 0, 0, 0}), {0x1234, 0, 0, 0}},
        {bytes({0, 253, 1, 2, 3, 252, 251, 0, 0, 0, 0, 0}), {0x30201, 251, 0, 0}},
        {bytes({0, 1, 254, 1, 2, 3, 4, 5, 6, 7, 8, 2, 0, 0, 0}), {1, 0x807060504030201, 2, 0}},
        {bytes({0, 254, 255, 255, 255, 255, 255, 255, 255, 255, 0, 2, 0, 0, 0}), {~0ull, 0, 2, 0}},
    };
    for (const auto& sample : samples) {
        EXPECT_EQ(sample.ok, plain_ok(sample.body));
        for (std::size_t size = 0; size < sample.body.size(); ++size)
            EXPECT_FALSE(plain_ok(sample.body.substr(0, size))) << size;
        EXPECT_FALSE(plain_ok(sample.body + '\0'));  // a text or the session's changes follow
    }
}

TEST(OkPacket, IsNothingElse) {
    EXPECT_FALSE(plain_ok(bytes({1, 0, 0, 2, 0, 0, 0})));
    EXPECT_FALSE(plain_ok(bytes({255, 0x28, 4, '#', '4', '2', '0'})));
    EXPECT_FALSE(plain_ok(bytes({0, 251, 0, 2, 0, 0, 0})));
    EXPECT_FALSE(plain_ok(bytes({0, 255, 0, 2, 0, 0, 0})));
}

}  // namespace
}  // namespace myfabric::mysql
