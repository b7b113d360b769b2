#include "info/functions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace myfabric::info {
namespace {

TEST(Functions, ListsEachOnce) {
    const auto all = supported_functions();
    EXPECT_EQ(std::set(all.begin(), all.end()).size(), all.size());
}

TEST(Functions, BitmapAgreesWithTheListForEveryNumber) {
    SQLUSMALLINT bitmap[SQL_API_ODBC3_ALL_FUNCTIONS_SIZE + 1];
    std::fill(std::begin(bitmap), std::end(bitmap), SQLUSMALLINT{0xA5A5});
    fill_odbc3(bitmap);
    for (int id = 0; id < 16 * SQL_API_ODBC3_ALL_FUNCTIONS_SIZE; ++id)
        EXPECT_EQ(SQL_FUNC_EXISTS(bitmap, id) == SQL_TRUE, supported(static_cast<SQLUSMALLINT>(id)))
            << id;
    EXPECT_EQ(bitmap[SQL_API_ODBC3_ALL_FUNCTIONS_SIZE], 0xA5A5);
}

TEST(Functions, ArrayOfOdbc2AgreesWithTheListAndEndsAtHundred) {
    SQLUSMALLINT array[101];
    std::fill(std::begin(array), std::end(array), SQLUSMALLINT{7});
    fill_odbc2(array);
    for (SQLUSMALLINT id = 0; id < 100; ++id)
        EXPECT_EQ(array[id], supported(id) ? SQL_TRUE : SQL_FALSE) << id;
    EXPECT_EQ(array[100], 7);
}

TEST(Functions, TellsWhatIsThereAndWhatIsNot) {
    for (const int id :
         {SQL_API_SQLFETCH, SQL_API_SQLEXTENDEDFETCH, SQL_API_SQLGETDATA, SQL_API_SQLALLOCHANDLE,
          SQL_API_SQLTABLEPRIVILEGES, SQL_API_SQLSETPOS, SQL_API_SQLBULKOPERATIONS})
        EXPECT_TRUE(supported(static_cast<SQLUSMALLINT>(id))) << id;
    EXPECT_FALSE(supported(1999));
    EXPECT_FALSE(supported(0));
    EXPECT_FALSE(supported(65535));
}

}  // namespace
}  // namespace myfabric::info
