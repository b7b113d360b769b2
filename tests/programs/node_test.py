"""node-odbc (npm odbc) with MariaDB and MySQL 5.6. It is built once and kept in the test cache."""

import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import programs  # noqa: E402
import samples  # noqa: E402
import servers  # noqa: E402

VERSION = "2.6.0"


def node_modules():
    """The folder of node_modules that has odbc, built against this machine's unixodbc-dev."""
    for program in ("node", "npm"):
        if not shutil.which(program):
            raise RuntimeError(f"no {program} here: install the packages nodejs and npm")
    with servers.cache_lock():
        home = os.path.join(servers.cache_directory(), f"node-odbc-{VERSION}")
        modules = os.path.join(home, "node_modules")
        if not os.path.exists(os.path.join(home, "built")):
            shutil.rmtree(home, ignore_errors=True)
            os.makedirs(home)
            install = ["npm", "install", "--prefix", home, "--no-audit", "--no-fund"]
            servers.run([*install, "--ignore-scripts", f"odbc@{VERSION}"], "npm install odbc")
            # With the headers of the installed node, where there are some: nothing to download
            headers = os.path.exists("/usr/include/node/node_api.h")
            environment = {**os.environ, **({"npm_config_nodedir": "/usr"} if headers else {})}
            program = os.path.join(modules, "@mapbox", "node-pre-gyp", "bin", "node-pre-gyp")
            if not os.path.exists(program):
                program = os.path.join(modules, ".bin", "node-pre-gyp")
            servers.run(
                ["node", program, "install", "--build-from-source", "-C", f"{modules}/odbc"],
                "the build of node-odbc (it needs unixodbc-dev, make and g++)",
                environment=environment,
            )
            with open(os.path.join(home, "built"), "w", encoding="ascii") as file:
                file.write(VERSION)
    return modules


def setUpModule():
    NodeOdbc.modules = node_modules()
    samples.set_up()


tearDownModule = programs.stop_world


class NodeOdbc(samples.ScriptTest):
    modules = ""

    def test_every_type_long_texts_cursors_pools_and_procedures(self):
        self.run_script(["node"], "node_odbc.js", {"NODE_PATH": self.modules})


if __name__ == "__main__":
    unittest.main(verbosity=2)
