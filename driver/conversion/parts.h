// SQLGetData in parts: long text and bytes, a buffer at a time.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "conversion/cell.h"
#include "conversion/types.h"
#include "results/column.h"

namespace myfabric::conversion {

/// How far a cell was delivered. A new cell starts with a new Progress.
struct Progress {
    std::size_t offset = 0;  // bytes of the source that were delivered
    bool done = false;       // the next call returns SQL_NO_DATA
    // Parts of wide text end between characters. Programs that take each part for as long as their
    // buffer (and do not look for its terminator) need false: then a part may end within a pair.
    bool whole_characters = true;
    SQLLEN remaining = -1;           // bytes of wide text to come; -1: not counted yet
    SQLWCHAR pending = 0;            // the second half of a pair that was split
    CType type = CType::by_default;  // what `remaining` was counted for
};

/// Bytes that as_text() may need.
inline constexpr std::size_t rendered_size = 64;

/// The text of a cell. Numbers and times of binary rows are written into `scratch` (at least
/// rendered_size bytes); everything else is the cell itself.
std::string_view as_text(Cell cell, const results::Column& column, results::Format format,
                         std::span<char> scratch) noexcept;

/// Delivers the next part to a character, wide character or binary buffer.
/// "Getting Long Data": each part of text is terminated; the length is what was left before this
/// call, in bytes; `truncated` until the last part. UTF-8 fills the buffer to the last byte, as
/// programs expect that put the parts together; pairs of hexadecimal digits are never cut, and see
/// Progress::whole_characters. Numbers, dates and times whose whole part does not fit are 22003,
/// and may be asked for again with a larger buffer; so may a length, with a capacity of 0. A
/// buffer too small for one character is `truncated` without progress.
Outcome deliver_part(Cell cell, const results::Column& column, results::Format format, CType type,
                     const Target& target, Progress& progress, std::span<char> scratch) noexcept;

}  // namespace myfabric::conversion
