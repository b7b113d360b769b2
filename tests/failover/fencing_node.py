#!/usr/bin/env python3
"""The Fabric test node for the farms of the failover harness: what a real farm's operators add to a
node so that no acknowledged row is lost when a primary is replaced.

    fencing_node.py FARM-STATE --farm-file farm.json ...     further options as fabric_node.py

FARM-STATE is the JSON file that farms.py keeps about its servers. Two things differ from the plain node:

- Fencing does not go through the network: a replaced primary that runs is set read-only over its socket
  file, or killed if that fails; not if it is stopped, or named in the state's `unfenced` (faults that are
  to leave it writable).
- MySQL 5.6 replicates without semi-synchronous replication (this build lacks the plugin). Before a
  secondary is promoted, it gets what the replaced primary had committed: from that server itself if it
  still runs, else from a rescue server started on a copy of its data folder.
"""

import contextlib
import json
import os
import re
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(HERE, "..", name) for name in ("node", "servers")]
import fabric_node  # noqa: E402
import processes  # noqa: E402
import servers  # noqa: E402
from mysql_text import Connection, ServerError, quote  # noqa: E402
from replication import Replication  # noqa: E402

STATE_PATH = ""
FENCE_TIMEOUT = 3.0
RESCUE_TIMEOUT = 30


def members():
    """Port as the farm knows it -> what farms.py noted about the server; and the state itself."""
    with open(STATE_PATH, encoding="utf-8") as file:
        state = json.load(file)
    return {member["port"]: member for member in state["members"]}, state


def local(member, timeout=FENCE_TIMEOUT):
    """A session over the socket file, past every broken network."""
    return Connection(
        user=servers.ADMIN,
        password=servers.ADMIN_PASSWORD,
        unix_socket=member["socket"],
        connect_timeout=timeout,
        timeout=timeout,
    )


def stopped(member):
    """Whether the process is held by SIGSTOP."""
    state = processes.process_state(member["pid"])
    return state is not None and state[0] in "Tt"


def runs(member):
    return processes.alive(member["pid"], member["dir"]) and not stopped(member)


class Fencing:
    """Replaces Replication.fence."""

    def fence(self, server):
        self.fenced[server.group] = server
        known, state = members()
        member = known[server.port]
        if server.port in state["unfenced"] or not runs(member):
            return
        try:
            with local(member) as session:
                session.query("SET SESSION lock_wait_timeout = 1")
                session.query("SET GLOBAL read_only = 1")
        except (OSError, ServerError):
            if runs(member):
                processes.end(member["pid"], member["dir"])


class MariaDbFarm(Fencing, Replication):
    """Semi-synchronous: AFTER_SYNC, one acknowledgement; shard groups take nothing from the global one."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.fenced = {}

    def open_primary(self, server, feeder=None):
        super().open_primary(server, None)


def count_gtids(text):
    """The number of transactions in a GTID set of MySQL."""
    total = 0
    for first, last in re.findall(r":(\d+)(?:-(\d+))?", text or ""):
        total += int(last or first) - int(first) + 1
    return total


class MySql56Farm(Fencing, Replication):
    """GTIDs with automatic positions; see the top for what takes the place of semi-synchronous."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.fenced = {}

    def received(self, server):
        with self.connect(server) as session:
            done = session.value("SELECT @@global.gtid_executed")
            status = session.dictionaries("SHOW SLAVE STATUS")
        return max(count_gtids(done), count_gtids(status[0]["Retrieved_Gtid_Set"]) if status else 0)

    def follow(self, server, primary, link=""):
        if link:
            return
        with self.connect(server) as session:
            session.query("SET GLOBAL read_only = 1")
            self.change(session, primary.host, primary.port)

    def change(self, session, host, port):
        self.drop(session)
        session.query(
            f"CHANGE MASTER TO MASTER_HOST={quote(host)}, MASTER_PORT={port}, "
            f"MASTER_USER={quote(self.user)}, MASTER_PASSWORD={quote(self.password)}, "
            "MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=1, MASTER_AUTO_POSITION=1"
        )
        session.query("START SLAVE")

    @staticmethod
    def drop(session):
        session.query("STOP SLAVE")
        session.query("RESET SLAVE ALL")

    def unfollow(self, server, link=""):
        with self.connect(server) as session:
            self.drop(session)

    def block_writes(self, server):
        with self.connect(server, timeout=5.0) as session:
            session.query("SET SESSION lock_wait_timeout = 3")
            session.query("SET GLOBAL read_only = 1")
            self.drop(session)
            return session.value("SELECT @@global.gtid_executed")

    def catch_up(self, server, position="", timeout=10):
        if position:
            self.await_applied(server, position, timeout)
            return
        dead = self.fenced.pop(server.group, None)
        if dead is None:
            return
        member = members()[0][dead.port]
        if runs(member):
            with local(member) as session:
                position = session.value("SELECT @@global.gtid_executed")
            with self.connect(server) as session:
                self.change(session, "127.0.0.1", member["true_port"])
            self.await_applied(server, position, RESCUE_TIMEOUT)
        else:
            self.rescue(server, member)

    def rescue(self, server, member):
        """Serves the data of a dead or stopped server from a copy, until `server` has all of it."""
        folder = tempfile.mkdtemp(prefix="rescue-", dir=os.path.dirname(member["dir"]))
        rescuer = servers.Server("mysql56", folder, ["--read-only", "--skip-slave-start"])
        try:
            os.makedirs(rescuer.scratch)
            shutil.copytree(os.path.join(member["dir"], "data"), rescuer.data)
            rescuer.start()
            with rescuer.connect(servers.ADMIN, servers.ADMIN_PASSWORD, "") as session:
                position = session.value("SELECT @@global.gtid_executed")
            with self.connect(server) as session:
                self.change(session, "127.0.0.1", rescuer.port)
            self.await_applied(server, position, RESCUE_TIMEOUT)
        except RuntimeError as error:
            raise ServerError(2003, "HY000", str(error)) from error
        finally:
            rescuer.stop()
            shutil.rmtree(folder, ignore_errors=True)

    def await_applied(self, server, position, timeout):
        with self.connect(server, timeout=timeout + 10) as session:
            done = session.value(
                f"SELECT WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS({quote(position)}, {timeout})"
            )
            if done in (None, "-1"):
                raise ServerError(
                    1205, "HY000", f"server {server.address} did not apply {position}: {done}"
                )

    def open_primary(self, server, feeder=None):
        with self.connect(server) as session:
            session.query("SET GLOBAL read_only = 0")

    def _await_acknowledgers(self, primary, count, timeout=1.0):
        pass

    def health(self, server):
        with self.connect(server) as session:
            rows = session.dictionaries("SHOW SLAVE STATUS")
        if not rows:
            return None
        return {
            "io_not_running": rows[0]["Slave_IO_Running"] != "Yes",
            "sql_not_running": rows[0]["Slave_SQL_Running"] != "Yes",
            "io_error": rows[0]["Last_IO_Error"] or "False",
            "sql_error": rows[0]["Last_SQL_Error"] or "False",
        }


KINDS = {"mariadb": MariaDbFarm, "mysql56": MySql56Farm}


def replication_of(kind):
    return KINDS[kind](servers.ADMIN, servers.ADMIN_PASSWORD)


def main(arguments):
    global STATE_PATH
    STATE_PATH = arguments[0]
    fabric_node.Replication = KINDS[members()[1]["kind"]]
    fabric_node.main(arguments[1:])


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main(sys.argv[1:])
