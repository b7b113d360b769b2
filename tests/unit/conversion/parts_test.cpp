#include "conversion/parts.h"

#include "samples.h"

namespace myfabric::conversion::test {
namespace {

struct Part {
    Outcome outcome;
    SQLLEN length;
    std::string text;  // narrow, or the bytes of a wide or binary part
    bool operator==(const Part&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Part& part) {
    PrintTo(part.outcome, &out);
    return out << " " << part.length << " '" << part.text << "'";
}

std::vector<Part> parts(const Column& from, Format format, CType type, std::string_view cell,
                        std::size_t capacity, Progress progress = {}) {
    std::vector<Part> out;
    char scratch[rendered_size];
    while (!progress.done && out.size() < 20) {
        Buffer buffer(capacity);
        const Outcome outcome =
            deliver_part(cell, from, format, type, buffer.target(), progress, scratch);
        EXPECT_TRUE(buffer.guard_intact());
        std::string text = buffer.text();
        if (type == CType::binary)
            text = buffer.memory.substr(0, std::min<std::size_t>(capacity, buffer.length));
        if (type == CType::wide_character) {
            const std::u16string wide = buffer.wide();
            text.assign(reinterpret_cast<const char*>(wide.data()), wide.size() * 2);
        }
        out.push_back({outcome, buffer.length, text});
    }
    return out;
}

std::string wide(std::u16string_view text) {
    return {reinterpret_cast<const char*>(text.data()), text.size() * 2};
}

constexpr Outcome cut = Outcome::truncated, whole = Outcome::stored;

TEST(Parts, TextIsTerminatedAndTheLengthCountsDown) {
    EXPECT_EQ(parts(column(Kind::text), Format::text, CType::character, "abcdefgh", 4),
              (std::vector<Part>{{cut, 8, "abc"}, {cut, 5, "def"}, {whole, 2, "gh"}}));
    EXPECT_EQ(parts(column(Kind::text), Format::text, CType::character, "abcdef", 4),
              (std::vector<Part>{{cut, 6, "abc"}, {whole, 3, "def"}}));
    EXPECT_EQ(parts(column(Kind::text), Format::text, CType::character, "", 4),
              (std::vector<Part>{{whole, 0, ""}}));
}

TEST(Parts, NarrowPartsFillTheBuffer) {
    EXPECT_EQ(parts(column(Kind::text), Format::text, CType::character, "a\u00e9b", 3),
              (std::vector<Part>{{cut, 4, "a\xC3"},
                                 {whole, 2,
                                  "\xA9"
                                  "b"}}));
}

TEST(Parts, WidePartsCountBytesAndKeepPairsWhole) {
    EXPECT_EQ(
        parts(column(Kind::text), Format::text, CType::wide_character, "abcde", 6),
        (std::vector<Part>{{cut, 10, wide(u"ab")}, {cut, 6, wide(u"cd")}, {whole, 2, wide(u"e")}}));
    EXPECT_EQ(parts(column(Kind::text), Format::text, CType::wide_character, "a\U0001F600b", 6),
              (std::vector<Part>{
                  {cut, 8, wide(u"a")}, {cut, 6, wide(u"\U0001F600")}, {whole, 2, wide(u"b")}}));
}

TEST(Parts, WidePartsMayFillTheBufferInstead) {
    Progress progress;
    progress.whole_characters = false;
    const std::u16string text = u"a\U0001F600b\U0001F600";
    EXPECT_EQ(parts(column(Kind::text), Format::text, CType::wide_character,
                    "a\U0001F600b\U0001F600", 6, progress),
              (std::vector<Part>{{cut, 12, wide(text.substr(0, 2))},
                                 {cut, 8, wide(text.substr(2, 2))},
                                 {whole, 4, wide(text.substr(4))}}));
    EXPECT_EQ(
        parts(column(Kind::text), Format::text, CType::wide_character, "\U0001F600", 4, progress),
        (std::vector<Part>{{cut, 4, wide(text.substr(1, 1))},
                           {whole, 2, wide(text.substr(2, 1))}}));
}

TEST(Parts, BytesHaveNoTerminator) {
    EXPECT_EQ(
        parts(column(Kind::blob), Format::text, CType::binary, std::string("a\0bcd", 5), 2),
        (std::vector<Part>{{cut, 5, std::string("a\0", 2)}, {cut, 3, "bc"}, {whole, 1, "d"}}));
    EXPECT_EQ(parts(column(Kind::varchar), Format::text, CType::binary, "abc", 2),
              (std::vector<Part>{{cut, 3, "ab"}, {whole, 1, "c"}}));
}

TEST(Parts, HexadecimalComesInPairs) {
    EXPECT_EQ(parts(column(Kind::blob), Format::text, CType::character, "\x01\xFF\xA0", 4),
              (std::vector<Part>{{cut, 6, "01"}, {cut, 4, "FF"}, {whole, 2, "A0"}}));
    EXPECT_EQ(parts(column(Kind::blob), Format::text, CType::wide_character, "\x01\xFF", 6),
              (std::vector<Part>{{cut, 8, wide(u"01")}, {whole, 4, wide(u"FF")}}));
}

TEST(Parts, NumbersAndTimesComeAsText) {
    EXPECT_EQ(parts(column(Kind::integer), Format::binary, CType::character, packed(-123), 10),
              (std::vector<Part>{{whole, 4, "-123"}}));
    EXPECT_EQ(parts(column(Kind::datetime, false, 3), Format::binary, CType::wide_character,
                    packed_moment(2015, 1, 2, 3, 4, 5), 60),
              (std::vector<Part>{{whole, 46, wide(u"2015-01-02 03:04:05.000")}}));
    EXPECT_EQ(parts(column(Kind::decimal), Format::text, CType::character, "12.3456", 6),
              (std::vector<Part>{{cut, 7, "12.34"}, {whole, 2, "56"}}));
    EXPECT_EQ(parts(column(Kind::bit, true, 0, 1), Format::text, CType::character, "\1", 2),
              (std::vector<Part>{{whole, 1, "1"}}));
}

TEST(Parts, ANumberThatDoesNotFitMayBeAskedForAgain) {
    char scratch[rendered_size];
    Progress progress;
    Buffer small(4), none(0), large(10);
    const Column from = column(Kind::integer);
    const std::string cell = packed(12345);
    const auto ask = [&](Buffer& buffer) {
        return deliver_part(cell, from, Format::binary, CType::character, buffer.target(), progress,
                            scratch);
    };
    EXPECT_EQ(ask(small), Outcome::out_of_range);
    EXPECT_EQ(ask(none), Outcome::truncated);
    EXPECT_EQ(none.length, 5);
    EXPECT_FALSE(progress.done);
    EXPECT_EQ(ask(large), Outcome::stored);
    EXPECT_EQ(large.text(), "12345");
    EXPECT_TRUE(progress.done);
}

TEST(Parts, AskingForTheLengthDeliversNothing) {
    char scratch[rendered_size];
    for (const CType type : {CType::character, CType::wide_character, CType::binary}) {
        Progress progress;
        Buffer none(0), whole_text(20);
        SQLLEN length = -1;
        const Column from = column(Kind::text);
        EXPECT_EQ(deliver_part("abc", from, Format::text, type, none.target(), progress, scratch),
                  Outcome::truncated);
        EXPECT_EQ(deliver_part("abc", from, Format::text, type, Target{nullptr, 0, &length},
                               progress, scratch),
                  Outcome::stored);
        EXPECT_EQ(none.length, type == CType::wide_character ? 6 : 3);
        EXPECT_EQ(length, none.length);
        EXPECT_FALSE(progress.done);
        EXPECT_EQ(
            deliver_part("abc", from, Format::text, type, whole_text.target(), progress, scratch),
            Outcome::stored);
        EXPECT_TRUE(progress.done);
    }
}

// Once the first bytes came again and again.
TEST(Parts, DigitsAsBinaryDataComeInPartsToo) {
    EXPECT_EQ(parts(column(Kind::decimal), Format::text, CType::binary, "-123.45", 3),
              (std::vector<Part>{{cut, 7, "-12"}, {cut, 4, "3.4"}, {whole, 1, "5"}}));
}

TEST(Parts, NativeNumbersComeWhole) {
    EXPECT_EQ(parts(column(Kind::integer), Format::text, CType::binary, "5", 4),
              (std::vector<Part>{{whole, 4, packed(5)}}));
}

}  // namespace
}  // namespace myfabric::conversion::test
