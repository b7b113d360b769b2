#include "setup/command_line.h"

#include <algorithm>

#include "base/text.h"
#include "setup/similar.h"

namespace myfabric::setup {
namespace {

/// What a node, fabric-sql or a farm file answers.
constexpr const char* farm_commands[] = {
    "backup.list",
    "dump.fabric_nodes",
    "dump.farm_version",
    "dump.health",
    "dump.servers",
    "dump.shard_index",
    "dump.shard_maps",
    "dump.shard_tables",
    "dump.sharding_information",
    "event.trigger",
    "event.wait_for_procedures",
    "group.activate",
    "group.add",
    "group.create",
    "group.deactivate",
    "group.demote",
    "group.description",
    "group.destroy",
    "group.health",
    "group.lookup_groups",
    "group.lookup_servers",
    "group.promote",
    "group.remove",
    "machine.list",
    "manage.grant_administrator",
    "manage.grant_connector",
    "manage.logging_level",
    "manage.options",
    "manage.ping",
    "manage.set_option",
    "manage.stop",
    "provider.list",
    "role.list",
    "server.clone",
    "server.lookup_uuid",
    "server.set_mode",
    "server.set_status",
    "server.set_weight",
    "sharding.add_shard",
    "sharding.add_table",
    "sharding.create_definition",
    "sharding.disable_shard",
    "sharding.enable_shard",
    "sharding.list_definitions",
    "sharding.list_tables",
    "sharding.lookup_servers",
    "sharding.lookup_table",
    "sharding.move_shard",
    "sharding.prune_shard",
    "sharding.remove_definition",
    "sharding.remove_shard",
    "sharding.remove_table",
    "sharding.split_shard",
    "snapshot.list",
    "statistics.group",
    "statistics.node",
    "statistics.procedure",
    "threat.report_error",
    "threat.report_failure",
    "user.list",
};

}  // namespace

std::string unknown_word(const std::string& kind, const std::string& word,
                         const std::vector<std::string>& known, const std::string& otherwise) {
    const std::string meant = most_similar(word, known);
    return "no " + kind + " '" + word + "'; " +
           (meant.empty() ? otherwise : "did you mean " + meant + "?");
}

void check_farm_command(const std::string& command) {
    const std::vector<std::string> known(std::begin(farm_commands), std::end(farm_commands));
    if (std::ranges::any_of(known,
                            [&](const auto& name) { return equal_ignoring_case(name, command); }))
        return;
    if (most_similar(command, known).empty()) return;
    throw WrongUse(unknown_word("command of a farm", command, known, ""));
}

}  // namespace myfabric::setup
