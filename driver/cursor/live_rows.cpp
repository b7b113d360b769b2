#include "cursor/live_rows.h"

#include <algorithm>

namespace myfabric::cursor {
namespace {

SQLLEN first_place(const std::vector<SQLLEN>& places, std::size_t from) {
    for (std::size_t i = from; i < places.size(); ++i)
        if (places[i]) return places[i];
    return 0;
}

}  // namespace

Restart restart(SQLSMALLINT orientation, SQLLEN offset, const Moved& moved) {
    if (moved.first == 0) return {orientation, offset, 0, 0};
    if (moved.first > moved.old_rows) return {orientation, offset, moved.rows + 1, 0};
    const auto last = std::ranges::find_if(moved.places.rbegin(), moved.places.rend(),
                                           [](SQLLEN place) { return place != 0; });
    const bool none = last == moved.places.rend();
    const SQLLEN gone = std::clamp<SQLLEN>(moved.first, 1, moved.rows + 1);
    const SQLLEN start = none ? gone : first_place(moved.places, 0);
    const SQLLEN next = none ? gone : *last + 1;
    if (orientation == SQL_FETCH_RELATIVE && offset >= 0) {
        const auto count = static_cast<SQLLEN>(moved.places.size());
        if (offset >= count) return {SQL_FETCH_ABSOLUTE, next + offset - count, start, 0};
        const SQLLEN place = first_place(moved.places, static_cast<std::size_t>(offset));
        return {SQL_FETCH_ABSOLUTE, place ? place : next, start, 0};
    }
    return {orientation, offset, start, next - start};
}

}  // namespace myfabric::cursor
