"""GDAL's ODBC driver by ogrinfo and ogr2ogr, with GDAL's recipe."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import programs  # noqa: E402

TEXT = "é日本😀"
# It quotes names by ", and does not look at the sign of a column.
RECIPE = {"UnsignedAs": "wider", "InitStmt": "SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')"}


def setUpModule():
    world = programs.start_world(100, with_farm=False)
    for kind in programs.KINDS:
        world.folder.add(kind, programs.server_keys(world.servers[kind], **RECIPE))
        with world.servers[kind].connect() as session:
            session.query(
                "CREATE TABLE animals (id INT PRIMARY KEY, kind INT UNSIGNED, big BIGINT, "
                "price DECIMAL(8,2), born DATE, at DATETIME(3), note TEXT) CHARACTER SET utf8mb4"
            )
            session.query(
                "INSERT INTO animals VALUES (1, 4000000000, -9000000000, -12.50, '2020-02-29', "
                f"'2021-01-02 03:04:05.678', '{TEXT}'), (2, 2, NULL, NULL, NULL, NULL, NULL)"
            )


def tearDownModule():
    programs.stop_world()


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


class Gdal(unittest.TestCase):
    def test_a_table_is_listed_counted_and_shown(self):
        for kind in programs.KINDS:
            with self.subTest(kind=kind):
                shown = run("ogrinfo", "-ro", f"ODBC:{kind}", "animals")
                for part in (
                    "Feature Count: 2",
                    "kind (Integer64) = 4000000000",
                    "big (Integer64) = -9000000000",
                    "price (Real) = -12.50",
                    "born (Date) = 2020/02/29",
                    "at (DateTime) = 2021/01/02 03:04:05.678",
                    f"note (String) = {TEXT}",
                    "price (Real) = (null)",
                ):
                    self.assertIn(part, shown)

    def test_a_query_is_written_to_a_file(self):
        for kind in programs.KINDS:
            with self.subTest(kind=kind):
                sql = "SELECT id, kind, note FROM animals WHERE id = 1"
                written = run("ogr2ogr", "-f", "CSV", "/vsistdout/", f"ODBC:{kind}", "-sql", sql)
                self.assertEqual(written.replace('"', "").strip(), f"id,kind,note\n1,4000000000,{TEXT}")


if __name__ == "__main__":
    unittest.main()
