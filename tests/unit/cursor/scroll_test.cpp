#include "cursor/scroll.h"

#include <gtest/gtest.h>

#include <limits>

namespace myfabric::cursor {
namespace {

constexpr SQLLEN before = 0;
constexpr SQLLEN last = 10;  // rows of the result
constexpr SQLLEN after = last + 1;
constexpr SQLLEN size = 3;

struct Sample {
    const char* rule;
    SQLSMALLINT orientation;
    SQLLEN offset;
    SQLLEN from;
    SQLLEN to;
    bool has_rows;
    bool attempt_before_start = false;
};

// "SQLFetchScroll: Cursor Positioning Rules", condition by condition.
const Sample samples[] = {
    {"next from before the start", SQL_FETCH_NEXT, 0, before, 1, true},
    {"next", SQL_FETCH_NEXT, 0, 1, 4, true},
    {"next to a partial rowset", SQL_FETCH_NEXT, 0, 7, 10, true},
    {"next past the last row", SQL_FETCH_NEXT, 0, 8, after, false},
    {"next after the end", SQL_FETCH_NEXT, 0, after, after, false},
    {"prior from before the start", SQL_FETCH_PRIOR, 0, before, before, false},
    {"prior from the first row", SQL_FETCH_PRIOR, 0, 1, before, false},
    {"prior within the first rowset", SQL_FETCH_PRIOR, 0, 3, 1, true, true},
    {"prior", SQL_FETCH_PRIOR, 0, 7, 4, true},
    {"prior to exactly the first row", SQL_FETCH_PRIOR, 0, 4, 1, true},
    {"prior from after the end", SQL_FETCH_PRIOR, 0, after, 8, true},
    {"first", SQL_FETCH_FIRST, 0, after, 1, true},
    {"last", SQL_FETCH_LAST, 0, 1, 8, true},
    {"relative forward from before the start", SQL_FETCH_RELATIVE, 4, before, 4, true},
    {"relative backward from before the start", SQL_FETCH_RELATIVE, -4, before, before, false},
    {"relative 0 from before the start", SQL_FETCH_RELATIVE, 0, before, before, false},
    {"relative backward from the first row", SQL_FETCH_RELATIVE, -1, 1, before, false},
    {"relative far backward", SQL_FETCH_RELATIVE, -5, 4, before, false},
    {"relative backward within a rowset", SQL_FETCH_RELATIVE, -3, 3, 1, true, true},
    {"relative", SQL_FETCH_RELATIVE, 3, 2, 5, true},
    {"relative 0 fetches the rowset again", SQL_FETCH_RELATIVE, 0, 5, 5, true},
    {"relative past the end", SQL_FETCH_RELATIVE, 9, 5, after, false},
    {"relative forward from after the end", SQL_FETCH_RELATIVE, 1, after, after, false},
    {"relative backward from after the end", SQL_FETCH_RELATIVE, -1, after, 10, true},
    {"absolute", SQL_FETCH_ABSOLUTE, 4, after, 4, true},
    {"absolute past the end", SQL_FETCH_ABSOLUTE, 11, 1, after, false},
    {"absolute 0", SQL_FETCH_ABSOLUTE, 0, 5, before, false},
    {"absolute from the end", SQL_FETCH_ABSOLUTE, -2, 1, 9, true},
    {"absolute from the end to the first row", SQL_FETCH_ABSOLUTE, -10, 1, 1, true},
    {"absolute far before the first row", SQL_FETCH_ABSOLUTE, -12, 1, before, false},
};

TEST(Scroll, FollowsTheReferencesRules) {
    for (const Sample& sample : samples) {
        const auto move =
            scroll(sample.orientation, sample.offset, {sample.from}, last, size, size);
        ASSERT_TRUE(move) << sample.rule;
        EXPECT_EQ(sample.to, move->first) << sample.rule;
        EXPECT_EQ(sample.has_rows, move->has_rows) << sample.rule;
        EXPECT_EQ(sample.attempt_before_start, move->attempt_before_start) << sample.rule;
    }
}

TEST(Scroll, SmallResultsAndLargeRowsets) {
    EXPECT_EQ(1, scroll(SQL_FETCH_LAST, 0, {0}, 2, 5, 5)->first);
    const auto within = scroll(SQL_FETCH_ABSOLUTE, -4, {0}, 2, 5, 5);
    EXPECT_EQ(1, within->first);
    EXPECT_TRUE(within->attempt_before_start);
    const auto prior = scroll(SQL_FETCH_PRIOR, 0, {3}, 2, 5, 5);
    EXPECT_EQ(1, prior->first);
    EXPECT_TRUE(prior->has_rows);
}

TEST(Scroll, AnEmptyResultHasNoRowAnywhere) {
    constexpr SQLSMALLINT orientations[] = {SQL_FETCH_NEXT, SQL_FETCH_PRIOR,    SQL_FETCH_FIRST,
                                            SQL_FETCH_LAST, SQL_FETCH_ABSOLUTE, SQL_FETCH_RELATIVE};
    for (const SQLSMALLINT orientation : orientations)
        for (const SQLLEN from : {0, 1})
            for (const SQLLEN offset : {-1, 0, 1})
                EXPECT_FALSE(scroll(orientation, offset, {from}, 0, 1, 1)->has_rows)
                    << orientation << ' ' << from << ' ' << offset;
}

TEST(Scroll, TheRowsetBeforeMayHaveHadAnotherSize) {
    EXPECT_EQ(3, scroll(SQL_FETCH_NEXT, 0, {1}, last, 5, 2)->first);
}

TEST(Scroll, BookmarkAndOffset) {
    EXPECT_EQ(6, scroll(SQL_FETCH_BOOKMARK, 2, {1}, last, size, size, 4)->first);
    EXPECT_FALSE(scroll(SQL_FETCH_BOOKMARK, -4, {1}, last, size, size, 4)->has_rows);
}

TEST(Scroll, NumbersWithoutBoundAreOutOfTheResult) {
    constexpr SQLLEN least = std::numeric_limits<SQLLEN>::min();
    constexpr SQLLEN most = std::numeric_limits<SQLLEN>::max();
    constexpr SQLSMALLINT orientations[] = {
        SQL_FETCH_NEXT,     SQL_FETCH_PRIOR,    SQL_FETCH_FIRST,   SQL_FETCH_LAST,
        SQL_FETCH_ABSOLUTE, SQL_FETCH_RELATIVE, SQL_FETCH_BOOKMARK};
    for (const SQLSMALLINT orientation : orientations)
        for (const SQLLEN offset : {least, least + 1, most})
            for (const SQLLEN length : {SQLLEN{1}, most, SQLLEN{-1}})
                for (const SQLLEN from : {before, SQLLEN{4}, after}) {
                    const auto move = scroll(orientation, offset, {from}, last, length, length, 4);
                    ASSERT_TRUE(move);
                    EXPECT_GE(move->first, before) << orientation << ' ' << offset;
                    EXPECT_LE(move->first, after) << orientation << ' ' << offset;
                }
    EXPECT_FALSE(scroll(SQL_FETCH_ABSOLUTE, least, {4}, last, size, size)->has_rows);
    EXPECT_FALSE(scroll(SQL_FETCH_RELATIVE, least, {4}, last, size, size)->has_rows);
    EXPECT_FALSE(scroll(SQL_FETCH_BOOKMARK, most, {4}, last, size, size, 4)->has_rows);
}

TEST(Scroll, UnknownOrientationIsRefused) {
    EXPECT_FALSE(scroll(99, 0, {1}, last, size, size));
}

}  // namespace
}  // namespace myfabric::cursor
