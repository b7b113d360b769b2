"""unixODBC's connection pool: what one user of a connection leaves does not reach the next."""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "failover")]
import odbc  # noqa: E402
import programs  # noqa: E402

OV_ODBC3 = 3
VERSIONS = (OV_ODBC3, odbc.OV_ODBC3_80)  # each with data sources, so pools, of its own
KEYS = {"PoolReset": 1}
ROWS = 20000  # too many for one packet: a cursor stays open over them


def pooled(world):
    """unixODBC reads these once, before the first environment is made."""
    path = os.path.join(world.folder.path, "odbcinst.ini")
    with open(path, "a", encoding="utf-8") as file:
        file.write("CPTimeout=60\n[ODBC]\nPooling=Yes\n")


def setUpModule():
    world = programs.start_world(250)
    pooled(world)
    for kind in programs.KINDS:
        for version in VERSIONS:
            world.folder.add(f"{kind}{version}", programs.server_keys(world.servers[kind], **KEYS))
        with world.servers[kind].connect() as session:
            session.query("CREATE TABLE left_rows (a INT) ENGINE=InnoDB")
            session.query("CREATE TABLE many (a INT) ENGINE=InnoDB")
            for _ in range(ROWS // 1000):
                session.query(f"INSERT INTO many VALUES {','.join(['(1)'] * 1000)}")
    for version in VERSIONS:
        target = {"Tables": "shop.orders", "ShardKey": 1}
        world.folder.add(f"orders{version}", programs.farm_keys(world.farm, **target, **KEYS))


def tearDownModule():
    programs.stop_world()


def library(version):
    library = odbc.Library(None, manager=True)
    library.SQLSetEnvAttr(library.environment, odbc.ATTR_ODBC_VERSION, version, 0)
    return library


def ask(connection, sql):
    """The first cell of the first row, as text."""
    return connection.statement().value(sql)


def session_of(connection):
    return ask(connection, "SELECT CONNECTION_ID()")


class Pool(unittest.TestCase):
    def use_twice(self, version, source, leave, look):
        """What `look` finds on a connection that its last user did `leave` to. The pool has to
        have handed out the same one again: the driver's handle is."""
        users = library(version)
        first = odbc.Connection(users, f"DSN={source}{version}")
        leave(first)
        users.SQLDisconnect(first.handle)  # as it is: statements and transaction are left
        second = odbc.Connection(users, f"DSN={source}{version}")
        try:
            return look(second)
        finally:
            second.close()
            users.SQLFreeHandle(odbc.DBC, first.handle)

    def test_the_pool_keeps_the_session(self):
        """Else the other tests would show nothing."""
        for version in VERSIONS:
            for kind in programs.KINDS:
                with self.subTest(version=version, kind=kind):
                    seen = []
                    last = self.use_twice(
                        version, kind, lambda c: seen.append(session_of(c)), session_of
                    )
                    self.assertEqual([last], seen)

    def test_nothing_of_the_session_reaches_the_next_user(self):
        left = [
            # what the first user does, what the second one asks, and gets
            ("SET @mine = 5", "SELECT @mine IS NULL", "1"),
            ("SET sql_mode = 'ANSI_QUOTES'", "SELECT @@sql_mode LIKE '%ANSI_QUOTES%'", "0"),
            ("USE mysql", "SELECT DATABASE()", programs.servers.DATABASE),
            ("SELECT GET_LOCK('pool', 0)", "SELECT COALESCE(IS_USED_LOCK('pool'), 'free')", "free"),
        ]
        for version in VERSIONS:
            for kind in programs.KINDS:
                for sql, question, answer in left:
                    with self.subTest(version=version, kind=kind, sql=sql):
                        found = self.use_twice(
                            version,
                            kind,
                            lambda c: c.statement().direct(sql),
                            lambda c: ask(c, question),
                        )
                        self.assertEqual(found, answer)

    def test_an_open_transaction_is_rolled_back(self):
        def leave(connection):
            connection.autocommit(False)
            connection.statement().direct("INSERT INTO left_rows VALUES (1)")

        def look(connection):
            connection.end(odbc.COMMIT)
            return ask(connection, "SELECT COUNT(*) FROM left_rows")

        for version in VERSIONS:
            for kind in programs.KINDS:
                with self.subTest(version=version, kind=kind):
                    self.assertEqual(self.use_twice(version, kind, leave, look), "0")

    def test_an_open_cursor_with_a_transaction_keeps_no_locks(self):
        def leave(connection):
            connection.autocommit(False)
            connection.statement().direct("INSERT INTO left_rows VALUES (1)")
            connection.statement().direct("SELECT a FROM many")

        def look(connection):
            connection.statement().direct("SET innodb_lock_wait_timeout = 1")
            connection.statement().direct("DELETE FROM left_rows")
            return ask(connection, "SELECT COUNT(*) FROM left_rows")

        for version in VERSIONS:
            for kind in programs.KINDS:
                with self.subTest(version=version, kind=kind):
                    self.assertEqual(self.use_twice(version, kind, leave, look), "0")

    def test_a_time_limit_that_was_set_on_the_connection_is_gone(self):
        """The driver manager's own copy says what the first user set; the statements are what counts."""

        def leave(connection):
            connection.set_number(odbc.ATTR_QUERY_TIMEOUT, 1)

        def look(connection):
            return ask(connection, "SELECT SLEEP(1.5)")

        for version in VERSIONS:
            with self.subTest(version=version):
                self.assertEqual(self.use_twice(version, "mariadb", leave, look), "0")

    def test_a_temporary_table_is_gone(self):
        def look(connection):
            with self.assertRaises(odbc.OdbcError) as refused:
                connection.statement().direct("SELECT * FROM passing")
            return refused.exception.state

        for version in VERSIONS:
            for kind in programs.KINDS:
                with self.subTest(version=version, kind=kind):
                    found = self.use_twice(
                        version,
                        kind,
                        lambda c: c.statement().direct("CREATE TEMPORARY TABLE passing (a INT)"),
                        look,
                    )
                    self.assertEqual(found, "42S02")

    def test_the_shard_key_is_that_of_the_data_source(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                places = []

                def leave(connection):
                    places.append(ask(connection, "SELECT @@port"))
                    connection.set_text(odbc.FABRIC_SHARD_KEY, "1000000")
                    places.append(ask(connection, "SELECT @@port"))

                found = self.use_twice(version, "orders", leave, lambda c: ask(c, "SELECT @@port"))
                self.assertNotEqual(places[0], places[1])
                self.assertEqual(found, places[0])

    def test_a_dead_connection_is_not_handed_out(self):
        for kind in programs.KINDS:
            with self.subTest(kind=kind):

                def leave(connection):
                    number = session_of(connection)
                    with programs.World.current.servers[kind].connect() as other:
                        other.query(f"KILL {number}")

                found = self.use_twice(OV_ODBC3, kind, leave, lambda c: ask(c, "SELECT 7"))
                self.assertEqual(found, "7")

    def test_disconnecting_as_a_pool_does_after_its_time_rolls_back(self):
        """A pool that is refused with 25000 forgets the connection, which keeps its locks."""
        users = odbc.Library(programs.driver_path())
        for kind in programs.KINDS:
            with self.subTest(kind=kind):
                keys = programs.server_keys(programs.World.current.servers[kind], **KEYS)
                first = odbc.Connection(users, programs.connection_string(keys))
                first.autocommit(False)
                first.statement().direct("INSERT INTO left_rows VALUES (1)")
                self.assertEqual(users.SQLDisconnect(first.handle), odbc.SUCCESS)
                second = odbc.Connection(users, programs.connection_string(keys))
                self.assertEqual(ask(second, "SELECT COUNT(*) FROM left_rows"), "0")
                second.close()


if __name__ == "__main__":
    unittest.main()
