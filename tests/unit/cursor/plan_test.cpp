#include "cursor/plan.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "results/memory_results.h"

namespace myfabric::cursor {
namespace {

results::Column column(const char* name, results::Kind kind) {
    results::Column made;
    made.name = name;
    made.kind = kind;
    made.length = 40;
    return made;
}

class PlanTest : public testing::Test {
protected:
    void bind(std::size_t number, SQLSMALLINT type, void* value, SQLLEN capacity, SQLLEN* length,
              SQLLEN* indicator) {
        descriptor::Record& record = ard.writable(number);
        descriptor::set_concise_type(record, type);
        record.data_ptr = value;
        record.octet_length = capacity;
        record.octet_length_ptr = length;
        record.indicator_ptr = indicator;
        ard.touch();
    }
    std::string state_of_update() {
        try {
            plan.update(ard, rows, true);
            return "";
        } catch (const Error& error) {
            return std::string(error.state());
        }
    }

    results::MemoryResults rows{
        {column("id", results::Kind::integer), column("name", results::Kind::varchar),
         column("born", results::Kind::date)},
        {{"1", "one", "2001-02-03"}}};
    descriptor::Descriptor ard{descriptor::Kind::application_row};
    Plan plan;
    SQLINTEGER ids[3] = {};
    char names[3][8] = {};
    SQLLEN lengths[3] = {};
    SQLLEN indicators[3] = {};
};

TEST_F(PlanTest, HoldsTheBoundColumnsAlone) {
    bind(1, SQL_C_SLONG, ids, 0, lengths, lengths);
    bind(3, SQL_C_CHAR, names, sizeof names[0], nullptr, nullptr);
    plan.update(ard, rows, true);
    ASSERT_EQ(plan.columns().size(), 2u);
    EXPECT_EQ(plan.columns()[0].column, 0u);
    EXPECT_EQ(plan.columns()[1].column, 2u);
    EXPECT_FALSE(plan.is_whole());
    bind(2, SQL_C_CHAR, nullptr, 0, lengths, nullptr);  // only the length is wanted
    plan.update(ard, rows, true);
    EXPECT_TRUE(plan.is_whole());
}

TEST_F(PlanTest, StridesAreThoseOfTheBinding) {
    const struct {
        SQLINTEGER bind_type;
        std::size_t number_stride, text_stride, length_stride;
    } samples[] = {
        {SQL_BIND_BY_COLUMN, sizeof(SQLINTEGER), 8, sizeof(SQLLEN)},
        {48, 48, 48, 48},
    };
    for (const auto& sample : samples) {
        ard.bind_type = sample.bind_type;
        bind(1, SQL_C_SLONG, ids, 1000, lengths, lengths);  // a fixed size needs no capacity
        bind(2, SQL_C_CHAR, names, 8, lengths, indicators);
        bind(3, SQL_C_CHAR, nullptr, 8, lengths, nullptr);
        plan.update(ard, rows, true);
        const auto& columns = plan.columns();
        EXPECT_EQ(columns[0].value_stride, sample.number_stride);
        EXPECT_EQ(columns[1].value_stride, sample.text_stride);
        EXPECT_EQ(columns[1].length_stride, sample.length_stride);
        EXPECT_TRUE(columns[1].has_own_indicator);
        EXPECT_EQ(columns[1].indicator_stride, sample.length_stride);
        EXPECT_FALSE(columns[0].has_own_indicator);
        EXPECT_EQ(columns[2].value_stride, 0u);  // null stays null
        EXPECT_EQ(columns[2].indicator_stride, 0u);
    }
}

TEST_F(PlanTest, RewindGoesToARowAndAnOffset) {
    bind(1, SQL_C_SLONG, ids, 0, lengths, indicators);
    bind(2, SQL_C_CHAR, nullptr, 8, lengths, lengths);
    plan.update(ard, rows, true);
    auto moving = plan.rewind(0, 0);
    EXPECT_EQ(moving[0].target.value, &ids[0]);
    moving[0].advance();
    moving[0].advance_indicator();
    EXPECT_EQ(moving[0].target.value, &ids[1]);
    EXPECT_EQ(moving[0].indicator, &indicators[1]);
    moving = plan.rewind(0, 2);  // begins anew
    EXPECT_EQ(moving[0].target.value, &ids[2]);
    EXPECT_EQ(moving[0].target.length, &lengths[2]);
    EXPECT_EQ(moving[1].target.value, nullptr);
    moving = plan.rewind(sizeof(SQLLEN), 0);
    EXPECT_EQ(moving[0].indicator, &indicators[1]);
    EXPECT_EQ(static_cast<void*>(moving[0].target.value),
              static_cast<void*>(reinterpret_cast<char*>(ids) + sizeof(SQLLEN)));
}

TEST_F(PlanTest, IsMadeAnewWhenBindingsOrColumnsChange) {
    bind(1, SQL_C_SLONG, ids, 0, nullptr, nullptr);
    plan.update(ard, rows, true);
    const auto number = plan.columns()[0].convert;
    plan.update(ard, rows, true);
    EXPECT_EQ(plan.columns()[0].convert, number);
    bind(1, SQL_C_CHAR, names, 8, nullptr, nullptr);
    plan.update(ard, rows, true);
    EXPECT_NE(plan.columns()[0].convert, number);
    results::MemoryResults others({column("born", results::Kind::date)}, {});
    const auto text = plan.columns()[0].convert;
    bind(1, SQL_C_TYPE_DATE, names, 8, nullptr, nullptr);
    plan.update(ard, others, true);
    EXPECT_NE(plan.columns()[0].convert, text);
    EXPECT_TRUE(plan.is_whole());
}

TEST_F(PlanTest, PassesOverBindingsThatAreOlderThanANarrowerResult) {
    bind(4, SQL_C_CHAR, names, 8, nullptr, nullptr);
    EXPECT_EQ(state_of_update(), "");
    EXPECT_TRUE(plan.columns().empty());
}

TEST_F(PlanTest, RefusesTypesThatAreNone) {
    bind(1, 12345, ids, 0, nullptr, nullptr);
    EXPECT_EQ(state_of_update(), "HY003");
    bind(1, SQL_C_SLONG, ids, 0, nullptr, nullptr);
    EXPECT_EQ(state_of_update(), "");
    bind(0, SQL_C_VARBOOKMARK, names, 8, nullptr, nullptr);
    EXPECT_EQ(state_of_update(), "07009");
    plan.allow_bookmark(true);
    EXPECT_EQ(state_of_update(), "");
}

}  // namespace
}  // namespace myfabric::cursor
