"""Splitting, moving and pruning shards, as far as the farm's description goes: no rows are copied, so
callers say update_only=True as they do where the data is moved by other means."""

from fabric_commands import command, procedure
from fabric_keys import number_place, datetime_place, string_place, valid_bound
from fabric_operations import FabricError
from fabric_xmlrpc import result_set

PLACES = {"RANGE_STRING": string_place, "RANGE_DATETIME": datetime_place, "HASH": str}
RING = 1 << 128


def sharding_error(text):
    return FabricError(text, "ShardingError")


def place(mapping, bound):
    return PLACES.get(mapping.type, number_place)(bound)


def existing_shard(node, shard_id):
    shard, mapping = node.model.shard(shard_id)
    if shard is None:
        raise FabricError("list index out of range", "IndexError")
    return shard, mapping


def check_destination(node, group, what):
    if group not in node.model.groups:
        raise sharding_error(f"Shard group {group} not found")
    for mapping in node.model.mappings.values():
        if any(shard.group == group for shard in mapping.shards):
            raise sharding_error(f"Shard {what} destination {group} already hosts a shard")


def next_bound(mapping, shard):
    """The bound behind the shard's, None for the last one."""
    mine = place(mapping, shard.lower_bound)
    above = [one for one in mapping.shards if mine < place(mapping, one.lower_bound)]
    if not above:
        return None
    return min(above, key=lambda one: place(mapping, one.lower_bound)).lower_bound


def middle_of_ring(mapping, shard):
    low = int(shard.lower_bound, 16)
    above = next_bound(mapping, shard)
    high = int(above, 16) if above else RING
    return f"{low + (high - low) // 2:032X}"


def split_value(mapping, shard, value):
    if mapping.type == "HASH":
        if value is not None:
            raise sharding_error("Lower bound should not be specified for hash based sharding")
        return middle_of_ring(mapping, shard)
    if value is None:
        raise sharding_error(
            f"Splitting a {mapping.type} shard definition requires a split value to be defined"
        )
    text = str(value)
    above = next_bound(mapping, shard)
    inside = (
        valid_bound(mapping.type, text)
        and place(mapping, shard.lower_bound) < place(mapping, text)
        and (above is None or place(mapping, text) < place(mapping, above))
    )
    if not inside:
        raise sharding_error(f"Invalid lower_bound value for RANGE sharding specification {value}")
    return text


@procedure("sharding.split_shard")
def split_shard(node, job, shard_id, group, value=None, update_only=False):
    with job.step("_check_shard_information"):
        shard, mapping = existing_shard(node, shard_id)
        bound = split_value(mapping, shard, value)
        check_destination(node, group, "split")
    with job.step("_setup_resharding_switch"), node.model.changing():
        mapping.shards.remove(shard)
        node.model.add_shard(mapping, shard.lower_bound, shard.group, shard.enabled)
        node.model.add_shard(mapping, bound, group, shard.enabled)


@procedure("sharding.move_shard")
def move_shard(node, job, shard_id, group, update_only=False):
    with job.step("_check_shard_information"):
        shard, _ = existing_shard(node, shard_id)
        check_destination(node, group, "move")
    with job.step("_setup_resharding_switch"), node.model.changing():
        shard.group = group


@procedure("sharding.prune_shard")
def prune_shard(node, job, table):
    with job.step("_prune_shard_tables"):
        if node.model.table(table)[0] is None:
            raise sharding_error(f"Table name {table} not found")


@command("manage.logging_level")
def logging_level(node, module, level):
    return []


@command("role.list")
def role_list(node):
    return []


@command("user.list")
def user_list(node):
    return []


@command("provider.list")
def provider_list(node, provider_id=None):
    names = "provider_id type username url tenant default_image default_flavor extra"
    return [result_set(names.split(), [])]
