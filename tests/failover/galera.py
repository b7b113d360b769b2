"""A Galera cluster of three nodes, described by a farm file that a keeper rewrites.

The keeper is what an operator's script would be: every 0.3 s it asks each node, and when the primary
failed three times in a row it names the next node that is ready and has applied all that it received.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading

import processes
import servers
import workloads
from farms import HERE, SECONDARIES, BaseFarm, addresses_of, schema
from fabric_model import write_atomically
from mysql_text import ServerError

PROVIDERS = ("/usr/lib/galera/libgalera_smm.so", "/usr/lib/libgalera_smm.so")
PACKAGE = "galera-4"
GROUP = "cluster"
INTERVAL = 0.3
PATIENCE = 0.5  # seconds that a node may take to answer the keeper
FAILURES = 3
TIMES = (
    # Shorter ones let a busy machine tear the cluster apart.
    "evs.keepalive_period=PT0.5S;evs.inactive_check_period=PT0.5S;evs.suspect_timeout=PT4S;"
    "evs.inactive_timeout=PT10S;evs.install_timeout=PT10S;gmcast.peer_timeout=PT4S"
)


def provider():
    for path in PROVIDERS:
        if os.path.exists(path):
            return path
    raise RuntimeError(f"no Galera library here: install the package {PACKAGE}")


class GaleraFarm(BaseFarm):
    kind = "galera"
    groups = (GROUP,)

    def __init__(self, kind, directory, log, counters):
        self.provider = provider()
        super().__init__(directory, log)
        self.counters = counters
        self.ports = [
            (processes.free_port(), processes.free_port()) for _ in range(1 + SECONDARIES)
        ]
        self.keeper = Keeper(self)
        # The servers find the script that hands positions over by their PATH.
        self.product.environment = dict(os.environ, PATH=f"{HERE}:{os.environ.get('PATH', '')}")

    def options(self, number):
        peers = ",".join(f"127.0.0.1:{port}" for port, _ in self.ports)
        own, transfers = self.ports[number]
        return [
            "--innodb-lock-wait-timeout=4",
            "--binlog-format=ROW",
            "--innodb-autoinc-lock-mode=2",
            "--wsrep-on=ON",
            f"--wsrep-provider={self.provider}",
            f"--wsrep-cluster-address=gcomm://{peers}",
            f"--wsrep-cluster-name={GROUP}",
            f"--wsrep-node-name={GROUP}-{number}",
            f"--wsrep-node-address=127.0.0.1:{own}",
            "--wsrep-sst-method=handover",
            "--wsrep-slave-threads=2",
            f"--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:{own};"
            f"ist.recv_addr=127.0.0.1:{transfers};gcache.size=512M;{TIMES}",
        ]

    def start(self):
        servers.template(self.product)
        made = [
            servers.Server(
                "mariadb",
                os.path.join(self.directory, f"{GROUP}-{at}"),
                self.options(at),
                self.product,
            )
            for at in range(1 + SECONDARIES)
        ]
        first = made[0].start(["--wsrep-new-cluster"])
        processes.wait_until(lambda: self._ready(first.socket), 30, "the first node")
        with first.connect(servers.ADMIN, servers.ADMIN_PASSWORD, "") as session:
            for sql in schema(self.counters):
                session.query(sql)
        first.stop(graceful=30)
        for server in made[1:]:  # all begin with the same data and the same position
            os.makedirs(server.scratch)
            os.makedirs(server.data)
            for name in os.listdir(first.data):
                source = os.path.join(first.data, name)
                if name in ("galera.cache", "gvwstate.dat"):
                    continue
                copy = shutil.copytree if os.path.isdir(source) else shutil.copy2
                copy(source, os.path.join(server.data, name))
            self._edit_state(server.data, 0)
        self._edit_state(first.data, 1)
        for at, server in enumerate(made):
            server.launch(["--wsrep-new-cluster"] if at == 0 else [])
            member = self.make_member(GROUP, at, server, at=at, uuid=f"{GROUP}-{at}")
            processes.wait_until(lambda one=member: self.ready(one), 60, f"node {at}")
        self.save()
        self.strings = [
            f"{self.description()}User={servers.USER};Password={servers.PASSWORD};"
            f"Database={workloads.DATABASE};Attempts=10;"
        ] * 2
        self.keeper.start()
        return self

    def description(self):
        return f"FabricProtocol=file;FabricHost={self.farm_file};"

    @staticmethod
    def _edit_state(data, safe):
        path = os.path.join(data, "grastate.dat")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(r"safe_to_bootstrap: \d", f"safe_to_bootstrap: {safe}", text))

    def _ready(self, socket, patience=PATIENCE):
        """Whether the node is part of the cluster's majority and has its state."""
        try:
            with servers.mysql_text.Connection(
                user=servers.ADMIN,
                password=servers.ADMIN_PASSWORD,
                unix_socket=socket,
                connect_timeout=patience,
                timeout=patience,
            ) as session:
                status = dict(session.query("SHOW STATUS LIKE 'wsrep_%'"))
                rejects = session.value("SELECT @@global.wsrep_reject_queries")
        except (OSError, ServerError):
            return False
        return (
            status["wsrep_ready"] == "ON"
            and status["wsrep_cluster_status"] == "Primary"
            and status["wsrep_local_state_comment"] == "Synced"
            and rejects == "NONE"
        )

    def ready(self, member):
        return self._ready(member["socket"])

    def size_seen(self, member):
        """How many nodes this one counts; None when it says nothing."""
        try:
            with self.session(member, PATIENCE) as session:
                ((_, size),) = session.query("SHOW STATUS LIKE 'wsrep_cluster_size'")
            return int(size)
        except (OSError, ServerError):
            return None

    def whole(self):
        """Whether every node is in step and counts all of them. One that was voted out while it stood
        still says that it is in step until it has heard of it."""
        return all(
            self.size_seen(member) == len(self.members) and self.ready(member)
            for member in self.members
        )

    def applied_all(self, member):
        """Waits until the node has applied what the cluster committed before."""
        try:
            with self.session(member, 5.0) as session:
                session.query("SET SESSION wsrep_sync_wait = 1")
                session.value("SELECT COUNT(*) FROM proof.accounts")
            return True
        except (OSError, ServerError):
            return False

    @contextlib.contextmanager
    def lying(self, change):
        with self.keeper.paused() as farm:
            change(farm)
            write_atomically(self.farm_file, farm)
            yield

    @contextlib.contextmanager
    def broken_file(self, text):
        with self.keeper.paused():
            with open(f"{self.farm_file}.new", "w", encoding="utf-8") as file:
                file.write(text)
            os.rename(f"{self.farm_file}.new", self.farm_file)
            yield

    @contextlib.contextmanager
    def open_to_all(self, member):
        yield  # a node that left the majority refuses by itself

    def switch_over(self, group):
        self.keeper.move()

    def restart(self, member, writable=False):
        options = self.options(member["at"])
        server = servers.Server("mariadb", member["dir"], options, self.product)
        server.server_id, server.port = member["server_id"], member["true_port"]
        server.launch([f"--wsrep-start-position={self._recovered(server, options)}"])
        member["pid"] = server.pid
        self.save()

    def restart_without_data(self, member, donor):
        """The node takes everything from `donor`: a whole state transfer (SST)."""
        os.unlink(os.path.join(member["dir"], "data", "grastate.dat"))
        options = [*self.options(member["at"]), f"--wsrep-sst-donor={GROUP}-{donor['at']}"]
        server = servers.Server("mariadb", member["dir"], options, self.product)
        server.server_id, server.port = member["server_id"], member["true_port"]
        server.launch()
        member["pid"] = server.pid
        self.save()

    def _recovered(self, server, options):
        """The position that a killed node's data have."""
        command = [
            self.product.program,
            "--no-defaults",
            f"--datadir={server.data}",
            f"--tmpdir={server.scratch}",
            *servers.as_root(),
            *servers.COMMON_OPTIONS,
            *options,
            "--wsrep-recover",
            "--skip-networking",
            f"--socket={server.scratch}/recover.sock",
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=self.product.environment
        )
        found = re.search(r"Recovered position:\s*(\S+)", done.stderr + done.stdout)
        if not found:
            raise RuntimeError(f"no position in {server.data}: {done.stderr[-300:]}")
        return found.group(1)

    def heal(self, group):
        for member in self.members:
            self.proxies("pass", member["name"])
            self.send(member, signal.SIGCONT)
            if not self.runs(member):
                self.restart(member)
        processes.wait_until(self.whole, 60, "all nodes in step")

        def complete():
            with open(self.farm_file, encoding="utf-8") as file:
                return "FAULTY" not in file.read()

        processes.wait_until(complete, 10, "the keeper's view of all nodes")

    def stop(self):
        self.keeper.ended.set()
        super().stop()


def reachable(farm, member):
    """Also a node whose proxy delivers nothing has failed, as for every client."""
    if not farm.ready(member):
        return False
    try:
        servers.mysql_text.Connection(
            "127.0.0.1",
            member["port"],
            servers.ADMIN,
            servers.ADMIN_PASSWORD,
            connect_timeout=PATIENCE,
            timeout=PATIENCE,
        ).close()
        return True
    except (OSError, ServerError):
        return False


class SelfDescribedGalera(GaleraFarm):
    """The same nodes for clients that ask them; there is no keeper and no farm file."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.keeper = Watcher(self)

    def description(self):
        seeds = ",".join(self.address(member) for member in self.members)
        return (
            f"FabricProtocol=galera;FabricHost={seeds};"
            f"FabricAddresses={addresses_of(self.members)};"
        )

    def shown_primary(self, group):
        """What every client finds: the first node by name that is in step."""
        for member, fit in zip(self.members, self.keeper.fit):
            if fit:
                return member["port"]
        return None

    def switch_over(self, group):
        """A node that is not in step by an administrator's will: for a backup, say."""
        with self.session(self.primary(group)) as session:
            session.query("SET GLOBAL wsrep_desync = ON")

    def heal(self, group):
        for member in self.members:
            self.proxies("pass", member["name"])
            self.send(member, signal.SIGCONT)
            if not self.runs(member):
                self.restart(member)
            with contextlib.suppress(OSError, ServerError), self.session(member) as session:
                session.query("SET GLOBAL wsrep_desync = OFF")
        processes.wait_until(self.whole, 60, "all nodes in step")
        processes.wait_until(lambda: all(self.keeper.fit), 30, "the watcher's view of all nodes")


def serving(reached, sizes):
    """Which nodes serve clients: those that were reached, and then counted no more nodes than still
    answer (None: no answer). Who counts a dead one too commits nothing until it is voted out."""
    answering = len(sizes) - sizes.count(None)
    return [
        there and size is not None and size <= answering for there, size in zip(reached, sizes)
    ]


class Watcher(threading.Thread):
    """Notes which nodes are in step, can be reached, and serve: until the others have voted a dead one out
    nobody commits anything, whatever the nodes' states are."""

    def __init__(self, farm):
        super().__init__(daemon=True)
        self.farm = farm
        self.ended = threading.Event()
        self.fit = [True] * (1 + SECONDARIES)

    def run(self):
        while not self.ended.wait(INTERVAL):
            # In this order: one that fell silent in between is missing among those that count.
            reached = [reachable(self.farm, member) for member in self.farm.members]
            sizes = [self.farm.size_seen(member) for member in self.farm.members]
            self.fit = serving(reached, sizes)


class Keeper(threading.Thread):
    """Watches the nodes through their proxies' back and writes the farm file."""

    def __init__(self, farm):
        super().__init__(daemon=True)
        self.farm = farm
        self.ended = threading.Event()
        self.lock = threading.RLock()
        self.primary = 0
        self.fit = [True] * (1 + SECONDARIES)
        self.written = None

    def reachable(self, member):
        return reachable(self.farm, member)

    def run(self):
        failures = [0] * len(self.farm.members)
        while not self.ended.is_set():
            with self.lock:
                for at, member in enumerate(self.farm.members):
                    failures[at] = 0 if self.reachable(member) else failures[at] + 1
                    self.fit[at] = failures[at] < FAILURES
                if not self.fit[self.primary]:
                    with contextlib.suppress(RuntimeError):  # else the next round finds one
                        self.move()
                self.write()
            self.ended.wait(INTERVAL)

    def move(self):
        """Names the next node that is fit; the file follows at once."""
        with self.lock:
            for step in range(1, len(self.fit)):
                at = (self.primary + step) % len(self.fit)
                member = self.farm.members[at]
                if self.fit[at] and self.reachable(member) and self.farm.applied_all(member):
                    self.primary = at
                    self.write()
                    return
            raise RuntimeError("no node of the cluster is fit to be the primary")

    def description(self):
        def status(at):
            if at == self.primary:
                return "PRIMARY"
            return "SECONDARY" if self.fit[at] else "FAULTY"

        return {
            "ttl": 1,
            "groups": {
                GROUP: {
                    "servers": [
                        {
                            "uuid": member["uuid"],
                            "host": "127.0.0.1",
                            "port": member["port"],
                            "status": status(at),
                        }
                        for at, member in enumerate(self.farm.members)
                    ]
                }
            },
            "shard_maps": [],
        }

    def write(self):
        farm = self.description()
        if farm != self.written:
            write_atomically(self.farm.farm_file, farm)
            self.written = farm

    @contextlib.contextmanager
    def paused(self):
        """The keeper stands still; what is written to the file meanwhile is put right after."""
        with self.lock:
            try:
                yield self.description()
            finally:
                self.written = None
                self.write()
