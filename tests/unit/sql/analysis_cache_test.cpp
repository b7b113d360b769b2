#include "sql/analysis_cache.h"

#include <gtest/gtest.h>

namespace myfabric::sql {
namespace {

TEST(AnalysisCache, SaysOfATextWhatAnalyseSays) {
    AnalysisCache cache;
    for (int again = 0; again < 3; ++again) {
        for (int i = 0; i < 100; ++i) {  // more texts than places
            const std::string text = "SELECT ?, " + std::to_string(i) + (i % 2 ? ", ?" : "");
            EXPECT_EQ(i % 2 ? 2u : 1u, cache.analyse(text, true).parameter_count) << text;
            EXPECT_EQ(Verb::select, cache.analyse(text, true).first_verb);
        }
        EXPECT_EQ(Verb::update, cache.analyse("UPDATE t SET a = ?", true).first_verb);
        EXPECT_EQ(Verb::none, cache.analyse("", true).first_verb);
        const std::string lengthy = "DELETE FROM t WHERE a = ?" + std::string(5000, ' ') + "-- ?";
        EXPECT_EQ(1u, cache.analyse(lengthy, true).parameter_count);
        EXPECT_EQ(Verb::remove, cache.analyse(lengthy, true).first_verb);
    }
}

TEST(AnalysisCache, KnowsHowBackslashesWereRead) {
    AnalysisCache cache;
    const std::string text = R"(SELECT '\', ?, ')";
    for (int again = 0; again < 3; ++again) {
        EXPECT_EQ(0u, cache.analyse(text, true).parameter_count);
        EXPECT_EQ(1u, cache.analyse(text, false).parameter_count);
    }
}

}  // namespace
}  // namespace myfabric::sql
