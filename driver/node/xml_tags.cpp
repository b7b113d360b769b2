#include "node/xml_tags.h"

#include <utility>

#include "base/text.h"
#include "topology/values.h"

namespace myfabric::node {
namespace {

constexpr int deepest = 100;                   // levels of elements; Fabric's replies have 17
constexpr std::size_t most_around = 64 << 10;  // bytes around rows that are read in pieces

/// Where the tag that begins at `at` ends: after its '>', which may also be within quotes. npos
/// when it is cut off; what is no tag is refused, since the parser might see it otherwise.
std::size_t end_of_tag(std::string_view xml, std::size_t at) {
    for (std::size_t i = at + 1; i < xml.size(); ++i) {
        if (xml[i] == '>') return i + 1;
        if (xml[i] == '<') wrong_shape("a '<' within a tag");
        if (xml[i] != '"' && xml[i] != '\'') continue;
        i = xml.find(xml[i], i + 1);
        if (i == std::string_view::npos) break;
    }
    return std::string_view::npos;
}

/// The same of what begins with "<!" or "<?".
std::size_t end_of_other(std::string_view xml, std::size_t at) {
    constexpr std::pair<std::string_view, std::string_view> kinds[] = {
        {"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};
    for (const auto& [begin, end] : kinds) {
        if (!xml.substr(at).starts_with(begin)) continue;
        const std::size_t found = xml.find(end, at + begin.size());
        return found == std::string_view::npos ? found : found + end.size();
    }
    wrong_shape("it declares a document type");
}

/// A tag, and the text between it and the one before.
struct Tag {
    std::size_t begin = 0, end = 0;
    std::string_view text;  // "<value>", "</value>", "<nil/>"
    std::string_view before;

    bool closes() const { return text[1] == '/'; }
    /// By which it makes what follows deeper.
    int levels() const { return closes() ? -1 : text[text.size() - 2] == '/' ? 0 : 1; }
};

/// Goes to the tag behind `tag`. False at the end, and where the text is cut off.
bool next_tag(std::string_view xml, Tag& tag) {
    const std::size_t from = tag.end;
    std::size_t at = from;
    while ((at = xml.find('<', at)) != std::string_view::npos && at + 1 < xml.size()) {
        const bool other = xml[at + 1] == '!' || xml[at + 1] == '?';
        const std::size_t end = other ? end_of_other(xml, at) : end_of_tag(xml, at);
        if (end == std::string_view::npos) return false;
        if (!other) {
            tag = {at, end, xml.substr(at, end - at), xml.substr(from, at - from)};
            return true;
        }
        at = end;
    }
    return false;
}

/// Goes behind the tags in which the rows stand. False when there are none.
bool find_rows(std::string_view xml, Tag& tag) {
    bool is_name = false;
    while (next_tag(xml, tag)) {
        if (is_name && tag.text == "</name>" && tag.before == "rows") break;
        is_name = tag.text == "<name>";
    }
    for (const char* inner : {"<value>", "<array>", "<data>"})
        if (!next_tag(xml, tag) || tag.text != inner || !trim(tag.before).empty()) return false;
    return true;
}

}  // namespace

void refuse(const std::string& predicate) {
    throw topology::MalformedReply(predicate);
}

void wrong_shape(const std::string& what) {
    refuse("sent a reply of another shape than Fabric's (" + what +
           "); check that FabricHost and FabricPort name a MySQL Fabric node");
}

void check_harmless(std::string_view xml) {
    if (xml.find('\0') != std::string_view::npos) wrong_shape("it has zero bytes");
    int depth = 0;
    for (Tag tag; next_tag(xml, tag);) {
        depth += tag.levels();
        if (depth > deepest) wrong_shape("more than " + std::to_string(deepest) + " levels");
    }
}

std::optional<RowsInPieces> rows_in_pieces(std::string_view xml, std::size_t piece) {
    Tag tag;
    if (xml.size() <= piece || !find_rows(xml, tag)) return std::nullopt;
    RowsInPieces rows;
    rows.before = xml.substr(0, tag.end);
    std::size_t begin = tag.end;
    const auto part = [&](std::size_t end) {
        rows.pieces.push_back(xml.substr(begin, end - begin));
        begin = end;
    };
    for (int depth = 0; next_tag(xml, tag);) {
        depth += tag.levels();
        if (depth < 0) {  // </data>
            part(tag.begin);
            rows.after = xml.substr(tag.begin);
            // What surrounds them is read with every piece.
            const bool short_around = rows.before.size() + rows.after.size() <= most_around;
            const bool parted = short_around && rows.pieces.size() > 1 && !find_rows(xml, tag);
            return parted ? std::optional(rows) : std::nullopt;
        }
        if (depth == 0 && tag.end - begin >= piece) part(tag.end);
    }
    return std::nullopt;
}

}  // namespace myfabric::node
