#include "results/row_store.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "base/error.h"

namespace myfabric::results {
namespace {

using Cells = std::vector<std::optional<std::string>>;

void append(RowStore& store, const Cells& cells) {
    std::vector<const char*> values;
    std::vector<unsigned long> lengths;
    for (const auto& cell : cells) {
        values.push_back(cell ? cell->data() : nullptr);
        lengths.push_back(cell ? static_cast<unsigned long>(cell->size()) : 0);
    }
    store.append({values.data(), lengths.data()});
}

std::optional<Cells> next(RowStore& store, std::size_t columns) {
    Row row;
    if (!store.next(row)) return {};
    Cells cells;
    for (std::size_t i = 0; i < columns; ++i) {
        if (row.values[i])
            cells.emplace_back(std::string(row.values[i], row.lengths[i]));
        else
            cells.emplace_back(std::nullopt);
    }
    return cells;
}

TEST(RowStore, GivesRowsInOrder) {
    RowStore store(3);
    const std::vector<Cells> rows = {
        {"1", "abc", std::nullopt},
        {"", std::nullopt, std::string("\0x\0", 3)},
        {std::nullopt, std::nullopt, std::nullopt},
    };
    for (const Cells& row : rows) append(store, row);
    EXPECT_EQ(store.size(), 3u);
    for (const Cells& row : rows) EXPECT_EQ(next(store, 3), row);
    EXPECT_EQ(store.size(), 0u);
    EXPECT_EQ(next(store, 3), std::nullopt);
    EXPECT_EQ(next(store, 3), std::nullopt);
}

TEST(RowStore, KeepsValuesOfEveryLength) {
    for (std::size_t length : {std::size_t{0}, std::size_t{1}, std::size_t{250}, std::size_t{251},
                               std::size_t{252}, std::size_t{254}, std::size_t{255},
                               std::size_t{65535}, std::size_t{65536}, std::size_t{3} << 20}) {
        RowStore store(2);
        const Cells row = {std::string(length, 'v'), "end"};
        append(store, row);
        append(store, row);
        EXPECT_EQ(next(store, 2), row) << length;
        EXPECT_EQ(next(store, 2), row) << length;
    }
}

TEST(RowStore, CanBeFilledAgainAfterItWasRead) {
    RowStore store(1);
    append(store, {"1"});
    EXPECT_EQ(next(store, 1), Cells{"1"});
    EXPECT_EQ(next(store, 1), std::nullopt);
    append(store, {"2"});
    EXPECT_EQ(next(store, 1), Cells{"2"});
}

TEST(RowStore, RowStaysWhileMoreIsAppended) {
    RowStore store(1);
    append(store, {"first"});
    Row row;
    ASSERT_TRUE(store.next(row));
    for (int i = 0; i < 10000; ++i) append(store, {std::string(100, 'x')});
    EXPECT_EQ(std::string(row.values[0], row.lengths[0]), "first");
}

TEST(RowStore, IsCompactAndGivesMemoryBackWhileItIsRead) {
    constexpr std::size_t rows = 100000;
    RowStore store(2);
    const std::string text(48, 't');
    for (std::size_t i = 0; i < rows; ++i) append(store, {text, std::nullopt});
    const std::size_t full = store.memory();
    EXPECT_LT(full, rows * 50 + (std::size_t{2} << 20));  // 49 + 1 bytes a row
    Row row;
    for (std::size_t i = 0; i < rows; ++i) ASSERT_TRUE(store.next(row));
    EXPECT_LE(store.memory(), std::size_t{1} << 20);
}

std::string text_of(std::size_t row) {
    return std::string(row % 700, static_cast<char>('a' + row % 26)) + std::to_string(row);
}

TEST(RowStore, GoesOnInAFilePastItsLimit) {
    constexpr std::size_t rows = 20000;
    constexpr std::size_t limit = std::size_t{1} << 20;
    for (const RowStore::Access access : {RowStore::Access::once, RowStore::Access::any}) {
        RowStore store(2, access, limit);
        for (std::size_t i = 0; i < rows; ++i) append(store, {text_of(i), std::nullopt});
        EXPECT_GT(store.spilled(), std::size_t{4} << 20);
        EXPECT_LT(store.memory(), std::size_t{3} << 20);
        for (std::size_t i = 0; i < rows; ++i)
            ASSERT_EQ(next(store, 2), (Cells{text_of(i), std::nullopt})) << i;
        EXPECT_EQ(next(store, 2), std::nullopt);
        EXPECT_LT(store.memory(), std::size_t{3} << 20);
    }
}

TEST(RowStore, RowStaysWhileWhatFollowsIsSpilled) {
    RowStore store(1, RowStore::Access::once, std::size_t{64} << 10);
    append(store, {"first"});
    Row row;
    ASSERT_TRUE(store.next(row));
    for (std::size_t i = 0; i < 5000; ++i) append(store, {text_of(i)});
    EXPECT_GT(store.spilled(), 0u);
    EXPECT_EQ(std::string(row.values[0], row.lengths[0]), "first");
    for (std::size_t i = 0; i < 5000; ++i) ASSERT_EQ(next(store, 1), Cells{text_of(i)}) << i;
}

TEST(RowStore, SeeksToAnyRow) {
    constexpr std::size_t rows = 3000;
    RowStore store(1, RowStore::Access::any, std::size_t{128} << 10);
    for (std::size_t i = 0; i < rows; ++i) append(store, {text_of(i)});
    EXPECT_EQ(store.total(), rows);
    for (const std::size_t row : {2999u, 0u, 1u, 15u, 16u, 17u, 1500u, 1499u, 2998u, 0u}) {
        store.seek(row);
        EXPECT_EQ(store.size(), rows - row);
        EXPECT_EQ(next(store, 1), Cells{text_of(row)}) << row;
    }
    store.seek(rows);
    EXPECT_EQ(next(store, 1), std::nullopt);
    store.seek(5);
    EXPECT_EQ(next(store, 1), Cells{text_of(5)});
    RowStore empty(1, RowStore::Access::any);
    empty.seek(0);
    EXPECT_EQ(next(empty, 1), std::nullopt);
}

TEST(RowStore, SaysWhichFolderHasNoRoom) {
    const char* before = std::getenv("TMPDIR");
    const std::string kept = before ? before : "";
    ::setenv("TMPDIR", "/no/such/folder", 1);
    RowStore store(1, RowStore::Access::once, 1);
    std::string told;
    try {
        for (std::size_t i = 0; i < 1000; ++i) append(store, {text_of(i)});
    } catch (const Error& error) {
        told = error.message();
    }
    if (before)
        ::setenv("TMPDIR", kept.c_str(), 1);
    else
        ::unsetenv("TMPDIR");
    EXPECT_NE(told.find("/no/such/folder"), std::string::npos) << told;
    EXPECT_NE(told.find("TMPDIR"), std::string::npos) << told;
}

}  // namespace
}  // namespace myfabric::results
