#include "conversion/to_c.h"

#include <array>
#include <utility>

#include "conversion/guid.h"
#include "conversion/interval.h"

namespace myfabric::conversion {
namespace {

using results::Column;
using results::Format;
using results::Kind;

Outcome not_allowed(Cell, const Target&) noexcept {
    return Outcome::not_allowed;
}
constexpr Converter no = not_allowed;

using Row = std::array<Converter, c_types>;
constexpr std::size_t plain_types = static_cast<std::size_t>(CType::interval_year);
constexpr std::size_t interval_types = static_cast<std::size_t>(CType::by_default) - plain_types;
using Plain = std::array<Converter, plain_types>;  // the C types but the intervals
using Intervals = std::array<Converter, interval_types>;

constexpr Intervals no_intervals = [] {
    Intervals row{};
    row.fill(no);
    return row;
}();

/// `make` returns the converter for each interval type.
template <class Make>
constexpr Intervals intervals(Make make) {
    return [&]<std::size_t... i>(std::index_sequence<i...>) {
        return Intervals{make.template operator()<static_cast<CType>(plain_types + i)>()...};
    }
    (std::make_index_sequence<interval_types>{});
}

constexpr Row row(const Plain& plain, const Intervals& last) {
    Row all{};
    for (std::size_t i = 0; i < plain_types; ++i) all[i] = plain[i];
    for (std::size_t i = 0; i < interval_types; ++i) all[plain_types + i] = last[i];
    all[c_types - 1] = no;  // SQL_C_DEFAULT
    return all;
}

template <class Source>
constexpr Intervals from_numbers = intervals([]<CType type>() -> Converter {
    return number_to_interval<Source, type>;
});
template <class Source>
constexpr Intervals from_times = intervals([]<CType type>() -> Converter {
    return time_to_interval<Source, type>;
});
constexpr Intervals from_text =
    intervals([]<CType type>() -> Converter { return text_to_interval<type>; });

// One row per page of "Converting Data from SQL to C Data Types"; columns in the order of CType.
// clang-format off

// CHAR           WCHAR            SSHORT                          USHORT
// SLONG                           ULONG                           FLOAT                DOUBLE
// BIT            STINYINT                        UTINYINT                        SBIGINT
// UBIGINT                         BINARY  DATE  TIME  TIMESTAMP  NUMERIC  GUID

template <class S, class Native>  // "SQL to C: Numeric", exact
constexpr Row exact = row({
    to_exact_chars<S>, to_exact_wchars<S>, to_integer<S, SQLSMALLINT>, to_integer<S, SQLUSMALLINT>,
    to_integer<S, SQLINTEGER>, to_integer<S, SQLUINTEGER>, to_real<S, SQLREAL>, to_real<S, SQLDOUBLE>,
    to_bit<S>, to_integer<S, SQLSCHAR>, to_integer<S, SQLCHAR>, to_integer<S, SQLBIGINT>,
    to_integer<S, SQLUBIGINT>, to_native<S, Native>, no, no, no, to_numeric<S>, no,
}, from_numbers<S>);

template <class S, class Native>  // the same with WrapIntegers
constexpr Row wrapping = row({
    to_exact_chars<S>, to_exact_wchars<S>, to_wrapped<S, SQLSMALLINT>, to_wrapped<S, SQLUSMALLINT>,
    to_wrapped<S, SQLINTEGER>, to_wrapped<S, SQLUINTEGER>, to_real<S, SQLREAL>, to_real<S, SQLDOUBLE>,
    to_bit<S>, to_wrapped<S, SQLSCHAR>, to_wrapped<S, SQLCHAR>, to_wrapped<S, SQLBIGINT>,
    to_wrapped<S, SQLUBIGINT>, to_native<S, Native>, no, no, no, to_numeric<S>, no,
}, from_numbers<S>);

template <class S, class Native>  // "SQL to C: Numeric", approximate
constexpr Row approximate = row({
    to_exact_chars<S>, to_exact_wchars<S>, to_integer<S, SQLSMALLINT>, to_integer<S, SQLUSMALLINT>,
    to_integer<S, SQLINTEGER>, to_integer<S, SQLUINTEGER>, to_real<S, SQLREAL>, to_real<S, SQLDOUBLE>,
    to_bit<S>, to_integer<S, SQLSCHAR>, to_integer<S, SQLCHAR>, to_integer<S, SQLBIGINT>,
    to_integer<S, SQLUBIGINT>, to_native<S, Native>, no, no, no, to_numeric<S>, no,
}, no_intervals);

using D = TextNumber;  // DECIMAL is text in both protocols; SQL_C_BINARY gets its digits
constexpr Row decimal = row({
    to_exact_chars<D>, to_exact_wchars<D>, to_integer<D, SQLSMALLINT>, to_integer<D, SQLUSMALLINT>,
    to_integer<D, SQLINTEGER>, to_integer<D, SQLUINTEGER>, to_real<D, SQLREAL>, to_real<D, SQLDOUBLE>,
    to_bit<D>, to_integer<D, SQLSCHAR>, to_integer<D, SQLCHAR>, to_integer<D, SQLBIGINT>,
    to_integer<D, SQLUBIGINT>, store_bytes, no, no, no, to_numeric<D>, no,
}, from_numbers<D>);

using B = Bits;
constexpr Row bit = row({  // "SQL to C: Bit"
    to_exact_chars<B>, to_exact_wchars<B>, to_integer<B, SQLSMALLINT>, to_integer<B, SQLUSMALLINT>,
    to_integer<B, SQLINTEGER>, to_integer<B, SQLUINTEGER>, to_real<B, SQLREAL>, to_real<B, SQLDOUBLE>,
    to_bit<B>, to_integer<B, SQLSCHAR>, to_integer<B, SQLCHAR>, to_integer<B, SQLBIGINT>,
    to_integer<B, SQLUBIGINT>, to_native<B, SQLCHAR>, no, no, no, to_numeric<B>, no,
}, no_intervals);

constexpr Row bits = row({  // BIT(n): "SQL to C: Binary", and the number that the bits are
    store_hex, store_wide_hex, to_integer<B, SQLSMALLINT>, to_integer<B, SQLUSMALLINT>,
    to_integer<B, SQLINTEGER>, to_integer<B, SQLUINTEGER>, to_real<B, SQLREAL>, to_real<B, SQLDOUBLE>,
    to_bit<B>, to_integer<B, SQLSCHAR>, to_integer<B, SQLCHAR>, to_integer<B, SQLBIGINT>,
    to_integer<B, SQLUBIGINT>, store_bytes, no, no, no, to_numeric<B>, no,
}, no_intervals);

constexpr Row raw_bits = row({  // BIT(n) with BinaryAsBytes
    store_raw_text, store_wide_text, to_integer<B, SQLSMALLINT>, to_integer<B, SQLUSMALLINT>,
    to_integer<B, SQLINTEGER>, to_integer<B, SQLUINTEGER>, to_real<B, SQLREAL>, to_real<B, SQLDOUBLE>,
    to_bit<B>, to_integer<B, SQLSCHAR>, to_integer<B, SQLCHAR>, to_integer<B, SQLBIGINT>,
    to_integer<B, SQLUBIGINT>, store_bytes, no, no, no, to_numeric<B>, no,
}, no_intervals);

using T = TextNumber;
constexpr Row character = row({  // "SQL to C: Character" and "SQL to C: GUID"
    store_text, store_wide_text, to_integer<T, SQLSMALLINT>, to_integer<T, SQLUSMALLINT>,
    to_integer<T, SQLINTEGER>, to_integer<T, SQLUINTEGER>, to_real<T, SQLREAL>, to_real<T, SQLDOUBLE>,
    to_bit<T>, to_integer<T, SQLSCHAR>, to_integer<T, SQLCHAR>, to_integer<T, SQLBIGINT>,
    to_integer<T, SQLUBIGINT>, store_bytes,
    to_character_moment<store_date>, to_character_moment<store_time>,
    to_character_moment<store_timestamp>, to_numeric<T>, text_to_guid,
}, from_text);

constexpr Row narrow_character = [] {  // with Charset
    Row other = character;
    other[static_cast<std::size_t>(CType::character)] = store_narrow_text;
    return other;
}();

constexpr Row binary = row({  // "SQL to C: Binary"; 16 bytes may be a GUID
    store_hex, store_wide_hex, no, no, no, no, no, no, no, no, no, no, no, store_bytes,
    no, no, no, no, bytes_to_guid,
}, no_intervals);

constexpr Row raw_binary = row({  // with BinaryAsBytes
    store_raw_text, store_wide_text, no, no, no, no, no, no, no, no, no, no, no, store_bytes,
    no, no, no, no, bytes_to_guid,
}, no_intervals);

template <class S, Converter chars, Converter wchars>  // "SQL to C: Date"
constexpr Row date = row({
    chars, wchars, no, no, no, no, no, no, no, no, no, no, no,
    to_native_moment<S, SQL_DATE_STRUCT, store_date>,
    to_moment<S, store_date>, no, to_moment<S, store_timestamp>, no, no,
}, no_intervals);

template <class S, Converter chars, Converter wchars>  // "SQL to C: Time"
constexpr Row time = row({
    chars, wchars, no, no, no, no, no, no, no, no, no, no, no,
    to_native_moment<S, SQL_TIME_STRUCT, store_time>,
    no, to_moment<S, store_time>, to_moment<S, store_timestamp>, no, no,
}, from_times<S>);

template <class S, Converter chars, Converter wchars,
          Converter stamps = to_moment<S, store_timestamp>>  // "SQL to C: Timestamp"
constexpr Row timestamp = row({
    chars, wchars, no, no, no, no, no, no, no, no, no, no, no,
    to_native_moment<S, SQL_TIMESTAMP_STRUCT, store_timestamp>,
    to_moment<S, store_date>, to_moment<S, store_time>, stamps, no, no,
}, no_intervals);

template <class S, Converter chars, Converter wchars>  // with Zero_Date_To_Min
constexpr Row least_moment = row({
    chars, wchars, no, no, no, no, no, no, no, no, no, no, no,
    to_native_moment<LeastDate<S>, SQL_TIMESTAMP_STRUCT, store_least_timestamp>,
    to_moment<LeastDate<S>, store_least_date>, to_moment<S, store_time>,
    to_moment<LeastDate<S>, store_least_timestamp>, no, no,
}, no_intervals);

// Text rows show dates and times as they come; packed ones by the column's digits.
constexpr const Row& text_date = date<TextMoment, store_exact, store_wide_exact>;
constexpr const Row& text_time = time<TextMoment, store_exact, store_wide_exact>;
constexpr const Row& text_timestamp =
    timestamp<TextMoment, store_exact, store_wide_exact, text_to_timestamp>;
constexpr const Row& packed_date =
    date<PackedDate, to_moment_text<PackedDate, 0, false>, to_moment_text<PackedDate, 0, true>>;
template <unsigned digits>
constexpr const Row& packed_time =
    time<PackedTime, to_moment_text<PackedTime, digits, false>, to_moment_text<PackedTime, digits, true>>;
template <unsigned digits>
constexpr const Row& packed_timestamp =
    timestamp<PackedMoment, to_moment_text<PackedMoment, digits, false>,
              to_moment_text<PackedMoment, digits, true>>;
constexpr const Row& least_text = least_moment<TextMoment, store_exact, store_wide_exact>;
template <class S, unsigned digits>
constexpr const Row& least_packed =
    least_moment<S, to_moment_text<S, digits, false>, to_moment_text<S, digits, true>>;
constexpr const Row* least_timestamps[] = {
    &least_packed<PackedMoment, 0>, &least_packed<PackedMoment, 1>, &least_packed<PackedMoment, 2>,
    &least_packed<PackedMoment, 3>, &least_packed<PackedMoment, 4>, &least_packed<PackedMoment, 5>,
    &least_packed<PackedMoment, 6>, &least_packed<PackedMoment, as_needed>,
};
constexpr const Row* packed_times[] = {
    &packed_time<0>, &packed_time<1>, &packed_time<2>, &packed_time<3>,
    &packed_time<4>, &packed_time<5>, &packed_time<6>, &packed_time<as_needed>,
};
constexpr const Row* packed_timestamps[] = {
    &packed_timestamp<0>, &packed_timestamp<1>, &packed_timestamp<2>, &packed_timestamp<3>,
    &packed_timestamp<4>, &packed_timestamp<5>, &packed_timestamp<6>, &packed_timestamp<as_needed>,
};

struct KindRows {
    const Row* of_signed;
    const Row* of_unsigned;
};
template <class Signed, class Unsigned>
constexpr KindRows text_integer{&exact<TextNumber, Signed>, &exact<TextNumber, Unsigned>};
template <class Signed, class Unsigned, class NativeSigned = Signed, class NativeUnsigned = Unsigned>
constexpr KindRows binary_integer{&exact<BinaryInteger<Signed>, NativeSigned>,
                                  &exact<BinaryInteger<Unsigned>, NativeUnsigned>};

template <class Signed, class Unsigned>
constexpr KindRows text_wrapping{&wrapping<TextNumber, Signed>, &wrapping<TextNumber, Unsigned>};
template <class Signed, class Unsigned, class NativeSigned = Signed, class NativeUnsigned = Unsigned>
constexpr KindRows binary_wrapping{&wrapping<BinaryInteger<Signed>, NativeSigned>,
                                   &wrapping<BinaryInteger<Unsigned>, NativeUnsigned>};

constexpr KindRows wrapping_matrix[][2] = {  // text and binary rows, from TINYINT to BIGINT
    {text_wrapping<SQLSCHAR, SQLCHAR>,         binary_wrapping<std::int8_t, std::uint8_t>},
    {text_wrapping<SQLSMALLINT, SQLUSMALLINT>, binary_wrapping<std::int16_t, std::uint16_t>},
    {text_wrapping<SQLINTEGER, SQLUINTEGER>,   binary_wrapping<std::int32_t, std::uint32_t>},
    {text_wrapping<SQLINTEGER, SQLUINTEGER>,   binary_wrapping<std::int32_t, std::uint32_t>},
    {text_wrapping<SQLBIGINT, SQLUBIGINT>,     binary_wrapping<std::int64_t, std::uint64_t>},
};

constexpr KindRows text_matrix[] = {  // in the order of results::Kind
    /* NULL       */ {&character, &character},
    /* TINYINT    */ text_integer<SQLSCHAR, SQLCHAR>,
    /* SMALLINT   */ text_integer<SQLSMALLINT, SQLUSMALLINT>,
    /* MEDIUMINT  */ text_integer<SQLINTEGER, SQLUINTEGER>,
    /* INTEGER    */ text_integer<SQLINTEGER, SQLUINTEGER>,
    /* BIGINT     */ text_integer<SQLBIGINT, SQLUBIGINT>,
    /* DECIMAL    */ {&decimal, &decimal},
    /* FLOAT      */ {&approximate<TextNumber, SQLREAL>, &approximate<TextNumber, SQLREAL>},
    /* DOUBLE     */ {&approximate<TextNumber, SQLDOUBLE>, &approximate<TextNumber, SQLDOUBLE>},
    /* BIT        */ {&bits, &bits},
    /* YEAR       */ text_integer<SQLSMALLINT, SQLUSMALLINT>,
    /* DATE       */ {&text_date, &text_date},
    /* TIME       */ {&text_time, &text_time},
    /* DATETIME   */ {&text_timestamp, &text_timestamp},
    /* TIMESTAMP  */ {&text_timestamp, &text_timestamp},
    /* CHAR       */ {&character, &character},
    /* VARCHAR    */ {&character, &character},
    /* TINYTEXT   */ {&character, &character},
    /* TEXT       */ {&character, &character},
    /* MEDIUMTEXT */ {&character, &character},
    /* LONGTEXT   */ {&character, &character},
    /* BINARY     */ {&binary, &binary},
    /* VARBINARY  */ {&binary, &binary},
    /* TINYBLOB   */ {&binary, &binary},
    /* BLOB       */ {&binary, &binary},
    /* MEDIUMBLOB */ {&binary, &binary},
    /* LONGBLOB   */ {&binary, &binary},
    /* ENUM       */ {&character, &character},
    /* SET        */ {&character, &character},
    /* JSON       */ {&character, &character},
    /* GEOMETRY   */ {&binary, &binary},
    /* UUID       */ {&character, &character},
    /* INET4      */ {&character, &character},
    /* INET6      */ {&character, &character},
};

constexpr KindRows binary_matrix[] = {  // the types that the binary protocol sends otherwise
    /* NULL       */ {&character, &character},
    /* TINYINT    */ binary_integer<std::int8_t, std::uint8_t>,
    /* SMALLINT   */ binary_integer<std::int16_t, std::uint16_t>,
    /* MEDIUMINT  */ binary_integer<std::int32_t, std::uint32_t>,
    /* INTEGER    */ binary_integer<std::int32_t, std::uint32_t>,
    /* BIGINT     */ binary_integer<std::int64_t, std::uint64_t>,
    /* DECIMAL    */ {&decimal, &decimal},
    /* FLOAT      */ {&approximate<BinaryReal<float>, SQLREAL>, &approximate<BinaryReal<float>, SQLREAL>},
    /* DOUBLE     */ {&approximate<BinaryReal<double>, SQLDOUBLE>, &approximate<BinaryReal<double>, SQLDOUBLE>},
    /* BIT        */ {&bits, &bits},
    /* YEAR       */ binary_integer<std::int16_t, std::uint16_t>,
    /* DATE       */ {&packed_date, &packed_date},
};
// clang-format on

static_assert(std::size(text_matrix) == static_cast<std::size_t>(Kind::inet6) + 1);
static_assert(std::size(binary_matrix) == static_cast<std::size_t>(Kind::date) + 1);

bool is_bytes(const Column& column) {
    return (column.kind >= Kind::binary && column.kind <= Kind::longblob) ||
           column.kind == Kind::geometry;
}

/// The row that the connection's keys ask for; null where they change nothing.
const Row* other_row(const Column& column, Format format, std::size_t digits) noexcept {
    const results::Reading& reading = column.reading;
    const bool binary_rows = format == Format::binary;
    if (reading.wrap_integers && column.kind >= Kind::tinyint && column.kind <= Kind::bigint) {
        const auto index =
            static_cast<std::size_t>(column.kind) - static_cast<std::size_t>(Kind::tinyint);
        const KindRows& rows = wrapping_matrix[index][binary_rows];
        return column.is_unsigned ? rows.of_unsigned : rows.of_signed;
    }
    if (reading.bytes_as_text && is_bytes(column)) return &raw_binary;
    if (reading.bytes_as_text && column.kind == Kind::bit) return &raw_bits;
    if (reading.narrow && is_narrow_text(column)) return &narrow_character;
    if (reading.zero_date_to_min) {
        const bool moment = column.kind == Kind::datetime || column.kind == Kind::timestamp;
        if (column.kind == Kind::date && binary_rows) return &least_packed<PackedDate, 0>;
        if (moment && binary_rows) return least_timestamps[digits];
        if (moment || column.kind == Kind::date) return &least_text;
    }
    return nullptr;
}

const Row& row_of(const Column& column, Format format) noexcept {
    if (column.kind == Kind::bit && column.length <= 1) return bit;
    const auto kind = static_cast<std::size_t>(column.kind);
    const std::size_t digits = column.decimals <= 6 ? column.decimals : as_needed;
    if (column.reading != results::Reading{})
        if (const Row* other = other_row(column, format, digits)) return *other;
    if (format == Format::binary) {
        if (column.kind == Kind::time) return *packed_times[digits];
        if (column.kind == Kind::datetime || column.kind == Kind::timestamp)
            return *packed_timestamps[digits];
    }
    const KindRows& rows = format == Format::binary && kind < std::size(binary_matrix)
                               ? binary_matrix[kind]
                               : text_matrix[kind];
    return column.is_unsigned ? *rows.of_unsigned : *rows.of_signed;
}

}  // namespace

namespace {

template <class Source>
constexpr Converter defined[2] = {to_defined_chars<Source, false>, to_defined_chars<Source, true>};

Converter defined_chars(const Column& column, bool wide) noexcept {
    switch (column.kind) {
        case Kind::tinyint:
            return defined<BinaryInteger<std::uint8_t>>[wide];
        case Kind::smallint:
            return defined<BinaryInteger<std::uint16_t>>[wide];
        case Kind::bigint:
            return defined<BinaryInteger<std::uint64_t>>[wide];
        case Kind::real:
            return defined<BinaryReal<float>>[wide];
        case Kind::double_precision:
            return defined<BinaryReal<double>>[wide];
        default:
            return defined<BinaryInteger<std::uint32_t>>[wide];
    }
}

}  // namespace

bool is_narrow_text(const Column& column) noexcept {
    const Row* row = text_matrix[static_cast<std::size_t>(column.kind)].of_signed;
    return column.kind != Kind::null && row == &character;
}

bool shows_definition(const Column& column, Format format, CType type) noexcept {
    return format == Format::binary && type <= CType::wide_character && shown_as_defined(column);
}

Converter converter(const results::Column& column, results::Format format, CType type) noexcept {
    if (shows_definition(column, format, type))
        return defined_chars(column, type == CType::wide_character);
    return row_of(column, format)[static_cast<std::size_t>(type)];
}

}  // namespace myfabric::conversion
