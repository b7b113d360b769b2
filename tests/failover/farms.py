"""The farms that the failover harness breaks: servers behind proxies, and what repairs them.

    with ReplicationFarm("mariadb", folder, log, counters) as farm:
        farm.start()  # then farm.strings, farm.primary("shard1"), farm.heal("shard1"), ...

A member of a farm is a dictionary: name, group, uuid, port (the proxy's, which the farm knows), true_port,
socket, dir, pid, server_id. Its proxy has the member's name; those of the node are NODE_PROXIES.
"""

import collections
import concurrent.futures
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, *(os.path.join(HERE, "..", name) for name in ("node", "servers"))]
import fabric_client  # noqa: E402
import fencing_node  # noqa: E402
import processes  # noqa: E402
import servers  # noqa: E402
import workloads  # noqa: E402
from fabric_model import Group, Mapping, Model, Shard, write_atomically  # noqa: E402
from fabric_model import PRIMARY, READ_ONLY, READ_WRITE, SECONDARY  # noqa: E402
from fabric_model import Server as ModelServer  # noqa: E402
from judge import Rows  # noqa: E402
from mysql_text import ServerError  # noqa: E402
from proxy import Proxies  # noqa: E402
from replication import derived_uuid  # noqa: E402

OPENING_BALANCE = 1000
HEAL_TIMEOUT = 90.0
ADMIN = {"user": "admin", "password": "adminpw"}
CONNECTOR = {"user": "connector", "password": "connectorpw"}
SHARDS = {"shard1": 11, "shard2": 12}  # : GTID domain
GLOBAL_GROUP = "global"
GLOBAL_DOMAIN = 10
SECONDARIES = 2
NODE_PROXIES = ("node", "node-mysql")

TABLES = [
    "CREATE TABLE tokens (id BIGINT AUTO_INCREMENT PRIMARY KEY, token VARCHAR(64) NOT NULL, "
    "body LONGTEXT, server BIGINT NOT NULL DEFAULT 0, KEY (token))",
    "CREATE TABLE keyed (id BIGINT AUTO_INCREMENT PRIMARY KEY, k INT NOT NULL, "
    "token VARCHAR(64) NOT NULL, server BIGINT NOT NULL DEFAULT 0)",
    "CREATE TABLE transfers (id BIGINT AUTO_INCREMENT PRIMARY KEY, token VARCHAR(64) NOT NULL, "
    "source INT NOT NULL, target INT NOT NULL, amount INT NOT NULL, "
    "server BIGINT NOT NULL DEFAULT 0)",
    "CREATE TABLE accounts (id INT PRIMARY KEY, balance BIGINT NOT NULL)",
    "CREATE TABLE counters (id INT PRIMARY KEY, n BIGINT NOT NULL)",
    "CREATE TABLE numbers (n INT PRIMARY KEY, pad VARCHAR(200) NOT NULL)",
    # By the caller's rights: its owner may write to a server that is read-only.
    "CREATE PROCEDURE two_inserts (first VARCHAR(64), second VARCHAR(64)) SQL SECURITY INVOKER BEGIN "
    "INSERT INTO tokens (token) VALUES (first); SELECT n, pad FROM numbers LIMIT 60; "
    "INSERT INTO tokens (token) VALUES (second); SELECT n, pad FROM numbers LIMIT 3; END",
    # Tells where a row was written first: triggers do not fire on replicas with row events.
    *(
        f"CREATE TRIGGER {table}_server BEFORE INSERT ON {table} FOR EACH ROW "
        "SET NEW.server = @@server_id"
        for table in ("tokens", "keyed", "transfers")
    ),
]


def schema(counters):
    """All statements that make and fill the tables of one group."""
    numbers = [f"({n}, REPEAT('{n % 10}', 180))" for n in range(workloads.NUMBERS)]
    return [
        f"CREATE DATABASE {workloads.DATABASE} CHARACTER SET utf8mb4",
        f"USE {workloads.DATABASE}",
        *TABLES,
        "INSERT INTO accounts VALUES "
        + ", ".join(f"({account}, {OPENING_BALANCE})" for account in workloads.ACCOUNTS),
        "INSERT INTO counters VALUES " + ", ".join(f"({at}, 0)" for at in range(1, counters + 1)),
        *(
            "INSERT INTO numbers VALUES " + ", ".join(numbers[at : at + 500])
            for at in range(0, len(numbers), 500)
        ),
    ]


class BaseFarm:
    """What all kinds have in common: members, their processes and proxies, reading the rows."""

    kind = ""
    server_kind = "mariadb"
    groups = ()
    sharded = False

    def __init__(self, directory, log):
        self.directory = directory
        self.log = log
        self.members = []
        self.proxies = Proxies()
        self.strays = {}  # token -> address, of rows on servers that were thrown away
        self.farm_file = os.path.join(directory, "farm.json")
        self.unfenced = set()
        self.lock = threading.RLock()
        self.product = servers.KINDS[self.server_kind]()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def save(self):
        with self.lock:
            state = {"kind": self.kind, "members": self.members, "unfenced": sorted(self.unfenced)}
            write_atomically(os.path.join(self.directory, "state.json"), state)

    def make_member(self, group, number, server, **more):
        member = {
            "name": f"{group}-{number}",
            "group": group,
            "dir": server.directory,
            "pid": server.pid,
            "socket": server.socket,
            "true_port": server.port,
            "server_id": server.server_id,
            "port": self.proxies.add(f"{group}-{number}", f"127.0.0.1:{server.port}"),
            **more,
        }
        with self.lock:
            self.members.append(member)
        return member

    def of_group(self, group):
        return [member for member in self.members if member["group"] == group]

    def by_port(self, port):
        return next(member for member in self.members if member["port"] == port)

    def runs(self, member):
        return processes.alive(member["pid"], member["dir"])

    def address(self, member):
        return f"127.0.0.1:{member['port']}"

    def session(self, member, timeout=10.0, database=""):
        """A session of the administrator, past the proxy."""
        return servers.mysql_text.Connection(
            user=servers.ADMIN,
            password=servers.ADMIN_PASSWORD,
            unix_socket=member["socket"],
            connect_timeout=timeout,
            timeout=timeout,
            database=database,
        )

    def send(self, member, number):
        processes.send(member["pid"], number)

    def kill(self, member):
        self.send(member, signal.SIGKILL)
        processes.wait_until(lambda: not self.runs(member), 30, f"the end of {member['name']}")

    def shown_primary(self, group):
        """The port of the primary that the farm's description shows now, None without one."""
        try:
            with open(self.farm_file, encoding="utf-8") as file:
                rows = json.load(file)["groups"][group]["servers"]
        except (OSError, ValueError, KeyError):
            return None
        ports = [row["port"] for row in rows if row["status"] == "PRIMARY"]
        return ports[0] if len(ports) == 1 else None

    def primary(self, group):
        port = processes.wait_until(
            lambda: self.shown_primary(group), HEAL_TIMEOUT, f"a primary of {group}"
        )
        return self.by_port(port)

    def secondaries(self, group):
        primary = self.shown_primary(group)
        return [member for member in self.of_group(group) if member["port"] != primary]

    def prepare_account(self, session):
        """The application may not write to a read-only server."""
        rights = "SUPER" if self.server_kind == "mysql56" else "SUPER, READ ONLY ADMIN"
        session.query("SET SESSION sql_log_bin = 0")
        for host in ("%", "localhost", "127.0.0.1"):
            session.query(f"REVOKE {rights} ON *.* FROM '{servers.USER}'@'{host}'")

    def note_strays(self, member):
        """Remembers what was written on this server first, before its data are thrown away."""
        try:
            with self.session(member, database=workloads.DATABASE) as session:
                for table in ("tokens", "keyed", "transfers"):
                    for (token,) in session.query(
                        f"SELECT token FROM {table} WHERE server = @@server_id "
                        "ORDER BY id DESC LIMIT 3000"
                    ):
                        self.strays[token] = self.address(member)
        except (OSError, ServerError) as error:
            self.log(f"{member['name']} is thrown away unread: {error}")

    def rows(self, group):
        """The group's final rows, from its primary."""
        with self.session(self.primary(group), 60.0, workloads.DATABASE) as session:

            def numbers(sql):
                return {int(row[0]): int(row[1]) for row in session.query(sql)}

            return Rows(
                tokens=[
                    (token, int(size or 0), int(crc or 0))
                    for token, size, crc in session.query(
                        "SELECT token, LENGTH(body), CRC32(body) FROM tokens"
                    )
                ],
                keyed=[
                    (int(key), token) for key, token in session.query("SELECT k, token FROM keyed")
                ],
                transfers=[
                    (token, int(source), int(target), int(amount))
                    for token, source, target, amount in session.query(
                        "SELECT token, source, target, amount FROM transfers"
                    )
                ],
                balances=numbers("SELECT id, balance FROM accounts"),
                counters=numbers("SELECT id, n FROM counters"),
            )

    def stop(self):
        for member in self.members:
            processes.end(member["pid"], member["dir"])
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            self.proxies.stop()
        for member in self.members:
            for name in ("data", "scratch"):
                shutil.rmtree(os.path.join(member["dir"], name), ignore_errors=True)


class ReplicationFarm(BaseFarm):
    """Two shard groups of three servers and a global group of one; a Fabric test node."""

    groups = tuple(SHARDS)
    sharded = True

    def __init__(self, kind, directory, log, counters):
        self.kind = self.server_kind = kind
        super().__init__(directory, log)
        self.counters = counters
        self.replication = fencing_node.replication_of(kind)
        self.nodes = []  # pid of the true node first, then of those that lie
        fencing_node.STATE_PATH = os.path.join(directory, "state.json")

    def options(self, group, secondary):
        options = ["--innodb-lock-wait-timeout=4", "--slave-net-timeout=10"]
        options += [f"--read-only={int(secondary)}", "--relay-log=relay"]
        if self.kind == "mysql56":
            return [*options, "--skip-slave-start"]
        return options + [
            f"--gtid-domain-id={SHARDS.get(group, GLOBAL_DOMAIN)}",
            "--log-bin=binlog",
            "--log-slave-updates",
            "--binlog-format=ROW",
            "--gtid-strict-mode=1",
            "--rpl-semi-sync-master-timeout=60000",
            "--rpl-semi-sync-master-wait-point=AFTER_SYNC",
            "--rpl-semi-sync-master-wait-no-slave=OFF",
            "--rpl-semi-sync-slave-kill-conn-timeout=1",
            f"--rpl-semi-sync-master-enabled={int(not secondary)}",
            f"--rpl-semi-sync-slave-enabled={int(secondary)}",
        ]

    def start(self):
        servers.template(self.product)
        places = [(group, number) for group in self.groups for number in range(1 + SECONDARIES)]
        places.append((GLOBAL_GROUP, 0))
        with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
            for done in [pool.submit(self._start_member, *place) for place in places]:
                done.result()
        self.members.sort(key=lambda member: member["name"])
        self.save()
        for group in (*self.groups, GLOBAL_GROUP):
            first, *others = self.of_group(group)
            for member in others:
                self.replication.follow(self.model_server(member), self.model_server(first))
            with self.session(first) as session:
                for sql in schema(self.counters):
                    session.query(sql)
        self._write_model()
        self.node_ports = self._start_node(self.farm_file, ["--activate"])
        login = (
            f"FabricUser={CONNECTOR['user']};FabricPassword={CONNECTOR['password']};"
            f"User={servers.USER};Password={servers.PASSWORD};Database={workloads.DATABASE};"
        )
        # One process of clients asks by XML-RPC, the other one by Fabric's MySQL protocol.
        self.strings = [
            f"FabricProtocol={protocol};FabricHost=127.0.0.1:{port};{login}Attempts=10;"
            for protocol, port in zip(
                ("xmlrpc", "mysql"),
                [
                    self.proxies.add(name, f"127.0.0.1:{port}")
                    for name, port in zip(NODE_PROXIES, self.node_ports)
                ],
            )
        ]
        for group in self.groups:
            self.heal(group)
        return self

    def _start_member(self, group, number):
        server = servers.Server(
            self.kind,
            os.path.join(self.directory, f"{group}-{number}"),
            self.options(group, number > 0),
            self.product,
        )
        server.start()
        member = self.make_member(group, number, server)
        with server.connect(servers.ADMIN, servers.ADMIN_PASSWORD) as session:
            if self.kind == "mysql56":
                member["uuid"] = session.value("SELECT @@server_uuid")
                # The accounts were made before the binary log began; nothing else is in it.
                session.query("RESET MASTER")
            else:
                member["uuid"] = derived_uuid("127.0.0.1", member["port"], server.server_id)
            self.prepare_account(session)

    @staticmethod
    def model_server(member, primary=False):
        return ModelServer(
            member["uuid"],
            "127.0.0.1",
            member["port"],
            member["group"],
            PRIMARY if primary else SECONDARY,
            READ_WRITE if primary else READ_ONLY,
        )

    def _write_model(self):
        model = Model(self.farm_file)
        for group in (GLOBAL_GROUP, *self.groups):
            model.groups[group] = Group(group)
            for at, member in enumerate(self.of_group(group)):
                model.servers[member["uuid"]] = self.model_server(member, at == 0)
        shards = [Shard(1, "1", "shard1"), Shard(2, str(workloads.FIRST_OF_SECOND_SHARD), "shard2")]
        table = (f"{workloads.DATABASE}.keyed", "k")
        model.mappings = {1: Mapping(1, "RANGE", GLOBAL_GROUP, [table], shards)}
        with model.changing():
            pass

    def _start_node(self, farm_file, more=(), ports=(0, 0)):
        """Gives the node's ports, of XML-RPC and of the MySQL protocol."""
        command = [sys.executable, os.path.join(HERE, "fencing_node.py")]
        command += [os.path.join(self.directory, "state.json"), "--farm-file", farm_file]
        command += ["--port", str(ports[0]), "--mysql-port", str(ports[1]), "--workers=8"]
        command += ["--detection-interval=1.5", "--detection-timeout=0.5"]
        with open(os.path.join(self.directory, "node.log"), "ab") as log:
            node = subprocess.Popen(
                [*command, *more],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        lines = [node.stdout.readline().decode().strip() for _ in range(2)]
        node.stdout.close()
        if not all(lines):
            raise RuntimeError(f"the node does not start, see {self.directory}/node.log")
        processes.STARTED.append(node)
        self.nodes.append(node.pid)
        return [int(line) for line in lines]

    def node_proxy(self, command, *arguments):
        for name in NODE_PROXIES:
            self.proxies(command, name, *arguments)

    def _lead_clients_to(self, ports):
        for name, port in zip(NODE_PROXIES, ports):
            self.proxies("target", name, f"127.0.0.1:{port}")
            self.proxies("reset", name)

    def call(self, method, *arguments):
        return fabric_client.call(self.node_ports[0], method, *arguments, **ADMIN)

    def kill_node(self):
        processes.end(self.nodes.pop(0), self.farm_file)

    def restart_node(self):
        self._start_node(self.farm_file, ["--activate"], self.node_ports)
        self.nodes.insert(0, self.nodes.pop())

    @contextlib.contextmanager
    def lying(self, change):
        """While in it, clients ask a node whose farm is the present one after change(farm)."""
        with open(self.farm_file, encoding="utf-8") as file:
            farm = json.load(file)
        change(farm)
        path = os.path.join(self.directory, "lie.json")
        write_atomically(path, farm)
        self._lead_clients_to(self._start_node(path))
        try:
            yield
        finally:
            self._lead_clients_to(self.node_ports)
            processes.end(self.nodes.pop(), path)

    @contextlib.contextmanager
    def open_to_all(self, member):
        """While in it, the node does not fence this member if it replaces it."""
        self.unfenced.add(member["port"])
        self.save()
        try:
            yield
        finally:
            self.unfenced.discard(member["port"])
            self.save()

    def switch_over(self, group):
        """A server becomes read-only when no statement writes; one that waits for a row of an open
        transaction, whose next statement waits for it, is in the way until a timeout."""
        for last in (False, False, True):
            try:
                return self.call("group.promote", group)
            except fabric_client.Refused as refused:
                if last or "Lock wait timeout" not in str(refused):
                    raise
                self.log(f"{group}: {refused}")

    def report(self, member):
        self.call("threat.report_failure", member["uuid"])

    def restart(self, member, writable=False):
        """Starts a server that has ended, with its data; replication does not go on by itself."""
        options = self.options(member["group"], not writable)
        if self.kind == "mariadb":
            options.append("--skip-slave-start")
            if not writable:  # drops what no secondary has acknowledged
                options.append("--loose-init-rpl-role=SLAVE")
        self._launch(member, options)

    def _launch(self, member, options):
        server = servers.Server(self.kind, member["dir"], options, self.product)
        server.server_id, server.port = member["server_id"], member["true_port"]
        try:
            server.start()
        except RuntimeError:  # while it was down somebody else may have taken its port
            server.port = processes.free_port()
            server.start()
            member["true_port"] = server.port
            self.proxies("target", member["name"], f"127.0.0.1:{server.port}")
        member["pid"] = server.pid
        self.save()

    def set_read_only(self, member, on):
        with self.session(member) as session:
            session.query("SET SESSION lock_wait_timeout = 2")
            session.query(f"SET GLOBAL read_only = {int(on)}")

    def heal(self, group):
        """All servers run, one is the primary, the others replicate from it; all have all rows."""
        end = time.monotonic() + HEAL_TIMEOUT
        while True:
            try:
                self._heal_once(group)
                return
            except (OSError, ServerError, RuntimeError, fabric_client.Refused) as error:
                if time.monotonic() > end:
                    raise
                self.log(f"{group} is not healed yet: {error}")
                time.sleep(0.3)

    def _heal_once(self, group):
        primary = self.primary(group)
        if not self.runs(primary):
            raise RuntimeError("the node has not yet seen the end of the primary")
        for member in self.of_group(group):
            self.proxies("pass", member["name"])
            self.send(member, signal.SIGCONT)
        for member in self.of_group(group):
            if not self.runs(member):
                self.restart(member)
        with self.session(primary) as session:
            session.query("SET GLOBAL read_only = 0")
        self._heal_statuses(group)
        if self.primary(group) is not primary:
            raise RuntimeError("the primary has changed")
        for member in self.secondaries(group):
            self._heal_secondary(member, primary)
        if self.kind == "mariadb":
            self._await_semi_sync(primary)

    def _heal_statuses(self, group):
        with open(self.farm_file, encoding="utf-8") as file:
            rows = json.load(file)["groups"][group]["servers"]
        for row in rows:
            if row["status"] == "FAULTY":
                self._make_follower(self.by_port(row["port"]))
                self.call("server.set_status", row["uuid"], "SPARE")
            if row["status"] in ("FAULTY", "SPARE"):
                self.call("server.set_status", row["uuid"], "SECONDARY")

    def _make_follower(self, member):
        """A server that was replaced gets rid of what the others do not have."""
        self.set_read_only(member, True)
        primary = self.primary(member["group"])
        if self._diverged(member, primary):
            self.rebuild(member)

    def _diverged(self, member, primary):
        with self.session(member) as own, self.session(primary) as others:
            if self.kind == "mysql56":
                executed = own.value("SELECT @@global.gtid_executed").replace("\n", "")
                known = f"SELECT GTID_SUBSET('{executed}', @@global.gtid_executed)"
                return others.value(known) != "1"
            ours = gtid_list(own.value("SELECT @@global.gtid_binlog_state"))
            theirs = gtid_list(others.value("SELECT @@global.gtid_binlog_state"))
        # A transaction of this server's that the primary does not have.
        return any(number > theirs.get(origin, 0) for origin, number in ours.items())

    def rebuild(self, member):
        """Throws the data away and takes those of another secondary, which is stopped meanwhile, or,
        where that one has gone astray as well, of the primary: frozen while it is copied, it is as
        after a power cut."""
        self.log(f"{member['name']} has rows that the others lack: it is made anew")
        self.note_strays(member)
        processes.end(member["pid"], member["dir"])
        primary = self.primary(member["group"])
        donor = next(
            (
                one
                for one in self.secondaries(member["group"])
                if one is not member and self.runs(one) and not self._diverged(one, primary)
            ),
            None,
        )
        if donor:
            processes.end(donor["pid"], donor["dir"], graceful=20)
            self._copy_data(donor, member)
        else:
            self.send(primary, signal.SIGSTOP)
            try:
                self._copy_data(primary, member)
            finally:
                self.send(primary, signal.SIGCONT)
        for one in filter(None, (donor, member)):
            self.restart(one)

    @staticmethod
    def _copy_data(donor, member):
        data = os.path.join(member["dir"], "data")
        identity = os.path.join(data, "auto.cnf")
        kept = os.path.join(member["dir"], "auto.cnf")
        if os.path.exists(identity):
            shutil.copy2(identity, kept)
        shutil.rmtree(data)
        shutil.copytree(os.path.join(donor["dir"], "data"), data)
        if os.path.exists(kept):
            shutil.copy2(kept, identity)

    def _heal_secondary(self, member, primary):
        with self.session(primary) as session:
            name = "gtid_executed" if self.kind == "mysql56" else "gtid_binlog_pos"
            position = session.value(f"SELECT @@global.{name}")
        server = self.model_server(member)
        state = self.replication.health(server)
        if state and (state["io_error"] != "False" or state["sql_error"] != "False"):
            self.log(f"{member['name']}: {state['io_error']} {state['sql_error']}")
            self.rebuild(member)
            state = None
        if not state or state["io_not_running"] or state["sql_not_running"]:
            self.replication.follow(server, self.model_server(primary))
        try:
            self.replication.catch_up(server, position, 20)
        except ServerError as error:
            # Its threads run, as it says, and nothing moves: the next try finds it begun anew.
            with self.session(member) as session:
                running = session.query("SHOW FULL PROCESSLIST")
            self.log(f"{member['name']} applies nothing: {state}; {running}")
            self.replication.follow(server, self.model_server(primary))
            raise error
        self.set_read_only(member, True)

    def _await_semi_sync(self, primary):
        def clients():
            with self.session(primary) as session:
                rows = dict(session.query("SHOW STATUS LIKE 'Rpl_semi_sync_master_%'"))
            return (
                int(rows["Rpl_semi_sync_master_clients"]) == SECONDARIES
                and rows["Rpl_semi_sync_master_status"] == "ON"
            )

        processes.wait_until(clients, 10, f"semi-synchronous replication from {primary['name']}")

    def stop(self):
        for pid in self.nodes:
            processes.end(pid, self.directory)
        super().stop()


class SelfDescribedFarm(ReplicationFarm):
    """The same servers for clients that ask them: a farm file names the source and seeds of each shard's
    group. The node is the tool that moves the primary role, and nobody asks it anything."""

    def __init__(self, _, directory, log, counters):
        super().__init__("mariadb", directory, log, counters)

    def start(self):
        super().start()
        path = os.path.join(self.directory, "sources.json")
        seeds = {group: [self.address(one) for one in self.of_group(group)] for group in SHARDS}
        shards = zip((1, workloads.FIRST_OF_SECOND_SHARD), SHARDS)
        farm = {
            "ttl": 1,
            "groups": {
                group: {"source": "replication", "seeds": all_of_it}
                for group, all_of_it in seeds.items()
            },
            "shard_maps": [
                {
                    "type": "RANGE",
                    "tables": [{"name": f"{workloads.DATABASE}.keyed", "column": "k"}],
                    "shards": [{"lower_bound": bound, "group": group} for bound, group in shards],
                }
            ],
        }
        write_atomically(path, farm)
        self.strings = [
            f"FabricProtocol=file;FabricHost={path};FabricAddresses={addresses_of(self.members)};"
            f"User={servers.USER};Password={servers.PASSWORD};Database={workloads.DATABASE};"
            "Attempts=10;"
        ] * 2
        return self


def addresses_of(members):
    """FabricAddresses: servers know nothing of the proxies in front of them."""
    return ",".join(f"127.0.0.1:{one['true_port']}=127.0.0.1:{one['port']}" for one in members)


def gtid_list(text):
    """The newest number of each (domain, server) in a list of MariaDB's GTIDs."""
    newest = collections.defaultdict(int)
    for gtid in filter(None, (text or "").split(",")):
        domain, server, number = map(int, gtid.split("-"))
        newest[domain, server] = max(newest[domain, server], number)
    return newest
