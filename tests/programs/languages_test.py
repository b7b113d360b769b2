"""Tcl's tdbc::odbc, Erlang's odbc, ruby-odbc, and C++'s SOCI and POCO Data with MariaDB and MySQL 5.6."""

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

# Each program's source, how many checks it makes at least, and its libraries.
PROGRAMS = (
    ("soci.cpp", 18, ("soci_core", "soci_odbc")),
    ("poco.cpp", 20, ("PocoDataODBC", "PocoData", "PocoFoundation")),
)


def setUpModule():
    programs.start_world(480, with_farm=False)


tearDownModule = programs.stop_world


class Languages(samples.ScriptTest):
    def test_scripts_find_what_they_expect(self):
        for script, program, least, added in SCRIPTS:
            for kind in programs.KINDS:
                with self.subTest(script=script, server=kind):
                    self.find_all_right([program, os.path.join(samples.SCRIPTS, script), kind], least, added)


class CppLibraries(samples.ScriptTest):
    def test_programs_find_what_they_expect(self):
        for source, least, libraries in PROGRAMS:
            program = os.path.join(programs.World.current.folder.path, source.removesuffix(".cpp"))
            subprocess.run(
                ["g++", "-std=c++17", "-O0", "-o", program, os.path.join(samples.SCRIPTS, source)]
                + [f"-l{library}" for library in libraries],
                check=True,
            )
            for kind in programs.KINDS:
                with self.subTest(program=source, server=kind):
                    self.find_all_right([program, kind], least, {})


if __name__ == "__main__":
    unittest.main(verbosity=2)
