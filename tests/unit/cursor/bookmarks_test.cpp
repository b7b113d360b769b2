#include "cursor/bookmarks.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace myfabric::cursor {
namespace {

TEST(Bookmarks, ArePutAndReadInEveryRowOfABuffer) {
    constexpr SQLSMALLINT types[] = {SQL_C_VARBOOKMARK, SQL_C_BOOKMARK, SQL_C_ULONG, SQL_C_DEFAULT};
    for (const SQLSMALLINT type : types) {
        SQLULEN values[3] = {};
        SQLLEN lengths[3] = {};
        descriptor::Descriptor ard(descriptor::Kind::application_row);
        descriptor::Record& record = ard.writable(0);
        descriptor::set_concise_type(record, type);
        record.data_ptr = values;
        record.octet_length = sizeof values[0];
        record.octet_length_ptr = record.indicator_ptr = lengths;
        for (SQLULEN row = 0; row < 3; ++row) put_bookmark(ard, row, 70 + row);
        for (SQLULEN row = 0; row < 3; ++row) EXPECT_EQ(70 + row, read_bookmark(ard, row)) << type;
        lengths[1] = SQL_NULL_DATA;
        EXPECT_EQ(0u, read_bookmark(ard, 1));
    }
}

TEST(Bookmarks, BuffersThatCannotHoldOneAreRefused) {
    char small[4];
    constexpr SQLSMALLINT types[] = {SQL_C_BINARY, SQL_C_TYPE_DATE};
    for (const SQLSMALLINT type : types) {
        try {
            store_bookmark(1, type, Bookmarks::variable, {small, sizeof small, nullptr});
            ADD_FAILURE() << type;
        } catch (const Error& error) {
            EXPECT_EQ(type == SQL_C_BINARY ? "01004" : "07006", error.state());
        }
    }
}

}  // namespace
}  // namespace myfabric::cursor
