"""group.*, server.*, event.* and statistics.*."""

import datetime
import time
import uuid

from fabric_commands import command, procedure
from commands_dump import truth
from fabric_model import (
    FAULTY,
    MODE_NAMES,
    PRIMARY,
    READ_ONLY,
    SECONDARY,
    STATUS_NAMES,
    Group,
    Server,
)
from fabric_operations import FabricError, group_error, parse_code, possible, server_error
from fabric_xmlrpc import result_set
from mysql_text import ServerError


def server_row(server):
    return [
        server.uuid,
        server.address,
        STATUS_NAMES[server.status],
        MODE_NAMES[server.mode],
        server.weight,
    ]


def server_set(servers):
    rows = [server_row(server) for server in sorted(servers, key=lambda server: server.uuid)]
    return [result_set(["server_uuid", "address", "status", "mode", "weight"], rows)]


def contact(node, address, patience=1.0):
    """A Server object (not yet in the model) for a running server; its uuid is asked for."""
    host, _, port = str(address).partition(":")
    server = Server("", host, int(port) if port.isdigit() else 3306, "")
    try:
        server.uuid = node.operations.replication.uuid_of(server, patience)
    except (OSError, ServerError) as error:
        reason = error.__cause__ or error
        number = getattr(reason, "errno", None) or 111
        text = getattr(reason, "strerror", None) or str(reason)
        raise server_error(
            f"Error accessing server ({address}): 2003: Can't connect to MySQL server on "
            f"'{server.address}' ({number} {text})."
        ) from error
    return server


@procedure("group.create")
def create(node, job, group_id, description=None):
    with job.step("_create_group"), node.model.changing():
        if str(group_id) in node.model.groups:
            raise group_error(f"Group ({group_id}) already exists.")
        node.model.groups[str(group_id)] = Group(str(group_id), description)


@procedure("group.description")
def description(node, job, group_id, description=None):
    with job.step("_update_group_description"):
        node.operations.require_group(group_id).description = description


@procedure("group.destroy")
def destroy(node, job, group_id):
    with job.step("_destroy_group"), node.model.changing():
        group = node.operations.require_group(group_id)
        if node.model.members(group.id):
            raise group_error(f"Cannot destroy a group ({group.id}) which has associated servers.")
        del node.model.groups[group.id]


@procedure("group.add")
def add(node, job, group_id, address, timeout=None, update_only=False):
    with job.step("_add_server"):
        group = node.operations.require_group(group_id)
        server = contact(node, address)
        server.group, server.status, server.mode = group.id, SECONDARY, READ_ONLY
        with node.operations.group_lock(group.id):
            if server.uuid in node.model.servers:
                raise server_error(f"Server ({server.uuid}) already exists.")
            primary = node.model.primary(group.id)
            if primary and not truth(update_only):
                try:
                    node.operations.replication.follow(server, primary)
                except (OSError, ServerError) as error:
                    raise server_error(f"Error accessing server ({address}): {error}") from error
            with node.model.changing():
                node.model.servers[server.uuid] = server


@procedure("group.remove")
def remove(node, job, group_id, server_id):
    with job.step("_remove_server"), node.model.changing():
        group = node.operations.require_group(group_id)
        server = node.operations.require_member(group, server_id)
        if server.status == PRIMARY:
            raise server_error(
                f"Cannot remove server ({server.uuid}), which is master in group "
                f"({group.id}). Please, demote it first."
            )
        del node.model.servers[server.uuid]


@procedure("group.promote")
def promote(node, job, group_id, server_id=None, update_only=False):
    node.operations.promote(group_id, server_id, truth(update_only), job.step)


@procedure("group.demote")
def demote(node, job, group_id, update_only=False):
    node.operations.demote(group_id, truth(update_only), job.step)


@procedure("group.activate")
def activate(node, job, group_id):
    with job.step("_activate_group"):
        node.operations.require_group(group_id).active = True


@procedure("group.deactivate")
def deactivate(node, job, group_id):
    with job.step("_deactivate_group"):
        node.operations.require_group(group_id).active = False


@command("group.lookup_groups")
def lookup_groups(node, group_id=None):
    with node.model.lock:
        if group_id is None:
            groups = list(node.model.groups.values())
        else:
            groups = [node.operations.require_group(group_id, kind="")]
        for group in groups:
            try:
                (group.description or "").encode("ascii")
            except UnicodeEncodeError as error:
                letter = ascii((group.description or "")[error.start])
                raise FabricError(
                    f"'ascii' codec can't encode character u{letter} in position "
                    f"{error.start}: ordinal not in range(128)"
                ) from None
        rows = [[group.id, group.description, group.active, group.master] for group in groups]
    return [result_set(["group_id", "description", "failure_detector", "master_uuid"], rows)]


@command("group.lookup_servers")
def lookup_servers(node, group_id, server_id=None, status=None, mode=None):
    with node.model.lock:
        group = node.operations.require_group(group_id, kind="")
        if server_id is None:
            found = node.model.members(group.id)
        else:
            server = node.operations.require_server(server_id, kind="")
            if server.group != group.id:
                raise FabricError(f"Group ({group.id}) does not contain server ({server_id}).")
            found = [server]
        for given, names, attribute in (
            (status, STATUS_NAMES, "status"),
            (mode, MODE_NAMES, "mode"),
        ):
            if given is not None:
                code = parse_code(given, names)
                if code is None:
                    raise FabricError(
                        f"Trying to use an invalid {attribute} ({given}). Possible values "
                        f"are {possible(names)}."
                    )
                found = [server for server in found if getattr(server, attribute) == code]
        return server_set(found)


@command("group.health")
def health(node, group_id):
    with node.model.lock:
        group = node.operations.require_group(group_id, kind="")
        members = sorted(node.model.members(group.id), key=lambda server: server.uuid)
        primary = node.model.primary(group.id)
    rows = []
    for server in members:
        is_alive = node.operations.replication.reachable(server)
        status = STATUS_NAMES[server.status if is_alive else FAULTY]
        row = [server.uuid, is_alive, status, False, False, False, False, "False", "False"]
        if is_alive and server.status == SECONDARY and primary:
            found = node.operations.replication.health(server)
            if found is None:
                row[4] = True
            else:
                row[5:] = [
                    found["io_not_running"],
                    found["sql_not_running"],
                    found["io_error"],
                    found["sql_error"],
                ]
        rows.append(row)
    return [
        result_set(
            [
                "uuid",
                "is_alive",
                "status",
                "is_not_running",
                "is_not_configured",
                "io_not_running",
                "sql_not_running",
                "io_error",
                "sql_error",
            ],
            rows,
        ),
        result_set(["issue"], []),
    ]


@procedure("server.set_weight")
def set_weight(node, job, server_id, weight):
    with job.step("_set_server_weight"):
        node.operations.set_weight(server_id, weight)


@procedure("server.set_mode")
def set_mode(node, job, server_id, mode):
    with job.step("_set_server_mode"):
        node.operations.set_mode(server_id, mode)


@procedure("server.set_status")
def set_status(node, job, server_id, status, update_only=False):
    with job.step("_set_server_status"):
        node.operations.set_status(server_id, status, truth(update_only))


@command("server.lookup_uuid")
def lookup_uuid(node, address, timeout=None):
    try:
        return [result_set(["uuid"], [[contact(node, address, float(timeout or 1.0)).uuid]])]
    except FabricError as error:
        raise FabricError(error.args[0]) from error


@command("event.trigger")
def trigger(node, event, locks=None, arguments=None, keywords=None):
    return [result_set(["uuid"], [])]


@command("event.wait_for_procedures")
def wait_for_procedures(node, uuids):
    """`uuids` is an array; a plain text is taken apart letter by letter, as the node does."""
    sets = []
    for text in uuids:
        try:
            name = str(uuid.UUID(str(text)))
        except ValueError:
            raise FabricError("badly formed hexadecimal UUID string") from None
        job = node.jobs.get(name)
        if job is None:
            raise FabricError(f"Procedure ({name}) was not found.")
        job.done.wait()
        sets += job.result_sets()
    return sets


@command("statistics.node")
def statistics_node(node):
    began = datetime.datetime.fromtimestamp(node.started).strftime("%Y-%m-%d %H:%M:%S")
    uptime = str(datetime.timedelta(seconds=int(time.time() - node.started)))
    return [result_set(["node_id", "node_uptime", "node_startup"], [["0", uptime, began]])]


@command("statistics.group")
def statistics_group(node, group_id=None):
    with node.model.lock:
        rows = [
            [group.id, group.promotions, group.demotions]
            for group in sorted(node.model.groups.values(), key=lambda group: group.id)
            if group_id in (None, group.id)
        ]
    return [result_set(["group_id", "call_count", "call_abort"], rows)]


@command("statistics.procedure")
def statistics_procedure(node, name=None):
    rows = [
        [method, *counts] for method, counts in sorted(node.calls.items()) if name in (None, method)
    ]
    return [result_set(["proc_name", "call_count", "call_abort"], rows)]
