"""What the tests of fabric-sql share: real servers with the script, sessions that read a CALL's results."""

import json
import os
import shutil
import subprocess
import sys
import xmlrpc.client

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "node"), os.path.join(HERE, "..", "servers")]
import servers  # noqa: E402
from mysql_text import (
    Connection,
    ServerError,
    cells,
    column_name,
    length_encoded,
    quote,
)  # noqa: E402

SCRIPT = os.path.join(HERE, "..", "..", "packaging", "fabric-sql.sql")
TABLES = ["votes", "shards", "shard_tables", "shard_maps", "servers", "server_groups"]
A, B, C, D = (f"0000000{digit}-0000-11f1-acc4-02fc00000001" for digit in "abcd")
MORE_RESULTS = 0x0008

with open(os.path.join(HERE, "..", "node", "recordings.json"), encoding="utf-8") as file:
    RECORDINGS = {recording["name"]: recording for recording in json.load(file)}


def recorded(name):
    """The five fields that the real node answered."""
    (reply,), _ = xmlrpc.client.loads(RECORDINGS[name]["response"]["body"])
    return reply


class Session(Connection):
    """Reads all results of a CALL: a list of (names, rows), the final OK left out."""

    def call(self, command, *arguments):
        database, name = command.split(".")
        given = ", ".join("NULL" if one is None else quote(one) for one in arguments)
        return self.results(f"CALL `{database}`.`{name}`({given})")

    def results(self, sql):
        self.sequence = 0
        self._send(b"\x03" + sql.encode())
        found, more = [], True
        while more:
            packet = self._packet()
            if packet[:1] == b"\0":
                _, at = length_encoded(packet, 1)
                _, at = length_encoded(packet, at)
                more = packet[at] & MORE_RESULTS
                continue
            count = length_encoded(packet, 0)[0]
            names = [column_name(self._packet()) for _ in range(count)]
            self._packet()
            rows = []
            while True:
                packet = self._packet()
                if packet[:1] == b"\xfe" and len(packet) < 9:
                    more = packet[3] & MORE_RESULTS
                    break
                rows.append(cells(packet, count))
            found.append((names, rows))
        return found

    def rows(self, command, *arguments):
        """The rows of the first result set behind the status row."""
        return self.call(command, *arguments)[1][1]


def run_script(socket, check=True):
    """As people run it: by the command-line client, from standard input."""
    client = shutil.which("mariadb") or shutil.which("mysql")
    if not client:
        raise RuntimeError("no command-line client here: install the package mariadb-client-core")
    with open(SCRIPT, encoding="ascii") as script:
        done = subprocess.run(
            [client, "--no-defaults", "-uapp", "-psecret", f"--socket={socket}"],
            stdin=script,
            capture_output=True,
            text=True,
            check=False,
        )
    if check and done.returncode:
        raise RuntimeError(f"fabric-sql.sql: {done.stderr}")
    return done


class FabricSqlCase:
    """A server of each kind with an empty farm before each test; to be mixed with TestCase."""

    kind = ""

    @classmethod
    def setUpClass(cls):
        cls.server = servers.Server(cls.kind).start()
        cls.addClassCleanup(cls.server.remove)
        cls.addClassCleanup(cls.server.stop)
        run_script(cls.server.socket)
        with Session(user="app", password="secret", unix_socket=cls.server.socket) as admin:
            for user in ("conn", "keeper"):
                admin.query(f"CREATE USER {user}@localhost IDENTIFIED BY 'pw'")
            admin.call("manage.grant_connector", "conn", "localhost")
            admin.call("manage.grant_administrator", "keeper", "localhost")

    def connect(self, user="keeper", password="pw"):
        session = Session(user=user, password=password, unix_socket=self.server.socket)
        self.addCleanup(session.close)
        return session

    def setUp(self):
        self.admin = self.connect("app", "secret")
        for table in TABLES:
            self.admin.query(f"DELETE FROM fabric_store.{table}")
        self.admin.query(
            "UPDATE fabric_store.farm_state SET last_mapping_id = 0, last_shard_id = 0"
        )
        for name, value in (
            ("votes", "3"),
            ("vote_window", "60"),
            ("trust_failures", "1"),
            ("ttl", "5"),
            ("nodes", ""),
        ):
            self.admin.call("manage.set_option", name, value)
        self.fabric = self.connect()

    def make_farm(self):
        """Groups global (a), ha1 (b primary, c), shards on ha1 and ha2 (d)."""
        call = self.fabric.call
        for group in ("global", "ha1", "ha2"):
            call("group.create", group, f"group {group}")
        for group, uuid, port in (("global", A, 1), ("ha1", B, 2), ("ha1", C, 3), ("ha2", D, 4)):
            call("group.add", group, f"127.0.0.1:1330{port}", uuid)
        for group, uuid in (("global", A), ("ha1", B), ("ha2", D)):
            call("group.promote", group, uuid)
        call("sharding.create_definition", "RANGE", "global")
        call("sharding.create_definition", "HASH", "global")
        call("sharding.add_table", "1", "shop.orders", "customer_id")
        call("sharding.add_table", "2", "shop.sessions", "session_key")
        call("sharding.add_shard", "1", "ha1/1, ha2/1001", "ENABLED")
        call("sharding.add_shard", "2", "ha1,ha2", "ENABLED")

    def contents(self):
        """Everything that is kept."""
        return {
            table: self.admin.query(f"SELECT * FROM fabric_store.{table} ORDER BY 1, 2")
            for table in [*TABLES, "farm_state", "farm_options"]
        }

    def refused(self, text, command, *arguments):
        """Checks the message, that none was cut, and that nothing changed."""
        before = self.contents()
        with self.assertRaises(ServerError, msg=f"{command}{arguments}") as caught:
            self.fabric.call(command, *arguments)
        self.assertEqual("45000", caught.exception.sqlstate, caught.exception.text)
        self.assertTrue(caught.exception.text.startswith(text), caught.exception.text)
        self.assertLess(len(caught.exception.text), 128)
        self.assertEqual(before, self.contents(), f"{command}{arguments}")

    READS = [
        ("dump-servers-noargs", "dump.servers", None, None),
        ("dump-sharding-information-noargs", "dump.sharding_information", "0", ""),
        ("dump-shard-tables", "dump.shard_tables", "0", None),
        ("dump-shard-maps", "dump.shard_maps", None, None),
        ("dump-shard-index", "dump.shard_index", None, None),
        ("dump-fabric-nodes-noargs", "dump.fabric_nodes", None),
        ("group-lookup-groups", "group.lookup_groups", None),
        ("group-lookup-servers", "group.lookup_servers", "ha1", None, None, None),
        ("group-health", "group.health", "ha1"),
        ("server-lookup-uuid", "server.lookup_uuid", "127.0.0.1:13302"),
        ("sharding-list-definitions", "sharding.list_definitions"),
        ("sharding-lookup-table", "sharding.lookup_table", "shop.orders"),
        ("sharding-list-tables-range", "sharding.list_tables", "RANGE"),
        ("lookup-range-local", "sharding.lookup_servers", "shop.orders", "1", None),
        ("lookup-hash", "sharding.lookup_servers", "shop.sessions", "abc", "local"),
        ("lookup-global-mapping-id-int", "sharding.lookup_servers", "1", "", "GLOBAL"),
    ]
    CHANGES = [
        ("group-create", "group.create", "new", None),
        ("group-description", "group.description", "ha1", "caf\u00e9 \u2603"),
        ("group-activate", "group.activate", "ha1"),
        ("group-deactivate", "group.deactivate", "ha1"),
        ("group-add-second", "group.add", "ha1", "db.example.com", None),
        ("group-remove", "group.remove", "ha1", "db.example.com:3306"),
        ("group-destroy", "group.destroy", "new"),
        ("server-set-weight", "server.set_weight", C, "2.5"),
        ("server-set-mode-offline", "server.set_mode", C, "offline"),
        ("server-set-status-spare", "server.set_status", C, "SPARE"),
        ("server-set-status-secondary", "server.set_status", "127.0.0.1:13303", "2"),
        ("sharding-disable-shard", "sharding.disable_shard", "1"),
        ("sharding-move-shard", "sharding.move_shard", "1", "ha2", "1"),
        ("sharding-split-shard-range", "sharding.split_shard", "1", "ha1", "500", "1"),
        ("sharding-split-shard-hash", "sharding.split_shard", "3", "ha2", None, "1"),
        ("sharding-enable-shard", "sharding.enable_shard", "1"),
        ("sharding-disable-shard", "sharding.disable_shard", "1"),
        ("sharding-add-table", "sharding.remove_shard", "1"),
        ("sharding-remove-table", "sharding.remove_table", "SHOP.Orders"),
        ("sharding-add-table", "sharding.add_table", "1", "shop.other", "k"),
        (
            "sharding-create-definition-range",
            "sharding.create_definition",
            "range_string",
            "global",
        ),
        ("sharding-add-shard-range-string", "sharding.add_shard", "3", "ha1/a,ha2/h", "ENABLED"),
        ("sharding-remove-definition-unknown", "sharding.remove_definition", "77"),
        ("threat-report-error-below-threshold", "threat.report_error", C, "client-1", "2003", None),
        ("threat-report-failure-secondary", "threat.report_failure", C, "client-1", "2013", "0"),
        ("group-demote", "group.demote", "ha1"),
        ("group-create", "group.promote", "ha1", None),
    ]

    def statuses(self, group):
        return {
            row[0]: (row[2], row[3])
            for row in self.fabric.rows("group.lookup_servers", group, None, None, None)
        }

    def master(self, group):
        return self.fabric.rows("group.lookup_groups", group)[0][3]

    def version(self):
        return int(self.fabric.rows("dump.farm_version")[0][0])
