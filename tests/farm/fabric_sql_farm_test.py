#!/usr/bin/env python3
"""A farm that is described by fabric-sql, used over ODBC; the description on MariaDB and on MySQL 5.6.

The Fabric test node moves replication here, as an operator's tool does, and is not known to the driver:
what happened is told to fabric-sql by SQL alone.
"""

import os
import sys
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "node"), os.path.join(HERE, "..", "servers"), os.path.join(HERE, "..", "programs")]
import programs  # noqa: E402
import farm as farms  # noqa: E402
import processes  # noqa: E402
import servers  # noqa: E402
import sample_data as shop  # noqa: E402
from fabric_sql import ServerError, Session, run_script  # noqa: E402

KINDS = ("mariadb", "mysql56")
WHERE = "SELECT group_id FROM whereami"

pyodbc = None  # loaded when the ini files are there
folder = None
farm = None
sources = {}


def setUpModule():
    global pyodbc, folder, farm
    folder = programs.Folder()
    unittest.addModuleCleanup(folder.remove)
    import pyodbc as loaded

    loaded.pooling = False
    pyodbc = loaded
    farm = farms.Farm(watched=os.getpid()).start()
    unittest.addModuleCleanup(farm.stop)
    for kind in KINDS:
        sources[kind] = servers.Server(kind).start()
        unittest.addModuleCleanup(sources[kind].remove)
        unittest.addModuleCleanup(sources[kind].stop)
        run_script(sources[kind].socket)
        with admin(kind) as session:
            for user in ("conn", "keeper"):
                session.query(f"CREATE USER {user}@'127.0.0.1' IDENTIFIED BY 'pw'")
            session.call("manage.grant_connector", "conn", "127.0.0.1")
            session.call("manage.grant_administrator", "keeper", "127.0.0.1")
            session.call("manage.set_option", "ttl", "1")
            describe(session)


def admin(kind):
    return Session(user="app", password="secret", unix_socket=sources[kind].socket)


def describe(session):
    """Writes the farm as it is into fabric-sql."""
    for group, members in farm.status()["groups"].items():
        session.call("group.create", group, None)
        for member in members:
            session.call("group.add", group, f"127.0.0.1:{member['port']}", member["uuid"])
        session.call("group.promote", group, farm.find(group))
    for mapping in shop.mappings():
        session.call("sharding.create_definition", mapping.type, mapping.global_group)
        for table, column in mapping.tables:
            session.call("sharding.add_table", str(mapping.id), table, column)
        shards = ",".join(f"{shard.group}/{shard.lower_bound}" for shard in mapping.shards)
        session.call("sharding.add_shard", str(mapping.id), shards, "ENABLED")


def tell(command, *arguments):
    """As the operator's tool does, to all descriptions."""
    for kind in KINDS:
        with admin(kind) as session:
            session.call(command, *arguments)


def keys(kind, **more):
    return {
        "FabricProtocol": "mysql",
        "FabricHost": f"127.0.0.1:{sources[kind].port}",
        "FabricUser": "conn",
        "FabricPassword": "pw",
        "User": servers.USER,
        "Password": servers.PASSWORD,
        "Database": shop.DATABASE,
        **more,
    }


def successor(group, failed):
    """The server that the node has made the group's primary after `failed` died."""

    def other():
        try:
            found = farm.find(group)
        except RuntimeError:
            return None
        return found if found != failed else None

    return processes.wait_until(other, 30, f"the failover of {group}")


def promote_successor(group, failed):
    """What the operator's tool tells; gives the new primary's port."""
    found = successor(group, failed)
    tell("threat.report_failure", failed, "keeper", "dead", None)
    tell("group.promote", group, found)
    return farm.member(found)["port"]


def bring_back(failed):
    """The server that died becomes a secondary."""
    farm.rejoin(failed)
    for status in ("SPARE", "SECONDARY"):
        tell("server.set_status", failed, status)


class Routing(unittest.TestCase):
    def connect(self, kind, **more):
        link = pyodbc.connect(programs.connection_string(keys(kind, **more)), autocommit=True)
        self.addCleanup(link.close)
        return link.cursor()

    def port(self, cursor):
        return cursor.execute("SELECT @@port").fetchval()

    def test_a_group_leads_to_its_primary_and_read_only_to_a_secondary(self):
        for kind in KINDS:
            for group in ("global", "shard1", "shard2"):
                for mode, role in (("READWRITE", "primary"), ("READONLY", "secondary")):
                    with self.subTest(source=kind, group=group, mode=mode):
                        cursor = self.connect(kind, Group=group, Mode=mode)
                        expected = farm.member(farm.find(group, role))["port"]
                        self.assertEqual(expected, self.port(cursor))

    def test_keys_of_all_types_lead_to_their_shards(self):
        for kind in KINDS:
            for mapping in shop.mappings():
                table, column = mapping.tables[0]
                for key in shop.SHARDED[table.partition(".")[2]][2]:
                    if set(str(key)) & set("; {}") or str(key) != str(key).strip():
                        continue  # not to be written in a connection string without braces
                    with self.subTest(source=kind, table=table, key=key):
                        cursor = self.connect(kind, Tables=table, ShardKey=key)
                        expected = shop.shard_for_client(mapping, key).group
                        self.assertEqual(expected, cursor.execute(WHERE).fetchval())
                        sql = f"SELECT COUNT(*) FROM {table} WHERE {column} = ?"
                        self.assertEqual(1, cursor.execute(sql, key).fetchval())

    def test_tables_without_a_key_lead_to_the_global_group(self):
        for kind in KINDS:
            cursor = self.connect(kind, Tables="shop.sessions")
            self.assertEqual(farm.member(farm.find("global"))["port"], self.port(cursor))

    def test_one_connection_switches_between_shards(self):
        for kind in KINDS:
            cursor = self.connect(kind, Group="global")
            for key, group in ((1, "shard1"), (1001, "shard2"), (5, "shard1")):
                cursor.execute("CALL fabric.use_shard('shop.orders', ?)", key)
                self.assertEqual(group, cursor.execute(WHERE).fetchval(), kind)

    def test_what_is_not_described_is_refused_with_a_reason(self):
        for kind in KINDS:
            for target, text in (
                ({"Group": "nope"}, "nope"),
                ({"Tables": "shop.nope", "ShardKey": 1}, "shop.nope"),
                ({"Tables": "shop.orders", "ShardKey": 0}, "0"),
                ({"Group": "shard1", "FabricPassword": "wrong"}, "conn"),
            ):
                with self.subTest(source=kind, target=target):
                    with self.assertRaises(pyodbc.Error) as caught:
                        self.connect(kind, FabricConnectionAttempts=1, Attempts=1, **target)
                    self.assertIn(text, caught.exception.args[1])

    def test_a_changed_status_reaches_later_connections(self):
        for kind in KINDS:
            secondary = farm.find("shard2", "secondary")
            reads = {"Group": "shard2", "Mode": "READONLY"}
            self.assertEqual(farm.member(secondary)["port"], self.port(self.connect(kind, **reads)))
            for status, role in (("SPARE", "primary"), ("SECONDARY", "secondary")):
                with admin(kind) as session:
                    session.call("server.set_status", secondary, status)
                expected = farm.member(farm.find("shard2", role))["port"]
                processes.wait_until(
                    lambda: self.port(self.connect(kind, **reads)) == expected,
                    10,
                    f"{kind}: the use of the {role} for reading",
                    0.2,
                )

    def test_the_statement_after_a_promotion_told_by_sql_works(self):
        for kind in KINDS:
            with self.subTest(source=kind):
                cursor = self.connect(kind, Group="shard1", ReportErrors="no")
                self.assertEqual("shard1", cursor.execute(WHERE).fetchval())
                failed = farm.kill("shard1")
                port = promote_successor("shard1", failed)
                self.assertEqual(port, self.port(cursor))
                cursor.execute("REPLACE INTO journal VALUES (?, 1, 'after')", port)
                bring_back(failed)

    def test_a_statement_waits_for_the_promotion(self):
        for kind in KINDS:
            with self.subTest(source=kind):
                cursor = self.connect(kind, Group="shard2", ReportErrors="no", Attempts=20)
                self.assertEqual("shard2", cursor.execute(WHERE).fetchval())
                failed = farm.kill("shard2")
                successor("shard2", failed)
                found = []
                timer = threading.Timer(
                    1.5, lambda: found.append(promote_successor("shard2", failed))
                )
                timer.start()
                port = self.port(cursor)
                timer.join()
                self.assertEqual(found, [port])
                bring_back(failed)

    def test_connections_vote_against_servers_that_they_lost(self):
        for kind in KINDS:
            with self.subTest(source=kind), admin(kind) as session:
                session.call("manage.set_option", "votes", "1")
                cursor = self.connect(kind, Group="global", ReportErrors="error", Attempts=20)
                self.port(cursor)
                failed = farm.kill("global")
                found = []

                def operator():
                    processes.wait_until(
                        lambda: session.rows("group.lookup_groups", "global")[0][3] is None,
                        30,
                        "the driver's report",
                    )
                    found.append(promote_successor("global", failed))

                thread = threading.Thread(target=operator)
                thread.start()
                port = self.port(cursor)
                thread.join()
                self.assertEqual(found, [port])
                session.call("manage.set_option", "votes", "3")
                bring_back(failed)

    def test_votes_pass_by_a_read_only_source(self):
        for kind, other in (KINDS, KINDS[::-1]):
            with self.subTest(read_only=kind), admin(kind) as replica, admin(other) as writable:
                for session in (replica, writable):
                    session.call("manage.set_option", "votes", "1")
                both = f"127.0.0.1:{sources[kind].port},127.0.0.1:{sources[other].port}"
                cursor = self.connect(kind, Group="global", FabricHost=both, Attempts=20)
                self.port(cursor)
                replica.query("SET GLOBAL read_only = 1")
                failed = farm.kill("global")
                found = []

                def operator():
                    try:
                        processes.wait_until(
                            lambda: writable.rows("group.lookup_groups", "global")[0][3] is None,
                            30,
                            "the driver's report",
                        )
                    finally:
                        replica.query("SET GLOBAL read_only = 0")
                    found.append(promote_successor("global", failed))

                thread = threading.Thread(target=operator)
                thread.start()
                port = self.port(cursor)
                thread.join()
                self.assertEqual(found, [port])
                for session in (replica, writable):
                    session.call("manage.set_option", "votes", "3")
                bring_back(failed)

    def test_a_lost_description_does_not_disturb_connections(self):
        for kind in KINDS:
            with self.subTest(source=kind):
                cursor = self.connect(kind, Group="shard1")
                self.port(cursor)
                sources[kind].stop()
                try:
                    self.assertEqual("shard1", cursor.execute(WHERE).fetchval())
                    cursor.execute("CALL fabric.use_group('shard2')")
                    self.assertEqual("shard2", cursor.execute(WHERE).fetchval())
                finally:
                    sources[kind].start()
                both = f"127.0.0.1:1,127.0.0.1:{sources[kind].port}"
                cursor = self.connect(kind, Group="shard1", FabricHost=both)
                self.assertEqual("shard1", cursor.execute(WHERE).fetchval())


if __name__ == "__main__":
    unittest.main(verbosity=1)
