"""What the scripts of tests/programs/scripts write and read back: a line per server type.

A line is TYPE, class and values, separated by tabs; a value is UTF-8 text or bytes in hexadecimal
digits. The scripts print a line "FAIL ..." for everything that is wrong, and "checked N" at last.
"""

import os
import subprocess
import unittest

import programs

SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scripts")
PATIENCE = 100
EMOJI = "Zoë 日本 😀👩‍👩‍👧"

INTEGER, DECIMAL, REAL, TEXT, BINARY, MOMENT = (
    "integer decimal real text binary moment".split()
)
EVERYWHERE = [
    ("TINYINT", INTEGER, ["-128", "0", "127"]),
    ("TINYINT UNSIGNED", INTEGER, ["0", "255"]),
    ("SMALLINT", INTEGER, ["-32768", "32767"]),
    ("SMALLINT UNSIGNED", INTEGER, ["0", "65535"]),
    ("MEDIUMINT", INTEGER, ["-8388608", "8388607"]),
    ("MEDIUMINT UNSIGNED", INTEGER, ["0", "16777215"]),
    ("INT", INTEGER, ["-2147483648", "0", "2147483647"]),
    ("INT UNSIGNED", INTEGER, ["0", "4294967295"]),
    ("BIGINT", INTEGER, ["-9223372036854775808", "9223372036854775807"]),
    ("BIGINT UNSIGNED", INTEGER, ["0", "9223372036854775807", "18446744073709551615"]),
    ("YEAR", INTEGER, ["1901", "2155"]),
    ("DECIMAL(10,2)", DECIMAL, ["-12345678.90", "0.00", "0.01"]),
    ("DECIMAL(65,30)", DECIMAL, ["-" + "9" * 35 + "." + "9" * 30, "1." + "0" * 29 + "1"]),
    ("DECIMAL(20,0) UNSIGNED", DECIMAL, ["0", "99999999999999999999"]),
    ("FLOAT", REAL, ["-1.5", "0", "0.25", "123456"]),
    ("DOUBLE", REAL, ["-1.5", "0.1", "1.7976931348623157e308", "2.2250738585072014e-308"]),
    ("BIT(1)", BINARY, [b"\0", b"\1"]),
    ("BIT(12)", BINARY, [b"\x0a\xbc"]),
    ("BIT(64)", BINARY, [b"\xff" * 8]),
    ("DATE", MOMENT, ["1000-01-01", "2020-02-29", "9999-12-31"]),
    ("TIME", MOMENT, ["00:00:00", "23:59:59"]),
    ("TIME(6)", MOMENT, ["23:59:59.999999"]),
    ("DATETIME", MOMENT, ["1000-01-01 00:00:00", "9999-12-31 23:59:59"]),
    ("DATETIME(3)", MOMENT, ["2020-02-29 12:34:56.789"]),
    ("DATETIME(6)", MOMENT, ["9999-12-31 23:59:59.999999"]),
    ("TIMESTAMP NULL", MOMENT, ["1970-01-02 00:00:01"]),
    ("TIMESTAMP(6) NULL", MOMENT, ["2037-12-31 23:59:59.999999"]),
    ("CHAR(20)", TEXT, ["", "plain", "日本 😀"]),
    ("CHAR(4)", TEXT, ["😀😀😀😀"]),
    ("VARCHAR(3)", TEXT, ["日本😀", "😀😀😀"]),
    ("VARCHAR(60)", TEXT, ["", " blanks ", EMOJI, "quote ' and \\ and ?"]),
    ("VARCHAR(20) CHARACTER SET latin1", TEXT, ["Zoë €"]),
    ("VARCHAR(20) CHARACTER SET ucs2", TEXT, ["Zoë 日本"]),
    ("TINYTEXT", TEXT, [EMOJI]),
    ("TEXT", TEXT, [EMOJI * 100]),
    ("MEDIUMTEXT", TEXT, [EMOJI]),
    ("LONGTEXT", TEXT, ["", EMOJI]),
    ("BINARY(4)", BINARY, [b"\0\xff\x80\x01"]),
    ("VARBINARY(60)", BINARY, [b"\0\xff\x80", bytes(range(60))]),
    ("TINYBLOB", BINARY, [bytes(range(255))]),
    ("BLOB", BINARY, [bytes(range(256)) * 10]),
    ("MEDIUMBLOB", BINARY, [b"\0\1"]),
    ("LONGBLOB", BINARY, [bytes(range(256))]),
    ("ENUM('a','é','日 😀')", TEXT, ["a", "é", "日 😀"]),
    ("SET('x','y','ö')", TEXT, ["", "x,ö"]),
    # The server's own form of POINT(1 2): SRID, byte order, type, x, y
    (
        "GEOMETRY",
        BINARY,
        [bytes.fromhex("000000000101000000000000000000f03f0000000000000040")],
    ),
]
OF_MARIADB = [
    ("JSON", TEXT, ['{"a": [1, "😀"]}']),
    ("UUID", TEXT, ["c0a8012e-7b1f-4d3a-9a53-1f0e2d3c4b5a"]),
    ("INET6", TEXT, ["2001:db8::ff00:42:8329"]),
    ("INET4", TEXT, ["192.168.0.1"]),
]


def lines(kind):
    for column, family, values in EVERYWHERE + (OF_MARIADB if kind == "mariadb" else []):
        yield "\t".join(
            [column, family]
            + [(v if isinstance(v, bytes) else v.encode("utf-8")).hex() for v in values]
        )


def sample_count(kind):
    return sum(len(line.split("\t")) - 2 for line in lines(kind))


PROCEDURES = (
    "CREATE PROCEDURE two_results(IN least INT) BEGIN"
    " SELECT 1 AS a UNION ALL SELECT 2; SELECT CONCAT('é😀', least) AS b; END",
    "CREATE PROCEDURE doubled(IN a INT, INOUT b INT, OUT c VARCHAR(60) CHARACTER SET utf8mb4)"
    f" BEGIN SET b = a + b; SET c = CONCAT('{EMOJI} ', b); END",
    "CREATE PROCEDURE none() DO 0",
)


def set_up():
    """For setUpModule: servers with the procedures, and the files of samples."""
    world = programs.start_world(280, with_farm=False)
    for kind in programs.KINDS:
        with world.servers[kind].connect() as session:
            for procedure in PROCEDURES:
                session.query(procedure)
        with open(os.path.join(world.folder.path, kind), "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines(kind))


class ScriptTest(unittest.TestCase):
    """A test case whose script runs on each kind of server."""

    def run_script(self, program, script, environment=None, arguments=()):
        folder = programs.World.current.folder.path
        for kind in programs.KINDS:
            with self.subTest(server=kind, script=script):
                self.find_all_right(
                    [*program, os.path.join(SCRIPTS, script), kind, os.path.join(folder, kind), *arguments],
                    sample_count(kind) + 1,
                    environment or {},
                )

    def find_all_right(self, command, least, environment):
        """`command` ends well, says nothing that begins with FAIL, and has made at least `least` checks."""
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={**os.environ, **environment, "LC_ALL": "C.UTF-8"},
        )
        said = done.stdout.decode("utf-8", "replace")
        told = f"exit status {done.returncode}\n{said}\n{done.stderr.decode('utf-8', 'replace')}"
        self.assertEqual(0, done.returncode, told)
        self.assertNotIn("FAIL", said, told)
        checked = [line for line in said.splitlines() if line.startswith("checked ")]
        self.assertEqual(1, len(checked), told)
        self.assertGreaterEqual(int(checked[0].split()[1]), least, told)
