// The tags of an XML text, without a parser: what must not come to the parser, and where the rows
// of a long reply may be parted. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace myfabric::node {

/// Throw topology::MalformedReply: the second says that this is no reply of a Fabric node.
[[noreturn]] void refuse(const std::string& predicate);
[[noreturn]] void wrong_shape(const std::string& what);

/// The parser recurses for each level and expands entities without a bound; no reply needs either.
/// Throws wrong_shape(). What is cut off passes: the parser reports that.
void check_harmless(std::string_view xml);

/// A reply whose rows are parted, each piece with whole ones: before, piece, after is such a reply
/// again. Views of it.
struct RowsInPieces {
    std::string_view before;
    std::vector<std::string_view> pieces;
    std::string_view after;
};
/// Of a reply with one member `rows` of more than `piece` bytes, in pieces of about so many.
/// Nothing for any other text, nor for one with more than 64 KiB around the rows. Throws
/// wrong_shape() as check_harmless() does.
std::optional<RowsInPieces> rows_in_pieces(std::string_view xml, std::size_t piece = 256 << 10);

}  // namespace myfabric::node
