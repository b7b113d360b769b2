#include "cursor/shortened_rows.h"

#include <gtest/gtest.h>

#include <string>

#include "results/memory_results.h"

namespace myfabric::cursor {
namespace {

results::Column column(results::Kind kind, unsigned charset) {
    results::Column made;
    made.kind = kind;
    made.length = 400;
    made.charset = charset;
    made.char_bytes = charset == 63 ? 1 : 4;
    return made;
}

constexpr unsigned utf8mb4 = 45;
constexpr unsigned binary = 63;

std::string cell(const results::Results& rows, std::size_t i) {
    return {rows.row().values[i], rows.row().lengths[i]};
}

TEST(ShortenedRows, CutTextsAtACharacterAndBytesAnywhere) {
    const struct {
        std::string whole, as_text, as_bytes;  // of at most 4 bytes
    } samples[] = {
        {"", "", ""},
        {"abcd", "abcd", "abcd"},
        {"abcde", "abcd", "abcd"},
        {"abc\xc3\xa9", "abc", "abc\xc3"},
        {"ab\xe2\x82\xac", "ab", "ab\xe2\x82"},
        {"\xf0\x9f\x98\x80x", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
        {"a\xf0\x9f\x98\x80", "a", "a\xf0\x9f\x98"},
    };
    for (const auto& sample : samples) {
        ShortenedRows rows(std::make_unique<results::MemoryResults>(
                               results::Columns{column(results::Kind::varchar, utf8mb4),
                                                column(results::Kind::blob, binary)},
                               std::vector<results::MemoryRow>{{sample.whole, sample.whole}}),
                           4);
        ASSERT_TRUE(rows.next_row());
        EXPECT_EQ(cell(rows, 0), sample.as_text);
        EXPECT_EQ(cell(rows, 1), sample.as_bytes);
        EXPECT_FALSE(rows.next_row());
    }
}

TEST(ShortenedRows, LeaveNumbersDatesAndNullAlone) {
    ShortenedRows rows(
        std::make_unique<results::MemoryResults>(
            results::Columns{column(results::Kind::bigint, binary),
                             column(results::Kind::datetime, binary),
                             column(results::Kind::varchar, utf8mb4)},
            std::vector<results::MemoryRow>{{"1234567890", "2024-02-29 12:00:00", std::nullopt}}),
        4);
    ASSERT_TRUE(rows.next_row());
    EXPECT_EQ(cell(rows, 0), "1234567890");
    EXPECT_EQ(cell(rows, 1), "2024-02-29 12:00:00");
    EXPECT_EQ(rows.row().values[2], nullptr);
}

TEST(ShortenedRows, GoOnWithTheColumnsOfTheNextResult) {
    ShortenedRows rows(
        std::make_unique<results::MemoryResults>(std::vector<results::MemorySet>{
            {{column(results::Kind::bigint, binary)}, {{"1234567890"}}},
            {{}, {}},
            {{column(results::Kind::bigint, binary), column(results::Kind::varchar, utf8mb4)},
             {{"1234567890", "abcdefgh"}}}}),
        4);
    ASSERT_TRUE(rows.next_result());  // a row count
    EXPECT_FALSE(rows.has_rows());
    ASSERT_TRUE(rows.next_result());
    ASSERT_EQ(rows.columns().size(), 2u);
    ASSERT_TRUE(rows.next_row());
    rows.buffer_rest();  // keeps the current row, cut
    EXPECT_EQ(cell(rows, 0), "1234567890");
    EXPECT_EQ(cell(rows, 1), "abcd");
    EXPECT_FALSE(rows.next_result());
}

}  // namespace
}  // namespace myfabric::cursor
