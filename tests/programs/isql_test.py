"""unixODBC's isql (ANSI functions) and iusql (wide ones): MariaDB, MySQL 5.6 and the farm."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import programs  # noqa: E402

TEXT = "é日本😀"
PROGRAMS = ("isql", "iusql")
PATIENCE = 60


def setUpModule():
    world = programs.start_world(550)
    for kind in programs.KINDS:
        with world.servers[kind].connect() as session:
            session.query(
                "CREATE TABLE animals (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, "
                "weight DECIMAL(8,2), born DATE) ENGINE=InnoDB CHARACTER SET utf8mb4"
            )
            session.query(
                f"INSERT INTO animals VALUES (1, '{TEXT}', 12.5, '2020-02-29'), "
                "(2, 'ox', NULL, NULL)"
            )


def tearDownModule():
    programs.stop_world()


class Output:
    """What a run printed and its exit status."""

    def __init__(self, done):
        self.status = done.returncode
        self.text = done.stdout.decode("utf-8", "replace")
        self.errors = done.stderr.decode("utf-8", "replace")
        self.lines = [line for line in self.text.splitlines() if line]

    def __str__(self):
        return f"exit status {self.status}\n{self.text}\n{self.errors}"


def run(program, source, *statements, options=("-v", "-d|"), login=()):
    done = subprocess.run(
        [program, source, *login, "-b", *options],
        input="".join(f"{statement}\n" for statement in statements).encode(),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return Output(done)


def everywhere(*names):
    """Runs the test with each of the programs on each kind of server."""

    def decorate(test):
        def run_all(self):
            for kind in programs.KINDS:
                for program in names:
                    with self.subTest(server=kind, program=program):
                        test(self, program, kind)

        run_all.__name__ = test.__name__
        return run_all

    return decorate


class OneServer(unittest.TestCase):
    """iusql makes one UTF-16 unit of each byte and back, so that texts beyond ASCII are for isql
    alone; it has neither -3 nor -k."""

    @everywhere("isql")
    def test_rows_with_nulls_and_utf8(self, program, kind):
        out = run(program, kind, "SELECT * FROM animals ORDER BY id")
        self.assertEqual(0, out.status, out)
        self.assertEqual([f"1|{TEXT}|12.50|2020-02-29", "2|ox||"], out.lines, out)

    @everywhere("iusql")
    def test_rows_with_nulls_by_wide_entry_points(self, program, kind):
        out = run(program, kind, "SELECT * FROM animals WHERE id = 2")
        self.assertEqual(["2|ox||"], out.lines, out)
        out = run(program, kind, "SELECT * FROM animals WHERE name = 'ox'", "SELECT 'on', NULL")
        self.assertEqual(["2|ox||", "on|"], out.lines, out)

    @everywhere("iusql")
    def test_errors_by_wide_entry_points(self, program, kind):
        out = run(program, kind, "SELECT * FROM nowhere", "SELECT 'on'")
        self.assertIn("[MyFabric][ODBC Driver]", out.text)
        self.assertIn("Table 'test.nowhere' doesn't exist", out.text)
        self.assertIn("on", out.lines)

    @everywhere("isql")
    def test_utf8_in_the_statement(self, program, kind):
        out = run(program, kind, f"SELECT id FROM animals WHERE name = '{TEXT}'")
        self.assertEqual(["1"], out.lines, out)

    @everywhere(*PROGRAMS)
    def test_column_names_on_request(self, program, kind):
        out = run(program, kind, "SELECT id, name FROM animals", options=("-v", "-d|", "-c"))
        self.assertEqual("id|name", out.lines[0], out)

    @everywhere(*PROGRAMS)
    def test_table_output_counts_the_rows(self, program, kind):
        out = run(program, kind, "SELECT id, name FROM animals ORDER BY id", options=("-v",))
        self.assertIn("2 rows fetched", out.text)
        self.assertIn("| ox ", out.text)

    @everywhere("isql")
    def test_html_output(self, program, kind):
        out = run(program, kind, "SELECT name FROM animals WHERE id = 1", options=("-v", "-w"))
        self.assertIn("<table BORDER>", out.text)
        self.assertIn(TEXT, out.text)

    @everywhere("isql")
    def test_errors_show_state_and_server_text(self, program, kind):
        for statement, state, said in (
            ("bogus", "42000", "You have an error in your SQL syntax"),
            ("SELECT * FROM nowhere", "42S02", "Table 'test.nowhere' doesn't exist"),
            ("SELECT nothing FROM animals", "42S22", "Unknown column 'nothing'"),
            ("INSERT INTO animals VALUES (1, 'x', 1, NULL)", "23000", "Duplicate entry '1'"),
        ):
            # as an ODBC 3 program
            out = run(program, kind, statement, "SELECT 'on'", options=("-v", "-d|", "-3"))
            self.assertIn(f"[{state}][MyFabric][ODBC Driver]", out.text)
            self.assertIn(said, out.text)
            self.assertIn("on", out.lines, "the next statement runs all the same")

    def test_an_odbc_2_program_gets_the_states_of_odbc_2(self):
        for kind in programs.KINDS:
            for statement, state in (
                ("bogus", "37000"),
                ("SELECT * FROM nowhere", "S0002"),
                ("SELECT nothing FROM animals", "S0022"),
            ):
                out = run("isql", kind, statement)
                self.assertIn(f"[{state}][MyFabric]", out.text)

    @everywhere(*PROGRAMS)
    def test_changes_are_seen_by_the_next_statement(self, program, kind):
        out = run(
            program,
            kind,
            "CREATE TABLE changing (a INT)",
            "INSERT INTO changing VALUES (1), (2)",
            "UPDATE changing SET a = a + 10",
            "SELECT SUM(a) FROM changing",
            "DROP TABLE changing",
        )
        self.assertEqual(0, out.status, out)
        self.assertEqual(["23"], out.lines, out)

    @everywhere(*PROGRAMS)
    def test_help_lists_the_tables(self, program, kind):
        out = run(program, kind, "help")
        self.assertIn("test||animals|TABLE|", out.lines, out)

    @everywhere(*PROGRAMS)
    def test_help_of_a_table_lists_its_columns_in_order(self, program, kind):
        out = run(program, kind, "help animals")
        columns = [line.split("|") for line in out.lines]
        self.assertEqual(
            [("id", "INTEGER"), ("name", "VARCHAR"), ("weight", "DECIMAL"), ("born", "DATE")],
            [(column[3], column[5]) for column in columns],
            out,
        )
        self.assertEqual(["1", "2", "3", "4"], [column[16] for column in columns], out)
        self.assertEqual(["NO", "NO", "YES", "YES"], [column[17] for column in columns], out)

    @everywhere(*PROGRAMS)
    def test_user_and_password_of_the_command_line_win(self, program, kind):
        out = run(program, kind, "SELECT CURRENT_USER()", login=("fabric", "fabric"))
        self.assertEqual("fabric@", out.lines[0][:7], out)

    @everywhere(*PROGRAMS)
    def test_exit_status_of_failed_connections(self, program, kind):
        out = run(program, kind, "SELECT 1", login=("app", "not-the-password"))
        self.assertEqual(1, out.status, out)
        self.assertNotIn("not-the-password", str(out))
        self.assertIn("Access denied for user 'app'", out.text)

    def test_unknown_data_source(self):
        out = run("isql", "nowhere", "SELECT 1")
        self.assertEqual(1, out.status, out)
        self.assertIn("[IM002]", out.text)


class OnTheFarm(unittest.TestCase):
    WHERE = "SELECT group_id FROM whereami"

    def test_the_data_source_names_the_shard(self):
        for program in PROGRAMS:
            with self.subTest(program=program):
                out = run(program, "orders", self.WHERE)
                self.assertEqual(["shard1"], out.lines, out)

    def test_without_a_target_the_error_says_what_to_add(self):
        out = run("isql", "farm", "SELECT 1")
        self.assertEqual(1, out.status, out)
        self.assertIn("add Group=, or Tables= with ShardKey=", out.text)

    def test_switching_by_sql_text(self):
        for program in PROGRAMS:
            with self.subTest(program=program):
                out = run(
                    program,
                    "orders",
                    "CALL fabric.use_shard('shop.orders', 1001)",
                    self.WHERE,
                    "CALL fabric.use_group('global')",
                    self.WHERE,
                    "{call fabric.use_shard('shop.orders', '5')}",
                    self.WHERE,
                )
                self.assertEqual(["shard2", "global", "shard1"], out.lines, out)

    def test_the_driver_tells_the_current_server(self):
        primary = programs.World.current.farm.find("shard2")
        port = programs.World.current.farm.member(primary)["port"]
        for program in PROGRAMS:
            with self.subTest(program=program):
                out = run(
                    program,
                    "orders",
                    "CALL fabric.use_shard('shop.orders', 1001)",
                    "CALL fabric.server()",
                    options=("-v", "-d|", "-c"),
                )
                self.assertIn("uuid|host|port|group|shard|mode|status|weight|since", out.lines)
                self.assertIn(f"{primary}|127.0.0.1|{port}|shard2|", out.text)

    def test_a_key_out_of_every_range_keeps_the_target(self):
        out = run("isql", "orders", "CALL fabric.use_shard('shop.orders', 0)", self.WHERE)
        self.assertIn("[08004]", out.text)
        self.assertIn("'0'", out.text)
        self.assertIn("shard1", out.lines)

    def test_rows_of_the_other_shard(self):
        out = run(
            "isql",
            "orders",
            "SELECT customer_id, amount FROM orders ORDER BY customer_id LIMIT 1",
            "CALL fabric.use_shard('shop.orders', 1003)",
            "SELECT customer_id, amount FROM orders ORDER BY customer_id LIMIT 1",
        )
        self.assertEqual(["1|1.25", "1001|1251.25"], out.lines, out)

    def test_help_on_a_shard(self):
        out = run("isql", "orders", "help")
        for table in ("countries", "orders", "whereami"):
            self.assertIn(f"shop||{table}|TABLE|", out.lines)

    def test_attributes_of_the_data_source(self):
        # unixODBC hands DMConnAttr on to ODBC 3 programs only: -3
        farm, folder = programs.World.current.farm, programs.World.current.folder
        for name, attributes, group in (
            ("by_key", "[20003]={shop.orders};[20002]={1001}", "shard2"),
            ("by_group", "[20001]={shard1}", "shard1"),
        ):
            folder.add(name, programs.farm_keys(farm, DMConnAttr=attributes))
            for source, more in ((name, ("-3",)), (f"DSN={name}", ("-3", "-k"))):
                with self.subTest(source=source):
                    out = run("isql", source, self.WHERE, options=("-v", "-d|", *more))
                    self.assertEqual([group], out.lines, out)


if __name__ == "__main__":
    unittest.main(verbosity=2)
