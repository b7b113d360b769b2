"""What a Fabric node knows: groups of servers, shard mappings; the farm file."""

import contextlib
import dataclasses
import json
import os
import threading

FAULTY, SPARE, SECONDARY, PRIMARY = range(4)
STATUS_NAMES = ["FAULTY", "SPARE", "SECONDARY", "PRIMARY"]
OFFLINE, READ_ONLY, WRITE_ONLY, READ_WRITE = range(4)
MODE_NAMES = ["OFFLINE", "READ_ONLY", "WRITE_ONLY", "READ_WRITE"]
DEFAULT_MODES = {FAULTY: READ_ONLY, SPARE: OFFLINE, SECONDARY: READ_ONLY, PRIMARY: READ_WRITE}
BOUND_SIZE = 16  # longer lower bounds are cut, as the real node's store does


@dataclasses.dataclass
class Server:
    uuid: str
    host: str
    port: int
    group: str
    status: int = SECONDARY
    mode: int = READ_ONLY
    weight: float = 1.0

    @property
    def address(self):
        return f"{self.host}:{self.port}"


@dataclasses.dataclass
class Group:
    id: str
    description: str | None = None
    active: bool = False
    master: str | None = None  # uuid; names the failed server until a new primary is in place
    promotions: int = 0
    demotions: int = 0


@dataclasses.dataclass
class Shard:
    id: int
    lower_bound: str
    group: str
    enabled: bool = True


@dataclasses.dataclass
class Mapping:
    id: int
    type: str
    global_group: str
    tables: list = dataclasses.field(default_factory=list)  # of (name, column)
    shards: list = dataclasses.field(default_factory=list)


class Model:
    """All of it. Hold `lock` while reading or changing more than one thing; never while talking to
    servers. With `path` the farm file is written after each change made in `changing()`."""

    def __init__(self, path=None, ttl=1):
        self.lock = threading.RLock()
        self.path = path
        self.ttl = ttl
        self.groups = {}
        self.servers = {}  # by uuid
        self.mappings = {}  # by id
        self.last_mapping_id = 0
        self.last_shard_id = 0
        if path and os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self.load(json.load(file))

    def load(self, farm):
        for group_id, entry in farm.get("groups", {}).items():
            group = self.groups[group_id] = Group(group_id, entry.get("description"))
            for row in entry["servers"]:
                status = STATUS_NAMES.index(row["status"])
                mode = MODE_NAMES.index(row["mode"]) if "mode" in row else DEFAULT_MODES[status]
                self.servers[row["uuid"]] = Server(
                    row["uuid"],
                    row["host"],
                    row["port"],
                    group_id,
                    status,
                    mode,
                    float(row.get("weight", 1.0)),
                )
                if status == PRIMARY:
                    group.master = row["uuid"]
        for entry in farm.get("shard_maps", []):
            mapping = self.add_mapping(entry["type"], entry["global_group"])
            mapping.tables = [(table["name"], table["column"]) for table in entry["tables"]]
            mapping.shards = [
                Shard(
                    shard["id"],
                    str(shard["lower_bound"])[:32],
                    shard["group"],
                    shard.get("enabled", True),
                )
                for shard in entry["shards"]
            ]
            self.last_shard_id = max([self.last_shard_id] + [shard.id for shard in mapping.shards])

    def as_farm(self):
        """The farm file's contents."""
        groups = {
            group_id: {
                "servers": [
                    {
                        "uuid": server.uuid,
                        "host": server.host,
                        "port": server.port,
                        "status": STATUS_NAMES[server.status],
                        "mode": MODE_NAMES[server.mode],
                        "weight": server.weight,
                    }
                    for server in self.members(group_id)
                ]
            }
            for group_id in self.groups
        }
        maps = [
            {
                "type": mapping.type,
                "global_group": mapping.global_group,
                "tables": [{"name": name, "column": column} for name, column in mapping.tables],
                "shards": [
                    {
                        "id": shard.id,
                        "lower_bound": shard.lower_bound,
                        "group": shard.group,
                        "enabled": shard.enabled,
                    }
                    for shard in mapping.shards
                ],
            }
            for mapping in self.mappings.values()
        ]
        return {"ttl": self.ttl, "groups": groups, "shard_maps": maps}

    @contextlib.contextmanager
    def changing(self):
        """Holds the lock for a change and writes the farm file after it."""
        with self.lock:
            yield
            if self.path:
                write_atomically(self.path, self.as_farm())

    def members(self, group_id):
        return [server for server in self.servers.values() if server.group == group_id]

    def primary(self, group_id):
        """The server that is PRIMARY now, None while there is none."""
        for server in self.members(group_id):
            if server.status == PRIMARY:
                return server
        return None

    def server(self, server_id):
        """The server with this uuid or host:port, None if there is none."""
        text = str(server_id)
        if text in self.servers:
            return self.servers[text]
        host, _, port = text.rpartition(":")
        for server in self.servers.values():
            if server.host == (host or text) and str(server.port) == (port if host else "3306"):
                return server
        return None

    def add_mapping(self, type_name, global_group):
        self.last_mapping_id += 1
        mapping = Mapping(self.last_mapping_id, type_name, global_group)
        self.mappings[mapping.id] = mapping
        return mapping

    def add_shard(self, mapping, bound, group, enabled):
        self.last_shard_id += 1
        size = 32 if mapping.type == "HASH" else BOUND_SIZE
        shard = Shard(self.last_shard_id, bound[:size], group, enabled)
        mapping.shards.append(shard)
        return shard

    def shard(self, shard_id):
        for mapping in self.mappings.values():
            for shard in mapping.shards:
                if str(shard.id) == str(shard_id):
                    return shard, mapping
        return None, None

    def table(self, name):
        """(mapping, name, column) of a table; names compare without regard to case."""
        for mapping in self.mappings.values():
            for table, column in mapping.tables:
                if table.lower() == str(name).lower():
                    return mapping, table, column
        return None, None, None

    def global_group_of(self, group_id):
        """The global group that feeds this group's primary, None if it hosts no enabled shard."""
        for mapping in self.mappings.values():
            if any(shard.group == group_id and shard.enabled for shard in mapping.shards):
                return mapping.global_group
        return None

    def groups_fed_by(self, global_group):
        """The groups whose primaries replicate from the primary of `global_group`."""
        return sorted(
            {
                shard.group
                for mapping in self.mappings.values()
                if mapping.global_group == global_group
                for shard in mapping.shards
                if shard.enabled
            }
        )


def write_atomically(path, value):
    """Replaces the JSON file in one step, so that readers never see half of it."""
    scratch = f"{path}.{os.getpid()}.{threading.get_ident()}.new"
    with open(scratch, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1)
    os.rename(scratch, path)
