#include "cursor/live_rows.h"

#include <gtest/gtest.h>

namespace myfabric::cursor {
namespace {

struct Sample {
    const char* name;
    SQLSMALLINT orientation;
    SQLLEN offset;
    Moved moved;
    Restart expected;
};

// "Effect of Deleted, Added, and Error Rows on Cursor Movement", with a rowset of rows 3 and 4
// of 6.
const Sample samples[] = {
    {"BeforeTheStart", SQL_FETCH_NEXT, 0, {0, 6, {}, 7}, {SQL_FETCH_NEXT, 0, 0, 0}},
    {"AfterTheEnd", SQL_FETCH_PRIOR, 0, {7, 6, {}, 9}, {SQL_FETCH_PRIOR, 0, 10, 0}},
    {"NothingChanged", SQL_FETCH_NEXT, 0, {3, 6, {3, 4}, 6}, {SQL_FETCH_NEXT, 0, 3, 2}},
    {"FirstDeletedNext", SQL_FETCH_NEXT, 0, {3, 6, {0, 3}, 5}, {SQL_FETCH_NEXT, 0, 3, 1}},
    {"InsertedInsideNext", SQL_FETCH_NEXT, 0, {3, 6, {3, 5}, 7}, {SQL_FETCH_NEXT, 0, 3, 3}},
    {"InsertedBehindNext", SQL_FETCH_NEXT, 0, {3, 6, {3, 4}, 7}, {SQL_FETCH_NEXT, 0, 3, 2}},
    {"InsertedBeforePrior", SQL_FETCH_PRIOR, 0, {3, 6, {4, 5}, 7}, {SQL_FETCH_PRIOR, 0, 4, 2}},
    {"DeletedRelative0", SQL_FETCH_RELATIVE, 0, {3, 6, {0, 3}, 5}, {SQL_FETCH_ABSOLUTE, 3, 3, 0}},
    {"DeletedRelative1", SQL_FETCH_RELATIVE, 1, {3, 6, {0, 3}, 5}, {SQL_FETCH_ABSOLUTE, 3, 3, 0}},
    {"InsertedRelative1", SQL_FETCH_RELATIVE, 1, {3, 6, {3, 5}, 7}, {SQL_FETCH_ABSOLUTE, 5, 3, 0}},
    {"RelativeBeyond", SQL_FETCH_RELATIVE, 3, {3, 6, {3, 5}, 7}, {SQL_FETCH_ABSOLUTE, 7, 3, 0}},
    {"RelativeBack", SQL_FETCH_RELATIVE, -1, {3, 6, {4, 5}, 7}, {SQL_FETCH_RELATIVE, -1, 4, 2}},
    {"AllDeletedNext", SQL_FETCH_NEXT, 0, {3, 6, {0, 0}, 4}, {SQL_FETCH_NEXT, 0, 3, 0}},
    {"AllRowsDeleted", SQL_FETCH_PRIOR, 0, {3, 6, {0, 0}, 0}, {SQL_FETCH_PRIOR, 0, 1, 0}},
    {"Absolute", SQL_FETCH_ABSOLUTE, 2, {3, 6, {3, 4}, 6}, {SQL_FETCH_ABSOLUTE, 2, 3, 2}},
};

TEST(LiveRows, StartAgainWhereTheReferenceSays) {
    for (const Sample& sample : samples) {
        const Restart found = restart(sample.orientation, sample.offset, sample.moved);
        EXPECT_EQ(sample.expected.orientation, found.orientation) << sample.name;
        EXPECT_EQ(sample.expected.offset, found.offset) << sample.name;
        EXPECT_EQ(sample.expected.first, found.first) << sample.name;
        EXPECT_EQ(sample.expected.size, found.size) << sample.name;
    }
}

}  // namespace
}  // namespace myfabric::cursor
