#include "samples.h"

namespace myfabric::conversion::test {
namespace {

struct Sample {
    const char* name;
    std::string text;
    std::size_t capacity;
    Outcome outcome;
    std::string stored;
};
TEST(Text, NarrowIsTerminatedAndCutBetweenCharacters) {
    const Sample samples[] = {
        {"fits", "abc", 4, Outcome::stored, "abc"},
        {"no room for the terminator", "abc", 3, Outcome::truncated, "ab"},
        {"one byte", "abc", 1, Outcome::truncated, ""},
        {"empty", "", 1, Outcome::stored, ""},
        {"two-byte character cut", "a\u00e9b", 3, Outcome::truncated, "a"},
        {"four-byte character cut", "a\U0001F600", 5, Outcome::truncated, "a"},
        {"four-byte character whole", "\U0001F600a", 5, Outcome::truncated, "\U0001F600"},
        {"no UTF-8", "\x80\x80\x80\x80\x80\x80", 6, Outcome::truncated, "\x80\x80\x80\x80\x80"},
    };
    for (const Sample& s : samples) {
        SCOPED_TRACE(s.name);
        Buffer buffer(s.capacity);
        EXPECT_EQ(converter(column(Kind::varchar), Format::text, CType::character)(s.text,
                                                                                   buffer.target()),
                  s.outcome);
        EXPECT_EQ(buffer.text(), s.stored);
        EXPECT_EQ(buffer.length, static_cast<SQLLEN>(s.text.size()));
        EXPECT_TRUE(buffer.guard_intact());
    }
}

struct WideSample {
    const char* name;
    std::string text;
    std::size_t capacity;  // bytes
    Outcome outcome;
    std::u16string stored;
    SQLLEN length;
};
TEST(Text, WideCountsBytesAndKeepsPairsWhole) {
    const WideSample samples[] = {
        {"ASCII", "abcdefghij", 22, Outcome::stored, u"abcdefghij", 20},
        {"ASCII cut", "abcdefghij", 20, Outcome::truncated, u"abcdefghi", 20},
        {"odd capacity", "abc", 7, Outcome::truncated, u"ab", 6},
        {"room for the terminator only", "abc", 2, Outcome::truncated, u"", 6},
        {"one byte", "abc", 1, Outcome::truncated, u"", 6},
        {"empty", "", 2, Outcome::stored, u"", 0},
        {"accents", "\u00e9\u20ac", 6, Outcome::stored, u"\u00e9\u20ac", 4},
        {"pair", "\U0001F600", 6, Outcome::stored, u"\U0001F600", 4},
        {"pair cut", "a\U0001F600b", 6, Outcome::truncated, u"a", 8},
    };
    for (const WideSample& s : samples) {
        SCOPED_TRACE(s.name);
        for (const Format format : {Format::text, Format::binary}) {
            Buffer buffer(s.capacity);
            EXPECT_EQ(converter(column(Kind::text), format, CType::wide_character)(s.text,
                                                                                   buffer.target()),
                      s.outcome);
            EXPECT_EQ(s.capacity < 2 ? u"" : buffer.wide(), s.stored);
            EXPECT_EQ(buffer.length, s.length);
            EXPECT_TRUE(buffer.guard_intact());
        }
    }
}

TEST(Text, CapacityZeroAndNoBufferTellTheLength) {
    for (const CType type : {CType::character, CType::wide_character, CType::binary}) {
        Buffer buffer(0);
        SQLLEN length = -1;
        const Converter to = converter(column(Kind::varchar), Format::text, type);
        EXPECT_EQ(to("abc", buffer.target()), Outcome::truncated);
        EXPECT_EQ(to("abc", Target{nullptr, 0, &length}), Outcome::stored);
        EXPECT_EQ(length, type == CType::wide_character ? 6 : 3);
        EXPECT_EQ(buffer.length, length);
        EXPECT_TRUE(buffer.guard_intact());
    }
}

TEST(Binary, BytesAsTheyAre) {
    const std::string bytes("a\0\xFFz", 4);
    Buffer whole(4), small(3);
    const Converter to = converter(column(Kind::blob), Format::binary, CType::binary);
    EXPECT_EQ(to(bytes, whole.target()), Outcome::stored);
    EXPECT_EQ(whole.memory.substr(0, 4), bytes);
    EXPECT_TRUE(whole.guard_intact());
    EXPECT_EQ(to(bytes, small.target()), Outcome::truncated);
    EXPECT_EQ(small.length, 4);
    EXPECT_TRUE(small.guard_intact());
}

TEST(Binary, HexadecimalPairsAreNotCut) {
    const std::string bytes("\x01\xFF\xA0", 3);
    struct HexSample {
        std::size_t capacity;
        Outcome outcome;
        const char* text;
    };
    for (const HexSample& s :
         {HexSample{7, Outcome::stored, "01FFA0"}, HexSample{6, Outcome::truncated, "01FF"},
          HexSample{5, Outcome::truncated, "01FF"}, HexSample{2, Outcome::truncated, ""},
          HexSample{1, Outcome::truncated, ""}}) {
        SCOPED_TRACE(s.capacity);
        Buffer narrow(s.capacity), wide(s.capacity * 2);
        EXPECT_EQ(converter(column(Kind::varbinary), Format::text, CType::character)(
                      bytes, narrow.target()),
                  s.outcome);
        EXPECT_EQ(narrow.text(), s.text);
        EXPECT_EQ(narrow.length, 6);
        EXPECT_TRUE(narrow.guard_intact());
        EXPECT_EQ(converter(column(Kind::varbinary), Format::text, CType::wide_character)(
                      bytes, wide.target()),
                  s.outcome);
        EXPECT_EQ(wide.wide(), std::u16string(s.text, s.text + std::strlen(s.text)));
        EXPECT_EQ(wide.length, 12);
        EXPECT_TRUE(wide.guard_intact());
    }
}

TEST(Guid, FromTextAndBytes) {
    const std::string bytes("\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef", 16);
    for (const char* text :
         {"01234567-89ab-cdef-0123-456789abcdef", "{01234567-89AB-CDEF-0123-456789ABCDEF}",
          " 01234567-89ab-cdef-0123-456789abcdef "}) {
        const auto got = convert<SQLGUID>(column(Kind::uuid), Format::text, CType::guid, text);
        EXPECT_EQ(got.outcome, Outcome::stored);
        EXPECT_EQ(got.value.Data1, 0x01234567u);
        EXPECT_EQ(got.value.Data2, 0x89ab);
        EXPECT_EQ(got.value.Data3, 0xcdef);
        EXPECT_EQ(got.value.Data4[7], 0xef);
        EXPECT_EQ(got.length, 16);
        const auto same =
            convert<SQLGUID>(column(Kind::binary), Format::binary, CType::guid, bytes);
        EXPECT_EQ(std::memcmp(&same.value, &got.value, 16), 0);
    }
    for (const char* text :
         {"", "01234567-89ab-cdef-0123-456789abcde", "01234567-89ab-cdef-0123-456789abcdeg",
          "0123456789abcdef0123456789abcdef0123"})
        EXPECT_EQ(convert<SQLGUID>(column(Kind::varchar), Format::text, CType::guid, text).outcome,
                  Outcome::bad_text);
    EXPECT_EQ(convert<SQLGUID>(column(Kind::binary), Format::text, CType::guid, "short").outcome,
              Outcome::bad_text);
}

}  // namespace
}  // namespace myfabric::conversion::test
