#include "mysql/errors.h"

#include <gtest/gtest.h>

namespace myfabric::mysql {
namespace {

struct StateSample {
    int number;
    const char* server_state;
    const char* connected;
    const char* connecting;
};

TEST(Errors, StateIsTheServersOrABetterOne) {
    const StateSample samples[] = {
        {1062, "23000", "23000", "23000"},  // duplicate key
        {1064, "42000", "42000", "42000"},  // syntax
        {1146, "42S02", "42S02", "42S02"},  // no such table
        {1046, "3D000", "3D000", "3D000"},  // no database selected
        {1049, "42000", "3D000", "08004"},  // unknown database
        {1044, "42000", "42000", "28000"},  // no right to the database
        {1045, "28000", "28000", "28000"},  // wrong password
        {1040, "08004", "08004", "08004"},  // too many connections
        {1205, "HY000", "HYT00", "HYT00"},  // lock wait timeout
        {1213, "40001", "40001", "40001"},  // deadlock
        {1317, "70100", "HY008", "HY008"},  // interrupted
        {1969, "70100", "HYT00", "HYT00"},  // max_statement_time
        {3024, "HY000", "HYT00", "HYT00"},  // max_execution_time
        {1295, "HY000", "HYC00", "HYC00"},  // cannot be prepared
        {1366, "HY000", "HY000", "HY000"},  // incorrect value: the server's word stays
        {1927, "70100", "08S01", "08001"},  // killed
        {2002, "HY000", "08S01", "08001"}, {2003, "HY000", "08S01", "08001"},
        {2005, "HY000", "08S01", "08001"}, {2006, "HY000", "08S01", "08001"},
        {2013, "HY000", "08S01", "08001"}, {2014, "HY000", "HY010", "08001"},
        {2026, "HY000", "08S01", "08001"}, {2059, "HY000", "08004", "08004"},
        {2099, "HY000", "HY000", "08001"},  // a client error that is not in the table
        {9999, "45000", "45000", "45000"},  // SIGNAL
        {9999, "00000", "HY000", "HY000"}, {9999, "", "HY000", "HY000"},
    };
    for (const auto& sample : samples) {
        EXPECT_EQ(odbc_state(sample.number, sample.server_state, false), sample.connected)
            << sample.number;
        EXPECT_EQ(odbc_state(sample.number, sample.server_state, true), sample.connecting)
            << sample.number;
    }
}

TEST(Errors, CauseDecidesOnRouting) {
    const struct {
        int number;
        Cause cause;
    } samples[] = {
        {0, Cause::statement},         {1062, Cause::statement},
        {1205, Cause::interrupted},    {1317, Cause::interrupted},
        {1969, Cause::interrupted},    {1213, Cause::transaction},
        {1295, Cause::not_preparable}, {2057, Cause::columns_changed},
        {2002, Cause::cannot_connect}, {2003, Cause::cannot_connect},
        {2004, Cause::cannot_connect}, {2005, Cause::cannot_connect},
        {1040, Cause::turned_away},    {1129, Cause::turned_away},
        {1130, Cause::turned_away},    {1203, Cause::turned_away},
        {2006, Cause::link_lost},      {2013, Cause::link_lost},
        {2055, Cause::link_lost},      {1053, Cause::link_lost},
        {1077, Cause::link_lost},      {1080, Cause::link_lost},
        {1927, Cause::link_lost},      {4031, Cause::link_lost},
        {1290, Cause::read_only},      {1836, Cause::read_only},
        {3100, Cause::read_only},      {1047, Cause::not_ready},
        {3032, Cause::not_ready},      {1044, Cause::denied},
        {1045, Cause::denied},         {1698, Cause::denied},
        {1820, Cause::denied},         {1000000, Cause::statement},
        {-1, Cause::statement},
    };
    for (const auto& sample : samples)
        EXPECT_EQ(cause_of(sample.number), sample.cause) << sample.number;
}

TEST(Errors, MessageTellsTheCausesOfOneErrnoApart) {
    const struct {
        int number;
        const char* message;
        Cause cause;
    } samples[] = {
        {1290, "The MySQL server is running with the --read-only option so it cannot execute this",
         Cause::read_only},
        {1290, "The MySQL server is running with the --super-read-only option so it cannot execute",
         Cause::read_only},
        {1290, "The MariaDB server is running with the --secure-file-priv option so it cannot",
         Cause::statement},
        {1290, "The MySQL server is running with the --skip-grant-tables option so it cannot",
         Cause::statement},
        {1047, "WSREP has not yet prepared node for application use", Cause::not_ready},
        {1047, "Unknown command", Cause::statement},
    };
    for (const auto& sample : samples)
        EXPECT_EQ(cause_of(sample.number, sample.message), sample.cause) << sample.message;
}

TEST(Errors, RecordCarriesTheCauseAndWhetherAnythingWasSent) {
    const struct {
        const char* name;
        int number;
        const char* message;
        bool connecting;
        const char* state;
        int native;
        Cause cause;
        bool nothing_sent;
    } samples[] = {
        {"sent, no answer", 2013, "Lost connection", false, "08S01", 2013, Cause::link_lost, false},
        {"not sent", 2006, "gone away", false, "08S01", 2006, Cause::link_lost, true},
        {"TLS broke off", 2026, "TLS/SSL error", false, "08S01", 2013, Cause::link_lost, false},
        {"TLS refused", 2026, "TLS/SSL error", true, "08001", 2026, Cause::link_lost, true},
        {"a login does nothing", 2013, "Lost", true, "08001", 2013, Cause::link_lost, true},
        {"full", 1040, "Too many connections", true, "08004", 1040, Cause::turned_away, true},
        {"full, in disguise", 2002,
         "Received error packet before completion of TLS handshake. The authenticity of the "
         "following error cannot be verified: 1040 - Too many connections",
         true, "08004", 1040, Cause::turned_away, true},
        {"disguise without a number", 2002,
         "Received error packet before completion of TLS handshake. The authenticity of the "
         "following error cannot be verified: - nonsense",
         true, "08001", 2002, Cause::cannot_connect, true},
        {"a client library without words", 0, "", false, "HY000", 0, Cause::statement, false},
        {"duplicate key", 1062, "Duplicate", false, "23000", 1062, Cause::statement, false},
    };
    for (const auto& sample : samples) {
        const Error error = server_error(sample.number, "HY000", sample.message, sample.connecting);
        EXPECT_EQ(error.state(), sample.state) << sample.name;
        EXPECT_EQ(error.native(), sample.native) << sample.name;
        EXPECT_EQ(error.cause(), sample.cause) << sample.name;
        EXPECT_EQ(error.nothing_sent(), sample.nothing_sent) << sample.name;
    }
    EXPECT_EQ(server_error(2002, "HY000",
                           "Received error packet before completion of TLS handshake. The "
                           "authenticity of the following error cannot be verified: 1040 - Too "
                           "many connections",
                           true)
                  .message(),
              "Too many connections");
}

TEST(Errors, OwnErrorsOfClass08And40ConcernTheSession) {
    EXPECT_TRUE(concerns_session(Error(state::link_failure).cause()));
    EXPECT_TRUE(concerns_session(Error(state::completion_unknown).cause()));
    EXPECT_FALSE(concerns_session(Error(state::data_right_truncated).cause()));
    EXPECT_FALSE(concerns_session(server_error(1062, "23000", "Duplicate", false).cause()));
    EXPECT_TRUE(concerns_session(server_error(1213, "40001", "Deadlock", false).cause()));
}

TEST(Errors, ReportsToFabricWhatTheReferenceClientsReport) {
    for (int number : {2002, 2003, 2004, 2006, 2013, 2055}) EXPECT_TRUE(reported_to_fabric(number));
    for (int number : {0, 1040, 1045, 1213, 1290, 2005, 2014, 2026})
        EXPECT_FALSE(reported_to_fabric(number));
}

}  // namespace
}  // namespace myfabric::mysql
