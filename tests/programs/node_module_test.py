#!/usr/bin/env python3
"""What only a Fabric node needs is in a module beside the driver, which is opened when a node is asked.

The driver is copied to folders with and without it; isql connects there.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(TESTS, name) for name in ("farm", "node", "servers")]
import servers  # noqa: E402

DRIVER = os.environ["MYFABRIC_DRIVER"]
MODULE = os.path.join(os.path.dirname(DRIVER), "libmyfabric-node.so")
HEAVY = ("libcurl", "libxmlrpc", "libnghttp2", "libkrb5", "libldap")


def setUpModule():
    global server, node
    server = servers.Server("mariadb", None, []).start()
    unittest.addModuleCleanup(server.remove)
    unittest.addModuleCleanup(server.stop)
    program = os.path.join(TESTS, "node", "fabric_node.py")
    process = subprocess.Popen([sys.executable, program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    unittest.addModuleCleanup(process.wait)
    unittest.addModuleCleanup(process.kill)
    node = int(process.stdout.readline())
    process.stdout.readline()
    process.stdout.close()


class NodeModule(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="myfabric-module-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.driver = shutil.copy(DRIVER, self.folder)

    def isql(self, driver, keys, folder=None, **environment):
        """What isql says for a statement, and the libraries that its process has loaded then."""
        seen = os.path.join(self.folder, "maps")
        script = 'isql -b -v -k "$1" <<<"SELECT 1+1"'
        text = f"DRIVER={driver};{keys};UID={servers.USER};PWD={servers.PASSWORD}"
        done = subprocess.run(["bash", "-c", script, "-", text], capture_output=True, text=True, timeout=60, check=False, cwd=folder or self.folder,
                              env={**os.environ, "LD_DEBUG": "files", "LD_DEBUG_OUTPUT": seen, **environment})
        loaded = ""
        for name in os.listdir(self.folder):
            if name.startswith("maps."):
                with open(os.path.join(self.folder, name), encoding="utf-8", errors="replace") as file:
                    loaded += file.read()
                os.remove(os.path.join(self.folder, name))
        return done.stdout + done.stderr, loaded

    def plain(self):
        return f"SERVER=127.0.0.1;PORT={server.port}"

    def node(self):
        return f"FabricHost=127.0.0.1:{node};FabricConnectionAttempts=1;Group=nowhere;FabricUser=admin;FabricPassword=adminpw"

    def test_a_plain_connection_loads_none_of_it(self):
        shutil.copy(MODULE, self.folder)
        said, loaded = self.isql(self.driver, self.plain())
        self.assertIn("| 2 ", said)
        self.assertIn("libmyfabricodbc.so", loaded)
        for name in (*HEAVY, "libmyfabric-node"):
            self.assertNotIn(name, loaded)

    def test_a_plain_connection_needs_no_module(self):
        said, _ = self.isql(self.driver, self.plain())
        self.assertIn("| 2 ", said)

    def test_a_node_loads_it_from_the_drivers_folder(self):
        shutil.copy(MODULE, self.folder)
        said, loaded = self.isql(self.driver, self.node())
        self.assertIn("nowhere", said)  # the node was asked
        self.assertIn(os.path.join(self.folder, "libmyfabric-node.so"), loaded)
        self.assertIn("libcurl", loaded)

    def test_links_to_the_driver_are_followed(self):
        shutil.copy(MODULE, self.folder)
        elsewhere = os.path.join(self.folder, "links")
        os.mkdir(elsewhere)
        os.symlink(self.driver, os.path.join(elsewhere, "odbc.so"))
        said, loaded = self.isql(os.path.join(elsewhere, "odbc.so"), self.node())
        self.assertIn("nowhere", said)
        self.assertIn(os.path.join(self.folder, "libmyfabric-node.so"), loaded)

    def test_a_missing_one_is_one_record_that_names_the_file(self):
        said, _ = self.isql(self.driver, self.node())
        records = [line for line in said.splitlines() if line.startswith("[08001]")]
        self.assertEqual(1, len(records), said)
        self.assertIn(os.path.join(self.folder, "libmyfabric-node.so"), records[0])
        self.assertIn("install the driver's package", records[0])

    def test_neither_the_working_directory_nor_the_environment_has_a_say(self):
        elsewhere = os.path.join(self.folder, "elsewhere")
        os.mkdir(elsewhere)
        shutil.copy(MODULE, elsewhere)
        said, loaded = self.isql(self.driver, self.node(), folder=elsewhere, LD_LIBRARY_PATH=elsewhere)
        self.assertIn(os.path.join(self.folder, "libmyfabric-node.so"), said)
        self.assertNotIn("libcurl", loaded)

    def test_a_driver_that_is_named_relative_finds_it_after_a_change_of_folder(self):
        shutil.copy(MODULE, self.folder)
        program = ("import ctypes, os, sys\n"
                   "driver = ctypes.CDLL('./libmyfabricodbc.so')\n"
                   "os.chdir('/')\n"
                   "H = ctypes.c_void_p\n"
                   "env, dbc = H(), H()\n"
                   "assert driver.SQLAllocHandle(1, None, ctypes.byref(env)) == 0\n"
                   "assert driver.SQLSetEnvAttr(env, 200, H(3), 0) == 0\n"
                   "assert driver.SQLAllocHandle(2, env, ctypes.byref(dbc)) == 0\n"
                   "text = sys.argv[1].encode()\n"
                   "driver.SQLDriverConnect(dbc, None, text, len(text), None, 0, None, 0)\n"
                   "state, message = ctypes.create_string_buffer(6), ctypes.create_string_buffer(999)\n"
                   "driver.SQLGetDiagRec(2, dbc, 1, state, None, message, 999, None)\n"
                   "print(message.value.decode())\n")
        done = subprocess.run([sys.executable, "-c", program, self.node()], capture_output=True, text=True, timeout=60, check=False, cwd=self.folder)
        self.assertIn("nowhere", done.stdout, done.stderr)

    def test_one_of_another_version_is_refused(self):
        source = 'struct Table {const char* version; unsigned long size;}; const struct Table* myfabric_node_functions(void) { static const struct Table t = {"9.9.9", 40}; return &t; }'
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", os.path.join(self.folder, "libmyfabric-node.so")], input=source, text=True, check=True)
        said, _ = self.isql(self.driver, self.node())
        self.assertIn("is of version 9.9.9", said)
        self.assertIn("start the program anew", said)


if __name__ == "__main__":
    unittest.main()
