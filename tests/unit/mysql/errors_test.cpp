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

TEST(Errors, MeaningDecidesOnRouting) {
    const struct {
        int number;
        Meaning meaning;
    } samples[] = {
        {0, Meaning::other},
        {1062, Meaning::other},
        {1205, Meaning::other},
        {2002, Meaning::cannot_connect},
        {2003, Meaning::cannot_connect},
        {2004, Meaning::cannot_connect},
        {2005, Meaning::cannot_connect},
        {1040, Meaning::cannot_connect},
        {2006, Meaning::link_lost},
        {2013, Meaning::link_lost},
        {2055, Meaning::link_lost},
        {1053, Meaning::link_lost},
        {1077, Meaning::link_lost},
        {1080, Meaning::link_lost},
        {1927, Meaning::link_lost},
        {4031, Meaning::link_lost},
        {1290, Meaning::became_read_only},
        {1836, Meaning::became_read_only},
        {3100, Meaning::became_read_only},
        {1047, Meaning::not_ready},
        {3032, Meaning::not_ready},
        {1044, Meaning::access_denied},
        {1045, Meaning::access_denied},
        {1698, Meaning::access_denied},
        {1820, Meaning::access_denied},
        {1000000, Meaning::other},
        {-1, Meaning::other},
    };
    for (const auto& sample : samples)
        EXPECT_EQ(meaning(sample.number), sample.meaning) << sample.number;
}

TEST(Errors, MessageTellsTheCausesOfOneErrnoApart) {
    const struct {
        int number;
        const char* message;
        Meaning meaning;
    } samples[] = {
        {1290, "The MySQL server is running with the --read-only option so it cannot execute this",
         Meaning::became_read_only},
        {1290, "The MySQL server is running with the --super-read-only option so it cannot execute",
         Meaning::became_read_only},
        {1290, "The MariaDB server is running with the --secure-file-priv option so it cannot",
         Meaning::other},
        {1290, "The MySQL server is running with the --skip-grant-tables option so it cannot",
         Meaning::other},
        {1047, "WSREP has not yet prepared node for application use", Meaning::not_ready},
        {1047, "Unknown command", Meaning::other},
    };
    for (const auto& sample : samples)
        EXPECT_EQ(meaning(sample.number, sample.message), sample.meaning) << sample.message;
}

TEST(Errors, ReportsToFabricWhatTheReferenceClientsReport) {
    for (int number : {2002, 2003, 2004, 2006, 2013, 2055}) EXPECT_TRUE(reported_to_fabric(number));
    for (int number : {0, 1040, 1045, 1213, 1290, 2005, 2014, 2026})
        EXPECT_FALSE(reported_to_fabric(number));
}

}  // namespace
}  // namespace myfabric::mysql
