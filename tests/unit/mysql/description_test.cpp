#include "mysql/description.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace myfabric::mysql {
namespace {

std::string packet(unsigned number, const std::string& body) {
    const std::size_t size = body.size();
    return std::string{static_cast<char>(size), static_cast<char>(size >> 8),
                       static_cast<char>(size >> 16), static_cast<char>(number)} +
           body;
}
/// Three warnings, and two bits of the session's status.
std::string end(unsigned number) {
    return packet(number, std::string("\xfe\3\0\2\1", 5));
}
/// `count` columns, and `sent` definitions of them.
std::string columns(unsigned count, unsigned sent) {
    std::string all = packet(1, std::string(1, static_cast<char>(count)));
    for (unsigned i = 0; i < sent; ++i)
        all += packet(2 + i, "\3def" + std::string(30 + i, static_cast<char>('a' + i % 26)));
    return all;
}

const std::string row = packet(9, "\1a");

TEST(Description, IsFoundWhereItIsWholeAndItsEndIsThere) {
    for (const unsigned count : {1u, 2u, 100u, 250u}) {
        const std::string described = columns(count, count);
        EXPECT_EQ(described, description_in(described + end(count + 2) + row)) << count;
        EXPECT_EQ(described, description_in(described + end(count + 2))) << count;
        for (std::size_t size = 0; size < (described + end(1)).size(); ++size)
            EXPECT_EQ("", description_in((described + end(count + 2)).substr(0, size))) << size;
    }
}

TEST(Description, MayBeLeftOutByTheServer) {
    const std::string only_count = packet(1, std::string("\3\0", 2));
    EXPECT_EQ(only_count, description_in(only_count + end(2)));
    EXPECT_EQ((DescribedEnd{3, 3, 0x102, 3, only_count.size() + 9}),
              end_of_known(only_count + end(2) + row, only_count));
}

TEST(Description, IsNothingElse) {
    const struct {
        const char* what;
        std::string packets;
    } samples[] = {
        {"nothing", ""},
        {"OK", packet(1, std::string("\0\0\0\2\0\0\0", 7))},
        {"error", packet(1, "\xff\x28\4#42000no")},
        {"a wish for a file", packet(1, "\xfb/etc/passwd")},
        {"a number of two bytes", packet(1, "\xfc\1\1") + columns(2, 2).substr(5) + end(4)},
        {"more definitions than columns", columns(2, 3) + end(5)},
        {"fewer definitions than columns", columns(4, 3) + end(5)},
        {"another number", columns(2, 2) + end(5)},
        {"a definition with another number", columns(1, 0) + packet(3, "\3def") + end(3)},
        {"an empty definition", columns(1, 0) + packet(2, "") + end(3)},
        {"a longer end", columns(1, 1) + packet(3, std::string("\xfe\0\0\2\0\0", 6))},
        {"two ends", end(1) + end(2)},
    };
    for (const auto& sample : samples) EXPECT_EQ("", description_in(sample.packets)) << sample.what;
}

TEST(Description, KnownOneEndsWithWarningsAndStatus) {
    const std::string known = columns(4, 4);
    const DescribedEnd expected{4, 3, 0x102, 7, known.size() + 9};
    EXPECT_EQ(expected, end_of_known(known + end(6), known));
    EXPECT_EQ(expected, end_of_known(known + end(6) + row + row, known));
}

TEST(Description, OtherOneIsNotTheKnownOne) {
    const std::string known = columns(4, 4);
    const std::string packets = known + end(6);
    EXPECT_FALSE(end_of_known(packets, ""));
    EXPECT_FALSE(end_of_known(columns(3, 3) + end(5), known));
    EXPECT_FALSE(end_of_known(known + end(7), known));
    EXPECT_FALSE(end_of_known(known + row + end(7), known));
    for (std::size_t size = 0; size < packets.size(); ++size)
        EXPECT_FALSE(end_of_known(packets.substr(0, size), known)) << size;
    for (std::size_t at = 0; at < known.size() + 5; ++at) {
        std::string changed = packets;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_FALSE(end_of_known(changed, known)) << at;
    }
}

}  // namespace
}  // namespace myfabric::mysql
