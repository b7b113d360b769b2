#!/usr/bin/env python3
"""Servers that replicate, and the tool that moves the primary role among them: a few statements by hand.

    with Replicas("mariadb", 3) as servers:      # servers[0] is the primary, the others follow it
        servers.switch_over(1)

As a program: replicas start DIR [--watch PID] | status DIR | switch DIR NUMBER | promote DIR NUMBER | kill DIR NUMBER | stop DIR
"""

import concurrent.futures
import contextlib
import json
import os
import signal
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", name) for name in ("servers", "failover")]
import processes  # noqa: E402
import servers  # noqa: E402
from mysql_text import Connection, ServerError, quote  # noqa: E402

STATE = "replicas.json"
MARIADB = ["--log-bin=binlog", "--log-slave-updates", "--binlog-format=ROW"]
LIMITED = ("reader", "readerpw")  # a user without rights
ASKING = ("asker", "askerpw")  # a user with the rights that asking needs


class Replicas:
    """`gtid` False: by file and position. Options of a server: `options[number]`."""

    def __init__(self, kind="mariadb", count=3, gtid=True, directory=None, options=None):
        self.kind = kind
        self.gtid = gtid
        product = servers.KINDS[kind]()
        base = MARIADB if kind == "mariadb" else []
        options = options or {}
        self.servers = [
            servers.Server(
                kind,
                os.path.join(directory, str(at)) if directory else None,
                [
                    *base,
                    "--relay-log=relay",
                    "--slave-net-timeout=4",
                    "--skip-slave-start",
                    *options.get(at, ["--report-host=127.0.0.1"]),
                ],
                product,
            )
            for at in range(count)
        ]

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def __getitem__(self, at):
        return self.servers[at]

    def __len__(self):
        return len(self.servers)

    def start(self, follow=True):
        servers.template(self.servers[0].product)
        for server in self.servers:
            if "--report-host=127.0.0.1" in server.options:
                server.options.append(f"--report-port={server.port}")
        with concurrent.futures.ThreadPoolExecutor(max_workers=3) as pool:
            for done in [pool.submit(self._start, server) for server in self.servers]:
                done.result()
        if follow:
            for at in range(1, len(self.servers)):
                self.follow(at, 0)
        return self

    def _start(self, server):
        server.start()
        with self.admin(server) as session:
            session.query("SET SESSION sql_log_bin = 0")
            rights = "SUPER" if self.kind == "mysql56" else "SUPER, READ ONLY ADMIN"
            for host in ("%", "localhost", "127.0.0.1"):
                session.query(f"REVOKE {rights} ON *.* FROM '{servers.USER}'@'{host}'")
                name, password = LIMITED
                session.query(f"GRANT SELECT ON test.* TO '{name}'@'{host}' IDENTIFIED BY '{password}'")
                right = "REPLICATION CLIENT" if self.kind == "mysql56" else "SLAVE MONITOR"
                name, password = ASKING
                session.query(f"GRANT {right} ON *.* TO '{name}'@'{host}' IDENTIFIED BY '{password}'")
            # The accounts are not replicated; nothing else is in the binary log yet.
            session.query("RESET MASTER")

    def stop(self):
        for server in self.servers:
            with contextlib.suppress(OSError):
                server.signal(signal.SIGCONT)
            server.stop()
            server.remove()

    # ---- what an administrator, or his tool, does

    def admin(self, server, timeout=10.0):
        if isinstance(server, int):
            server = self.servers[server]
        return Connection(
            user=servers.ADMIN,
            password=servers.ADMIN_PASSWORD,
            unix_socket=server.socket,
            connect_timeout=timeout,
            timeout=timeout,
        )

    def run(self, at, *statements):
        with self.admin(at) as session:
            for sql in statements:
                result = session.query(sql)
        return result

    def address(self, at):
        return f"127.0.0.1:{self.servers[at].port}"

    def seeds(self, *which):
        return ",".join(self.address(at) for at in which or range(len(self.servers)))

    def follow(self, at, source, position=None, channel=""):
        """Makes a server replicate from another one, from now on, and read-only."""
        name = quote(channel) + " " if channel else ""
        more = []
        if self.kind == "mysql56" and self.gtid:
            way = "MASTER_AUTO_POSITION=1"
        elif self.gtid:
            way = "MASTER_USE_GTID=slave_pos"
            more = ["SET GLOBAL gtid_slave_pos = @@global.gtid_binlog_pos"]
        else:
            file, offset = position or self.position(source)
            way = f"MASTER_LOG_FILE={quote(file)}, MASTER_LOG_POS={offset}, MASTER_USE_GTID=no"
        self.run(
            at,
            *self._drop(channel),
            *([] if channel else more),
            f"CHANGE MASTER {name}TO MASTER_HOST='127.0.0.1', "
            f"MASTER_PORT={self.servers[source].port}, MASTER_USER={quote(servers.ADMIN)}, "
            f"MASTER_PASSWORD={quote(servers.ADMIN_PASSWORD)}, MASTER_CONNECT_RETRY=1, {way}",
            f"START SLAVE {name}".strip(),
            "SET GLOBAL read_only = 1",
        )

    def _drop(self, channel=""):
        name = f" {quote(channel)}" if channel else ""
        if self.kind == "mysql56":
            return ["STOP SLAVE", "RESET SLAVE ALL"]
        # MariaDB keeps no unnamed connection that it could not stop.
        return [f"STOP SLAVE{name}", f"RESET SLAVE{name} ALL"]

    def position(self, at):
        (row,) = self.run(at, "SHOW MASTER STATUS")
        return row[0], row[1]

    def promote(self, at):
        """Makes a server the primary, whatever has become of the old one."""
        self.run(at, *self._drop(), "SET GLOBAL read_only = 0")

    def switch_over(self, at, old=0):
        """A planned move: block writes, catch up, promote, let the others follow."""
        self.run(old, "SET GLOBAL read_only = 1")
        self.catch_up(at, old)
        self.promote(at)
        position = None if self.gtid or self.kind == "mysql56" else self.position(at)
        for other in range(len(self.servers)):
            if other != at and self.servers[other].running():
                self.follow(other, at, position)

    def catch_up(self, at, source, timeout=20):
        with self.admin(source) as session:
            (row,) = session.query("SHOW MASTER STATUS")
        with self.admin(at, timeout + 5) as session:
            waited = session.value(f"SELECT MASTER_POS_WAIT({quote(row[0])}, {row[1]}, {timeout})")
        if waited is None or int(waited) < 0:
            raise RuntimeError(f"{self.address(at)} does not catch up with {self.address(source)}")

    def await_replicating(self, at):
        def running():
            with self.admin(at) as session:
                rows = session.dictionaries("SHOW SLAVE STATUS")
            return rows and rows[0]["Slave_IO_Running"] == rows[0]["Slave_SQL_Running"] == "Yes"

        processes.wait_until(running, 20, f"replication of {self.address(at)}")

    # ---- as a program

    def save(self, directory):
        state = [
            {"port": one.port, "pid": one.pid, "server_id": one.server_id} for one in self.servers
        ]
        with open(os.path.join(directory, STATE), "w", encoding="utf-8") as file:
            json.dump(state, file)

    @classmethod
    def load(cls, directory):
        with open(os.path.join(directory, STATE), encoding="utf-8") as file:
            state = json.load(file)
        made = cls(directory=directory, count=len(state))
        for one, kept in zip(made.servers, state):
            one.port, one.pid, one.server_id = kept["port"], kept["pid"], kept["server_id"]
        return made

    def primary(self):
        for at, server in enumerate(self.servers):
            if server.running() and self.run(at, "SELECT @@global.read_only")[0][0] == "0":
                return at
        return None


def main(arguments):
    try:
        if not arguments or arguments[0] not in COMMANDS or len(arguments) < 2:
            print(__doc__.strip().splitlines()[-1], file=sys.stderr)
            return 2
        COMMANDS[arguments[0]](os.path.abspath(arguments[1]), *arguments[2:])
        return 0
    except (RuntimeError, OSError, ServerError) as error:
        print(f"replicas: {error}", file=sys.stderr)
        return 1


def start_command(directory, *watch):
    os.makedirs(directory, exist_ok=True)
    made = Replicas(directory=directory).start()
    made.save(directory)
    if watch[:1] == ("--watch",):
        log = os.path.join(directory, "watch.log")
        processes.start_watcher(os.path.abspath(__file__), int(watch[1]), directory, log)
    print(made.seeds())


def status_command(directory):
    made = Replicas.load(directory)
    for at, server in enumerate(made.servers):
        read_only = made.run(at, "SELECT @@global.read_only")[0][0] if server.running() else None
        role = {None: "down", "0": "takes writes", "1": "read-only"}[read_only]
        print(f"{at} {made.address(at)} {role}")


def switch_command(directory, number):
    made = Replicas.load(directory)
    made.switch_over(int(number), made.primary())


def promote_command(directory, number):
    made = Replicas.load(directory)
    made.promote(int(number))
    for at, server in enumerate(made.servers):
        if at != int(number) and server.running():
            made.follow(at, int(number))


def kill_command(directory, number):
    Replicas.load(directory)[int(number)].signal(signal.SIGKILL)


def stop_command(directory):
    with contextlib.suppress(FileNotFoundError):
        Replicas.load(directory).stop()
        os.unlink(os.path.join(directory, STATE))


def watch_command(pid, started, directory):
    processes.watch(
        int(pid),
        int(started),
        lambda: os.path.exists(os.path.join(directory, STATE)),
        lambda: stop_command(directory),
    )


COMMANDS = {
    "start": start_command,
    "status": status_command,
    "switch": switch_command,
    "promote": promote_command,
    "kill": kill_command,
    "stop": stop_command,
}

if __name__ == "__main__":
    if sys.argv[1:2] == ["watch"]:
        watch_command(*sys.argv[2:5])
        sys.exit(0)
    sys.exit(main(sys.argv[1:]))
