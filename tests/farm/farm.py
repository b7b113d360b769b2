"""A farm of real MariaDB servers with a Fabric test node (or a farm file and its keeper).

    with Farm() as farm: ...     # farm.status(), farm.kill("shard1"), farm.promote("shard1")

Groups `global`, `shard1` and `shard2`, each with a primary and secondaries, replicating
semi-synchronously; the shard primaries replicate from the global primary, too.
"""

import concurrent.futures
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "node"), os.path.join(HERE, "..", "servers")]
import fabric_client  # noqa: E402
import processes  # noqa: E402
import servers  # noqa: E402
import sample_data as shop  # noqa: E402
from fabric_model import (
    MODE_NAMES,
    PRIMARY,
    READ_ONLY,
    READ_WRITE,
    SECONDARY,
    Group,
    Model,
)  # noqa: E402
from fabric_model import Server as ModelServer, write_atomically  # noqa: E402
from replication import GLOBAL, Replication, derived_uuid  # noqa: E402

STATE = "farm-state.json"
FARM_FILE = "farm.json"
GROUPS = {
    shop.GLOBAL: 10,
    **{group: 11 + at for at, group in enumerate(shop.SHARD_GROUPS)},
}  # : GTID domain
ADMIN = {"user": "admin", "password": "adminpw"}
CONNECTOR = {"user": "connector", "password": "connectorpw"}
NODE = "fabric"  # stands for the node (or the keeper) where a server's uuid is expected


def server_options(domain, secondary):
    options = [
        f"--gtid-domain-id={domain}",
        "--log-bin=binlog",
        "--log-slave-updates",
        "--relay-log=relay",
        "--binlog-format=ROW",
        "--slave-net-timeout=10",
        "--gtid-strict-mode=1",
        f"--rpl-semi-sync-master-enabled={int(not secondary)}",
        "--rpl-semi-sync-master-timeout=60000",
        "--rpl-semi-sync-master-wait-point=AFTER_SYNC",
        "--rpl-semi-sync-master-wait-no-slave=OFF",
        "--rpl-semi-sync-slave-kill-conn-timeout=1",
        f"--read-only={int(secondary)}",
        f"--rpl-semi-sync-slave-enabled={int(secondary)}",
    ]
    return options + [
        f"--{GLOBAL}.replicate-ignore-table={shop.DATABASE}.{table}" for table in shop.LOCAL_TABLES
    ]


class Farm:
    """A farm in `directory` (a new temporary one if None)."""

    def __init__(
        self,
        directory=None,
        secondaries=1,
        file_only=False,
        activate=True,
        node_options=(),
        watched=0,
    ):
        """`watched` is a process id: the farm is stopped when that process is gone."""
        self.temporary = directory is None
        self.directory = os.path.abspath(directory or tempfile.mkdtemp(prefix="myfabric-farm-"))
        self.secondaries = secondaries
        self.file_only = file_only
        self.activate = activate
        self.node_options = list(node_options)
        self.watched = watched
        self.node = {"pid": 0, "port": 0, "mysql_port": 0}
        self.members = []  # of dictionaries: uuid, group, port, socket, pid, dir, server_id
        self.product = None
        self.replication = Replication(servers.ADMIN, servers.ADMIN_PASSWORD, patience=5.0)

    @classmethod
    def open(cls, directory):
        """The farm that runs in `directory`."""
        path = os.path.join(directory, STATE)
        try:
            with open(path, encoding="utf-8") as file:
                state = json.load(file)
        except (FileNotFoundError, NotADirectoryError):
            raise RuntimeError(f"no farm was started in {directory}") from None
        farm = cls(directory)
        for name in ("temporary", "file_only", "activate", "node_options", "node", "members"):
            setattr(farm, name, state[name])
        return farm

    def __enter__(self):
        self.watched = self.watched or os.getpid()
        return self.start()

    def __exit__(self, *_):
        self.stop()

    @property
    def farm_file(self):
        return os.path.join(self.directory, FARM_FILE)

    def save(self):
        names = ("temporary", "file_only", "activate", "node_options", "node", "members")
        write_atomically(
            os.path.join(self.directory, STATE), {name: getattr(self, name) for name in names}
        )

    def start(self):
        os.makedirs(self.directory, exist_ok=True)
        if os.path.exists(os.path.join(self.directory, STATE)):
            raise RuntimeError(f"a farm runs in {self.directory} already: stop it first")
        self.product = servers.MariaDb()
        servers.template(self.product)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.farm_file)  # of an earlier farm
        try:
            self.save()
            if self.watched:
                processes.start_watcher(
                    os.path.join(HERE, "farm"),
                    self.watched,
                    self.directory,
                    os.path.join(self.directory, "watch.log"),
                )
            self._start_servers()
            self._start_replication()
            self._fill()
            self._write_farm_file()
            self._start_node()
            self.save()
        except BaseException:
            self.stop()
            raise
        return self

    def _start_servers(self):
        """All at once; each is ready and has its accounts when this returns."""

        def start(group, number):
            server = servers.Server(
                "mariadb",
                os.path.join(self.directory, f"{group}-{number}"),
                server_options(GROUPS[group], number > 0),
                self.product,
            )
            self.members.append(
                member := {"group": group, "number": number, "dir": server.directory, "pid": 0}
            )
            self.save()
            server.start()
            with server.connect(servers.ADMIN, servers.ADMIN_PASSWORD) as session:
                session.query("SET SESSION sql_log_bin = 0")
                for host in ("%", "localhost", "127.0.0.1"):
                    session.query(
                        f"REVOKE SUPER, READ ONLY ADMIN ON *.* FROM '{servers.USER}'@'{host}'"
                    )
            member.update(
                uuid=derived_uuid("127.0.0.1", server.port, server.server_id),
                port=server.port,
                socket=server.socket,
                pid=server.pid,
                server_id=server.server_id,
            )

        with concurrent.futures.ThreadPoolExecutor(max_workers=16) as pool:
            places = [(group, number) for number in range(self.secondaries + 1) for group in GROUPS]
            for done in [pool.submit(start, *place) for place in places]:
                done.result()
        self.members.sort(
            key=lambda member: (list(GROUPS).index(member["group"]), member["number"])
        )

    def _model_servers(self, group):
        return [
            ModelServer(
                member["uuid"],
                "127.0.0.1",
                member["port"],
                group,
                SECONDARY if member["number"] else PRIMARY,
                READ_ONLY if member["number"] else READ_WRITE,
            )
            for member in self.members
            if member["group"] == group
        ]

    def _start_replication(self):
        source = self._model_servers(shop.GLOBAL)[0]
        for group in GROUPS:
            primary, *followers = self._model_servers(group)
            for server in followers:
                self.replication.follow(server, primary)
            if group != shop.GLOBAL:
                self.replication.follow(primary, source, GLOBAL)

    def _fill(self):
        """The sample schema and rows, first of the global group, then of each group; waits until
        every server has them."""
        source = self._model_servers(shop.GLOBAL)[0]
        with self.replication.connect(source) as session:
            for statement in shop.GLOBAL_SCHEMA:
                session.query(statement)
            position = session.value("SELECT @@global.gtid_binlog_pos")
        for group in GROUPS:
            primary, *followers = self._model_servers(group)
            if group != shop.GLOBAL:
                self.replication.catch_up(primary, position)
            with self.replication.connect(primary) as session:
                for statement in shop.local_statements(group):
                    session.query(statement)
                reached = session.value("SELECT @@global.gtid_binlog_pos")
            for server in followers:
                self.replication.catch_up(server, reached)

    def _write_farm_file(self):
        model = Model(self.farm_file)
        for group in GROUPS:
            model.groups[group] = Group(group)
            for server in self._model_servers(group):
                model.servers[server.uuid] = server
        model.mappings = {mapping.id: mapping for mapping in shop.mappings()}
        with model.changing():
            pass

    def _start_node(self):
        """The node or, in file mode, the keeper; at its old port if it ran before."""
        program = os.path.join(HERE, "promote_and_rewrite_file.py") if self.file_only else os.path.join(HERE, "..", "node", "fabric_node.py")
        command = [sys.executable, program]
        if self.file_only:
            command += [self.farm_file]
        else:
            command += ["--farm-file", self.farm_file, "--port", str(self.node["port"])]
            command += ["--mysql-port", str(self.node["mysql_port"])]
            if self.activate:
                command += ["--activate"]
            if not any(option.startswith("--detection-interval") for option in self.node_options):
                command += ["--detection-interval=1.5"]
        with open(os.path.join(self.directory, "node.log"), "ab") as log:
            node = subprocess.Popen(
                [*command, *self.node_options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        processes.STARTED.append(node)
        line = node.stdout.readline().decode().strip()
        mysql_port = 0 if self.file_only else int(node.stdout.readline() or 0)
        node.stdout.close()
        if not line:
            raise RuntimeError(f"the node does not start, see {self.directory}/node.log")
        self.node = {
            "pid": node.pid,
            "port": int(line) if line.isdigit() else 0,
            "mysql_port": mysql_port,
        }

    def stop(self):
        """Ends everything and removes the data; logs stay unless the folder is a temporary one."""
        processes.end(self.node["pid"], self.farm_file)
        for member in self.members:
            data = os.path.join(member["dir"], "data")
            processes.end(member["pid"] or self._pid_on_disk(member), data)
        for member in self.members:
            shutil.rmtree(os.path.join(member["dir"], "data"), ignore_errors=True)
            for name in ("server.sock", "server.pid"):
                with contextlib.suppress(OSError):
                    os.unlink(os.path.join(member["dir"], name))
        with contextlib.suppress(OSError):
            os.unlink(os.path.join(self.directory, STATE))
        if self.temporary:
            shutil.rmtree(self.directory, ignore_errors=True)
        self.members = []
        self.node = {"pid": 0, "port": 0}

    @staticmethod
    def _pid_on_disk(member):
        """For a start that failed half way."""
        try:
            with open(os.path.join(member["dir"], "server.pid"), encoding="utf-8") as file:
                return int(file.read())
        except (OSError, ValueError):
            return 0

    def roles(self):
        """uuid -> its row in the farm file, as of now."""
        with open(self.farm_file, encoding="utf-8") as file:
            groups = json.load(file)["groups"]
        return {row["uuid"]: row for group in groups.values() for row in group["servers"]}

    def status(self):
        roles = self.roles()
        groups = {}
        for member in self.members:
            role = roles.get(member["uuid"], {})
            groups.setdefault(member["group"], []).append(
                {
                    "uuid": member["uuid"],
                    "host": "127.0.0.1",
                    "port": member["port"],
                    "socket": member["socket"],
                    "pid": member["pid"],
                    "status": role.get("status", "removed"),
                    "running": processes.alive(member["pid"], member["dir"]),
                }
            )
        fabric = None
        if not self.file_only:
            fabric = {
                "host": "127.0.0.1",
                **self.node,
                **CONNECTOR,
                "admin_user": ADMIN["user"],
                "admin_password": ADMIN["password"],
            }
        return {
            "dir": self.directory,
            "database": shop.DATABASE,
            "user": servers.USER,
            "password": servers.PASSWORD,
            "fabric": fabric,
            "farm_file": self.farm_file,
            "keeper": self.node["pid"] if self.file_only else None,
            "groups": groups,
        }

    def member(self, uuid):
        for member in self.members:
            if member["uuid"] == uuid:
                return member
        raise RuntimeError(f"no server {uuid} in the farm")

    def find(self, group, role="primary"):
        """The uuid of the group's first running server with this role (primary, secondary, faulty);
        `group` may be a uuid itself."""
        if any(member["uuid"] == group for member in self.members):
            return group
        roles = self.roles()
        for member in self.members:
            if (
                member["group"] == group
                and roles[member["uuid"]]["status"].lower() == role.lower()
                and processes.alive(member["pid"], member["dir"])
            ):
                return member["uuid"]
        raise RuntimeError(f"group {group} has no running {role}")

    def kill(self, group, role="primary", number=signal.SIGKILL):
        """Sends a signal to a server (or to the node: group "fabric"); gives the uuid. After KILL
        and TERM the process is gone when this returns."""
        uuid, mark = NODE, self.farm_file
        pid = self.node["pid"]
        if group != NODE:
            uuid = self.find(group, role)
            pid, mark = self.member(uuid)["pid"], self.member(uuid)["dir"]
        processes.send(pid, number)
        if number in (signal.SIGKILL, signal.SIGTERM):
            processes.wait_until(
                lambda: not processes.alive(pid, mark), 30, f"the end of process {pid}"
            )
        return uuid

    def restart(self, uuid):
        """Starts a killed server (or the node) again with its data, port and last known role."""
        if uuid == NODE:
            self._start_node()
            self.save()
            return
        member = self.member(uuid)
        if processes.alive(member["pid"], member["dir"]):
            raise RuntimeError(f"server {uuid} is running")
        row = self.roles()[uuid]
        # A server that was primary comes back writable even if it is FAULTY by now, as in real
        # farms; for one that is no longer primary, transactions that no secondary has
        # acknowledged are dropped.
        deposed = row["status"] != "PRIMARY"
        options = server_options(GROUPS[member["group"]], deposed)
        options += ["--loose-init-rpl-role=SLAVE"] if deposed else []
        options.append(f"--read-only={int(MODE_NAMES.index(row['mode']) < 2)}")
        server = servers.Server(
            "mariadb", member["dir"], options, self.product or servers.MariaDb()
        )
        server.server_id, server.port = member["server_id"], member["port"]
        server.start()
        member["pid"] = server.pid
        self.save()

    def call(self, method, *arguments):
        """Calls the node as its administrator."""
        return fabric_client.call(self.node["port"], method, *arguments, **ADMIN)

    def _request(self, command, *arguments):
        """Asks the keeper."""
        request = {"id": time.time_ns(), "command": command, "arguments": arguments}
        write_atomically(f"{self.farm_file}.request", request)

        def answer():
            with contextlib.suppress(OSError):
                with open(f"{self.farm_file}.answer", encoding="utf-8") as file:
                    found = json.load(file)
                return found if found["id"] == request["id"] else None

        error = processes.wait_until(answer, 30, "the keeper's answer")["error"]
        if error:
            raise RuntimeError(error)

    def promote(self, group, uuid=None):
        """A planned switchover (or the first promotion); gives the new primary's uuid."""
        arguments = [group] + ([uuid] if uuid else [])
        if self.file_only:
            self._request("promote", *arguments)
        else:
            self.call("group.promote", *arguments)
        return self.find(group)

    def rejoin(self, uuid):
        """A FAULTY server, started again if need be, becomes a secondary of its group again."""
        if not processes.alive(self.member(uuid)["pid"], self.member(uuid)["dir"]):
            self.restart(uuid)
        for status in ("SPARE", "SECONDARY"):
            if self.file_only:
                self._request("set_status", uuid, status)
            else:
                self.call("server.set_status", uuid, status)

    def connect(self, uuid, user=servers.USER, password=servers.PASSWORD, **more):
        """A session on one server."""
        member = self.member(uuid)
        return servers.mysql_text.Connection(
            "127.0.0.1", member["port"], user, password, shop.DATABASE, **more
        )
