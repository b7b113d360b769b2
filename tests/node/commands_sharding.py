"""sharding.*: lookups and the definition of mappings, tables and shards."""

import re

from commands_group import server_set
from fabric_commands import command, procedure
from fabric_keys import TYPES, hash_bound, shard_for, valid_bound
from fabric_mysql import WireText
from fabric_operations import FabricError
from fabric_xmlrpc import result_set
from replication import GLOBAL, ServerError

TABLE_COLUMNS = ["mapping_id", "type_name", "table_name", "global_group", "column_name"]


def sharding_error(text):
    return FabricError(text, "ShardingError")


def foreign_key_error(statement, arguments, number, action, table, constraint):
    """What the real node's store says to a row that lacks its parent or has children."""
    return FabricError(
        f"Command ({statement}, {arguments}) failed accessing (127.0.0.1:13300). {number} (23000): "
        f"{action}: a foreign key constraint fails (`fabric`.`{table}`, CONSTRAINT {constraint}).",
        "DatabaseError",
    )


NO_PARENT = "Cannot add or update a child row"
HAS_CHILDREN = "Cannot delete or update a parent row"
MAPPING_KEY = (
    "`fk_shard_mapping_id` FOREIGN KEY (`shard_mapping_id`) REFERENCES `shard_maps` "
    "(`shard_mapping_id`)"
)


def mapping_of(node, mapping_id):
    text = str(mapping_id)
    return node.model.mappings.get(int(text)) if text.isdigit() else None


@command("sharding.lookup_servers")
def lookup_servers(node, table_name, key, hint="LOCAL"):
    with node.model.lock:
        hint = str(hint).upper()
        if hint == "GLOBAL":
            mapping = mapping_of(node, table_name)  # the argument is a mapping's id in this case
            if mapping is None:
                raise FabricError("list index out of range")
            return server_set(node.model.members(mapping.global_group))
        if hint != "LOCAL":
            raise FabricError("Unknown lookup hint")
        mapping, _, _ = node.model.table(table_name)
        if mapping is None:
            raise FabricError(f"Table name {table_name} not found")
        shard = shard_for(mapping, key)
        if not shard.enabled:
            raise FabricError("Shard not enabled")
        return server_set(node.model.members(shard.group))


@command("sharding.lookup_table")
def lookup_table(node, table):
    with node.model.lock:
        mapping, name, column = node.model.table(table)
        row = (
            [mapping.id, mapping.type, name, mapping.global_group, column] if mapping else [""] * 5
        )
    return [result_set(TABLE_COLUMNS, [row])]


@command("sharding.list_tables")
def list_tables(node, type_name):
    if str(type_name).upper() not in TYPES:
        raise FabricError(f"Invalid Sharding Type {type_name}")
    with node.model.lock:
        rows = [
            [mapping.id, mapping.type, name, mapping.global_group, column]
            for mapping in node.model.mappings.values()
            if mapping.type == str(type_name).upper()
            for name, column in mapping.tables
        ]
    return [result_set(TABLE_COLUMNS, rows)]


@command("sharding.list_definitions")
def list_definitions(node):
    with node.model.lock:
        rows = [
            [mapping.id, mapping.type, mapping.global_group]
            for mapping in node.model.mappings.values()
        ]
    return [result_set(["mapping_id", "type_name", "global_group_id"], rows)]


@procedure("sharding.create_definition")
def create_definition(node, job, type_name, global_group):
    with job.step("_define_shard_mapping"), node.model.changing():
        kind = str(type_name).upper()
        if kind not in TYPES:
            raise sharding_error(f"Invalid Sharding Type {type_name}")
        if global_group not in node.model.groups:
            raise foreign_key_error(
                "INSERT INTO shard_maps(type_name, global_group) VALUES(%s, %s)",
                (kind, global_group),
                1452,
                NO_PARENT,
                "shard_maps",
                "`fk_shard_mapping_global_group` FOREIGN KEY (`global_group`) REFERENCES "
                "`groups` (`group_id`)",
            )
        return node.model.add_mapping(kind, global_group).id


@procedure("sharding.remove_definition")
def remove_definition(node, job, mapping_id):
    with job.step("_remove_shard_mapping_defn"), node.model.changing():
        mapping = mapping_of(node, mapping_id)
        if mapping is None:
            return
        if mapping.tables or mapping.shards:
            raise foreign_key_error(
                "DELETE FROM shard_maps WHERE shard_mapping_id = %s",
                f"({mapping.id},)",
                1451,
                HAS_CHILDREN,
                "shard_tables",
                MAPPING_KEY,
            )
        del node.model.mappings[mapping.id]


@procedure("sharding.add_table")
def add_table(node, job, mapping_id, table, column):
    statement = (
        "INSERT INTO shard_tables(shard_mapping_id, table_name, column_name) VALUES(%s, %s, %s)"
    )
    with job.step("_add_shard_mapping"), node.model.changing():
        mapping = mapping_of(node, mapping_id)
        if mapping is None:
            raise foreign_key_error(
                statement, (mapping_id, table, column), 1452, NO_PARENT, "shard_tables", MAPPING_KEY
            )
        if node.model.table(table)[0]:
            raise FabricError(
                f"Command ({statement}, {(mapping.id, table, column)}) failed accessing "
                f"(127.0.0.1:13300). 1062 (23000): Duplicate entry '{table}-{column}' for key "
                "'PRIMARY'.",
                "DatabaseError",
            )
        mapping.tables.append((table, column))


@procedure("sharding.remove_table")
def remove_table(node, job, table):
    with job.step("_remove_shard_mapping"), node.model.changing():
        mapping, name, column = node.model.table(table)
        if mapping is None:
            raise sharding_error(f"Table name {table} not found")
        mapping.tables.remove((name, column))


def parse_shards(mapping, text):
    """The (group, bound) pairs of "group/bound,..."; HASH has groups only. All blanks go."""
    pairs = []
    for item in re.sub(r"\s", "", str(text)).split(","):
        group, slash, bound = item.partition("/")
        if mapping.type == "HASH":
            pairs.append((group, hash_bound(group)))
            continue
        if not slash:
            raise sharding_error(
                "Lower Bound, Group ID pair mismatch format should be "
                "group-id/lower_bound, group-id/lower_bound...."
            )
        if not valid_bound(mapping.type, bound):
            raise sharding_error(
                f"Invalid lower_bound value for RANGE sharding specification {bound}"
            )
        pairs.append((group, bound))
    return pairs


@procedure("sharding.add_shard")
def add_shard(node, job, mapping_id, shards, state="DISABLED"):
    with job.step("_add_shard"):
        mapping = mapping_of(node, mapping_id)
        if mapping is None:
            raise sharding_error(f"Shard Mapping with shard_mapping_id {mapping_id} not found")
        if mapping.shards:
            raise sharding_error(
                "Shards are already present in the definition, use split_shard to create "
                "further shards."
            )
        pairs = parse_shards(mapping, shards)
        if mapping.type == "RANGE_STRING" and isinstance(shards, WireText):
            # what comes over MySQL-RPC is of another type of text there, which no bound may have
            raise sharding_error(
                f"Invalid lower_bound value for RANGE sharding specification {pairs[0][1]}"
            )
        for group, _ in pairs:
            if group not in node.model.groups:
                raise foreign_key_error(
                    "INSERT INTO shards(group_id, state) VALUES(%s, %s)",
                    (group, "DISABLED"),
                    1452,
                    NO_PARENT,
                    "shards",
                    "`fk_shards_group_id` FOREIGN KEY (`group_id`) REFERENCES `groups` "
                    "(`group_id`)",
                )
        enabled = str(state).upper() == "ENABLED"
        with node.model.changing():
            for group, bound in pairs:
                node.model.add_shard(mapping, bound, group, enabled)
        for group, _ in pairs:
            feed(node, mapping, group, enabled)


def feed(node, mapping, group, enabled):
    """Starts or stops the replication of a shard group's primary from the global group."""
    source = node.model.primary(mapping.global_group)
    target = node.model.primary(group)
    if not target or not source or target is source:
        return
    try:
        if enabled:
            node.operations.replication.follow(target, source, GLOBAL)
        else:
            node.operations.replication.unfollow(target, GLOBAL)
    except (OSError, ServerError) as error:
        node.log(f"replication from {source.address} to {target.address}: {error}")


def switch_shard(node, shard_id, enabled):
    shard, mapping = node.model.shard(shard_id)
    if shard is None:
        raise sharding_error(f"Shard {shard_id} not found")
    with node.model.changing():
        shard.enabled = enabled
    feed(node, mapping, shard.group, enabled)


@procedure("sharding.enable_shard")
def enable_shard(node, job, shard_id):
    with job.step("_enable_shard"):
        switch_shard(node, shard_id, True)


@procedure("sharding.disable_shard")
def disable_shard(node, job, shard_id):
    with job.step("_disable_shard"):
        switch_shard(node, shard_id, False)


@procedure("sharding.remove_shard")
def remove_shard(node, job, shard_id):
    with job.step("_remove_shard"), node.model.changing():
        shard, mapping = node.model.shard(shard_id)
        if shard is None:
            raise sharding_error(f"Shard {shard_id} not found")
        if shard.enabled:
            raise sharding_error("Shard not disabled")
        mapping.shards.remove(shard)
