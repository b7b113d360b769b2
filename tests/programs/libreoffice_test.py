"""LibreOffice Base, headless, through UNO: tables with all types are opened, scrolled, edited.

By hand, as the office is large:  apt-get install --no-install-recommends libreoffice-base python3-uno
    MYFABRIC_DRIVER=build/dev/driver/libmyfabricodbc.so /usr/bin/python3 tests/programs/libreoffice_test.py
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import uno

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import programs  # noqa: E402

TEXT = "é日本😀"
TABLE = "CREATE TABLE animals (id INT PRIMARY KEY, "
TABLE += (
    "ut TINYINT UNSIGNED, t TINYINT, us SMALLINT UNSIGNED, um MEDIUMINT UNSIGNED, ui INT UNSIGNED, "
    "ub BIGINT UNSIGNED, b BIGINT, price DECIMAL(12,3), d DOUBLE, f FLOAT, born DATE, tm TIME, "
    "at DATETIME(3), ts TIMESTAMP NULL, note TEXT, lt LONGTEXT, v VARCHAR(30), c CHAR(5), "
    "vb VARBINARY(10), bl BLOB, e ENUM('a','b'), s SET('x','y'), bt BIT(8), y YEAR) CHARSET utf8mb4"
)
FULL = (
    f"(1, 200, -5, 65535, 16777215, 4000000000, 18446744073709551615, -9000000000, -12.500, 1.5, "
    "2.5, '2020-02-29', '12:34:56', '2021-01-02 03:04:05.678', '2021-01-02 03:04:05', 'n', 'long', "
    f"'{TEXT}', 'ab', x'00ff', x'01', 'b', 'x,y', b'10000001', 2021)"
)
NULLS = f"(2{', NULL' * 24})"
LAST = FULL.replace("(1, 200", "(3, 255").replace("18446744073709551615", "9223372036854775808")
SHOWN = {
    "ut": "200", "t": "-5", "us": "65535", "um": "16777215", "ui": "4000000000",
    "ub": "18446744073709551615", "b": "-9000000000", "price": "-12.500", "d": "1.5", "f": "2.5",
    "born": "2020-02-29", "tm": "12:34:56.000000000", "at": "2021-01-02 03:04:05.678000000",
    "note": "n", "lt": "long", "v": TEXT, "c": "ab", "e": "b", "s": "x,y", "y": "2021",
}  # fmt: skip


class Office:
    """An office of its own: a profile in a temporary folder, reached over a pipe."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="myfabric-office-")
        pipe = f"myfabric{os.getpid()}"
        self.process = subprocess.Popen(
            [
                "soffice",
                "--headless",
                "--norestore",
                "--nologo",
                "--nodefault",
                f"--accept=pipe,name={pipe};urp;",
                f"-env:UserInstallation=file://{self.profile}",
            ],
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext(
            "com.sun.star.bridge.UnoUrlResolver", local
        )
        end = time.monotonic() + 90
        while True:
            try:
                self.context = resolver.resolve(
                    f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
                )
                return
            except Exception:  # UNO's own exceptions; the office is not there yet
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)

    def service(self, name):
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def connect(self, source):
        database = self.service("com.sun.star.sdb.DatabaseContext").createInstance()
        database.URL = f"sdbc:odbc:{source}"
        return database.getConnection("", "")

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)
        shutil.rmtree(self.profile, ignore_errors=True)


def setUpModule():
    programs.start_world(280, with_farm=False)
    Base.office = Office()


def tearDownModule():
    Base.office.stop()
    programs.stop_world()


class Base(unittest.TestCase):
    office = None

    def on_each(self, body):
        for kind in programs.KINDS:
            with self.subTest(kind=kind):
                with programs.World.current.servers[kind].connect() as session:
                    session.query("DROP TABLE IF EXISTS animals, kinds")
                    session.query(TABLE)
                    session.query(f"INSERT INTO animals VALUES {FULL}, {NULLS}, {LAST}")
                    session.query("CREATE TABLE kinds (id INT PRIMARY KEY, name VARCHAR(20))")
                    session.query("INSERT INTO kinds VALUES (1, 'ox'), (3, 'hen')")
                connection = self.office.connect(kind)
                try:
                    body(connection)
                finally:
                    connection.close()

    def rows(self, connection, command, kind=0):
        row_set = self.office.service("com.sun.star.sdb.RowSet")
        row_set.ActiveConnection = connection
        row_set.CommandType = kind  # 0: a table, 2: SQL
        row_set.Command = command
        row_set.EscapeProcessing = kind == 0  # the office does not parse the SQL
        row_set.execute()
        return row_set

    def test_every_type_is_shown_as_it_is(self):
        def body(connection):
            rows = self.rows(connection, "test.animals")
            names = list(rows.getColumns().getElementNames())
            self.assertTrue(rows.first())
            shown = {name: rows.getString(names.index(name) + 1) for name in SHOWN}
            self.assertEqual(shown, SHOWN)
            self.assertTrue(rows.next())
            for name in SHOWN:
                rows.getString(names.index(name) + 1)
                self.assertTrue(rows.wasNull(), name)
            self.assertTrue(rows.last())
            self.assertEqual(rows.getString(names.index("ub") + 1), "9223372036854775808")
            self.assertTrue(rows.absolute(1))
            self.assertEqual(rows.getInt(1), 1)

        self.on_each(body)

    def test_rows_are_changed_inserted_and_deleted(self):
        def body(connection):
            rows = self.rows(connection, "test.animals")
            at = {n: i + 1 for i, n in enumerate(rows.getColumns().getElementNames())}
            rows.first()
            rows.updateString(at["v"], "neu é")
            rows.updateInt(at["t"], -7)
            rows.updateRow()
            rows.moveToInsertRow()
            rows.updateInt(1, 10)
            rows.updateInt(at["ut"], 201)
            rows.updateString(at["v"], TEXT)
            rows.insertRow()
            rows.absolute(2)
            rows.deleteRow()
            found = self.rows(connection, "SELECT id, v, t, ut FROM test.animals ORDER BY id", 2)
            seen = []
            while found.next():
                seen.append([found.getString(column) for column in range(1, 5)])
            self.assertEqual(
                seen, [["1", "neu é", "-7", "200"], ["3", TEXT, "-5", "255"], ["10", TEXT, "", "201"]]
            )

        self.on_each(body)

    def test_a_join_is_shown(self):
        def body(connection):
            sql = "SELECT a.id, k.name FROM test.animals a JOIN test.kinds k ON k.id = a.id ORDER BY 1"
            rows = self.rows(connection, sql, 2)
            seen = []
            while rows.next():
                seen.append((rows.getInt(1), rows.getString(2)))
            self.assertEqual(seen, [(1, "ox"), (3, "hen")])

        self.on_each(body)


if __name__ == "__main__":
    unittest.main()
