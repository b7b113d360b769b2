#!/usr/bin/env python3
"""fabric-sql as a service: versions, sessions, rights, the script run again, many at a time, replicas."""

import os
import sys
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "node"), os.path.join(HERE, "..", "servers")]
import processes  # noqa: E402
import servers  # noqa: E402
from fabric_sql import B, C, FabricSqlCase, ServerError, Session, run_script  # noqa: E402


class Service(FabricSqlCase):
    """The tests, for each kind of server."""

    def test_the_version_grows_with_changes_alone(self):
        self.make_farm()
        for changes, command, *arguments in (
            (0, "dump.servers", None, None),
            (1, "server.set_weight", B, "2"),
            (0, "threat.report_error", B, "one", "2003", None),
            (1, "threat.report_failure", C, "one", "2003", None),
            (0, "threat.report_failure", C, "two", "2003", None),
            (1, "group.create", "new", None),
        ):
            before = self.version()
            self.fabric.call(command, *arguments)
            self.assertEqual(changes, self.version() - before, command)

    def test_the_sessions_settings_do_not_matter(self):
        self.make_farm()
        expected = self.fabric.rows("dump.sharding_information", None, "shop.%")
        for setting in (
            "sql_mode = ''",
            "sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'",
            "sql_mode = 'TRADITIONAL'",
            "NAMES latin1",
            "NAMES utf8mb4 COLLATE utf8mb4_unicode_ci",
            "autocommit = 0",
            "SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
            "SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
            "time_zone = '+05:00'",
        ):
            with self.subTest(setting), self.connect() as session:
                session.query(f"SET {setting}")
                self.assertEqual(
                    expected, session.rows("dump.sharding_information", None, "SHOP.%")
                )
                session.call("group.create", "mine", None)
                session.call("sharding.lookup_servers", "shop.sessions", "abc", None)
                session.call("threat.report_error", C, "one", "2003", None)
                self.assertIn(
                    "mine", [row[0] for row in self.fabric.rows("group.lookup_groups", None)]
                )
                session.call("group.destroy", "mine")

    def test_connectors_may_read_and_report_only(self):
        self.make_farm()
        connector = self.connect("conn")
        for _, command, *arguments in self.READS[:6]:
            connector.call(command, *arguments)
        connector.call("dump.farm_version")
        connector.call("threat.report_error", C, "conn", "2003", None)
        connector.call("threat.report_failure", C, "conn", "2003", None)
        before = self.contents()
        for _, command, *arguments in [*self.READS[6:], *self.CHANGES]:
            if not command.startswith("threat."):
                with self.assertRaises(ServerError, msg=command) as caught:
                    connector.call(command, *arguments)
                self.assertEqual(1370, caught.exception.errno)
        for sql in (
            "SELECT * FROM fabric_store.servers",
            "UPDATE fabric_store.servers SET status = 0",
            "CALL fabric_store.begin_change()",
            "CALL fabric_store.report('x', 'x', 'x', 1, 'x')",
            "CALL manage.grant_administrator('conn', 'localhost')",
            "DROP PROCEDURE dump.servers",
        ):
            with self.assertRaises(ServerError, msg=sql) as caught:
                connector.query(sql)
            self.assertEqual("42000", caught.exception.sqlstate)
        self.assertEqual(before, self.contents())

    def test_administrators_need_no_right_on_the_tables_and_cannot_grant(self):
        for sql in ("SELECT * FROM fabric_store.servers", "DELETE FROM fabric_store.servers"):
            with self.assertRaises(ServerError, msg=sql):
                self.fabric.query(sql)
        with self.assertRaises(ServerError):
            self.fabric.call("manage.grant_administrator", "conn", "localhost")

    def test_rights_are_granted_to_existing_accounts_only(self):
        for user, host in (("ghost", "localhost"), ("conn", "elsewhere"), (None, None)):
            with self.assertRaises(ServerError) as caught:
                self.admin.call("manage.grant_connector", user, host)
            self.assertEqual("45000", caught.exception.sqlstate, caught.exception.text)
        self.assertEqual(
            "0", self.admin.value("SELECT COUNT(*) FROM mysql.user WHERE User = 'ghost'")
        )

    # ---- the script

    def test_running_the_script_again_keeps_data_and_rights(self):
        self.make_farm()
        self.fabric.call("manage.set_option", "ttl", "7")
        before = self.contents()
        done = run_script(self.server.socket)
        self.assertEqual("", done.stdout + done.stderr)
        self.assertEqual(before, self.contents())
        connector = self.connect("conn")
        self.assertEqual("7", connector.call("dump.servers", None, None)[0][1][0][1])

    def test_the_script_leaves_a_database_with_tables_alone(self):
        self.admin.query("CREATE TABLE server.mine (a INT)")
        try:
            done = run_script(self.server.socket, check=False)
            self.assertNotEqual(0, done.returncode)
            self.assertIn("the database server holds tables", done.stderr)
        finally:
            self.admin.query("DROP TABLE server.mine")
        run_script(self.server.socket)

    # ---- several at a time

    def at_once(self, count, work):
        """Runs work(session, number) in threads; gives the errors by number."""
        errors = {}

        def run(number):
            try:
                with Session(
                    user="keeper", password="pw", unix_socket=self.server.socket
                ) as session:
                    work(session, number)
            except ServerError as error:
                errors[number] = error

        threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return errors

    def test_writers_at_the_same_time_come_one_after_the_other(self):
        before = self.version()

        def work(session, number):
            for step in range(10):
                session.call("group.create", f"g{number}-{step}", None)
                session.call("group.add", f"g{number}-{step}", f"host{number}:{step + 1}", None)
                session.call("group.promote", f"g{number}-{step}", None)

        self.assertEqual({}, self.at_once(8, work))
        self.assertEqual(240, self.version() - before)
        self.assertEqual(80, len(self.fabric.rows("dump.servers", None, None)))

    def test_of_equal_changes_at_the_same_time_one_wins(self):
        errors = self.at_once(8, lambda session, number: session.call("group.create", "same", None))
        self.assertEqual(7, len(errors))
        for error in errors.values():
            self.assertEqual("GroupError: Group (same) already exists.", error.text)

    def test_there_is_never_more_than_one_primary(self):
        self.fabric.call("group.create", "g", None)
        for number in range(1, 9):
            self.fabric.call("group.add", "g", f"host:{number}", None)
        stop = threading.Event()
        seen = set()

        def watch():
            with Session(user="conn", password="pw", unix_socket=self.server.socket) as session:
                while not stop.is_set():
                    rows = session.rows("dump.servers", None, "g")
                    seen.add(sum(row[5] == "3" for row in rows))

        watcher = threading.Thread(target=watch)
        watcher.start()

        def work(session, number):
            for _ in range(10):
                try:
                    session.call("group.promote", "g", f"host:{number + 1}")
                except ServerError as error:
                    if "already master" not in error.text:
                        raise

        try:
            self.assertEqual({}, self.at_once(8, work))
        finally:
            stop.set()
            watcher.join()
        self.assertLessEqual(seen, {0, 1})

    def test_many_reporters_at_the_same_time_fail_a_server_once(self):
        self.make_farm()
        before = self.version()

        def work(session, number):
            for _ in range(5):
                session.call("threat.report_error", B, f"machine {number}", "2013", None)

        self.assertEqual({}, self.at_once(12, work))
        self.assertEqual("FAULTY", self.statuses("ha1")[B][0])
        self.assertEqual(1, self.version() - before)

    def test_a_change_that_cannot_be_committed_is_told_and_undone(self):
        self.make_farm()
        before = self.contents()
        holder = self.connect("app", "secret")
        holder.query("START TRANSACTION")
        holder.query("SELECT * FROM fabric_store.farm_state FOR UPDATE")
        self.fabric.query("SET innodb_lock_wait_timeout = 1")
        with self.assertRaises(ServerError) as caught:
            self.fabric.call("group.demote", "ha1")
        self.assertEqual(1205, caught.exception.errno)
        self.assertEqual(before, self.contents())
        self.fabric.call("dump.servers", None, None)
        holder.query("ROLLBACK")
        self.fabric.call("group.demote", "ha1")


class Replicated:
    """The description on a source and on its replica, which is read-only."""

    kind = ""
    options = []
    follow = ""
    status = "SHOW SLAVE STATUS"

    def setUp(self):
        self.source = self.start()
        self.replica = self.start("--read-only=1")
        with self.replica.connect(servers.ADMIN, servers.ADMIN_PASSWORD, "") as session:
            session.query(
                f"CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={self.source.port}, "
                f"MASTER_USER='{servers.ADMIN}', MASTER_PASSWORD='{servers.ADMIN_PASSWORD}', "
                f"MASTER_CONNECT_RETRY=1, {self.follow}"
            )
            session.query("START SLAVE")

    def start(self, *options):
        server = servers.Server(self.kind, options=[*self.options, *options]).start()
        self.addCleanup(server.remove)
        self.addCleanup(server.stop)
        return server

    def connect(self, server, user="app", password="secret"):
        session = Session(user=user, password=password, unix_socket=server.socket)
        self.addCleanup(session.close)
        return session

    def test_a_replica_serves_what_was_changed_on_the_source(self):
        run_script(self.source.socket)
        source = self.connect(self.source)
        source.query("CREATE USER conn@localhost IDENTIFIED BY 'pw'")
        source.call("manage.grant_connector", "conn", "localhost")
        source.call("group.create", "g", "caf\u00e9")
        source.call("group.add", "g", "one", B)
        source.call("group.add", "g", "two", None)
        source.call("group.promote", "g", "two")
        source.call("sharding.create_definition", "HASH", "g")
        source.call("sharding.add_table", "1", "db.t", "k")
        source.call("sharding.add_shard", "1", "g", "ENABLED")
        source.call("threat.report_error", "one", "me", "2003", None)
        source.call("threat.report_failure", "one", "me", "2003", None)
        with self.assertRaises(ServerError):
            source.call("group.create", "g", None)
        source.call("server.set_weight", "two", "2.5")
        version = source.rows("dump.farm_version")

        def caught_up():
            with self.replica.connect(servers.ADMIN, servers.ADMIN_PASSWORD, "") as session:
                error = session.dictionaries(self.status)[0]["Last_SQL_Error"]
                if error:
                    raise RuntimeError(error)
            try:
                with self.replica.connect("conn", "pw", "") as session:
                    pass
                session = self.connect(self.replica, "conn", "pw")
                return session.rows("dump.farm_version") == version and session
            except ServerError:
                return None

        replica = processes.wait_until(caught_up, 20, "replication of the description")
        for command in ("dump.servers", "dump.sharding_information", "dump.shard_index"):
            self.assertEqual(source.rows(command, None, None), replica.rows(command, None, None))
        for session in (replica, self.connect(self.replica)):  # with and without SUPER
            with self.assertRaises(ServerError) as caught:
                session.call("threat.report_error", "two", "me", "2003", None)
            self.assertEqual(1290, caught.exception.errno, caught.exception.text)


class OnMariaDb(Service, unittest.TestCase):
    kind = "mariadb"


class OnMySql56(Service, unittest.TestCase):
    kind = "mysql56"


class ReplicatedByStatements(Replicated, unittest.TestCase):
    kind = "mariadb"
    options = ["--log-bin=binlog", "--binlog-format=STATEMENT"]
    follow = "MASTER_USE_GTID=slave_pos"


class ReplicatedByRows(Replicated, unittest.TestCase):
    kind = "mariadb"
    options = ["--log-bin=binlog", "--binlog-format=ROW"]
    follow = "MASTER_USE_GTID=slave_pos"


class ReplicatedByMySql56(Replicated, unittest.TestCase):
    kind = "mysql56"
    follow = "MASTER_AUTO_POSITION=1"


if __name__ == "__main__":
    unittest.main(verbosity=1)
