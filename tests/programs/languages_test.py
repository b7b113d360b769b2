"""Tcl's tdbc::odbc, Erlang's odbc and ruby-odbc with MariaDB and MySQL 5.6."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import programs  # noqa: E402
import samples  # noqa: E402

# Debian's ruby-odbc looks for a libodbc.so.1 that is no more.
MANAGER = {"LD_PRELOAD": "libodbc.so.2:libodbcinst.so.2"}

# Each script, its program, how many checks it makes at least, and what its environment has.
SCRIPTS = (
    ("tdbc.tcl", "tclsh8.6", 8, {}),
    ("erlang_odbc.escript", "escript", 4, {}),
    ("ruby_odbc.rb", "ruby", 20, MANAGER),
)


def setUpModule():
    programs.start_world(280, with_farm=False)


tearDownModule = programs.stop_world


class Languages(unittest.TestCase):
    def test_scripts_find_what_they_expect(self):
        for script, program, least, added in SCRIPTS:
            for kind in programs.KINDS:
                with self.subTest(script=script, server=kind):
                    done = subprocess.run(
                        [program, os.path.join(samples.SCRIPTS, script), kind],
                        capture_output=True,
                        timeout=samples.PATIENCE,
                        check=False,
                        env={**os.environ, "LC_ALL": "C.UTF-8", **added},
                    )
                    said = done.stdout.decode("utf-8", "replace")
                    told = f"exit status {done.returncode}\n{said}\n{done.stderr.decode('utf-8', 'replace')}"
                    self.assertEqual(0, done.returncode, told)
                    self.assertNotIn("FAIL", said, told)
                    checked = [line for line in said.splitlines() if line.startswith("checked ")]
                    self.assertEqual(1, len(checked), told)
                    self.assertGreaterEqual(int(checked[0].split()[1]), least, told)


if __name__ == "__main__":
    unittest.main(verbosity=2)
