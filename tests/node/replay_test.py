#!/usr/bin/env python3
"""Every recorded call of a real node is sent to the test node, in the state it was recorded in.

Compared are the status line, the headers, and of the reply version, uuid, TTL, error text, names, and
the rows with their types; in order where the real node gives an order. The servers behind the node are
played by a stand-in that agrees to everything, so that what the node itself says is all there is.
"""

import copy
import gzip
import json
import os
import re
import socket
import struct
import sys
import unittest
import xmlrpc.client

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "servers")]
from fabric_model import MODE_NAMES, STATUS_NAMES, Group, Mapping, Server, Shard  # noqa: E402
from fabric_mysql import MysqlServer  # noqa: E402
from mysql_text import scramble  # noqa: E402
from replay_stages import stage  # noqa: E402
from node_test import LabNode, RECORDINGS, cut, lab_model, masked, parsed, send  # noqa: E402

with open(os.path.join(HERE, "mysql_recordings.json"), encoding="utf-8") as file:
    MYSQL_RECORDINGS = json.load(file)

# What the test node does not do as the real one, and why.
DIFFERENT = {
    "system-listmethods": "lists the commands it has; setup, provisioning and users have none here",
    "store-down-dump-servers": "has no backing store that could be down",
}
# Rows that differ from run to run although the state is the same.
OWN_ROWS = {"statistics-node"}
IN_ORDER = {"dump.servers", "group.lookup_servers", "sharding.lookup_servers", "group.health"}


class Agreeable:
    """Servers that are all alive, unless named dead, and do as they are told."""

    def __init__(self, model):
        self.model = model
        self.dead = set()  # addresses
        self.unknown = {}  # address -> uuid of servers that are in no group yet
        self.states = {}  # uuid -> what its replication says

    def uuid_of(self, server, patience=1.0):
        known = self.model.server(server.address)
        if known:
            return known.uuid
        if server.address in self.unknown:
            return self.unknown[server.address]
        raise ConnectionRefusedError(111, "Connection refused")

    def reachable(self, server, patience=1.0):
        return server.address not in self.dead

    def most_advanced(self, servers):
        alive = [server for server in servers if self.reachable(server)]
        return alive[0] if alive else None

    def block_writes(self, server):
        return "position"

    def health(self, server):
        return self.states[server.uuid]

    def __getattr__(self, name):
        return lambda *_, **__: None


def call_of(recording):
    """(method, arguments) of a recorded request, None where it cannot be read."""
    try:
        arguments, method = xmlrpc.client.loads(recording["request"]["body"])
        return method, arguments
    except Exception:
        return None, ()


def rows_of(recording):
    """The rows of the first result set, with their names."""
    if not recording["response"]["body"].startswith("<?xml"):
        return []
    reply, fault = parsed(recording["response"]["body"])
    if fault or not isinstance(reply, list) or len(reply) != 5 or not reply[4]:
        return []
    names = reply[4][0]["info"]["names"]
    return [dict(zip(names, row)) for row in reply[4][0]["rows"]]


def code(value, names):
    return names.index(value) if isinstance(value, str) else value


# ---- the state that a reply speaks of -------------------------------------------------------------


def take_servers(model, rows, group_of):
    """The listed servers are as listed; others of their groups were faulty or not yet there."""
    listed = {row["server_uuid"] for row in rows}
    for row in rows:
        host, _, port = row.get("address", f"{row.get('host')}:{row.get('port')}").rpartition(":")
        group = row.get("group_id") or group_of(row)
        model.groups.setdefault(group, Group(group))
        model.servers[row["server_uuid"]] = Server(
            row["server_uuid"],
            host,
            int(port),
            group,
            code(row["status"], STATUS_NAMES),
            code(row["mode"], MODE_NAMES),
            row["weight"],
        )
    return listed


def state_of_dump(model, rows, arguments):
    listed = take_servers(model, rows, lambda row: None)
    groups = {row["group_id"] for row in rows}
    for server in list(model.servers.values()):
        if server.group in groups and server.uuid not in listed:
            server.status = 0


def state_of_lookup(model, rows, arguments):
    group = str(arguments[0])
    listed = take_servers(model, rows, lambda row: group)
    if len(arguments) > 1:  # a filter: the others are there, but were something else
        return
    for server in model.members(group):
        if server.uuid not in listed:
            del model.servers[server.uuid]


def state_of_sharding_lookup(model, rows, arguments):
    for row in rows:
        server = model.servers[row["server_uuid"]]
        server.status = STATUS_NAMES.index(row["status"])
        server.mode = MODE_NAMES.index(row["mode"])
        server.weight = row["weight"]


def state_of_groups(model, rows, arguments):
    if not arguments and rows:
        model.groups.clear()
    for row in rows:
        description = None if row["description"] == "None" else row["description"]
        master = None if row["master_uuid"] == "None" else row["master_uuid"]
        model.groups[row["group_id"]] = Group(
            row["group_id"], description, row["failure_detector"], master
        )


def state_of_information(model, rows, arguments):
    """Shards that are not listed were disabled, moved or not yet there."""
    mappings = set()
    for row in rows:
        mapping = model.table(f"{row['schema_name']}.{row['table_name']}")[0]
        if mapping is None:
            mapping = model.add_mapping(row["type_name"], row["global_group"])
            mapping.tables.append(
                (f"{row['schema_name']}.{row['table_name']}", row["column_name"])
            )
        if mapping.id not in mappings:
            mapping.shards = []
        mappings.add(mapping.id)
        mapping.type, mapping.global_group = row["type_name"], row["global_group"]
        if row["shard_id"] not in [shard.id for shard in mapping.shards]:
            mapping.shards.append(Shard(row["shard_id"], row["lower_bound"], row["group_id"]))


def state_of_index(model, rows, arguments):
    for mapping_id in {row["mapping_id"] for row in rows}:
        mapping = model.mappings.setdefault(mapping_id, Mapping(mapping_id, "RANGE", "global"))
        mapping.shards = [
            Shard(row["shard_id"], row["lower_bound"], row["group_id"])
            for row in rows
            if row["mapping_id"] == mapping_id
        ]
    if not arguments or arguments[-1] == "":
        for mapping in model.mappings.values():
            if mapping.id not in {row["mapping_id"] for row in rows}:
                mapping.shards = []


def state_of_maps(model, rows, arguments):
    for row in rows:
        mapping = model.mappings.setdefault(
            row["mapping_id"], Mapping(row["mapping_id"], "RANGE", "global")
        )
        mapping.type, mapping.global_group = row["type_name"], row["global_group_id"]
    everything = not arguments or (len(arguments) > 1 and arguments[1] == "")
    for mapping_id in list(model.mappings):
        if everything and rows and mapping_id not in {row["mapping_id"] for row in rows}:
            del model.mappings[mapping_id]


def state_of_tables(model, rows, arguments):
    for mapping in model.mappings.values():
        if mapping.id in {row["mapping_id"] for row in rows}:
            mapping.tables = []
    for row in rows:
        mapping = model.mappings.setdefault(
            row["mapping_id"], Mapping(row["mapping_id"], "RANGE", "global")
        )
        mapping.tables.append((f"{row['schema_name']}.{row['table_name']}", row["column_name"]))


STATES = {
    "dump.servers": state_of_dump,
    "group.lookup_servers": state_of_lookup,
    "sharding.lookup_servers": state_of_sharding_lookup,
    "group.lookup_groups": state_of_groups,
    "dump.sharding_information": state_of_information,
    "dump.shard_index": state_of_index,
    "dump.shard_maps": state_of_maps,
    "sharding.list_definitions": state_of_maps,
    "dump.shard_tables": state_of_tables,
}


# ---- comparing ------------------------------------------------------------------------------------


def comparable(reply):
    """A reply without what differs from call to call."""
    if not isinstance(reply, list) or len(reply) != 5 or not isinstance(reply[4], list):
        return reply
    reply = copy.deepcopy(reply)
    reply[3] = re.sub(r"\n.*", "", reply[3], flags=re.S)  # tracebacks are about other programs
    for found in reply[4]:
        names = found["info"]["names"]
        for row in found["rows"]:
            if names in (["uuid"], ["uuid", "finished", "success", "result"]):
                row[0] = "uuid"
            if "when" in names:
                row[names.index("when")] = "when"
                row[-1] = re.sub(r"0x[0-9a-f]+", "0x", row[-1])
    return reply


def in_any_order(reply):
    for found in reply[4]:
        found["rows"].sort(key=repr)
    return reply


def is_history(reply):
    """A procedure's reply: its steps have an order."""
    return bool(reply[4]) and reply[4][0]["info"]["names"][:2] == ["uuid", "finished"]


class Replay(unittest.TestCase):
    maxDiff = 3000

    def exchange(self, node, name):
        """Sends one recording; gives the comparable replies, None where there is no XML."""
        recording = RECORDINGS[name]
        status, headers, body = cut(send(node.port, recording))
        wanted = recording["response"]
        self.assertEqual(status, wanted["status"])
        self.assertEqual(masked(headers), masked(wanted["headers"]))
        if "text/xml" not in "".join(headers):
            self.assertEqual(body.decode(), wanted["body"])
            return None, None
        if any(header.startswith("Content-Encoding") for header in headers):
            body = gzip.decompress(body)
        found, fault = parsed(body.decode())
        expected, expected_fault = parsed(wanted["body"])
        self.assertEqual(fault, expected_fault)
        return comparable(expected), comparable(found)

    def compare(self, name, expected, found):
        method, _ = call_of(RECORDINGS[name])
        full = isinstance(expected, list) and len(expected) == 5 and isinstance(expected[4], list)
        if full and name in OWN_ROWS:
            for reply in (expected, found):
                for one in reply[4]:
                    one["rows"] = sorted({tuple(map(type, row)) for row in one["rows"]}, key=repr)
        elif full and method not in IN_ORDER and not is_history(expected):
            expected, found = in_any_order(expected), in_any_order(found)
        self.assertEqual(found, expected)

    def test_every_call_in_its_state(self):
        chain = sorted(name for name in RECORDINGS if name.startswith("auth-"))
        with LabNode(lab_model()) as node:  # counted nonces: one node for all, in order
            for name in chain:
                with self.subTest(recording=name):
                    self.compare(name, *self.exchange(node, name))
        for name, recording in RECORDINGS.items():
            if name in DIFFERENT or name in chain:
                continue
            with self.subTest(recording=name):
                model = lab_model()
                method, arguments = call_of(recording)
                if method in STATES:
                    STATES[method](model, rows_of(recording), arguments)
                stand_in = Agreeable(model)
                preparations = stage(
                    name, model, stand_in, method, arguments, rows_of(recording)
                )
                with LabNode(model, authenticated=not name.startswith("noauth-")) as node:
                    node.node.operations.replication = stand_in
                    node.node.port, node.node.mysql_port = 32274, 32275
                    for prepare in preparations:
                        prepare(node.node)
                    if node.digest:
                        used = re.search(r'nonce="([^"]+)".*nc=(\w+)', str(recording["request"]))
                        if used:
                            node.digest.counters[used[1]] = int(used[2], 16) - 1
                    self.compare(name, *self.exchange(node, name))
        self.assertLessEqual(set(DIFFERENT), set(RECORDINGS))


class MysqlReplay(unittest.TestCase):
    """The recorded packets of MySQL-RPC; rows are compared in their number of cells."""

    maxDiff = 3000

    def packet(self, connection):
        head = b""
        while len(head) < 4:
            part = connection.recv(4 - len(head))
            if not part:
                return None, None
            head += part
        body = b""
        while len(body) < int.from_bytes(head[:3], "little"):
            body += connection.recv(int.from_bytes(head[:3], "little") - len(body))
        return head[3], body

    @staticmethod
    def send(connection, sequence, body):
        connection.sendall(struct.pack("<I", len(body))[:3] + bytes([sequence]) + body)

    @staticmethod
    def is_row(body):
        """A row of the recorded results begins with the length of its first text."""
        return body[:1] not in (b"\x00", b"\xff", b"\xfe", b"\x06") and len(body) > 5

    def replay(self, server, packets):
        with socket.create_connection(("127.0.0.1", server.port), 5) as connection:
            connection.settimeout(5)
            nonce = None
            for at, recorded in enumerate(packets):
                if "event" in recorded:
                    if "closed" in recorded["event"]:
                        self.assertEqual(self.packet(connection), (None, None))
                    else:
                        connection.settimeout(0.3)
                        with self.assertRaises(TimeoutError):
                            self.packet(connection)
                        connection.settimeout(5)
                    continue
                wanted = bytes.fromhex(recorded["hex"])
                if recorded["from"] == "client":
                    if at == 1:
                        wanted = self.with_answer(wanted, nonce, self.password)
                    self.send(connection, at if at == 1 else 0, wanted)
                    continue
                _, found = self.packet(connection)
                if at == 0:
                    end = found.index(b"\0", 1) + 5
                    nonce = found[end : end + 8] + found[-13:-1]
                    self.assertEqual(self.greeting(found), self.greeting(wanted))
                elif found != wanted:
                    self.assertTrue(self.is_row(wanted) and self.is_row(found), (found, wanted))

    @staticmethod
    def greeting(body):
        """Without connection number and scramble, whose second part has 12 bytes and a NUL."""
        end = body.index(b"\0", 1) + 1
        return body[:end], body[end + 12 : end + 31], len(body)

    @staticmethod
    def with_answer(response, nonce, password):
        end = response.index(b"\0", 32) + 2
        return response[:end] + scramble(password, nonce) + response[end + 20 :]

    def test_every_conversation(self):
        passwords = {"conn1": "conn-pass-1"}
        for recording in MYSQL_RECORDINGS:
            with self.subTest(recording=recording["name"]):
                model = lab_model()
                model.groups["nodesc"] = Group("nodesc")
                if recording["name"] == "call-group-lookup-groups":
                    keep = "nodesc beta gamma delta alpha shard3 global shard2 shard1 ha1".split()
                    model.groups = {name: model.groups.get(name, Group(name)) for name in keep}
                    for name in ("shard1", "shard2", "shard3", "ha1"):
                        model.groups[name].description = f"lab group {name}"
                    model.groups["global"].description = "Global group"
                    model.groups["ha1"].active = True
                with LabNode(model) as node:
                    node.node.operations.replication = Agreeable(model)
                    node.node.mysql_port = 32275
                    server = MysqlServer(node.dispatcher, node.digest).start()
                    login = bytes.fromhex(recording["packets"][1]["hex"])
                    user = login[32 : login.index(b"\0", 32)].decode()
                    self.password = passwords.get(user, "lab-pass-1")
                    if recording["name"] == "connect-wrong-password":
                        self.password = "another"
                    self.replay(server, recording["packets"])
                    server.close()


if __name__ == "__main__":
    unittest.main()
