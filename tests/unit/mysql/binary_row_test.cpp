#include "mysql/binary_row.h"

#include <gtest/gtest.h>

#include <string>

#include "mysql/field.h"

namespace myfabric::mysql {
namespace {

using Bytes = std::basic_string<unsigned char>;

struct Parsed {
    bool good = false;
    std::vector<const char*> values;
    std::vector<unsigned long> lengths;

    std::string cell(std::size_t i) const { return {values[i], lengths[i]}; }
};

Parsed parse(const Bytes& packet, const std::vector<signed char>& sizes) {
    Parsed result;
    result.values.resize(sizes.size());
    result.lengths.resize(sizes.size());
    // An exact copy on the heap: a sanitizer sees any read behind its end.
    const std::vector<unsigned char> copy(packet.begin(), packet.end());
    result.good = parse_binary_row(copy.data(), copy.size(), sizes.data(), sizes.size(),
                                   result.values.data(), result.lengths.data());
    for (std::size_t i = 0; result.good && i < sizes.size(); ++i)
        if (result.values[i])
            result.values[i] =
                reinterpret_cast<const char*>(packet.data()) +
                (reinterpret_cast<const unsigned char*>(result.values[i]) - copy.data());
    return result;
}

TEST(BinaryRow, FindsFixedAndPrefixedValues) {
    const Bytes packet = {0, 0, 42, 0, 0, 0, 3, 'a', 'b', 'c', 7, 0};
    const Parsed row = parse(packet, {4, -1, 1, -1});
    ASSERT_TRUE(row.good);
    EXPECT_EQ(row.cell(0), std::string("\x2a\0\0\0", 4));
    EXPECT_EQ(row.cell(1), "abc");
    EXPECT_EQ(row.cell(2), "\x07");
    EXPECT_EQ(row.cell(3), "");
    EXPECT_NE(row.values[3], nullptr);  // empty, not NULL
}

TEST(BinaryRow, NullsAreBitsThatStartAtTheThird) {
    // Columns 0, 5 and 6 are NULL: bits 2, 7 and 8.
    const Bytes packet = {0, 0x84, 0x01, 1, 2, 3, 4, 5};
    const Parsed row = parse(packet, {1, 1, 1, 1, 1, 1, 1, 1});
    ASSERT_TRUE(row.good);
    for (std::size_t i : {0u, 5u, 6u}) EXPECT_EQ(row.values[i], nullptr) << i;
    EXPECT_EQ(row.cell(1), "\x01");
    EXPECT_EQ(row.cell(4), "\x04");
    EXPECT_EQ(row.cell(7), "\x05");
}

TEST(BinaryRow, ReadsLengthsOfEverySize) {
    const struct {
        Bytes prefix;
        std::size_t length;
    } samples[] = {
        {{250}, 250},
        {{252, 251, 0}, 251},
        {{252, 0xFF, 0xFF}, 65535},
        {{253, 0, 0, 1}, 65536},
        {{254, 0, 0, 1, 0, 0, 0, 0, 0}, 65536},
    };
    for (const auto& sample : samples) {
        const Bytes packet = Bytes{0, 0} + sample.prefix + Bytes(sample.length, 'x');
        const Parsed row = parse(packet, {-1});
        ASSERT_TRUE(row.good) << sample.length;
        EXPECT_EQ(row.lengths[0], sample.length);
        EXPECT_EQ(row.cell(0), std::string(sample.length, 'x'));
    }
}

TEST(BinaryRow, RefusesWhatIsCutOff) {
    const Bytes whole = Bytes{0, 0, 1, 2, 3, 4, 252, 4, 0, 'a', 'b', 'c', 'd', 2, 'e', 'f'};
    const std::vector<signed char> sizes = {4, -1, -1};
    ASSERT_TRUE(parse(whole, sizes).good);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(parse(whole.substr(0, size), sizes).good) << size;
}

TEST(BinaryRow, RefusesLengthsThatCannotBe) {
    EXPECT_FALSE(parse({0, 0, 251}, {-1}).good);  // NULL is a bit, not a length
    EXPECT_FALSE(parse({0, 0, 255, 1, 2}, {-1}).good);
    EXPECT_FALSE(parse({0, 0, 254, 255, 255, 255, 255, 255, 255, 255, 255, 'x'}, {-1}).good);
}

TEST(BinaryRow, SizesOfTypes) {
    EXPECT_EQ(binary_size(WireType::null), 0);
    EXPECT_EQ(binary_size(WireType::tiny), 1);
    EXPECT_EQ(binary_size(WireType::small), 2);
    EXPECT_EQ(binary_size(WireType::year), 2);
    EXPECT_EQ(binary_size(WireType::medium), 4);
    EXPECT_EQ(binary_size(WireType::integer), 4);
    EXPECT_EQ(binary_size(WireType::real), 4);
    EXPECT_EQ(binary_size(WireType::big), 8);
    EXPECT_EQ(binary_size(WireType::double_precision), 8);
    for (WireType type : {WireType::decimal, WireType::new_decimal, WireType::bit, WireType::date,
                          WireType::time, WireType::datetime, WireType::timestamp, WireType::json,
                          WireType::string, WireType::var_string, WireType::blob,
                          WireType::geometry, WireType::enumeration, WireType::set})
        EXPECT_EQ(binary_size(type), -1) << static_cast<unsigned>(type);
}

std::string datetime(const results::DateTimeValue& moment) {
    char out[packed_moment_bytes];
    return {out, pack_datetime(moment, out)};
}

std::string time(const results::DateTimeValue& moment) {
    char out[packed_moment_bytes];
    return {out, pack_time(moment, out)};
}

TEST(BinaryRow, PacksDatesAsShortAsTheWire) {
    EXPECT_EQ(datetime({}), "");
    EXPECT_EQ(datetime({2024, 2, 29, 0, 0, 0, 0, false}), "\xe8\x07\x02\x1d");
    EXPECT_EQ(datetime({2024, 2, 29, 23, 59, 58, 0, false}), "\xe8\x07\x02\x1d\x17\x3b\x3a");
    EXPECT_EQ(datetime({2024, 2, 29, 0, 0, 0, 1, false}),
              std::string("\xe8\x07\x02\x1d\0\0\0\x01\0\0\0", 11));
}

TEST(BinaryRow, PacksTimesWithDays) {
    EXPECT_EQ(time({}), "");
    EXPECT_EQ(time({0, 0, 0, 1, 2, 3, 0, false}), std::string("\0\0\0\0\0\x01\x02\x03", 8));
    EXPECT_EQ(time({0, 0, 0, 838, 59, 58, 0, true}), std::string("\x01\x22\0\0\0\x16\x3b\x3a", 8));
    EXPECT_EQ(time({0, 0, 2, 1, 0, 0, 0, false}), std::string("\0\x02\0\0\0\x01\0\0", 8));
    EXPECT_EQ(time({0, 0, 0, 0, 0, 0, 256, true}), std::string("\x01\0\0\0\0\0\0\0\0\x01\0\0", 12));
}

}  // namespace
}  // namespace myfabric::mysql
