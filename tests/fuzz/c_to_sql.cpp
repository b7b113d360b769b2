// C data of parameters to what the server is sent: nothing is read beyond the buffer, and what is
// sent lies in the buffer or in the scratch.
#include <array>
#include <cstdint>
#include <string>

#include "conversion/from_c.h"
#include "fuzz/bytes.h"
#include "mysql/bulk_values.h"
#include "mysql/execute_request.h"

using namespace myfabric;
using namespace myfabric::conversion;
using fuzz::Block;
using fuzz::must;

namespace {

constexpr SQLSMALLINT sql_types[] = {SQL_CHAR,
                                     SQL_VARCHAR,
                                     SQL_LONGVARCHAR,
                                     SQL_WCHAR,
                                     SQL_WVARCHAR,
                                     SQL_WLONGVARCHAR,
                                     SQL_DECIMAL,
                                     SQL_NUMERIC,
                                     SQL_SMALLINT,
                                     SQL_INTEGER,
                                     SQL_REAL,
                                     SQL_FLOAT,
                                     SQL_DOUBLE,
                                     SQL_BIT,
                                     SQL_TINYINT,
                                     SQL_BIGINT,
                                     SQL_BINARY,
                                     SQL_VARBINARY,
                                     SQL_LONGVARBINARY,
                                     SQL_TYPE_DATE,
                                     SQL_TYPE_TIME,
                                     SQL_TYPE_TIMESTAMP,
                                     SQL_INTERVAL_YEAR,
                                     SQL_INTERVAL_MONTH,
                                     SQL_INTERVAL_DAY,
                                     SQL_INTERVAL_HOUR,
                                     SQL_INTERVAL_MINUTE,
                                     SQL_INTERVAL_SECOND,
                                     SQL_INTERVAL_YEAR_TO_MONTH,
                                     SQL_INTERVAL_DAY_TO_HOUR,
                                     SQL_INTERVAL_DAY_TO_MINUTE,
                                     SQL_INTERVAL_DAY_TO_SECOND,
                                     SQL_INTERVAL_HOUR_TO_MINUTE,
                                     SQL_INTERVAL_HOUR_TO_SECOND,
                                     SQL_INTERVAL_MINUTE_TO_SECOND,
                                     SQL_GUID,
                                     SQL_UNKNOWN_TYPE,
                                     4711};

bool lies_in(std::string_view part, const char* begin, std::size_t size) {
    return part.empty() || (part.data() >= begin && part.data() + part.size() <= begin + size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Bytes in(data, size);
    const auto type = static_cast<CType>(in.below(c_types));
    const SQLSMALLINT sql_type = sql_types[in.below(std::size(sql_types))];
    const unsigned flags = in.take<std::uint8_t>();
    const Writing writing{(flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0};
    const auto column_size = in.take<std::uint8_t>();
    const auto scale = static_cast<short>(in.take<std::int8_t>());
    const auto fixed = static_cast<std::size_t>(c_type_size(type));
    std::string value(in.rest());
    SQLLEN length = static_cast<SQLLEN>(value.size());
    if (fixed) value.resize(fixed);
    if (!fixed && (flags & 16)) {
        length = SQL_NTS;
        if (type == CType::wide_character) value.resize(value.size() / 2 * 2);
        value.append(type == CType::wide_character ? 2 : 1, '\0');
    }
    if (!fixed && (flags & 96) == 96) length = -static_cast<SQLLEN>(column_size) - 5;
    Block buffer(value, type != CType::wide_character);
    results::Parameter out;
    Scratch scratch;
    const Outcome outcome =
        from_c(type, sql_type, buffer.data(), length, column_size, scale, out, scratch, writing);
    if (outcome != Outcome::stored && outcome != Outcome::fraction_truncated) return 0;
    if (out.type == results::Parameter::Type::text ||
        out.type == results::Parameter::Type::binary ||
        out.type == results::Parameter::Type::decimal)
        must(lies_in(out.bytes, buffer.data(), buffer.size()) ||
             lies_in(out.bytes, scratch.data(), scratch.size()));
    // And what the server is sent of it, alone and in rows.
    mysql::ExecuteRequest request(2);
    const std::array<results::Parameter, 2> both{out, results::Parameter{}};
    must(request.make(1, both).size() >= out.bytes.size());
    mysql::BulkValues bulk;
    bulk.begin(1, 2);
    must(bulk.put(0, 0, out));
    must(bulk.put(1, 0, results::Parameter{}));
    must(bulk.make(1, 2).size() >= out.bytes.size());
    return 0;
}
