"""pyodbc, an ODBC 3.8 program of the wide entry points, with MariaDB, MySQL 5.6 and the farm."""

import datetime
import decimal
import os
import resource
import socket
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import programs  # noqa: E402

pyodbc = None  # loaded when the ini files are there
FABRIC_GROUP, FABRIC_SHARD_KEY, FABRIC_TABLES, FABRIC_MODE = 20001, 20002, 20003, 20004
READONLY, READWRITE = 1, 2
WHERE = "SELECT group_id FROM whereami"


def setUpModule():
    global pyodbc
    programs.start_world(850)
    import pyodbc as loaded

    loaded.pooling = False
    pyodbc = loaded


def tearDownModule():
    programs.stop_world()


def everywhere(test):
    """Runs the test with a connection and a cursor on each kind of server."""

    def run(self):
        for kind in programs.KINDS:
            with self.subTest(server=kind):
                link = pyodbc.connect(f"DSN={kind}", autocommit=True)
                try:
                    test(self, link, link.cursor(), kind)
                finally:
                    link.close()

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


def make(cursor, name, columns):
    cursor.execute(f"DROP TABLE IF EXISTS {name}")
    cursor.execute(f"CREATE TABLE {name} ({columns}) ENGINE=InnoDB CHARACTER SET utf8mb4")


SAMPLES = [
    ("TINYINT", [-128, 0, 127]),
    ("TINYINT UNSIGNED", [0, 255]),
    ("SMALLINT", [-32768, 32767]),
    ("INT", [-(2**31), 0, 2**31 - 1]),
    ("INT UNSIGNED", [2**31 - 1]),  # pyodbc itself takes what is above for a negative number
    ("BIGINT", [-(2**63), 2**63 - 1]),
    ("BIGINT UNSIGNED", [0, 2**63 - 1]),
    ("DOUBLE", [0.0, -1.5, 0.1, 1.7976931348623157e308, 5e-324]),
    (
        "DECIMAL(30,10)",
        [decimal.Decimal(text) for text in ("-1.0000000001", "12345678901234567890.5", "0")],
    ),
    ("VARCHAR(60)", ["", " blanks ", "plain", "Zoë 日本 😀👩‍👩‍👧", "quote ' and \\ and ?", "a\0b"]),
    ("LONGTEXT", ["", "text 😀"]),
    ("VARBINARY(60)", [b"", b"\x00\xff\x80", bytes(range(60))]),
    ("LONGBLOB", [b"", bytes(range(256))]),
    ("DATE", [datetime.date(1000, 1, 1), datetime.date(2020, 2, 29), datetime.date(9999, 12, 31)]),
    ("TIME", [datetime.time(0, 0, 0), datetime.time(23, 59, 59)]),
    (
        "DATETIME(6)",
        [
            datetime.datetime(1000, 1, 1),
            datetime.datetime(2038, 1, 20, 3, 4, 5, 1),
            datetime.datetime(9999, 12, 31, 23, 59, 59, 999999),
        ],
    ),
    ("TIMESTAMP(6) NULL", [datetime.datetime(2020, 1, 2, 3, 4, 5, 678901)]),
    ("BIT(1)", [True, False]),
]


class Types(unittest.TestCase):
    @everywhere
    def test_values_come_back_as_they_were_sent(self, link, cursor, kind):
        for column, values in SAMPLES:
            with self.subTest(server=kind, column=column):
                make(cursor, "samples", f"id INT PRIMARY KEY, v {column}")
                values = [*values, None]
                for number, value in enumerate(values):
                    cursor.execute("INSERT INTO samples VALUES (?, ?)", number, value)
                    self.assertEqual(1, cursor.rowcount)
                for statement, parameters in (
                    ("SELECT v FROM samples ORDER BY id", ()),  # the text protocol
                    ("SELECT v FROM samples WHERE id >= ? ORDER BY id", (0,)),  # the binary one
                ):
                    got = [row[0] for row in cursor.execute(statement, *parameters)]
                    self.assertEqual(values, got)
                    self.assertEqual([type(value) for value in values], [type(one) for one in got])

    @everywhere
    def test_a_value_as_parameter_finds_its_row(self, link, cursor, kind):
        for column, values in SAMPLES:
            if column in ("LONGBLOB", "LONGTEXT", "BIT(1)"):
                continue
            with self.subTest(server=kind, column=column):
                make(cursor, "samples", f"v {column}")
                cursor.execute("INSERT INTO samples VALUES (?)", values[-1])
                found = cursor.execute("SELECT COUNT(*) FROM samples WHERE v = ?", values[-1])
                self.assertEqual(1, found.fetchval())

    @everywhere
    def test_long_values(self, link, cursor, kind):
        # MySQL 5.6 refuses a value above a tenth of its redo log.
        size = 500_000 if kind == "mysql56" else 1_000_000
        make(cursor, "long_values", "id INT PRIMARY KEY, t LONGTEXT, b LONGBLOB")
        text = ("aé日😀" * (size // 10))[: size // 2]
        while len(text.encode()) > size:
            text = text[: -(len(text) // 20)]
        row = (1, text, bytes(range(256)) * (size // 256))
        cursor.execute("INSERT INTO long_values (id, t) VALUES (?, ?)", row[0], row[1])
        cursor.execute("UPDATE long_values SET b = ? WHERE id = 1", row[2])
        self.assertEqual(row, tuple(cursor.execute("SELECT * FROM long_values").fetchone()))
        row_again = cursor.execute("SELECT * FROM long_values WHERE id = ?", 1).fetchone()
        self.assertEqual(row, tuple(row_again))

    @everywhere
    def test_megabytes_without_a_table(self, link, cursor, kind):
        text, data = "é😀 x" * 250_000, bytes(range(256)) * 4096
        row = cursor.execute("SELECT ?, CAST(? AS BINARY)", text, data).fetchone()
        self.assertEqual((text, data), tuple(row))

    @everywhere
    def test_description_names_types_and_sizes(self, link, cursor, kind):
        make(cursor, "described", "a INT NOT NULL, b VARCHAR(30), c DECIMAL(9,2), d DATETIME(3)")
        cursor.execute("SELECT * FROM described")
        self.assertEqual(
            [
                ("a", int, 10, 0, False),
                ("b", str, 30, 0, True),
                ("c", decimal.Decimal, 9, 2, True),
                ("d", datetime.datetime, 23, 3, True),
            ],
            [(c[0], c[1], c[4], c[5], c[6]) for c in cursor.description],
        )


class Statements(unittest.TestCase):
    ROWS = [
        (
            number,
            f"é😀{number}",
            number * 0.5,
            datetime.datetime(2020, 1, 2, 3, 4, 5) + datetime.timedelta(seconds=number),
            b"\x00%d" % number,
        )
        for number in range(1000)
    ] + [(1000, None, None, None, None)]
    COLUMNS = "a INT PRIMARY KEY, b VARCHAR(20), c DOUBLE, d DATETIME(6), e VARBINARY(20)"

    @everywhere
    def test_executemany(self, link, cursor, kind):
        for fast in (False, True):
            with self.subTest(server=kind, fast=fast):
                make(cursor, "many", self.COLUMNS)
                cursor.fast_executemany = fast
                cursor.executemany("INSERT INTO many VALUES (?,?,?,?,?)", self.ROWS)
                got = [tuple(r) for r in cursor.execute("SELECT * FROM many ORDER BY a")]
                self.assertEqual(len(self.ROWS), len(got))
                # one by one: unittest takes minutes to tell long lists apart
                for wanted, row in zip(self.ROWS, got):
                    self.assertEqual(wanted, row)

    @everywhere
    def test_fast_executemany_of_long_values_takes_little_memory(self, link, cursor, kind):
        # By the described size of 16 MB each row would take that much.
        json = "JSON" if kind.startswith("mariadb") else "LONGTEXT"
        make(cursor, "many", f"a INT PRIMARY KEY, t LONGTEXT, b LONGBLOB, j {json}")
        rows = [(n, f"😀{n}" * 20, b"\x00%d" % n, '{"a": "😀%d"}' % n) for n in range(2000)]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        cursor.fast_executemany = True
        cursor.executemany("INSERT INTO many VALUES (?,?,?,?)", rows)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        self.assertGreater(100 * 1024, grown)
        got = [tuple(r) for r in cursor.execute("SELECT * FROM many ORDER BY a")]
        self.assertTrue(rows == got)

    @everywhere
    def test_executemany_of_fractions(self, link, cursor, kind):
        moment = datetime.datetime(2020, 1, 2, 3, 4, 5)
        rows = [
            (number, decimal.Decimal(number) / 4, moment.replace(microsecond=number))
            for number in range(100)
        ]
        make(cursor, "many", "a INT PRIMARY KEY, b DECIMAL(9,2), c DATETIME(6)")
        cursor.executemany("INSERT INTO many VALUES (?,?,?)", rows)
        got = cursor.execute("SELECT * FROM many ORDER BY a").fetchall()
        self.assertEqual(rows, [tuple(row) for row in got])

    @everywhere
    def test_executemany_stops_at_the_duplicate(self, link, cursor, kind):
        make(cursor, "many", "a INT PRIMARY KEY")
        with self.assertRaises(pyodbc.IntegrityError) as caught:
            cursor.executemany("INSERT INTO many VALUES (?)", [(1,), (2,), (1,), (3,)])
        self.assertEqual("23000", caught.exception.args[0])
        self.assertEqual(2, cursor.execute("SELECT COUNT(*) FROM many").fetchval())

    @everywhere
    def test_fast_executemany_goes_on_after_the_duplicate(self, link, cursor, kind):
        # Nobody could see the loss otherwise: pyodbc asks for no status of the sets.
        make(cursor, "many", "a INT PRIMARY KEY")
        cursor.fast_executemany = True
        with self.assertRaises(pyodbc.IntegrityError) as caught:
            cursor.executemany("INSERT INTO many VALUES (?)", [(1,), (2,), (1,), (3,)])
        self.assertEqual("23000", caught.exception.args[0])
        self.assertEqual(3, cursor.execute("SELECT COUNT(*) FROM many").fetchval())
        with self.assertRaises(pyodbc.IntegrityError) as caught:
            cursor.executemany("INSERT INTO many VALUES (?)", [(1,), (2,)])
        self.assertEqual("23000", caught.exception.args[0])

    @everywhere
    def test_fetchmany_and_skip(self, link, cursor, kind):
        make(cursor, "numbers", "a INT PRIMARY KEY")
        cursor.executemany("INSERT INTO numbers VALUES (?)", [(n,) for n in range(25)])
        cursor.execute("SELECT a FROM numbers ORDER BY a")
        sizes = []
        while rows := cursor.fetchmany(10):
            sizes.append(len(rows))
        self.assertEqual([10, 10, 5], sizes)
        cursor.execute("SELECT a FROM numbers ORDER BY a")
        cursor.skip(7)
        self.assertEqual(7, cursor.fetchval())

    @everywhere
    def test_other_cursors_while_one_streams(self, link, cursor, kind):
        make(cursor, "stream", "a INT PRIMARY KEY, b CHAR(40)")
        cursor.execute("INSERT INTO stream VALUES (1, REPEAT('x', 40))")
        while (rows := cursor.execute("SELECT COUNT(*) FROM stream").fetchval()) < 100_000:
            cursor.execute(
                "INSERT INTO stream SELECT a + ?, b FROM stream WHERE a <= ?", rows, 100_000 - rows
            )
        total = 0
        cursor.execute("SELECT a, b FROM stream ORDER BY a")
        others = [link.cursor() for _ in range(4)]
        for number, row in enumerate(cursor, 1):
            total += row.a
            if number % 20_000 == 0:
                for at, other in enumerate(others):
                    other.execute("SELECT ? + COUNT(*) FROM stream WHERE a <= 10", at)
                self.assertEqual([10, 11, 12, 13], [other.fetchval() for other in others])
        self.assertEqual(100_000 * 100_001 // 2, total)

    @everywhere
    def test_a_stream_that_is_left_half_read(self, link, cursor, kind):
        cursor.execute("SELECT a.ordinal_position FROM information_schema.columns a LIMIT 500")
        cursor.fetchone()
        self.assertEqual(2, cursor.execute("SELECT 2").fetchval())

    @everywhere
    def test_commit_and_rollback(self, link, cursor, kind):
        make(cursor, "tx", "a INT PRIMARY KEY")
        link.autocommit = False
        with pyodbc.connect(f"DSN={kind}", autocommit=True) as other:
            count = "SELECT COUNT(*) FROM tx"
            cursor.execute("INSERT INTO tx VALUES (1)")
            self.assertEqual(0, other.execute(count).fetchval())
            link.rollback()
            self.assertEqual(0, cursor.execute(count).fetchval())
            cursor.execute("INSERT INTO tx VALUES (2)")
            link.commit()
            self.assertEqual(1, other.execute(count).fetchval())
            cursor.execute("INSERT INTO tx VALUES (3)")
            link.autocommit = True
            self.assertEqual(2, other.execute(count).fetchval())

    @everywhere
    def test_closing_rolls_back(self, link, cursor, kind):
        make(cursor, "tx", "a INT PRIMARY KEY")
        other = pyodbc.connect(f"DSN={kind}")
        other.execute("INSERT INTO tx VALUES (1)")
        other.close()
        self.assertEqual(0, cursor.execute("SELECT COUNT(*) FROM tx").fetchval())

    @everywhere
    def test_procedure_with_two_results(self, link, cursor, kind):
        cursor.execute("DROP PROCEDURE IF EXISTS two")
        cursor.execute("CREATE PROCEDURE two(n INT) BEGIN SELECT n, n + 1 AS next; SELECT 'é'; END")
        for call in ("{CALL two(?)}", "CALL two(?)"):
            with self.subTest(server=kind, call=call):
                self.assertEqual([(4, 5)], [tuple(row) for row in cursor.execute(call, 4)])
                self.assertTrue(cursor.nextset())
                self.assertEqual("é", cursor.fetchval())
                while cursor.nextset():
                    self.assertIsNone(cursor.description)
                self.assertEqual(1, cursor.execute("SELECT 1").fetchval())

    @everywhere
    def test_three_hundred_columns(self, link, cursor, kind):
        cursor.execute("SELECT " + ", ".join(f"{n} AS c{n}" for n in range(300)))
        self.assertEqual([f"c{n}" for n in range(300)], [c[0] for c in cursor.description])
        self.assertEqual(list(range(300)), list(cursor.fetchone()))

    @everywhere
    def test_three_hundred_parameters(self, link, cursor, kind):
        cursor.execute("SELECT " + ", ".join("?" * 300), *range(300))
        self.assertEqual(list(range(300)), list(cursor.fetchone()))

    @everywhere
    def test_long_column_names(self, link, cursor, kind):
        for name in ("x" * 64, "é" * 64, "日" * 64):
            cursor.execute(f"SELECT 1 AS `{name}`")
            self.assertEqual(name, cursor.description[0][0])
        cursor.execute("SELECT 1 AS `%s`" % ("y" * 200))
        self.assertEqual("y" * 200, cursor.description[0][0])

    @everywhere
    def test_odbc_escapes(self, link, cursor, kind):
        row = cursor.execute(
            "SELECT {fn UCASE('a')}, {d '2020-02-29'}, {ts '2020-01-02 03:04:05'}"
        ).fetchone()
        self.assertEqual("A", row[0])

    @everywhere
    def test_row_counts(self, link, cursor, kind):
        make(cursor, "counted", "a INT")
        self.assertEqual(3, cursor.execute("INSERT INTO counted VALUES (1), (2), (3)").rowcount)
        self.assertEqual(2, cursor.execute("UPDATE counted SET a = 9 WHERE a > ?", 1).rowcount)
        self.assertEqual(0, cursor.execute("DELETE FROM counted WHERE a = 77").rowcount)


class Catalog(unittest.TestCase):
    @everywhere
    def test_tables_columns_and_keys(self, link, cursor, kind):
        cursor.execute("DROP TABLE IF EXISTS child")
        make(cursor, "parent", "a INT, b INT, name VARCHAR(20), PRIMARY KEY (a, b), KEY k (name)")
        make(
            cursor,
            "child",
            "id INT AUTO_INCREMENT PRIMARY KEY, pa INT, pb INT, d DECIMAL(8,3) NOT NULL DEFAULT 1, "
            "CONSTRAINT of_parent FOREIGN KEY (pa, pb) REFERENCES parent (a, b) ON DELETE CASCADE",
        )
        cursor.execute("CREATE OR REPLACE VIEW parents AS SELECT a FROM parent")
        found = {row.table_name: row.table_type for row in cursor.tables(table="paren%")}
        self.assertEqual({"parent": "TABLE", "parents": "VIEW"}, found)
        found = [row.table_name for row in cursor.tables(table="paren%", tableType="VIEW")]
        self.assertEqual(["parents"], found)
        self.assertEqual([], cursor.tables(table="not_there").fetchall())
        self.assertEqual(
            [
                ("id", "INTEGER", 10, 1),
                ("pa", "INTEGER", 10, 1),
                ("pb", "INTEGER", 10, 1),
                ("d", "DECIMAL", 8, 0),
            ],
            [
                (row.column_name, row.type_name, row.column_size, row.nullable)
                for row in cursor.columns(table="child")
            ],
        )
        self.assertEqual(
            [("a", 1), ("b", 2)],
            [(row.column_name, row.key_seq) for row in cursor.primaryKeys("parent")],
        )
        wanted = [("parent", "a", "child", "pa", 1), ("parent", "b", "child", "pb", 2)]
        for arguments in ({"table": "parent"}, {"foreignTable": "child"}):
            got = cursor.foreignKeys(**arguments).fetchall()
            self.assertEqual(
                wanted,
                [
                    (r.pktable_name, r.pkcolumn_name, r.fktable_name, r.fkcolumn_name, r.key_seq)
                    for r in got
                ],
            )
            self.assertEqual(["of_parent"] * 2, [row.fk_name for row in got])
            self.assertEqual([0, 0], [row.delete_rule for row in got], "SQL_CASCADE")
        self.assertEqual(
            [("PRIMARY", 0, "a"), ("PRIMARY", 0, "b"), ("k", 1, "name")],
            [
                (row.index_name, row.non_unique, row.column_name)
                for row in cursor.statistics("parent")
                if row.index_name
            ],
        )
        unique = {r.index_name for r in cursor.statistics("parent", unique=True) if r.index_name}
        self.assertEqual({"PRIMARY"}, unique)
        self.assertEqual(["a", "b"], [row.column_name for row in cursor.rowIdColumns("parent")])

    @everywhere
    def test_procedures(self, link, cursor, kind):
        cursor.execute("DROP PROCEDURE IF EXISTS listed")
        cursor.execute("CREATE PROCEDURE listed(IN a INT, OUT b VARCHAR(9)) SET b = a")
        self.assertEqual(["listed"], [r.procedure_name for r in cursor.procedures("listed")])
        self.assertEqual(
            [("a", 1), ("b", 4)],
            [(r.column_name, r.column_type) for r in cursor.procedureColumns("listed")],
        )

    @everywhere
    def test_type_info(self, link, cursor, kind):
        every = {(row.type_name, row.data_type) for row in cursor.getTypeInfo()}
        for name, number in (
            ("INTEGER", pyodbc.SQL_INTEGER),
            ("BIGINT", pyodbc.SQL_BIGINT),
            ("VARCHAR", pyodbc.SQL_WVARCHAR),
            ("DECIMAL", pyodbc.SQL_DECIMAL),
            ("LONGBLOB", pyodbc.SQL_LONGVARBINARY),
            ("DATE", pyodbc.SQL_TYPE_DATE),
            ("TIME", pyodbc.SQL_TYPE_TIME),
        ):
            self.assertIn((name, number), every)
        only = cursor.getTypeInfo(pyodbc.SQL_BIGINT).fetchall()
        self.assertEqual({pyodbc.SQL_BIGINT}, {row.data_type for row in only})

    @everywhere
    def test_get_info(self, link, cursor, kind):
        name = link.getinfo(pyodbc.SQL_DBMS_NAME)
        self.assertEqual({"mariadb": "MariaDB", "mysql56": "MySQL"}[kind], name)
        self.assertEqual("libmyfabricodbc.so", link.getinfo(pyodbc.SQL_DRIVER_NAME))
        self.assertEqual("03.80", link.getinfo(pyodbc.SQL_DRIVER_ODBC_VER))
        self.assertEqual("`", link.getinfo(pyodbc.SQL_IDENTIFIER_QUOTE_CHAR))


class Errors(unittest.TestCase):
    @everywhere
    def test_classes_and_states(self, link, cursor, kind):
        make(cursor, "unique_ones", "a INT PRIMARY KEY, b INT NOT NULL")
        cursor.execute("INSERT INTO unique_ones VALUES (1, 1)")
        for statement, parameters, error, state, number in (
            ("INSERT INTO unique_ones VALUES (1, 1)", (), pyodbc.IntegrityError, "23000", 1062),
            ("INSERT INTO unique_ones VALUES (?, 1)", (1,), pyodbc.IntegrityError, "23000", 1062),
            (
                "INSERT INTO unique_ones VALUES (2, ?)",
                (None,),
                pyodbc.IntegrityError,
                "23000",
                1048,
            ),
            ("SELEKT 1", (), pyodbc.ProgrammingError, "42000", 1064),
            ("SELEKT ?", (1,), pyodbc.ProgrammingError, "42000", 1064),
            ("SELECT * FROM nowhere", (), pyodbc.ProgrammingError, "42S02", 1146),
            ("SELECT nothing FROM unique_ones", (), pyodbc.ProgrammingError, "42S22", 1054),
            ("CREATE TABLE unique_ones (a INT)", (), pyodbc.ProgrammingError, "42S01", 1050),
        ):
            with self.subTest(server=kind, statement=statement):
                with self.assertRaises(error) as caught:
                    cursor.execute(statement, *parameters)
                self.assertEqual(state, caught.exception.args[0])
                self.assertIn(f"({number})", caught.exception.args[1])
                self.assertIn("[MyFabric][ODBC Driver]", caught.exception.args[1])
                self.assertEqual(1, cursor.execute("SELECT 1").fetchval())

    @everywhere
    def test_read_only_connections_refuse_to_write(self, link, cursor, kind):
        make(cursor, "kept", "a INT")
        for autocommit in (False, True):
            with self.subTest(server=kind, autocommit=autocommit):
                reader = pyodbc.connect(f"DSN={kind}", readonly=True, autocommit=autocommit)
                self.assertEqual(0, reader.execute("SELECT COUNT(*) FROM kept").fetchval())
                with self.assertRaises(pyodbc.Error) as caught:
                    reader.execute("INSERT INTO kept VALUES (1)")
                self.assertEqual("25006", caught.exception.args[0])
                reader.close()
        self.assertEqual(0, cursor.execute("SELECT COUNT(*) FROM kept").fetchval())

    @everywhere
    def test_wrong_password(self, link, cursor, kind):
        with self.assertRaises(pyodbc.InterfaceError) as caught:
            pyodbc.connect(f"DSN={kind};PWD=not-the-password")
        self.assertEqual("28000", caught.exception.args[0])
        self.assertNotIn("not-the-password", str(caught.exception))

    def test_login_timeout_ends_the_wait_for_a_silent_server(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            begun = time.monotonic()
            with self.assertRaises(pyodbc.OperationalError) as caught:
                pyodbc.connect(f"DSN=mariadb;Port={silent.getsockname()[1]}", timeout=2)
            self.assertEqual("HYT00", caught.exception.args[0])
            # the client library waits twice for the greeting
            self.assertLess(time.monotonic() - begun, 6)

    def test_login_timeout_does_not_disturb_a_connection(self):
        for kind in programs.KINDS:
            with pyodbc.connect(f"DSN={kind}", timeout=2) as link:
                self.assertEqual(0, link.execute("SELECT SLEEP(3)").fetchval())

    @everywhere
    def test_cancel_ends_a_long_statement(self, link, cursor, kind):
        import threading

        timer = threading.Timer(0.5, cursor.cancel)
        timer.start()
        begun = time.monotonic()
        with self.assertRaises(pyodbc.Error) as caught:
            cursor.execute("SELECT COUNT(*), SLEEP(20) FROM information_schema.tables").fetchall()
            raise pyodbc.Error("HY008", "the server ended SLEEP early with a value")
        timer.join()
        self.assertEqual("HY008", caught.exception.args[0])
        self.assertLess(time.monotonic() - begun, 10)
        self.assertEqual(1, cursor.execute("SELECT 1").fetchval())


class OnTheFarm(unittest.TestCase):
    def setUp(self):
        self.farm = programs.World.current.farm

    def connect(self, source="orders", more="", **options):
        link = pyodbc.connect(f"DSN={source};{more}", autocommit=True, **options)
        self.addCleanup(link.close)
        return link

    def test_attributes_before_connecting(self):
        # pyodbc ends UTF-16 text with one zero byte only, so the texts bring their own end.
        for key, group in (("1", "shard1"), ("1000", "shard1"), ("1001", "shard2")):
            before = {FABRIC_TABLES: "shop.orders\0", FABRIC_SHARD_KEY: f"{key}\0"}
            link = self.connect("farm", attrs_before=before)
            self.assertEqual(group, link.execute(WHERE).fetchval())
        link = self.connect("farm", attrs_before={FABRIC_GROUP: "shard2\0"})
        self.assertEqual("shard2", link.execute(WHERE).fetchval())

    def test_attributes_of_the_data_source(self):
        # unixODBC hands DMConnAttr on to ODBC 3 programs that call SQLDriverConnect
        for name, attributes, group in (
            (
                "by_key",
                f"[{FABRIC_TABLES}]={{shop.orders}};[{FABRIC_SHARD_KEY}]={{1001}}",
                "shard2",
            ),
            ("by_group", f"[{FABRIC_GROUP}]={{shard1}}", "shard1"),
        ):
            with self.subTest(attributes=attributes):
                keys = programs.farm_keys(self.farm, DMConnAttr=attributes)
                programs.World.current.folder.add(name, keys)
                self.assertEqual(group, self.connect(name).execute(WHERE).fetchval())

    def test_connection_string_without_a_data_source(self):
        keys = programs.farm_keys(self.farm, Group="shard2")
        with pyodbc.connect(programs.connection_string(keys)) as link:
            self.assertEqual("shard2", link.execute(WHERE).fetchval())

    def test_mode_by_attribute(self):
        link = self.connect()
        link.set_attr(FABRIC_MODE, READONLY)
        row = link.execute("CALL fabric.server()").fetchone()
        self.assertEqual(("shard1", "SECONDARY"), (row.group, row.status))
        with self.assertRaises(pyodbc.Error):
            link.execute("INSERT INTO journal VALUES (-1, 0, 'never')")
        link.set_attr(FABRIC_MODE, READWRITE)
        row = link.execute("CALL fabric.server()").fetchone()
        self.assertEqual((self.farm.find("shard1"), "PRIMARY"), (row.uuid, row.status))

    def test_switching_by_sql_text(self):
        link = self.connect()
        cursor = link.cursor()
        for statement, parameters, group in (
            ("CALL fabric.use_shard('shop.orders', 1001)", (), "shard2"),
            ("CALL fabric.use_shard('shop.orders', ?)", (7,), "shard1"),
            ("{call fabric.use_shard(?, ?)}", ("shop.orders", "2000"), "shard2"),
            ("CALL fabric.use_shard('shop.users', 'anna')", (), "shard1"),
            ("CALL fabric.use_shard('shop.users', ?)", ("zoe",), "shard2"),
            ("CALL fabric.use_group('global')", (), "global"),
            ("CALL fabric.use_group(?)", ("shard1",), "shard1"),
            ("CALL fabric.use_global('shop.orders')", (), "global"),
        ):
            with self.subTest(statement=statement, parameters=parameters):
                cursor.execute(statement, *parameters)
                self.assertEqual(group, cursor.execute(WHERE).fetchval())

    def test_rows_of_each_shard(self):
        cursor = self.connect().cursor()
        for key in (1, 5, 1001, 1005):
            cursor.execute("CALL fabric.use_shard('shop.orders', ?)", key)
            row = cursor.execute(
                "SELECT item, amount FROM orders WHERE customer_id = ?", key
            ).fetchone()
            self.assertEqual((f"item {key}", decimal.Decimal(key * 125) / 100), tuple(row))

    def test_a_transaction_forbids_to_switch(self):
        link = self.connect()
        link.autocommit = False
        link.execute("INSERT INTO journal VALUES (-2, 0, 'x')")
        with self.assertRaises(pyodbc.Error) as caught:
            link.execute("CALL fabric.use_shard('shop.orders', 1001)")
        self.assertEqual("25000", caught.exception.args[0])
        link.rollback()
        link.execute("CALL fabric.use_shard('shop.orders', 1001)")
        self.assertEqual("shard2", link.execute(WHERE).fetchval())

    def test_an_impossible_key_keeps_the_target(self):
        link = self.connect()
        with self.assertRaises(pyodbc.Error) as caught:
            link.execute("CALL fabric.use_shard('shop.orders', 0)")
        self.assertEqual("08004", caught.exception.args[0])
        self.assertIn("'0'", caught.exception.args[1])
        self.assertEqual("shard1", link.execute(WHERE).fetchval())

    def test_catalog_of_a_shard(self):
        cursor = self.connect().cursor()
        names = {row.table_name for row in cursor.tables(tableType="TABLE")}
        self.assertLessEqual({"countries", "orders", "sessions", "events", "users"}, names)
        keys = [row.column_name for row in cursor.primaryKeys("orders")]
        self.assertEqual(["order_id"], keys)


class TheFarmLosesAServer(unittest.TestCase):
    """Each test kills the primary of a group of its own."""

    MORE = "Attempts=20;ReportErrors=failure"

    def lose(self, group, link):
        farm = programs.World.current.farm
        killed = farm.kill(group)
        self.addCleanup(farm.rejoin, killed)
        return killed

    def test_statements_go_on_after_the_primary_was_killed(self):
        link = pyodbc.connect(f"DSN=orders;{self.MORE}", autocommit=True)
        self.addCleanup(link.close)
        cursor = link.cursor()
        cursor.execute("INSERT INTO journal VALUES (?, 1, 'before')", 501)
        killed = self.lose("shard1", link)
        rows = cursor.execute("SELECT id, body FROM journal WHERE id = ?", 501).fetchall()
        self.assertEqual([(501, "before")], [tuple(row) for row in rows])
        cursor.execute("INSERT INTO journal VALUES (?, 1, 'after')", 502)
        row = cursor.execute("CALL fabric.server()").fetchone()
        self.assertEqual(("shard1", "PRIMARY"), (row.group, row.status))
        self.assertNotEqual(killed, row.uuid)
        self.assertEqual(
            2, cursor.execute("SELECT COUNT(*) FROM journal WHERE id > 500").fetchval()
        )

    def test_a_transaction_is_to_be_run_again(self):
        keys = f"DSN=orders;ShardKey=1001;{self.MORE}"
        link = pyodbc.connect(keys, autocommit=False)
        self.addCleanup(link.close)
        cursor = link.cursor()
        cursor.execute("INSERT INTO journal VALUES (601, 1, 'lost')")
        self.lose("shard2", link)
        with self.assertRaises(pyodbc.Error) as caught:
            cursor.execute("INSERT INTO journal VALUES (602, 1, 'lost')")
        self.assertEqual("40001", caught.exception.args[0])
        link.rollback()
        cursor.execute("INSERT INTO journal VALUES (603, 1, 'kept')")
        link.commit()
        rows = cursor.execute("SELECT id FROM journal WHERE id > 600").fetchall()
        self.assertEqual([603], [row.id for row in rows])


if __name__ == "__main__":
    unittest.main(verbosity=2)
