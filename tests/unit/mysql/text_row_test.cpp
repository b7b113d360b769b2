#include "mysql/text_row.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace myfabric::mysql {
namespace {

using Bytes = std::basic_string<unsigned char>;
using Cells = std::vector<std::optional<std::string>>;

/// The cells of a packet, nothing when it is malformed.
std::optional<Cells> parse(const Bytes& packet, std::size_t columns) {
    // An exact copy on the heap, and the one byte behind it that the contract asks for.
    std::vector<unsigned char> copy(packet.begin(), packet.end());
    copy.push_back(0);
    std::vector<const char*> values(columns);
    std::vector<unsigned long> lengths(columns);
    if (!parse_text_row(copy.data(), packet.size(), columns, values.data(), lengths.data()))
        return std::nullopt;
    Cells cells;
    for (std::size_t i = 0; i < columns; ++i) {
        if (values[i])
            cells.emplace_back(std::string(values[i], lengths[i]));
        else
            cells.emplace_back(std::nullopt);
    }
    return cells;
}

TEST(TextRow, FindsTextsEmptyTextsAndNulls) {
    EXPECT_EQ(parse({1, '7', 0, 251, 3, 'a', 'b', 'c'}, 4), (Cells{"7", "", std::nullopt, "abc"}));
    EXPECT_EQ(parse({251}, 1), Cells{std::nullopt});
    EXPECT_EQ(parse({0}, 1), Cells{""});
}

TEST(TextRow, ReadsLengthsOfEverySize) {
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
    for (const auto& sample : samples)
        EXPECT_EQ(parse(sample.prefix + Bytes(sample.length, 'x') + Bytes{1, 'y'}, 2),
                  (Cells{std::string(sample.length, 'x'), "y"}))
            << sample.length;
}

TEST(TextRow, RefusesWhatIsCutOff) {
    const Bytes whole = {2, 'a', 'b', 252, 3, 0, 'c', 'd', 'e', 251, 1, 'f'};
    ASSERT_TRUE(parse(whole, 4));
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(parse(whole.substr(0, size), 4)) << size;
}

TEST(TextRow, RefusesLengthsThatCannotBe) {
    EXPECT_FALSE(parse({255, 'x'}, 1));
    EXPECT_FALSE(parse({254, 255, 255, 255, 255, 255, 255, 255, 255, 'x'}, 1));
    EXPECT_FALSE(parse({254, 1, 0}, 1));
}

}  // namespace
}  // namespace myfabric::mysql
