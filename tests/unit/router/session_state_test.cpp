#include "router/session_state.h"

#include <gtest/gtest.h>

namespace myfabric::router {
namespace {

using Statements = std::vector<std::string>;

TEST(SessionState, NothingIsSentWhenNothingDiffers) {
    EXPECT_EQ(Statements{}, statements_for({}, {}));
    SessionState state;
    state.autocommit = false;
    state.isolation = "SERIALIZABLE";
    state.settings = {"SET sql_mode=''"};
    EXPECT_EQ(Statements{}, statements_for(state, state));
}

TEST(SessionState, DifferencesAreSentAfterTheApplicationsSettings) {
    SessionState wanted;
    wanted.autocommit = false;
    wanted.isolation = "READ COMMITTED";
    wanted.read_only = true;
    wanted.settings = {"SET sql_mode=''", "SET time_zone='+00:00'"};
    EXPECT_EQ((Statements{"SET sql_mode=''", "SET time_zone='+00:00'", "SET autocommit=0",
                          "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
                          "SET SESSION TRANSACTION READ ONLY"}),
              statements_for(wanted, {}));
}

TEST(SessionState, OnlyNewSettingsAreRepeatedOnAParkedSession) {
    SessionState present;
    present.settings = {"SET a=1"};
    SessionState wanted;
    wanted.settings = {"SET a=1", "SET b=2"};
    EXPECT_EQ((Statements{"SET b=2", "SET autocommit=1"}), statements_for(wanted, present));
}

TEST(SessionState, RepeatedSettingCountsOnceAtItsLastPlace) {
    SessionState state;
    state.remember("SET a=1");
    state.remember("SET b=2");
    state.remember("set A=1");
    EXPECT_EQ((Statements{"SET b=2", "set A=1"}), state.settings);
}

TEST(Unrestorable, NamesWhatIsLost) {
    EXPECT_EQ("", Unrestorable{}.names());
    EXPECT_EQ("temporary tables", (Unrestorable{true, false, false, false, false}.names()));
    EXPECT_EQ("temporary tables, user locks (GET_LOCK) and user variables",
              (Unrestorable{true, false, true, true, false}.names()));
}

}  // namespace
}  // namespace myfabric::router
