"""What connectors use: dump.*, threat.*, manage.ping."""

import re

from fabric_commands import command, procedure
from fabric_operations import FabricError
from fabric_model import FAULTY
from fabric_xmlrpc import result_set

PROTOCOLS = {"protocol.mysql": None, "protocol.xmlrpc": None}


def pattern_list(patterns):
    """The patterns of a list; blanks count unless they stand beside a comma."""
    if not isinstance(patterns, str):
        raise FabricError("expected string or buffer")
    return re.split(r"\s*,\s*", patterns)


def like(pattern, text):
    """SQL LIKE, without regard to case."""
    expression = ""
    escaped = False
    for letter in pattern:
        if escaped or letter not in "%_\\":
            expression += re.escape(letter)
            escaped = False
        elif letter == "\\":
            escaped = True
        else:
            expression += ".*" if letter == "%" else "."
    return re.fullmatch(expression, text, re.IGNORECASE | re.DOTALL) is not None


def chosen_mappings(model, patterns):
    """The mappings whose id contains a pattern, once per pattern."""
    return [
        mapping
        for pattern in pattern_list(patterns)
        for mapping in model.mappings.values()
        if like(f"%{pattern}%", str(mapping.id))
    ]


def split_name(name):
    if "." not in name:
        raise FabricError("need more than 1 value to unpack")
    return name.split(".", 1)


@command("dump.fabric_nodes")
def fabric_nodes(node, protocol=None):
    if protocol is not None and protocol not in PROTOCOLS:
        raise FabricError(f"Protocol ({protocol}) is not supported.")
    own = []
    if protocol in (None, "protocol.mysql") and node.mysql_port:
        own.append(["127.0.0.1", node.mysql_port])
    if protocol in (None, "protocol.xmlrpc"):
        own.append(["127.0.0.1", node.port])
    return [result_set(["host", "port"], own + node.extra_nodes)]


@command("dump.servers")
def servers(node, connector_version=None, patterns=""):
    rows = []
    with node.model.lock:
        for pattern in pattern_list(patterns):
            found = [
                server
                for server in node.model.servers.values()
                if server.status != FAULTY and like(f"%{pattern}%", server.group)
            ]
            found.sort(key=lambda server: (server.group, server.address))
            rows += [
                [
                    server.uuid,
                    server.group,
                    server.host,
                    server.port,
                    server.mode,
                    server.status,
                    server.weight,
                ]
                for server in found
            ]
    return [
        result_set(["server_uuid", "group_id", "host", "port", "mode", "status", "weight"], rows)
    ]


@command("dump.sharding_information")
def sharding_information(node, connector_version=None, patterns=""):
    rows = []
    with node.model.lock:
        every = [
            (mapping, name, column)
            for mapping in node.model.mappings.values()
            for name, column in mapping.tables
        ]
        for pattern in pattern_list(patterns):
            for mapping in node.model.mappings.values():
                tables = [
                    (name, column)
                    for owner, name, column in every
                    if owner is mapping and (pattern == "" or like(pattern, name))
                ]
                for shard in mapping.shards:
                    for name, column in tables:
                        if shard.enabled:
                            rows.append(
                                [
                                    *split_name(name),
                                    column,
                                    shard.lower_bound,
                                    shard.id,
                                    mapping.type,
                                    shard.group,
                                    mapping.global_group,
                                ]
                            )
    return [
        result_set(
            [
                "schema_name",
                "table_name",
                "column_name",
                "lower_bound",
                "shard_id",
                "type_name",
                "group_id",
                "global_group",
            ],
            rows,
        )
    ]


@command("dump.shard_tables")
def shard_tables(node, connector_version=None, patterns=""):
    with node.model.lock:
        rows = [
            [*split_name(name), column, mapping.id]
            for mapping in chosen_mappings(node.model, patterns)
            for name, column in mapping.tables
        ]
    return [result_set(["schema_name", "table_name", "column_name", "mapping_id"], rows)]


@command("dump.shard_maps")
def shard_maps(node, connector_version=None, patterns=""):
    with node.model.lock:
        rows = [
            [mapping.id, mapping.type, mapping.global_group]
            for mapping in chosen_mappings(node.model, patterns)
        ]
    return [result_set(["mapping_id", "type_name", "global_group_id"], rows)]


@command("dump.shard_index")
def shard_index(node, connector_version=None, patterns=""):
    with node.model.lock:
        rows = [
            [shard.lower_bound, mapping.id, shard.id, shard.group]
            for mapping in chosen_mappings(node.model, patterns)
            for shard in mapping.shards
            if shard.enabled
        ]
    return [result_set(["lower_bound", "mapping_id", "shard_id", "group_id"], rows)]


@procedure("threat.report_error")
def report_error(node, job, server_id, reporter="unknown", error="unknown", update_only=False):
    with job.step("_report_error"):
        server = node.operations.require_server(server_id)
        due = node.threats.note(server.uuid, str(reporter)[:64])
    if due and server.status != FAULTY:
        # the step of the report itself is already in the history
        node.operations.report_failure(server.uuid, truth(update_only), job.step, "_report_error")
        del job.history[3:6]


@procedure("threat.report_failure")
def report_failure(node, job, server_id, reporter="unknown", error="unknown", update_only=False):
    node.operations.report_failure(server_id, truth(update_only), job.step)


@command("manage.ping")
def ping(node):
    return []


def truth(argument):
    return str(argument).lower() not in ("false", "0", "none", "")
