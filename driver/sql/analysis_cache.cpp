#include "sql/analysis_cache.h"

namespace myfabric::sql {

/// Two texts that a program uses in turn differ in length or end, as a rule.
AnalysisCache::Entry& AnalysisCache::place(std::string_view text) {
    const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const std::size_t size = text.size();
    return entries_[(size + byte(size / 2) * 3u + byte(size - 1) * 5u) % entries_.size()];
}

const Analysis& AnalysisCache::analyse(std::string_view text, bool backslash_escapes) {
    constexpr std::size_t longest = 2000;  // a longer text is not worth its memory
    if (text.empty() || text.size() > longest)
        return other_ = sql::analyse(text, backslash_escapes);
    Entry& entry = place(text);
    if (entry.text != text || entry.backslash_escapes != backslash_escapes) {
        entry.analysis = sql::analyse(text, backslash_escapes);
        entry.text = text;
        entry.backslash_escapes = backslash_escapes;
    }
    return entry.analysis;
}

}  // namespace myfabric::sql
