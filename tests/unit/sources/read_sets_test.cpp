#include "sources/read_sets.h"

#include <gtest/gtest.h>

namespace myfabric::sources {
namespace {

/// A server that never comes to an end: rows of one kind of cell, or sets, or replies without rows.
class Endless : public results::Results {
public:
    enum class What : unsigned char { nulls, empty_texts, sets_without_rows, replies };
    explicit Endless(What what) : what_(what) {
        results::Columns columns;
        columns.emplace_back().name = "c";
        if (what != What::replies)
            columns_ = std::make_shared<const results::Columns>(std::move(columns));
        row_ = {values_, lengths_};
        values_[0] = what == What::empty_texts ? "" : nullptr;
    }
    bool next_row() override { return what_ == What::nulls || what_ == What::empty_texts; }
    bool next_result() override { return true; }

private:
    const What what_;
    const char* values_[1] = {};
    unsigned long lengths_[1] = {};
};

TEST(ReadSets, WhatHasNoEndIsGivenUp) {
    using What = Endless::What;
    for (const What what :
         {What::nulls, What::empty_texts, What::sets_without_rows, What::replies}) {
        Endless endless(what);
        std::vector<topology::ResultSet> sets;
        const auto text = [](const auto&, std::string_view cell) {
            return topology::Value(std::string(cell));
        };
        EXPECT_THROW(read_sets(endless, std::size_t{1} << 20, sets, text), topology::MalformedReply)
            << static_cast<int>(what);
    }
}

}  // namespace
}  // namespace myfabric::sources
