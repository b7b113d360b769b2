"""Qt 6's QODBC through PyQt: tables, table and relational models, edited, with Qt's recipe."""

import os
import sys
import unittest

from PyQt6 import QtCore, QtSql

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import programs  # noqa: E402

TEXT = "é日本😀"
# What Qt needs: it asks for TINYINT as unsigned, knows last insert ids of "MySQL" only, and counts
# the NUL of its texts.
RECIPE = {"WrapIntegers": 1, "Server_Name": "MySQL", "TrimNul": 1}
COLUMNS = (
    "id INT AUTO_INCREMENT PRIMARY KEY, kind INT, tiny TINYINT, small SMALLINT, big BIGINT, "
    "price DECIMAL(8,2), d DOUBLE, born DATE, at DATETIME(3), note TEXT, bytes BLOB, "
    "e ENUM('a','b')"
)
ROWS = (
    f"(1, 1, -5, -300, -9000000000, -12.50, 1.5, '2020-02-29', '2021-01-02 03:04:05.678', '{TEXT}', "
    "x'00ff', 'b'), (2, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)"
)
OnManualSubmit = QtSql.QSqlTableModel.EditStrategy.OnManualSubmit
application = QtCore.QCoreApplication([])


def setUpModule():
    world = programs.start_world(150, with_farm=False)
    for kind in programs.KINDS:
        with world.servers[kind].connect() as session:
            session.query("CREATE TABLE kinds (id INT PRIMARY KEY, name VARCHAR(20)) CHARSET utf8mb4")
            session.query(f"INSERT INTO kinds VALUES (1, 'ox'), (2, '{TEXT}')")


def tearDownModule():
    programs.stop_world()


def value(model, row, name):
    return model.data(model.index(row, model.fieldIndex(name)))


class Qt(unittest.TestCase):
    def on_each(self, body):
        for kind in programs.KINDS:
            with self.subTest(kind=kind):
                server = programs.World.current.servers[kind]
                with server.connect() as session:
                    session.query("DROP TABLE IF EXISTS animals")
                    session.query(f"CREATE TABLE animals ({COLUMNS}) CHARACTER SET utf8mb4")
                    session.query(f"INSERT INTO animals VALUES {ROWS}")
                name = f"{self.id()} {kind}"
                database = QtSql.QSqlDatabase.addDatabase("QODBC", name)
                database.setDatabaseName(
                    programs.connection_string(programs.server_keys(server, **RECIPE))
                )
                self.assertTrue(database.open(), database.lastError().text())
                try:
                    body(database)
                finally:
                    database.close()

    def table(self, database):
        model = QtSql.QSqlTableModel(None, database)
        model.setTable("animals")
        model.setEditStrategy(OnManualSubmit)
        self.assertTrue(model.select(), model.lastError().text())
        return model

    def test_tables_and_keys_are_listed(self):
        def body(database):
            self.assertEqual(sorted(database.tables()), ["animals", "kinds"])
            self.assertEqual(database.primaryIndex("animals").fieldName(0), "id")

        self.on_each(body)

    def test_a_model_shows_every_type(self):
        def body(database):
            model = self.table(database)
            self.assertEqual(model.rowCount(), 2)
            self.assertEqual(value(model, 0, "tiny"), 2**32 - 5)  # unsigned, as Qt asks for it
            self.assertEqual(value(model, 0, "small"), -300)
            self.assertEqual(value(model, 0, "big"), -9000000000)
            self.assertEqual(value(model, 0, "price"), -12.5)
            self.assertEqual(value(model, 0, "born"), QtCore.QDate(2020, 2, 29))
            self.assertEqual(value(model, 0, "at").time(), QtCore.QTime(3, 4, 5, 678))
            self.assertEqual(value(model, 0, "note"), TEXT)
            self.assertEqual(bytes(value(model, 0, "bytes")), b"\x00\xff")
            self.assertEqual(value(model, 0, "e"), "b")
            for name in ("tiny", "price", "born", "note", "bytes"):
                self.assertTrue(model.record(1).isNull(name), name)

        self.on_each(body)

    def test_rows_are_changed_inserted_and_removed(self):
        def body(database):
            model = self.table(database)
            changes = {"tiny": -7, "price": "3.25", "note": f"neu {TEXT}", "e": "a"}
            for name, new in changes.items():
                self.assertTrue(model.setData(model.index(0, model.fieldIndex(name)), new))
            self.assertTrue(model.submitAll(), model.lastError().text())
            self.assertTrue(model.insertRows(2, 1))
            for name, new in {"kind": 2, "small": -3, "note": "new"}.items():
                self.assertTrue(model.setData(model.index(2, model.fieldIndex(name)), new))
            self.assertTrue(model.submitAll(), model.lastError().text())
            self.assertTrue(model.removeRows(1, 1))
            self.assertTrue(model.submitAll(), model.lastError().text())
            query = QtSql.QSqlQuery(database)
            query.exec("SELECT CONCAT_WS(' ', kind, tiny, small, price, note, e) FROM animals ORDER BY id")
            rows = []
            while query.next():
                rows.append(query.value(0))
            self.assertEqual(rows, [f"1 -7 -300 3.25 neu {TEXT} a", "2 -3 new"])

        self.on_each(body)

    def test_a_relational_model_shows_the_other_tables_names(self):
        def body(database):
            model = QtSql.QSqlRelationalTableModel(None, database)
            model.setTable("animals")
            model.setRelation(1, QtSql.QSqlRelation("kinds", "id", "name"))
            self.assertTrue(model.select(), model.lastError().text())
            self.assertEqual([model.data(model.index(row, 1)) for row in range(2)], ["ox", TEXT])

        self.on_each(body)

    def test_texts_bound_to_numbers_arrive_without_their_nul(self):
        def body(database):
            query = QtSql.QSqlQuery(database)
            query.prepare("INSERT INTO animals (kind, price, d, note, e) VALUES (?, ?, ?, ?, ?)")
            for one in ("1", "2.5", "1.25", TEXT, "b"):
                query.addBindValue(one)
            self.assertTrue(query.exec(), query.lastError().text())
            self.assertEqual(query.lastInsertId(), 3)
            query.exec("SELECT kind, price, d, HEX(note), e FROM animals WHERE id = 3")
            self.assertTrue(query.next())
            self.assertEqual(
                [query.value(at) for at in range(5)],
                [1, 2.5, 1.25, TEXT.encode().hex().upper(), "b"],
            )

        self.on_each(body)


if __name__ == "__main__":
    unittest.main()
