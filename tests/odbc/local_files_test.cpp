// LOAD DATA LOCAL INFILE, where Enable_Local_Infile allows it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

class LocalFiles : public testing::Test {
protected:
    LocalFiles() : file_(std::filesystem::temp_directory_path() / ("it's " + unique() + ".txt")) {
        std::ofstream(file_) << "1\n2\n3\n";
        link.open(server_string("Enable_Local_Infile=1;Multi_Statements=1;"));
        link.run("DROP TABLE IF EXISTS loaded");
        link.run("CREATE TABLE loaded (a INT)");
    }
    ~LocalFiles() override { std::filesystem::remove(file_); }

    static std::string unique() { return std::to_string(getpid()); }
    std::string count() { return link.value("SELECT COUNT(*) FROM loaded").value_or("NULL"); }
    /// With the name as a literal in these quotes.
    std::string load(char quote = '"') const {
        std::string name;
        for (const char c : file_.string()) {
            if (c == quote) name += c;
            name += c;
        }
        return std::string("LOAD DATA LOCAL INFILE ") + quote + name + quote + " INTO TABLE loaded";
    }

    const std::filesystem::path file_;
    Link link;
};

TEST_F(LocalFiles, AreSentWhateverQuotesTheirNamesHave) {
    Query query(link);
    ASSERT_OK(query, query.run(load()));
    SQLLEN rows = 0;
    ASSERT_OK(query, SQLRowCount(query, &rows));
    EXPECT_EQ(3, rows);
    ASSERT_OK(query, query.run(load('\'')));
    EXPECT_EQ("6", count());
    ASSERT_OK(query, query.prepare(load()));
    for (int again = 0; again < 2; ++again) ASSERT_OK(query, query.execute());
    EXPECT_EQ("12", count());
}

TEST_F(LocalFiles, AreSentForLaterStatementsOfAText) {
    Query query(link);
    ASSERT_OK(query, query.run("SET @a = 1; " + load() + "; " + load() + "; SELECT 7"));
    ASSERT_OK(query, SQLMoreResults(query));
    ASSERT_OK(query, SQLMoreResults(query));
    ASSERT_OK(query, SQLMoreResults(query));
    EXPECT_EQ(std::vector<std::string>{"7"}, query.rows());
    query.close();
    EXPECT_EQ("6", count());
}

TEST_F(LocalFiles, ThatAreNotThereAreNamedAndTheConnectionGoesOn) {
    std::filesystem::remove(file_);
    for (const std::string before : {"", "DO 0; ", "SELECT 1; "}) {
        Query query(link);
        SQLRETURN result = query.run(before + load() + (before.empty() ? "" : "; SELECT 7"));
        if (!before.empty()) {
            ASSERT_OK(query, result);
            result = SQLMoreResults(query);
        }
        EXPECT_EQ(SQL_ERROR, result) << before;
        EXPECT_THAT(query.text(), testing::HasSubstr(file_.string())) << before;
        query.close();
        EXPECT_EQ("0", count()) << before;
    }
}

TEST_F(LocalFiles, AreNotSentWithoutTheKey) {
    Link other;
    other.open(server_string());
    Query query(other);
    EXPECT_EQ(SQL_ERROR, query.run(load()));
    EXPECT_EQ("0", count());
    EXPECT_EQ("7", other.value("SELECT 7"));
}

}  // namespace
}  // namespace myfabric::test
