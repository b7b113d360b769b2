"""Replication between MariaDB servers: who follows whom, and moving the primary role.

The unnamed connection of a secondary leads to its group's primary; the connection `global` of a
shard group's primary leads to the global group's primary.
"""

import concurrent.futures
import os
import sys
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"))
from mysql_text import Connection, ConnectionLost, ServerError, quote  # noqa: E402

GLOBAL = "global"
NO_SUCH_CONNECTION = 1617
NAMESPACE = uuid.UUID("5ca1ab1e-a007-4eed-800d-cab3fe13249e")


class Replication:
    """Talks to the servers as `user`. `patience` is the time in seconds that a server may take to
    greet before it counts as dead."""

    def __init__(self, user, password, patience=0.5):
        self.user = user
        self.password = password
        self.patience = patience

    def connect(self, server, patience=None, timeout=20.0):
        return Connection(
            server.host,
            server.port,
            self.user,
            self.password,
            connect_timeout=patience or self.patience,
            timeout=timeout,
        )

    def uuid_of(self, server, patience=None):
        """MySQL tells its uuid; MariaDB has none, so one is derived from its address and id."""
        with self.connect(server, patience) as session:
            try:
                return session.value("SELECT @@server_uuid")
            except ServerError:
                return derived_uuid(server.host, server.port, session.value("SELECT @@server_id"))

    def reachable(self, server, patience=None):
        """True if the server greets and takes a statement within the patience."""
        patience = patience or self.patience
        try:
            with self.connect(server, patience, patience) as session:
                session.value("SELECT 1")
            return True
        except (OSError, ServerError):
            return False

    def received(self, server):
        """How many events the server holds, applied or not yet: larger is more advanced. The sum
        over the domains is enough because the members of a group read one and the same stream."""
        with self.connect(server) as session:
            positions = [session.value("SELECT @@global.gtid_binlog_pos")]
            link = link_status(session, "")
            if link:
                positions.append(link["Gtid_IO_Pos"])
        newest = {}
        for gtid in ",".join(filter(None, positions)).split(","):
            if gtid:
                domain, _, number = gtid.split("-")
                newest[domain] = max(newest.get(domain, 0), int(number))
        return sum(newest.values())

    def most_advanced(self, servers):
        """The server of `servers` that holds most, None if none of them answers."""
        best, best_position = None, -1
        for server in servers:
            try:
                position = self.received(server)
            except (OSError, ServerError):
                continue
            if position > best_position:
                best, best_position = server, position
        return best

    def follow(self, server, primary, link=""):
        """Makes `server` replicate from `primary`; harmless if it does already."""
        with self.connect(server) as session:
            if link == "":
                session.query("SET GLOBAL read_only = 1")
                session.query("SET GLOBAL rpl_semi_sync_slave_enabled = 1")
                # Else a former primary's applier would wait for followers that have left.
                session.query("SET GLOBAL rpl_semi_sync_master_enabled = 0")
                drop_link(session, GLOBAL)
            drop_link(session, link)
            if link == "":
                # A server that was primary continues behind its own last transaction.
                session.query("SET GLOBAL gtid_slave_pos = @@global.gtid_binlog_pos")
            session.query(
                f"CHANGE MASTER {quote(link)} TO MASTER_HOST={quote(primary.host)}, "
                f"MASTER_PORT={primary.port}, MASTER_USER={quote(self.user)}, "
                f"MASTER_PASSWORD={quote(self.password)}, MASTER_CONNECT_RETRY=1, "
                "MASTER_USE_GTID=slave_pos"
            )
            session.query(f"START SLAVE {quote(link)}")

    def unfollow(self, server, link=""):
        """Ends the replication of `server` over this connection."""
        with self.connect(server) as session:
            drop_link(session, link)

    def block_writes(self, server):
        """Sets a primary read-only; gives the position of its last transaction."""
        with self.connect(server, timeout=5.0) as session:
            session.query("SET SESSION lock_wait_timeout = 3")
            session.query("SET GLOBAL read_only = 1")
            drop_link(session, GLOBAL)
            return session.value("SELECT @@global.gtid_binlog_pos")

    def fence(self, server):
        """Sets a server that was reported as failed read-only if it is alive after all."""
        try:
            with self.connect(server, self.patience, self.patience) as session:
                session.query("SET SESSION lock_wait_timeout = 1")
                session.query("SET GLOBAL read_only = 1")
        except (OSError, ServerError):
            pass

    def catch_up(self, server, position="", timeout=10):
        """Waits until `server` has applied everything up to `position`, or, without one, everything
        that it has received from a primary that is gone."""
        with self.connect(server) as session:
            if not position:
                link = link_status(session, "")
                if not link:
                    return
                session.query("STOP SLAVE IO_THREAD")
                position = link_status(session, "")["Gtid_IO_Pos"]
            if (
                position
                and session.value(f"SELECT MASTER_GTID_WAIT({quote(position)}, {timeout})") != "0"
            ):
                raise ServerError(
                    1205,
                    "HY000",
                    f"server {server.address} did not apply {position} " f"within {timeout} s",
                )

    def open_primary(self, server, feeder=None):
        """Makes `server`, which has caught up, the writable primary; `feeder` is the global
        group's primary for a group of shards. The others must be re-pointed by attach() before."""
        with self.connect(server) as session:
            session.query("SET GLOBAL rpl_semi_sync_slave_enabled = 0")
            session.query("SET GLOBAL rpl_semi_sync_master_enabled = 1")
            session.query("SET GLOBAL read_only = 0")
        if feeder:
            self.follow(server, feeder, GLOBAL)

    def attach(self, primary, others):
        """Ends the candidate's own replication and lets the others follow it."""

        def attach_one(server):
            try:
                self.follow(server, primary)
                return True
            except (OSError, ServerError):
                return False

        # At the same time, because leaving a hanging primary takes a server a second.
        with concurrent.futures.ThreadPoolExecutor(max_workers=8) as pool:
            attached = [pool.submit(attach_one, server) for server in others]
            self.unfollow(primary)
        self._await_acknowledgers(primary, sum(one.result() for one in attached))

    def _await_acknowledgers(self, primary, count, timeout=1.0):
        """Waits for the semi-synchronous followers, so that the first commit already has a copy."""
        end = time.monotonic() + timeout
        with self.connect(primary) as session:
            session.query("SET GLOBAL rpl_semi_sync_master_enabled = 1")
            while time.monotonic() < end:
                rows = session.query("SHOW STATUS LIKE 'Rpl_semi_sync_master_clients'")
                if not rows or int(rows[0][1]) >= count:
                    return
                time.sleep(0.005)

    def health(self, server):
        """The columns of group.health that come from the server's replication status."""
        with self.connect(server) as session:
            link = link_status(session, "")
        if not link:
            return None
        return {
            "io_not_running": link["Slave_IO_Running"] != "Yes",
            "sql_not_running": link["Slave_SQL_Running"] != "Yes",
            "io_error": link["Last_IO_Error"] or "False",
            "sql_error": link["Last_SQL_Error"] or "False",
        }


def derived_uuid(host, port, server_id):
    return str(uuid.uuid5(NAMESPACE, f"{host}:{port}:{server_id}"))


def link_status(session, name):
    for row in session.dictionaries("SHOW ALL SLAVES STATUS"):
        if row["Connection_name"] == name:
            return row
    return None


def drop_link(session, name):
    for sql in (f"STOP SLAVE {quote(name)}", f"RESET SLAVE {quote(name)} ALL"):
        try:
            session.query(sql)
        except ServerError as error:
            if error.errno != NO_SUCH_CONNECTION:
                raise


__all__ = ["Replication", "ConnectionLost", "ServerError", "GLOBAL", "derived_uuid"]
