// Values of a server to C data, whole and in parts: nothing is written beyond the buffer, texts are
// terminated within it, and the parts are the whole.
#include <cstdint>
#include <vector>

#include "conversion/parts.h"
#include "conversion/to_c.h"
#include "fuzz/bytes.h"

using namespace myfabric;
using namespace myfabric::conversion;
using fuzz::Block;
using fuzz::must;
using results::Kind;

namespace {

/// Bytes of a value in a binary row, 0 where the value itself says how many.
std::size_t wire_size(Kind kind) {
    switch (kind) {
        case Kind::tinyint:
            return 1;
        case Kind::smallint:
        case Kind::year:
            return 2;
        case Kind::mediumint:
        case Kind::integer:
        case Kind::real:
            return 4;
        case Kind::bigint:
        case Kind::double_precision:
            return 8;
        default:
            return 0;
    }
}

results::Column column_of(fuzz::Bytes& in) {
    results::Column column;
    column.kind = static_cast<Kind>(in.below(static_cast<std::size_t>(Kind::inet6) + 1));
    const unsigned flags = in.take<std::uint16_t>();
    column.is_unsigned = flags & 1;
    column.zerofill = flags & 2;
    column.reading.wider_unsigned = flags & 4;
    column.reading.wrap_integers = flags & 8;
    column.reading.bytes_as_text = flags & 16;
    column.reading.zero_date_to_min = flags & 32;
    column.reading.no_bigint = flags & 64;
    column.charset = flags & 128 ? 63 : 45;
    column.char_bytes = flags & 256 ? 4 : 1;
    column.length = in.take<std::uint32_t>();
    column.decimals = in.take<std::uint8_t>();
    return column;
}

struct Case {
    results::Column column;
    results::Format format;
    CType type;
};

bool is_text(CType type) {
    return type == CType::character || type == CType::wide_character;
}

void ends_within(const Block& buffer, CType type) {
    if (buffer.size() == 0) return;
    const std::string_view written = buffer.view();
    if (type == CType::character) must(written.find('\0') != std::string_view::npos);
    if (type != CType::wide_character || buffer.size() < sizeof(SQLWCHAR)) return;
    for (std::size_t i = 0; i + 1 < written.size(); i += sizeof(SQLWCHAR))
        if (written[i] == 0 && written[i + 1] == 0) return;
    must(false);
}

void whole(const Case& c, Cell cell, std::size_t capacity, short precision, short scale) {
    const auto fixed = static_cast<std::size_t>(c_type_size(c.type));
    Block buffer(fixed ? fixed : capacity, c.type != CType::wide_character);
    SQLLEN told = 0;
    Target target{buffer.data(), static_cast<SQLLEN>(buffer.size()), &told, precision, scale};
    if (shows_definition(c.column, c.format, c.type)) {
        target.precision = static_cast<short>(c.column.length);
        target.scale = static_cast<short>(c.column.decimals);
    }
    const Converter convert = converter(c.column, c.format, c.type);
    const Outcome outcome = convert(cell, target);
    if (is_text(c.type) && (outcome == Outcome::stored || outcome == Outcome::truncated))
        ends_within(buffer, c.type);
    if (outcome == Outcome::stored && !fixed) {
        const std::size_t terminator =
            c.type == CType::character ? 1 : (c.type == CType::wide_character ? 2 : 0);
        must(told >= 0 && static_cast<std::size_t>(told) + terminator <= buffer.size());
    }
    target.value = nullptr;
    target.capacity = 0;
    convert(cell, target);
}

/// All that deliver_part() gives with buffers of these sizes; false: an error or no end.
bool gathered(const Case& c, Cell cell, const std::vector<std::size_t>& sizes, std::string& all) {
    char scratch[rendered_size];
    Progress progress;
    const std::size_t terminator =
        c.type == CType::character ? 1 : (c.type == CType::wide_character ? 2 : 0);
    for (std::size_t part = 0; part < cell.size() * 4 + 64; ++part) {
        Block buffer(sizes[part % sizes.size()], c.type != CType::wide_character);
        SQLLEN left = 0;
        const Target target{buffer.data(), static_cast<SQLLEN>(buffer.size()), &left};
        const Outcome outcome =
            deliver_part(cell, c.column, c.format, c.type, target, progress, scratch);
        if (outcome != Outcome::stored && outcome != Outcome::truncated) return false;
        ends_within(buffer, c.type);
        if (outcome == Outcome::stored) {
            must(left >= 0 && static_cast<std::size_t>(left) + terminator <= buffer.size());
            all.append(buffer.data(), static_cast<std::size_t>(left));
            return true;
        }
        // Text may have zeros in it: how much came is seen by what is left the next time.
        Progress after = progress;
        SQLLEN rest = 0;
        Block none(0);
        const Target ask{none.data(), 0, &rest};
        deliver_part(cell, c.column, c.format, c.type, ask, after, scratch);
        must(left == SQL_NO_TOTAL || rest == SQL_NO_TOTAL || rest <= left);
        if (left == SQL_NO_TOTAL || rest == SQL_NO_TOTAL) return false;
        const auto came = static_cast<std::size_t>(left - rest);
        must(came <= buffer.size());
        all.append(buffer.data(), came);
    }
    must(false);
    return false;
}

void in_parts(const Case& c, Cell cell, fuzz::Bytes sizes_in) {
    if (!is_text(c.type) && c.type != CType::binary) return;
    std::vector<std::size_t> sizes;
    for (int i = 0; i < 3; ++i) sizes.push_back(10 + sizes_in.below(40));
    std::string parts, once;
    if (!gathered(c, cell, {cell.size() * 8 + 1024}, once)) return;
    if (!gathered(c, cell, sizes, parts)) return;
    must(parts == once);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Bytes in(data, size);
    Case c;
    c.column = column_of(in);
    c.type = static_cast<CType>(in.below(c_types));
    c.format = in.below(2) ? results::Format::binary : results::Format::text;
    const std::size_t capacity = in.below(64);
    const auto precision = static_cast<short>(in.take<std::int8_t>());
    const auto scale = static_cast<short>(in.take<std::int8_t>());
    const fuzz::Bytes sizes = in;
    std::string_view value = in.rest();
    std::string padded;
    if (c.format == results::Format::binary)
        if (const std::size_t fixed = wire_size(c.column.kind)) {
            padded = value.substr(0, fixed);
            padded.resize(fixed);
            value = padded;
        }
    Block cell(value);
    describe(c.column);
    whole(c, cell.view(), capacity, precision, scale);
    whole(c, cell.view(), 4096, precision, scale);
    in_parts(c, cell.view(), sizes);
    return 0;
}
