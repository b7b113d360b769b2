#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <odbcinstext.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "dsn/options.h"

namespace myfabric::setup {
namespace {

/// The properties as a configuration program gets them; freed as the installer library does it.
class Properties : public testing::Test {
protected:
    Properties() { result_ = ODBCINSTGetProperties(&first_); }
    ~Properties() override {
        for (HODBCINSTPROPERTY at = first_.pNext; at;) {
            HODBCINSTPROPERTY next = at->pNext;
            std::free(at->aPromptData);
            std::free(at->pszHelp);
            std::free(at);
            at = next;
        }
    }
    HODBCINSTPROPERTY find(std::string_view name) {
        for (HODBCINSTPROPERTY at = first_.pNext; at; at = at->pNext)
            if (name == at->szName) return at;
        return nullptr;
    }
    static std::vector<std::string> choices(HODBCINSTPROPERTY property) {
        std::vector<std::string> result;
        for (char** at = property->aPromptData; at && *at; ++at) result.emplace_back(*at);
        return result;
    }

    ODBCINSTPROPERTY first_{};
    int result_ = 0;
};

TEST_F(Properties, AreTheKeysThatHaveAnEffectInTheTablesOrder) {
    ASSERT_TRUE(result_);
    HODBCINSTPROPERTY at = first_.pNext;
    for (const dsn::Option& option : dsn::option_table()) {
        if (option.detail.applies != dsn::Applies::yes || option.member.index() == 0) continue;
        ASSERT_NE(at, nullptr) << option.name;
        EXPECT_EQ(at->szName, option.name);
        EXPECT_EQ(at->szValue, option.default_value);
        EXPECT_THAT(at->pszHelp, testing::HasSubstr(std::string(option.caption)));
        EXPECT_THAT(at->pszHelp, testing::HasSubstr("Default: "));
        EXPECT_LT(option.name.size(), sizeof at->szName);
        EXPECT_LT(option.default_value.size(), sizeof at->szValue);
        at = at->pNext;
    }
    EXPECT_EQ(at, nullptr);
}

TEST_F(Properties, AskInTheWayOfTheirValues) {
    EXPECT_EQ(find("Password")->nPromptType, ODBCINST_PROMPTTYPE_TEXTEDIT_PASSWORD);
    EXPECT_EQ(find("FabricPassword")->nPromptType, ODBCINST_PROMPTTYPE_TEXTEDIT_PASSWORD);
    EXPECT_EQ(find("SSLCA")->nPromptType, ODBCINST_PROMPTTYPE_FILENAME);
    EXPECT_EQ(find("Server")->nPromptType, ODBCINST_PROMPTTYPE_TEXTEDIT);
    EXPECT_EQ(find("Mode")->nPromptType, ODBCINST_PROMPTTYPE_COMBOBOX);
}

TEST_F(Properties, OfferTheValuesOfAChoice) {
    EXPECT_THAT(choices(find("Mode")), testing::ElementsAre("READWRITE", "READONLY", "AUTO"));
    EXPECT_THAT(choices(find("Found_Rows")), testing::ElementsAre("0", "1"));
    EXPECT_THAT(choices(find("Server")), testing::IsEmpty());
}

TEST_F(Properties, SayWhatTheyBelongToAndWhatTheyMayBe) {
    EXPECT_STREQ(find("Mode")->pszHelp,
                 "Farm: Access mode. One of READWRITE, READONLY, AUTO. Default: READWRITE. See the "
                 "manual, myfabric-odbc(5).");
    EXPECT_STREQ(find("User")->pszHelp,
                 "Server: User. Default: none. Also called UID. See the manual, myfabric-odbc(5).");
}

TEST_F(Properties, HoldNothingThatDoesNotWork) {
    EXPECT_EQ(find("No_SSPS"), nullptr);
}

TEST(PropertiesWithoutAList, AreRefused) {
    EXPECT_FALSE(ODBCINSTGetProperties(nullptr));
}

}  // namespace
}  // namespace myfabric::setup
