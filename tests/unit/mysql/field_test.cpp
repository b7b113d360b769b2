#include "mysql/field.h"

#include <gtest/gtest.h>

namespace myfabric::mysql {
namespace {

constexpr unsigned utf8mb4_general_ci = 45;
constexpr unsigned utf8mb4_bytes = 4;
constexpr unsigned text = utf8mb4_general_ci;
constexpr unsigned bytes = binary_charset;

TEST(Field, KindFollowsTypeFlagsAndCharacterSet) {
    const struct {
        WireType type;
        unsigned flags, charset;
        std::uint64_t length;
        results::Kind kind;
    } samples[] = {
        {WireType::null, 0, bytes, 0, results::Kind::null},
        {WireType::tiny, 0, bytes, 4, results::Kind::tinyint},
        {WireType::small, 0, bytes, 6, results::Kind::smallint},
        {WireType::medium, 0, bytes, 9, results::Kind::mediumint},
        {WireType::integer, 0, bytes, 11, results::Kind::integer},
        {WireType::big, 0, bytes, 20, results::Kind::bigint},
        {WireType::decimal, 0, bytes, 12, results::Kind::decimal},
        {WireType::new_decimal, 0, bytes, 12, results::Kind::decimal},
        {WireType::real, 0, bytes, 12, results::Kind::real},
        {WireType::double_precision, 0, bytes, 22, results::Kind::double_precision},
        {WireType::bit, unsigned_flag, bytes, 1, results::Kind::bit},
        {WireType::year, unsigned_flag, bytes, 4, results::Kind::year},
        {WireType::date, binary_flag, bytes, 10, results::Kind::date},
        {WireType::new_date, binary_flag, bytes, 10, results::Kind::date},
        {WireType::time, binary_flag, bytes, 10, results::Kind::time},
        {WireType::datetime, binary_flag, bytes, 19, results::Kind::datetime},
        {WireType::timestamp, binary_flag, bytes, 19, results::Kind::timestamp},
        {WireType::string, 0, text, 40, results::Kind::character},
        {WireType::string, 0, bytes, 10, results::Kind::binary},
        {WireType::string, enum_flag, text, 8, results::Kind::enumeration},
        {WireType::string, set_flag, text, 12, results::Kind::set},
        {WireType::enumeration, 0, text, 8, results::Kind::enumeration},
        {WireType::set, 0, text, 12, results::Kind::set},
        {WireType::varchar, 0, text, 40, results::Kind::varchar},
        {WireType::var_string, 0, text, 40, results::Kind::varchar},
        {WireType::var_string, 0, bytes, 40, results::Kind::varbinary},
        {WireType::blob, 0, bytes, 255, results::Kind::tinyblob},
        {WireType::blob, 0, bytes, 256, results::Kind::blob},
        {WireType::blob, 0, bytes, 65535, results::Kind::blob},
        {WireType::blob, 0, bytes, 65536, results::Kind::mediumblob},
        {WireType::blob, 0, bytes, 16777215, results::Kind::mediumblob},
        {WireType::blob, 0, bytes, 4294967295, results::Kind::longblob},
        {WireType::blob, 0, text, 255, results::Kind::tinytext},
        {WireType::blob, 0, text, 1020, results::Kind::tinytext},
        {WireType::blob, 0, text, 65535, results::Kind::text},
        {WireType::blob, 0, text, 262140, results::Kind::text},
        {WireType::blob, 0, text, 16777215, results::Kind::mediumtext},
        {WireType::blob, 0, text, 67108860, results::Kind::mediumtext},
        {WireType::blob, 0, text, 4294967295, results::Kind::longtext},
        {WireType::long_blob, 0, text, 4294967295, results::Kind::longtext},
        {WireType::tiny_blob, 0, bytes, 255, results::Kind::tinyblob},
        {WireType::json, binary_flag, bytes, 4294967295, results::Kind::json},
        {WireType::geometry, binary_flag, bytes, 4294967295, results::Kind::geometry},
        {WireType::vector, binary_flag, bytes, 8192, results::Kind::varbinary},
    };
    for (const auto& s : samples) {
        Field field;
        field.type = s.type;
        field.flags = s.flags;
        field.charset = s.charset;
        field.length = s.length;
        EXPECT_EQ(kind_of(field, utf8mb4_bytes), s.kind)
            << "type " << static_cast<unsigned>(s.type) << ", length " << s.length;
    }
}

TEST(Field, ExtendedMetadataNamesTheTypesOfMariaDb) {
    Field field;
    field.type = WireType::string;
    field.charset = text;
    field.length = 144;
    field.flags = unsigned_flag;
    field.type_name = "uuid";
    EXPECT_EQ(kind_of(field, utf8mb4_bytes), results::Kind::uuid);
    const results::Column uuid = describe(field, utf8mb4_bytes);
    EXPECT_EQ(uuid.length / uuid.char_bytes, 36u);
    EXPECT_FALSE(uuid.is_unsigned);
    field.type_name = "inet4";
    EXPECT_EQ(kind_of(field, utf8mb4_bytes), results::Kind::inet4);
    field.type_name = "inet6";
    EXPECT_EQ(kind_of(field, utf8mb4_bytes), results::Kind::inet6);
    field.type = WireType::blob;
    field.type_name = {};
    field.format_name = "json";
    EXPECT_EQ(kind_of(field, utf8mb4_bytes), results::Kind::json);
}

TEST(Field, FlagsBecomeProperties) {
    Field field;
    field.type = WireType::integer;
    field.flags = not_null_flag | primary_key_flag | auto_increment_flag | unsigned_flag |
                  zerofill_flag | unique_key_flag;
    const results::Column all = describe(field, utf8mb4_bytes);
    EXPECT_FALSE(all.nullable);
    EXPECT_TRUE(all.primary_key && all.unique_key && all.auto_increment);
    EXPECT_TRUE(all.is_unsigned && all.zerofill);
    field.flags = 0;
    const results::Column none = describe(field, utf8mb4_bytes);
    EXPECT_TRUE(none.nullable);
    EXPECT_FALSE(none.primary_key || none.unique_key || none.auto_increment);
    EXPECT_FALSE(none.is_unsigned || none.zerofill || none.case_sensitive);
}

TEST(Field, TextCountsTheSessionsCharacterSet) {
    Field field;
    field.charset = text;
    field.length = 40;
    EXPECT_EQ(describe(field, 4).char_bytes, 4u);
    EXPECT_EQ(describe(field, 1).char_bytes, 1u);
    field.charset = bytes;
    EXPECT_EQ(describe(field, 4).char_bytes, 1u);
    field.type = WireType::json;  // MySQL calls it binary, and sends text
    EXPECT_EQ(describe(field, 4).char_bytes, 4u);
}

TEST(Field, TextsOfExpressionsAreToldTwiceTheBytesOfTheirCharacters) {
    struct Sample {
        WireType type;
        bool of_expression;
        std::uint64_t told, length;
    };
    for (const Sample& s :
         {Sample{WireType::blob, true, 1120000, 280000},  // CAST(... AS CHAR(70000))
          {WireType::blob, false, 1120000, 1120000},
          {WireType::medium_blob, true, 16777216, 4194304},
          {WireType::blob, true, 67108860, 67108860},  // UNION of MEDIUMTEXT
          {WireType::blob, true, 4294967295, 4294967295},
          {WireType::var_string, true, 4000, 4000}}) {
        Field field;
        field.charset = text;
        field.type = s.type;
        field.of_expression = s.of_expression;
        field.length = s.told;
        EXPECT_EQ(describe(field, 4).length, s.length) << s.told;
        field.charset = bytes;
        EXPECT_EQ(describe(field, 4).length, s.told) << s.told;
    }
}

TEST(Field, CaseMattersForBytesAndBinaryCollations) {
    Field field;
    field.charset = text;
    EXPECT_FALSE(describe(field, 4).case_sensitive);
    field.flags = binary_flag;
    EXPECT_TRUE(describe(field, 4).case_sensitive);
    field.flags = 0;
    field.charset = bytes;
    EXPECT_TRUE(describe(field, 4).case_sensitive);
    field.type = WireType::date;
    field.flags = binary_flag;
    EXPECT_FALSE(describe(field, 4).case_sensitive);
}

TEST(Field, DecimalsThatAreNotFixedAre31) {
    Field field;
    field.type = WireType::double_precision;
    for (unsigned decimals : {31u, 39u, 255u}) {
        field.decimals = decimals;
        EXPECT_EQ(describe(field, 4).decimals, 31u);
    }
    field.decimals = 30;
    EXPECT_EQ(describe(field, 4).decimals, 30u);
}

// A column's bits are bytes, an expression's decimal digits: only the flag tells.
TEST(Describe, BitsOfExpressionsAreDecimals) {
    Field field;
    field.type = WireType::bit;
    for (const auto& [bits, digits] : {std::pair{1u, 1u}, {8u, 3u}, {20u, 7u}, {64u, 20u}}) {
        field.length = bits;
        field.flags = unsigned_flag;
        EXPECT_EQ(results::Kind::bit, describe(field, 4).kind);
        field.flags = unsigned_flag | binary_flag;
        const results::Column column = describe(field, 4);
        EXPECT_EQ(results::Kind::decimal, column.kind);
        EXPECT_EQ(digits, column.length) << bits;
        EXPECT_EQ(0u, column.decimals);
        EXPECT_TRUE(column.is_unsigned);
    }
}

TEST(Describe, ColumnsThatFillThemselves) {
    Field field;
    field.type = WireType::timestamp;
    field.flags = not_null_flag;
    EXPECT_FALSE(describe(field, 4).fills_itself);
    field.flags |= timestamp_flag;
    EXPECT_TRUE(describe(field, 4).fills_itself);
    EXPECT_FALSE(describe(field, 4).nullable);
    field.type = WireType::integer;
    field.flags = not_null_flag | timestamp_flag;
    EXPECT_FALSE(describe(field, 4).fills_itself);
    field.flags = not_null_flag | auto_increment_flag;
    EXPECT_TRUE(describe(field, 4).fills_itself);
}

}  // namespace
}  // namespace myfabric::mysql
