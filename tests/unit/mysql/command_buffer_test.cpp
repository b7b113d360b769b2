#include "mysql/command_buffer.h"

#include <gtest/gtest.h>

#include <string>

namespace myfabric::mysql {
namespace {

template <class Write>
std::string written(Write&& write) {
    CommandBuffer buffer;
    char* const begin = buffer.begin(70'000);
    return std::string(buffer.until(write(begin)));
}

TEST(CommandBuffer, NumbersBeginWithTheLowestByte) {
    EXPECT_EQ(written([](char* at) { return put<2>(put<1>(at, 0x1ff), 0x0203); }),
              std::string("\xff\x03\x02"));
    EXPECT_EQ(written([](char* at) { return put<8>(at, 0x0807060504030201); }),
              "\x01\x02\x03\x04\x05\x06\x07\x08");
}

TEST(CommandBuffer, LengthsTakeAsManyBytesAsTheyNeed) {
    const struct {
        std::uint64_t length;
        std::string bytes;
    } samples[] = {
        {0, std::string(1, '\0')},
        {250, "\xfa"},
        {251, std::string("\xfc\xfb\0", 3)},
        {0xffff, "\xfc\xff\xff"},
        {0x10000, std::string("\xfd\0\0\x01", 4)},
        {0xffffff, "\xfd\xff\xff\xff"},
        {0x1000000, std::string("\xfe\0\0\0\x01\0\0\0\0", 9)},
    };
    for (const auto& sample : samples)
        EXPECT_EQ(written([&](char* at) { return put_length(at, sample.length); }), sample.bytes)
            << sample.length;
}

TEST(CommandBuffer, TextsFollowTheirLength) {
    EXPECT_EQ(written([](char* at) { return put_text(put_text(at, "abc"), ""); }),
              std::string("\x03"
                          "abc\0",
                          5));
    EXPECT_EQ(written([](char* at) { return put_text(at, std::string(300, 'x')); }),
              "\xfc\x2c\x01" + std::string(300, 'x'));
}

TEST(CommandBuffer, MovesWhatWasWrittenWhenItGrows) {
    CommandBuffer buffer;
    char* at = buffer.begin(4);
    at = put<4>(at, 0x64636261);
    for (int i = 0; i < 1000; ++i) {
        at = buffer.with_room(at, 8);
        at = put<8>(at, 0x3132333435363738);
    }
    const std::string_view command = buffer.until(at);
    ASSERT_EQ(command.size(), 8004u);
    EXPECT_EQ(command.substr(0, 12), "abcd87654321");
    EXPECT_EQ(command.substr(7996), "87654321");
    EXPECT_EQ(buffer.until(put<1>(buffer.begin(1), 'x')), "x");
}

TEST(CommandBuffer, DoesNotKeepTheRoomOfALargeCommandForSmallOnes) {
    CommandBuffer buffer;
    char* at = buffer.begin(std::size_t{4} << 20);
    EXPECT_EQ(buffer.with_room(at + (std::size_t{4} << 20) - 1, 1),
              at + (std::size_t{4} << 20) - 1);
    at = buffer.begin(10);
    const char* const end = put<2>(at, 0x4142);
    EXPECT_EQ(buffer.until(end), "BA");
    // A place that was within the large one has no room any more: the buffer grows.
    at = buffer.with_room(at + 2, std::size_t{1} << 20);
    EXPECT_EQ(buffer.until(at), "BA");
}

}  // namespace
}  // namespace myfabric::mysql
