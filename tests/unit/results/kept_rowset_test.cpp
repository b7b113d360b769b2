#include "results/kept_rowset.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "results/memory_results.h"

namespace myfabric::results {
namespace {

Columns columns() {
    Columns made(2);
    made[0].name = "id";
    made[1].name = "name";
    return made;
}

std::optional<std::string> cell(const Row& row, std::size_t i) {
    if (!row.values[i]) return std::nullopt;
    return std::string(row.values[i], row.lengths[i]);
}

class KeptRowsetTest : public testing::Test {
protected:
    /// A rowset of `size` rows whose first is row `first` of the result.
    void fetch(std::size_t first, std::size_t size) {
        rowset.begin(stream, first);
        for (std::size_t i = 0; i < size; ++i) ASSERT_TRUE(rowset.next_row());
    }

    MemoryResults stream{columns(),
                         {{"1", "one"}, {"2", std::nullopt}, {"3", "three"}, {"4", "four"}}};
    KeptRowset rowset;
};

TEST_F(KeptRowsetTest, GoesBackToEachOfItsRows) {
    fetch(0, 3);
    EXPECT_EQ(rowset.columns()[1].name, "name");
    for (const std::size_t row : {2u, 0u, 1u, 1u}) {
        rowset.go_to(row);
        EXPECT_EQ(cell(rowset.row(), 0), std::to_string(row + 1));
    }
    EXPECT_EQ(cell(rowset.row(), 1), std::nullopt);
}

TEST_F(KeptRowsetTest, NumbersRowsByTheResultNotByTheRowset) {
    fetch(0, 2);
    fetch(2, 2);
    EXPECT_EQ(cell(rowset.row_at(2), 1), "three");
    EXPECT_EQ(cell(rowset.row_at(3), 1), "four");
    EXPECT_FALSE(rowset.next_row());
}

TEST_F(KeptRowsetTest, ShowsWhatWasChangedUntilTheNextRowset) {
    fetch(0, 2);
    MemoryResults changed(columns(), {{"20", "twenty"}});
    changed.next_row();
    rowset.replaced(1, changed.row());
    rowset.removed(0);
    EXPECT_EQ(cell(rowset.row_at(1), 1), "twenty");
    EXPECT_FALSE(rowset.is_removed(1));
    EXPECT_TRUE(rowset.is_removed(0));
    EXPECT_EQ(cell(rowset.row_at(0), 1), "one");
    EXPECT_EQ(rowset.added(changed.row()), std::nullopt);
    fetch(2, 2);
    EXPECT_FALSE(rowset.is_removed(2));
    EXPECT_EQ(cell(rowset.row_at(3), 0), "4");
}

TEST_F(KeptRowsetTest, ReplacesARowTwice) {
    fetch(0, 2);
    MemoryResults changed(columns(), {{"20", "twenty"}, {"21", std::nullopt}});
    for (int i = 0; i < 2; ++i) {
        changed.next_row();
        rowset.replaced(0, changed.row());
    }
    EXPECT_EQ(cell(rowset.row_at(0), 0), "21");
    EXPECT_EQ(cell(rowset.row_at(0), 1), std::nullopt);
    EXPECT_EQ(cell(rowset.row_at(1), 0), "2");
}

TEST(KeptRow, IsACopyThatTheStreamDoesNotTouch) {
    MemoryResults stream(columns(), {{std::string("a\0b", 3), std::nullopt}, {"", "other"}});
    ASSERT_TRUE(stream.next_row());
    KeptRow kept;
    kept.keep(stream, stream.row());
    ASSERT_TRUE(stream.next_row());
    EXPECT_EQ(cell(kept.row(), 0), std::string("a\0b", 3));
    EXPECT_EQ(cell(kept.row(), 1), std::nullopt);
    EXPECT_FALSE(kept.next_row());
    kept.keep(stream, stream.row());
    EXPECT_EQ(cell(kept.row(), 0), "");
    EXPECT_EQ(cell(kept.row(), 1), "other");
}

}  // namespace
}  // namespace myfabric::results
