#include "base/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/unicode.h"

namespace myfabric {
namespace {

using Units = std::vector<SQLWCHAR>;

struct Sample {
    const char* name;
    std::string utf8;
    Units utf16;
};

const Sample samples[] = {
    {"empty", "", {}},
    {"ASCII longer than a block", "0123456789abcdef!",
     Units{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f', '!'}},
    {"Latin", "é", {0xE9}},
    {"CJK", "日本", {0x65E5, 0x672C}},
    {"emoji is a surrogate pair", "a😀b", {'a', 0xD83D, 0xDE00, 'b'}},
    {"last code point", "\xF4\x8F\xBF\xBF", {0xDBFF, 0xDFFF}},
    {"NUL inside", std::string("a\0b", 3), {'a', 0, 'b'}},
};

TEST(Text, Utf8AndUtf16AreTheSameTextBothWays) {
    for (const Sample& sample : samples) {
        Units out(sample.utf16.size() + 1);
        const Transcoded done = utf8_to_utf16(sample.utf8, out.data(), out.size());
        out.resize(done.written);
        EXPECT_EQ(sample.utf16, out) << sample.name;
        EXPECT_EQ(sample.utf8.size(), done.read) << sample.name;
        EXPECT_EQ(sample.utf16.size(), utf16_length(sample.utf8)) << sample.name;
        EXPECT_EQ(sample.utf8, utf16_to_utf8(sample.utf16.data(), sample.utf16.size()))
            << sample.name;
    }
}

TEST(Text, MalformedInputBecomesReplacementCharacters) {
    const std::pair<std::string, Units> malformed[] = {
        {"\xFF", {0xFFFD}},
        {"a\xC3", {'a', 0xFFFD}},
        {"\xC0\x80", {0xFFFD, 0xFFFD}},
        {"\xED\xA0\x80", {0xFFFD, 0xFFFD, 0xFFFD}},
        {"\xF5\x80\x80\x80", {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}},
    };
    for (const auto& [text, expected] : malformed) {
        Units out(8);
        out.resize(utf8_to_utf16(text, out.data(), out.size()).written);
        EXPECT_EQ(expected, out);
    }
    const SQLWCHAR lone[] = {0xD800, 'x'};
    EXPECT_EQ("\xEF\xBF\xBDx", utf16_to_utf8(lone, 2));
}

/// One character after the other, as RFC 3629 has them.
Units slowly(std::string_view text) {
    Units out;
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = [&](std::size_t at) {
            return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
        };
        const unsigned lead = byte(i);
        const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        std::uint32_t code = bytes == 1 ? lead : lead & (0x7Fu >> bytes);
        bool good = lead < 0x80 || (lead >= 0xC2 && lead < 0xF5);
        for (std::size_t at = i + 1; at < i + bytes; ++at) {
            good = good && (byte(at) & 0xC0) == 0x80;
            code = code << 6 | (byte(at) & 0x3F);
        }
        constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
        good = good && code >= least[bytes] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
        if (!good) code = 0xFFFD;
        if (code >= 0x10000) {
            out.push_back(static_cast<SQLWCHAR>(0xD800 + ((code - 0x10000) >> 10)));
            out.push_back(static_cast<SQLWCHAR>(0xDC00 + ((code - 0x10000) & 0x3FF)));
        } else {
            out.push_back(static_cast<SQLWCHAR>(code));
        }
        i += good ? bytes : 1;
    }
    return out;
}

// Runs of one length of character are converted several at once: every mixture must give the same,
// whole, cut at every length, and with nothing touched behind the capacity.
TEST(Text, MixturesOfCharactersAreConvertedAsOneAfterTheOther) {
    const char* const pieces[] = {"a",
                                  "sixteen ASCII...",
                                  "é",
                                  "электрификация",
                                  "日",
                                  "数据库连",
                                  "😀",
                                  "\xC0",
                                  "\xC1\x80",
                                  "\xED\xA0\x80",
                                  "\xE0\x80\x80",
                                  "\xF4\x90\x80\x80",
                                  "\xC3"};
    std::mt19937 random(7);
    for (int round = 0; round < 4000; ++round) {
        std::string text;
        for (unsigned count = random() % 8; count; --count)
            text += pieces[random() % std::size(pieces)];
        const Units expected = slowly(text);
        EXPECT_EQ(expected.size(), utf16_length(text)) << text;
        constexpr SQLWCHAR untouched = 0x5A5A;
        for (std::size_t capacity = 0; capacity <= expected.size(); ++capacity) {
            Units out(capacity + 32, untouched);
            const Transcoded done = utf8_to_utf16(text, out.data(), capacity);
            const bool cut_pair = capacity && capacity < expected.size() &&
                                  (expected[capacity - 1] & 0xFC00) == 0xD800;
            ASSERT_EQ(capacity - cut_pair, done.written) << text;
            ASSERT_TRUE(std::equal(out.begin(),
                                   out.begin() + static_cast<std::ptrdiff_t>(done.written),
                                   expected.begin()))
                << text;
            ASSERT_TRUE(std::all_of(out.begin() + static_cast<std::ptrdiff_t>(capacity), out.end(),
                                    [](SQLWCHAR unit) { return unit == untouched; }))
                << text;
            ASSERT_EQ(Units(expected.begin(),
                            expected.begin() + static_cast<std::ptrdiff_t>(done.written)),
                      slowly(std::string_view(text).substr(0, done.read)))
                << text;
        }
    }
}

TEST(Text, SurrogatePairIsNeverCut) {
    SQLWCHAR out[2] = {};
    const Transcoded done = utf8_to_utf16("a😀", out, 2);
    EXPECT_EQ(1u, done.read);
    EXPECT_EQ(1u, done.written);
}

TEST(Text, InputArgumentsMayBeTerminatedCountedOrNull) {
    const SQLCHAR narrow[] = "abc";
    const SQLWCHAR wide[] = {'a', 'b', 'c', 0};
    EXPECT_EQ("abc", text(narrow, SQL_NTS));
    EXPECT_EQ("ab", text(narrow, 2));
    EXPECT_EQ("abc", text(wide, SQL_NTS));
    EXPECT_EQ("a", text(wide, 1));
    EXPECT_EQ("abc", text(narrow, 4)) << "the NUL was counted";
    EXPECT_EQ("abc", text(wide, 4)) << "the NUL was counted";
    EXPECT_EQ("", text(static_cast<const SQLCHAR*>(nullptr), SQL_NTS));
    EXPECT_THROW(text(narrow, -5), Error);
}

struct Output {
    const char* name;
    Unit unit;
    bool wide;
    long long capacity;
    bool whole;
    SQLSMALLINT length;
    std::string written;
};

TEST(TextOut, CountsInItsUnitAndAlwaysTerminates) {
    const Output outputs[] = {
        {"narrow fits", Unit::characters, false, 6, true, 5, "hello"},
        {"narrow without room for the terminator", Unit::bytes, false, 5, false, 5, "hell"},
        {"narrow of one byte", Unit::bytes, false, 1, false, 5, ""},
        {"nothing", Unit::bytes, false, 0, false, 5, "?"},
        {"wide in characters", Unit::characters, true, 6, true, 5, "hello"},
        {"wide in bytes", Unit::bytes, true, 12, true, 10, "hello"},
        {"wide in bytes, cut", Unit::bytes, true, 11, false, 10, "hell"},
    };
    for (const Output& output : outputs) {
        SQLWCHAR buffer[16] = {};
        std::memset(buffer, '?', sizeof buffer);
        SQLSMALLINT length = -1;
        const TextOut out{buffer,        output.capacity, &length,
                          sizeof length, output.unit,     output.wide};
        EXPECT_EQ(output.whole, out.put("hello")) << output.name;
        EXPECT_EQ(output.length, length) << output.name;
        if (output.capacity == 0) continue;
        const std::string written =
            output.wide ? text(buffer, SQL_NTS) : reinterpret_cast<char*>(buffer);
        EXPECT_EQ(output.written, written) << output.name;
    }
}

TEST(TextOut, WritesFourBytesACharacterForIodbc) {
    const struct {
        SQLSMALLINT capacity;
        bool whole;
        std::u32string written;
    } outputs[] = {
        {6, true, U"a\u20ac\U0001f600b"}, {5, true, U"a\u20ac\U0001f600b"},
        {3, false, U"a\u20ac"},           {1, false, U""},
        {0, false, U"~~~~~~~"},
    };
    for (const auto& output : outputs) {
        char32_t buffer[8] = U"~~~~~~~";
        SQLSMALLINT length = 0;
        TextOut out{buffer, output.capacity, &length, sizeof length, Unit::characters, true};
        out.four_bytes = true;
        EXPECT_EQ(output.whole, out.put("a\u20ac\U0001f600b"));
        EXPECT_EQ(4, length);
        EXPECT_EQ(output.written, std::u32string(buffer));
        EXPECT_EQ(0, buffer[7]);
    }
}

TEST(TextOut, NegativeCapacityIsInvalidLength) {
    SQLCHAR buffer[4];
    try {
        text_out(buffer, -1, static_cast<SQLSMALLINT*>(nullptr), Unit::bytes).put("x");
        FAIL();
    } catch (const Error& error) {
        EXPECT_TRUE(error.is(state::invalid_length));
    }
}

TEST(Names, AreComparedWithoutCaseInAsciiOnly) {
    EXPECT_TRUE(equal_ignoring_case("FabricHost", "FABRICHOST"));
    EXPECT_FALSE(equal_ignoring_case("é", "É"));
    EXPECT_EQ("a b", trim(" \t a b\r\n"));
    EXPECT_EQ("", trim(" \n"));
}

}  // namespace
}  // namespace myfabric
