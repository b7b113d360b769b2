#include "topology/command_kind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace myfabric::topology {
namespace {

TEST(CommandKind, SaysWhichRoleIsMissingWhereANodeRefuses) {
    for (const char* command : {"dump.servers", "threat.report_error", "DUMP.shard_maps"})
        EXPECT_EQ(role_for(command), "the role connector") << command;
    // They only read, but a node keeps them from connectors.
    for (const char* command : {"group.health", "group.lookup_servers", "group.promote"})
        EXPECT_THAT(std::string(role_for(command)), testing::HasSubstr("superadmin")) << command;
}

}  // namespace
}  // namespace myfabric::topology
