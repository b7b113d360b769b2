#!/usr/bin/env python3
"""Does the Fabric test node equal the recorded real one, and do farms do what they promise?

recordings.json holds requests and replies of a real node 1.5.5; they are sent again byte for byte.
"""

import gzip
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import unittest
import xml.parsers.expat
import xmlrpc.client

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "servers")]
import bad_node  # noqa: E402
import fabric_client  # noqa: E402
import fabric_node  # noqa: E402
import fabric_xmlrpc  # noqa: E402
from fabric_commands import Dispatcher  # noqa: E402
from fabric_http import Digest, HttpServer  # noqa: E402
from fabric_model import PRIMARY, Group, Mapping, Model, Server, Shard  # noqa: E402
from fabric_operations import Operations  # noqa: E402
from replication import Replication  # noqa: E402

with open(os.path.join(HERE, "recordings.json"), encoding="utf-8") as file:
    RECORDINGS = {recording["name"]: recording for recording in json.load(file)}

# Recorded with other data than the rest, so that only the shape of the reply can be compared.
OTHER_STATE = re.compile(
    "after|broken|disabled|no-shards|before|offline|spare|weights|write-only|failure|empty$"
    "|mapping-1|mapping-2|dump-fabric|dump-servers|group-lookup|dump-shard-index$"
    "|dump-shard-tables$|role|http|error-array"
    "|noauth|information-wildcard"
)
# Errors (and replies without rows of their own) of commands that change things.
REFUSALS = """
    group-add-unreachable group-create-duplicate group-destroy-not-empty group-destroy-unknown
    group-health-unknown group-promote-unknown-group group-promote-foreign-server
    group-demote-no-primary server-lookup-uuid-unreachable server-lookup-uuid-timeout
    server-set-mode-bogus server-set-mode-secondary-rw server-set-mode-secondary-wo
    server-set-mode-primary-ro server-set-status-faulty server-set-status-number
    server-set-status-primary server-set-status-unknown-server server-set-weight-bad
    server-set-weight-negative server-set-weight-zero sharding-create-definition-list
    sharding-create-definition-unknown-group sharding-add-table-duplicate
    sharding-add-table-unknown-mapping sharding-add-shard-already sharding-add-shard-hash-again
    sharding-add-shard-unknown-mapping sharding-add-shard-range-bad-bound
    sharding-add-shard-range-missing-bounds sharding-add-shard-unknown-group
    sharding-add-shard-bad-datetime sharding-enable-shard-unknown sharding-disable-shard-bad
    sharding-remove-shard-enabled sharding-remove-table-unknown
    sharding-remove-definition-in-use sharding-list-tables-bad-type sharding-lookup-table
    sharding-lookup-table-unknown sharding-lookup-table-unicode threat-report-error-bad-id
    threat-report-error-no-args threat-report-error-unknown-server
    threat-report-error-unknown-uuid event-trigger-unknown event-wait-for-procedures-comma
    event-wait-for-procedures-string event-wait-for-procedures-unknown
""".split()
# Changes whose replies are compared in names, types and steps.
CHANGES = """
    server-set-weight server-set-weight-string server-set-mode-offline server-set-mode-number
    server-set-mode-ro server-set-mode-primary-wo server-set-status-spare
    server-set-status-secondary group-activate group-activate-again group-deactivate
    group-description group-description-async group-create-async sharding-create-definition-hash
    sharding-remove-definition-unknown threat-report-error-below-threshold
    threat-report-error-long-reporter threat-report-failure-secondary
    threat-report-failure-again
""".split()


def parsed(body):
    """A reply as (result or None, fault text or None)."""
    try:
        (reply,), _ = xmlrpc.client.loads(body)
        return reply, None
    except xmlrpc.client.Fault as fault:
        return None, fault.faultString


def shape(reply):
    """Version, uuid, error text, and per result set the names and the types of the cells."""
    if reply is None or len(reply) != 5:
        return type(reply)
    sets = [
        (found["info"]["names"], {tuple(type(cell) for cell in row) for row in found["rows"]})
        for found in reply[4]
    ]
    return reply[0], reply[1], type(reply[2]), reply[3], sets


def send(port, recording):
    """Sends the recorded request as it is; gives the raw reply."""
    request = recording["request"]
    encoding = "latin-1" if "ISO-8859-1" in request["body"][:80].upper() else "utf-8"
    body = request["body"].encode(encoding)
    if any(header.lower().startswith("transfer-encoding") for header in request["headers"]):
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    head = [f"{request['method']} {request['path']} {request['http']}", *request["headers"]]
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in head).encode() + b"\r\n" + body)
        data = b""
        while part := connection.recv(65536):
            data += part
    return data


def cut(data):
    """A raw reply as (status line, headers, body), headers as in the recordings."""
    head, blank, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    if not blank and lines[-1:] == [""] and len(lines) == 1:
        lines = [""]
    return lines[0], lines[1:], body


def masked(headers):
    """Headers without what differs from reply to reply."""
    text = "\n".join(headers)
    text = re.sub(r"^(Date|Content-length): .*$", r"\1", text, flags=re.M)
    return re.sub(r'(nonce|opaque)="[^"]+"', r"\1", text)


def lab_model():
    """The data the real node had when most recordings were made."""

    def rows(name):
        return parsed(RECORDINGS[name]["response"]["body"])[0][4][0]["rows"]

    model = Model()
    for uuid, group, host, port, mode, status, weight in rows("dump-servers-noargs"):
        model.groups.setdefault(group, Group(group))
        model.servers[uuid] = Server(uuid, host, port, group, status, mode, weight)
        if status == PRIMARY:
            model.groups[group].master = uuid
    for mapping_id, kind, global_group in rows("dump-shard-maps"):
        model.mappings[mapping_id] = Mapping(mapping_id, kind, global_group)
    for schema, table, column, mapping_id in rows("dump-shard-tables"):
        model.mappings[mapping_id].tables.append((f"{schema}.{table}", column))
    for schema, table, _, bound, shard_id, _, group, _ in rows("dump-sharding-information-noargs"):
        mapping = model.table(f"{schema}.{table}")[0]
        if shard_id not in [shard.id for shard in mapping.shards]:
            mapping.shards.append(Shard(shard_id, bound, group))
    model.last_mapping_id = max(model.mappings)
    model.last_shard_id = max(
        shard.id for mapping in model.mappings.values() for shard in mapping.shards
    )
    return model


class LabNode:
    """The test node within this process, with the recorded node's data and users."""

    def __init__(self, model, authenticated=True, forget_after=120.0, threats=None):
        users = {"admin": ("lab-pass-1", ("",)), "conn1": ("conn-pass-1", ("dump.", "threat."))}
        operations = Operations(model, Replication("fabric", "fabric", 0.2))
        self.node = fabric_node.Node(
            model, operations, threats or fabric_node.Threats(), lambda text: None
        )
        self.digest = Digest(users, forget_after) if authenticated else None
        self.dispatcher = Dispatcher(self.node)
        self.server = HttpServer(self.dispatcher, self.digest)
        self.port = self.node.port = self.server.port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.close()

    def call(self, method, *arguments):
        return fabric_client.call(
            self.port, method, *arguments, user="admin", password="lab-pass-1"
        )


class Replay(unittest.TestCase):
    """Recorded requests get the recorded replies."""

    maxDiff = 2000

    def replay(self, node, name):
        """Compares status line, headers and the body's shape; gives (expected, found) replies."""
        recording = RECORDINGS[name]
        status, headers, body = cut(send(node.port, recording))
        expected = recording["response"]
        self.assertEqual(status, expected["status"], name)
        self.assertEqual(masked(headers), masked(expected["headers"]), name)
        if any(header.startswith("Content-Encoding") for header in headers):
            body = gzip.decompress(body)
        text = body.decode()
        if "text/xml" not in "".join(headers):
            self.assertEqual(text, expected["body"], name)
            return None, None
        wanted, wanted_fault = parsed(expected["body"])
        found, fault = parsed(text)
        self.assertEqual(fault, wanted_fault, name)
        return wanted, found

    def replay_all(self, node, names, same_rows=lambda name: False):
        """Replays each; where same_rows(name), the rows must be equal, too, in any order."""
        for name in names:
            with self.subTest(recording=name):
                wanted, found = self.replay(node, name)
                if not name.startswith("http-accept-gzip"):
                    self.assert_same_shape(wanted, found, name)
                if same_rows(name):
                    # lookups are compared without the servers' statuses, which changed over time
                    width = 2 if name.startswith("lookup") else 99
                    self.assertEqual(
                        *[
                            [sorted(str(row[:width]) for row in one["rows"]) for one in reply[4]]
                            for reply in (wanted, found)
                        ],
                        name,
                    )

    def test_http_and_digest(self):
        """In the order of the nonces' counters, as they were recorded."""

        def order(name):
            header = " ".join(RECORDINGS[name]["request"]["headers"])
            count = re.search(r"nc=(\w+)", header)
            nonce = re.search(r'nonce="([^"]+)"', header)
            if name.startswith("auth-") or not nonce:
                return "", 0, name
            return nonce.group(1), int(count.group(1), 16) if count else 0, name

        names = [name for name in RECORDINGS if re.match("auth-|http-|error-|role-|probe-", name)]
        self.assertGreater(len(names), 45)
        with LabNode(lab_model()) as node:
            self.replay_all(node, sorted(names, key=order))

    def test_without_authentication(self):
        names = [name for name in RECORDINGS if name.startswith("noauth-")]
        with LabNode(lab_model(), authenticated=False) as node:
            self.replay_all(node, names)

    def test_dumps_and_lookups(self):
        names = [
            name
            for name in RECORDINGS
            if re.match("dump-|lookup-|group-lookup-", name)
            and not re.search(
                "broken|unicode|disabled|wrong-group|lookup-groups-one|lookup-groups-empty"
                "|fabric-nodes-(mysql|noargs)",
                name,
            )
        ]
        self.assertGreater(len(names), 80)
        with LabNode(lab_model()) as node:
            self.replay_all(node, names, lambda name: not OTHER_STATE.search(name))

    def test_refusals(self):
        model = lab_model()
        model.mappings[7] = Mapping(
            7, "RANGE", "global"
        )  # was still there when these were recorded
        model.mappings[4].shards = []
        self.make_primary(model, "127.0.0.1:13341")
        demoted = "group-demote-no-primary"
        with LabNode(model) as node:
            self.replay_all(node, [name for name in REFUSALS if name != demoted])
            for server in model.members("ha1"):
                server.status = 2
            self.replay_all(node, [demoted])

    def test_changes(self):
        model = lab_model()
        model.groups["nodesc"] = Group("nodesc")
        self.make_primary(model, "127.0.0.1:13343")
        renamed = {"server-set-mode-primary-wo": ("13341", "13343")}
        with LabNode(model) as node:
            for name in CHANGES:
                recording = RECORDINGS[name]
                for old, new in [renamed[name]] if name in renamed else []:
                    recording = json.loads(json.dumps(recording).replace(old, new))
                with self.subTest(recording=name):
                    reply, fault = parsed(cut(send(node.port, recording))[2].decode())
                    wanted, _ = parsed(recording["response"]["body"])
                    self.assertIsNone(fault)
                    self.assert_same_shape(wanted, reply, name)
                    for mine, its in zip(reply[4][1:], wanted[4][1:]):
                        self.assertEqual(
                            [[row[0], row[1], row[3].partition(" <")[0]] for row in mine["rows"]],
                            [[row[0], row[1], row[3].partition(" <")[0]] for row in its["rows"]],
                        )

    @staticmethod
    def make_primary(model, address):
        for server in model.members("ha1"):
            server.status, server.mode = (3, 3) if server.address == address else (2, 1)

    def assert_same_shape(self, wanted, found, name):
        wanted, found = shape(wanted), shape(found)
        if isinstance(wanted, tuple) and isinstance(found, tuple):
            self.assertEqual(wanted[:4], found[:4], name)
            self.assertEqual(
                [names for names, _ in wanted[4]], [names for names, _ in found[4]], name
            )
            for (_, mine), (_, its) in zip(wanted[4], found[4]):
                if mine and its:
                    self.assertEqual(mine, its, name)
        else:
            self.assertEqual(wanted, found, name)

    def test_xml_is_written_as_recorded(self):
        for name, recording in RECORDINGS.items():
            body = recording["response"]["body"]
            if not body.startswith("<?xml"):
                continue
            with self.subTest(recording=name):
                reply, fault = parsed(body)
                written = fabric_xmlrpc.fault(fault) if fault else fabric_xmlrpc.response(reply)
                self.assertEqual(written.decode(), body)


class NodeBehaviour(unittest.TestCase):
    """What single recordings cannot show."""

    def test_idle_connections_starve_the_workers(self):
        with LabNode(lab_model()) as node:
            idle = [socket.create_connection(("127.0.0.1", node.port)) for _ in range(5)]
            with self.assertRaises(TimeoutError):
                fabric_client.post(node.port, b"", {}, timeout=0.5)
            idle.pop().close()
            self.assertEqual(fabric_client.post(node.port, b"", {}, timeout=5)[0], 401)
            for connection in idle:
                connection.close()

    def test_forgotten_nonce_starts_again_at_one(self):
        body = xmlrpc.client.dumps((), "manage.ping").encode()
        with LabNode(lab_model(), forget_after=0.3) as node:
            challenge = fabric_client.post(node.port, b"", {})[1]["WWW-Authenticate"]

            def ping(count):
                header = fabric_client.authorization(challenge, "admin", "lab-pass-1", count)
                try:
                    return fabric_client.post(node.port, body, {"Authorization": header})[0]
                except http.client.RemoteDisconnected:
                    return "empty"

            self.assertEqual([ping(1), ping(2)], [200, 200])
            time.sleep(0.4)  # the interval itself is what is tested
            self.assertEqual([ping(3), ping(1)], ["empty", 200])

    def test_table_without_schema_breaks_dumps(self):
        model = lab_model()
        model.mappings[1].tables.append(("noschema", "x"))
        with LabNode(model) as node:
            for method in ("dump.sharding_information", "dump.shard_tables"):
                with self.assertRaisesRegex(
                    fabric_client.Refused, "need more than 1 value to unpack"
                ):
                    node.call(method)

    def test_disabled_shards_are_left_out_of_dumps_and_refused_by_lookups(self):
        with LabNode(lab_model()) as node:
            node.call("sharding.disable_shard", 2)
            rows = node.call("dump.sharding_information", 0, "shop.orders")[0]
            self.assertEqual({row["shard_id"] for row in rows}, {1, 3})
            self.assertNotIn(
                2, [row["shard_id"] for row in node.call("dump.shard_index", 0, "1")[0]]
            )
            with self.assertRaisesRegex(fabric_client.Refused, "Shard not enabled"):
                node.call("sharding.lookup_servers", "shop.orders", 1500)
            node.call("sharding.enable_shard", 2)
            self.assertEqual(len(node.call("dump.sharding_information", 0, "shop.orders")[0]), 3)

    def test_faulty_servers_are_in_lookups_but_not_in_dumps(self):
        model = lab_model()
        with LabNode(model) as node:
            secondary = next(server for server in model.members("ha1") if server.status == 2)
            node.call("threat.report_failure", secondary.uuid, "test", 2003)
            dumped = [row["server_uuid"] for row in node.call("dump.servers", 0, "ha1")[0]]
            self.assertNotIn(secondary.uuid, dumped)
            found = {
                row["server_uuid"]: row["status"]
                for row in node.call("group.lookup_servers", "ha1")[0]
            }
            self.assertEqual(found[secondary.uuid], "FAULTY")

    def test_error_reports_count_up_to_both_limits(self):
        model = lab_model()
        with LabNode(model, threats=fabric_node.Threats(3, 2, 10.0)) as node:
            server = next(server for server in model.members("ha1") if server.status == 2)
            for reporter in ("one", "one", "one"):
                node.call("threat.report_error", server.uuid, reporter, "2013")
            self.assertEqual(server.status, 2)  # a single reporter is not enough
            node.call("threat.report_error", server.uuid, "two", "2013")
            self.assertEqual(server.status, 0)

    def test_definition_life_cycle(self):
        model = lab_model()
        with LabNode(model) as node:
            mapping = node.call("sharding.create_definition", "RANGE_STRING", "global")[0][0][
                "result"
            ]
            node.call("sharding.add_table", mapping, "shop.fresh", "name")
            node.call(
                "sharding.add_shard", mapping, "alpha/a, beta/a-bound-that-is-too-long", "ENABLED"
            )
            rows = node.call("dump.sharding_information", 0, "shop.fresh")[0]
            self.assertEqual([row["lower_bound"] for row in rows], ["a", "a-bound-that-is-"])
            with self.assertRaisesRegex(fabric_client.Refused, "foreign key constraint fails"):
                node.call("sharding.remove_definition", mapping)
            for row in rows:
                node.call("sharding.disable_shard", row["shard_id"])
                node.call("sharding.remove_shard", row["shard_id"])
            node.call("sharding.remove_table", "shop.fresh")
            node.call("sharding.remove_definition", mapping)
            self.assertEqual(node.call("dump.sharding_information", 0, "shop.fresh"), [[]])

    def test_asynchronous_procedures_can_be_awaited(self):
        with LabNode(lab_model()) as node:
            uuid = node.call("group.create", "later", "text", False)[0][0]["uuid"]
            waited = node.call("event.wait_for_procedures", [uuid])
            self.assertEqual(waited[0][0]["uuid"], uuid)
            self.assertEqual(node.call("group.lookup_groups", "later")[0][0]["master_uuid"], "None")


class BadNodes(unittest.TestCase):
    """Each mode of the misbehaving node does what it is named after."""

    def start(self, mode, *options):
        program = [
            sys.executable,
            os.path.join(HERE, "bad_node.py"),
            "--mode",
            mode,
            "--watch",
            str(os.getpid()),
        ]
        node = subprocess.Popen([*program, *options], stdout=subprocess.PIPE)
        self.addCleanup(node.wait)
        self.addCleanup(node.kill)
        self.addCleanup(node.stdout.close)
        return int(node.stdout.readline())

    def test_statuses(self):
        for mode in ("400", "403", "404", "500"):
            with self.subTest(mode=mode):
                self.assertEqual(fabric_client.post(self.start(mode), b"", {})[0], int(mode))

    def test_shapes_are_valid_xml_rpc(self):
        for mode in bad_node.SHAPES:
            with self.subTest(mode=mode):
                body = fabric_client.post(self.start(mode), b"", {})[2]
                self.assertEqual(parsed(body)[0], bad_node.SHAPES[mode])

    def test_broken_transports(self):
        for mode, error in (
            ("empty", http.client.RemoteDisconnected),
            ("cut-off", http.client.IncompleteRead),
            ("hang-accept", TimeoutError),
            ("not-http", http.client.BadStatusLine),
        ):
            with self.subTest(mode=mode), self.assertRaises(error):
                fabric_client.post(self.start(mode), b"", {}, timeout=0.5)

    def test_errors_of_the_protocol(self):
        for mode in ("fault", "error-field3"):
            with self.subTest(mode=mode), self.assertRaises(fabric_client.Refused):
                fabric_client.call(self.start(mode), "dump.servers")
        for mode in ("not-xml", "no-body"):
            with self.subTest(mode=mode), self.assertRaises(xml.parsers.expat.ExpatError):
                fabric_client.call(self.start(mode), "dump.servers")

    def test_huge_reply_is_complete(self):
        body = fabric_client.post(self.start("huge"), b"", {})[2]
        self.assertGreater(len(body), 99_000_000)
        self.assertTrue(body.endswith(b"</methodResponse>\n"))

    def test_slow_reply_comes_byte_by_byte(self):
        with socket.create_connection(
            ("127.0.0.1", self.start("slow", "--delay", "0.05")), 5
        ) as connection:
            connection.sendall(b"POST /RPC2 HTTP/1.1\r\n\r\n")
            self.assertEqual([connection.recv(100) for _ in range(4)], [b"H", b"T", b"T", b"P"])

    def test_digest_is_demanded_on_request(self):
        port = self.start("error-field3", "--digest")
        self.assertEqual(fabric_client.post(port, b"", {})[0], 401)
        with self.assertRaisesRegex(fabric_client.Refused, "rotten"):
            fabric_client.call(port, "dump.servers")


if __name__ == "__main__":
    unittest.main()
