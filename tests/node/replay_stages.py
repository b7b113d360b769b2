"""The states in which single calls were recorded, where the reply itself does not tell."""

import re

from fabric_commands import Job
from fabric_model import (
    FAULTY,
    PRIMARY,
    READ_ONLY,
    READ_WRITE,
    SECONDARY,
    SPARE,
    STATUS_NAMES,
    Group,
    Mapping,
    Shard,
)
from fabric_node import Threats

RULES = []  # of (pattern, function)
# Mappings came one after the other: at first 1 to 5, then 10 to 14 for more keys, 15 to 18 for splits.
FIRST_MAPPINGS = (
    "dump-shard-maps-mapping-2|dump-shard-tables-mapping-1-3|sharding-list-tables"
    "|dump-sharding-information-wildcard"
)
MAPPINGS_UP_TO_14 = "dump-shard-maps-mapping-1|dump-shard-tables-mapping-1$|dump-shard-index-"


class Scene:
    """What a stage changes: the model, the stand-in for the servers, and what the call said."""

    def __init__(self, name, model, servers, method, arguments, rows):
        self.name = name
        self.model = model
        self.servers = servers
        self.method = method
        self.arguments = arguments
        self.rows = rows

    def primary(self, group, address):
        """All others of the group are secondaries; no address: no primary."""
        self.model.groups[group].master = None
        for server in self.model.members(group):
            server.status, server.mode = SECONDARY, READ_ONLY
            if server.address == address:
                server.status, server.mode = PRIMARY, READ_WRITE
                self.model.groups[group].master = server.uuid

    def group(self, name):
        return self.model.groups.setdefault(name, Group(name))

    def result(self):
        return self.rows[0].get("result") if self.rows else None


def rule(pattern):
    def register(function):
        RULES.append((re.compile(pattern), function))
        return function

    return register


def stage(name, model, servers, method, arguments, rows):
    """Sets the scene for one recording; gives functions that prepare the node."""
    scene = Scene(name, model, servers, method, arguments, rows)
    made = [function(scene) for pattern, function in RULES if pattern.match(name)]
    return [prepare for prepare in made if prepare]


# ---- dumps ----------------------------------------------------------------------------------------


@rule("dump-servers-(substring|version-only)$")
def fewer_groups(scene):
    listed = {row["group_id"] for row in scene.rows}
    for uuid in [one.uuid for one in scene.model.servers.values() if one.group not in listed]:
        del scene.model.servers[uuid]


@rule(f"{FIRST_MAPPINGS}|{MAPPINGS_UP_TO_14}")
def fewer_mappings(scene):
    last = 5 if re.match(FIRST_MAPPINGS, scene.name) else 14
    for mapping_id in [one for one in scene.model.mappings if one > last]:
        del scene.model.mappings[mapping_id]


@rule("dump-shard-index-(disabled|mapping-1)$")
def mappings_without_shards(scene):
    for mapping in scene.model.mappings.values():
        if mapping.id not in {row["mapping_id"] for row in scene.rows}:
            mapping.shards = []


@rule("dump-sharding-information-no-shards$")
def no_shards(scene):
    scene.model.mappings[1].shards = []


@rule(".*-broken$|sharding-remove-table$")
def table_without_schema(scene):
    scene.model.mappings[1].tables.append(("noschema", "x"))


@rule("lookup-shard-disabled$")
def shard_2_disabled(scene):
    scene.model.shard(2)[0].enabled = False


# ---- groups ---------------------------------------------------------------------------------------


@rule("group-lookup-servers-(mode|status)")
def others_do_not_match(scene):
    """What a filter left out was of the other kind."""
    listed = {row["server_uuid"] for row in scene.rows}
    found_primary = any(row["status"] == "PRIMARY" for row in scene.rows)
    for server in scene.model.members("ha1"):
        if server.uuid not in listed:
            server.status = SECONDARY if found_primary else PRIMARY
            server.mode = READ_ONLY if found_primary else READ_WRITE


@rule("group-(description|lookup-groups-unicode)")
def group_without_description(scene):
    scene.group("nodesc")
    if "lookup" in scene.name:
        scene.group("nodesc").description = "caf\u00e9 \u2603"


@rule("group-create(-no-description|-bad-name|-async)?$")
def group_is_new(scene):
    group = str(scene.arguments[0])
    for uuid in [one.uuid for one in scene.model.members(group)]:
        del scene.model.servers[uuid]
    scene.model.groups.pop(group, None)


@rule("group-destroy$")
def group_is_empty(scene):
    scene.group("ghost")


@rule("group-add-(first|second|to-running-group)$")
def server_is_new(scene):
    server = scene.model.server(scene.arguments[1])
    del scene.model.servers[server.uuid]
    scene.servers.unknown[server.address] = server.uuid


@rule("group-remove-not-member$")
def server_is_unknown(scene):
    del scene.model.servers[scene.model.server(scene.arguments[1]).uuid]


@rule("group-(remove|remove-primary|health-unknown|demote)$|server-set-|threat-")
def first_is_primary(scene):
    scene.primary("ha1", "127.0.0.1:13341")
    if scene.name == "group-remove-primary":
        scene.primary("ha1", scene.model.server(scene.arguments[1]).address)


@rule("threat-report-failure-(secondary|again)$")
def reported_is_secondary(scene):
    server = scene.model.server(scene.arguments[0])
    scene.primary(server.group, None)
    if scene.name.endswith("again"):
        server.status = FAULTY


@rule("group-promote-")
def promotion(scene):
    group = str(scene.arguments[0])
    if group in scene.model.groups:
        switch = {"group-promote-switchover": "127.0.0.1:13341"}
        scene.primary(group, switch.get(scene.name))
    if scene.name.endswith("already-primary"):
        scene.primary(group, scene.arguments[1])


@rule("group-demote-no-primary$")
def nobody_is_primary(scene):
    scene.primary("ha1", None)


@rule("(failover-)?group-health")
def health(scene):
    errors = {}
    for row in scene.rows:
        server = scene.model.servers[row["uuid"]]
        server.status = STATUS_NAMES.index(row["status"])
        if not row["is_alive"]:
            scene.servers.dead.add(server.address)
            if scene.name.endswith("dead-primary"):
                server.status = PRIMARY  # so it is still stored
        keys = ("io_not_running", "sql_not_running", "io_error", "sql_error")
        errors[server.uuid] = {key: row[key] for key in keys}
    scene.servers.states = errors


# ---- servers --------------------------------------------------------------------------------------


@rule("server-set-status-(faulty-to-|secondary$|number$)")
def status_before(scene):
    server = scene.model.server(scene.arguments[0])
    server.status = SECONDARY
    if "faulty-to" in scene.name:
        server.status = FAULTY
    elif scene.name.endswith("secondary"):
        server.status = SPARE


@rule("(server-set-mode-primary-|server-set-mode-secondary-)")
def as_named(scene):
    server = scene.model.server(scene.arguments[0])
    if "-primary-" in scene.name:
        scene.primary(server.group, server.address)
    elif server.status == PRIMARY:
        scene.primary(server.group, None)


# ---- failures -------------------------------------------------------------------------------------


@rule("threat-report-failure-(primary|no-candidate|update-only|async)$")
def reported_is_primary(scene):
    server = scene.model.server(scene.arguments[0])
    scene.primary(server.group, server.address)
    if scene.name.endswith("no-candidate"):
        for other in scene.model.members(server.group):
            if other is not server:
                other.status = SPARE


@rule("threat-report-error-threshold-reached")
def two_reports_before(scene):
    server = scene.model.server(scene.arguments[0])
    scene.model.ttl = 300
    scene.primary(server.group, None)
    if scene.name.endswith("primary"):
        scene.primary(server.group, server.address)

    def prepare(node):
        node.threats = Threats(3, 2, 10.0)
        for reporter in ("one", "two"):
            node.threats.note(server.uuid, reporter)

    return prepare


@rule("ttl-300-ping$")
def longer_ttl(scene):
    scene.model.ttl = 300


# ---- sharding -------------------------------------------------------------------------------------


@rule("sharding-create-definition-(range|hash)")
def definitions_before(scene):
    scene.model.last_mapping_id = scene.result() - 1


@rule("sharding-add-table$")
def table_is_new(scene):
    mapping, name, column = scene.model.table(scene.arguments[1])
    mapping.tables.remove((name, column))


@rule("sharding-add-shard-(?!already|hash-again|unknown-mapping)")
def mapping_without_shards(scene):
    mapping_id = int(scene.arguments[0])
    scene.model.mappings.setdefault(mapping_id, Mapping(mapping_id, "RANGE", "global")).shards = []


@rule("sharding-(split|move)-shard")
def resharding(scene):
    """One shard in the definitions for splits; range ones had been split once before."""
    shard_id, destination = scene.arguments[0], scene.arguments[1]
    mapping = {48: 15, 50: 16, 51: 16, 52: 17, 54: 18}.get(shard_id)
    if mapping is None:
        return
    bounds = {15: "3" * 32, 16: "0", 17: "2015-01-01", 18: "a"}
    for one in scene.model.mappings.values():
        if "occupied" not in scene.name:
            one.shards = [shard for shard in one.shards if shard.group != destination]
    scene.model.mappings[mapping].shards = [Shard(shard_id, bounds[mapping], "elsewhere")]
    if shard_id == 50:
        scene.model.mappings[mapping].shards.append(Shard(53, "5000", "zeta"))


# ---- the node itself ------------------------------------------------------------------------------


@rule("statistics-group")
def promotions(scene):
    for row in scene.rows:
        group = scene.group(row["group_id"])
        group.promotions, group.demotions = row["call_count"], row["call_abort"]
    if not scene.arguments:
        for group in [one for one in scene.model.groups]:
            if group not in {row["group_id"] for row in scene.rows}:
                del scene.model.groups[group]


@rule("statistics-procedure")
def calls_before(scene):
    def prepare(node):
        node.calls = {
            row["proc_name"]: [row["call_count"], row["call_abort"]] for row in scene.rows
        }

    return prepare


@rule("event-wait-for-procedures$")
def finished_job(scene):
    def prepare(node):
        job = Job()
        job.uuid = scene.arguments[0][0]
        with job.step("_update_group_description"):
            pass
        job.done.set()
        node.jobs[job.uuid] = job

    return prepare
