"""What the tests of sources share: the driver, connections, and loads that count."""

import os
import subprocess
import sys
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", name) for name in ("servers", "failover", "sources")]
import odbc  # noqa: E402
from odbc import OdbcError  # noqa: E402, F401
import servers  # noqa: E402

DRIVER = os.environ["MYFABRIC_DRIVER"]
COMMAND = os.environ.get("MYFABRIC_COMMAND")
LIBRARY = odbc.Library(DRIVER)


def string(protocol, seeds, more=""):
    return (
        f"FabricProtocol={protocol};FabricHost={seeds};{more}User={servers.USER};"
        f"Password={servers.PASSWORD};Database={servers.DATABASE};"
    )


def myfabric(*arguments):
    """Standard output and error of the command, and its exit code."""
    done = subprocess.run(
        [COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout, done.stderr, done.returncode


class Timed:
    """with Timed() as took: ...  then took.seconds"""

    def __enter__(self):
        self.began = time.monotonic()
        return self

    def __exit__(self, *_):
        self.seconds = time.monotonic() - self.began


class Running(threading.Thread):
    """One statement in a thread of its own."""

    def __init__(self, connection, sql):
        super().__init__(daemon=True)
        self.statement, self.sql = connection.statement(), sql
        self.error, self.seconds = None, None
        self.start()

    def run(self):
        began = time.monotonic()
        try:
            self.statement.direct(self.sql)
        except odbc.OdbcError as error:
            self.error = error
        self.seconds = time.monotonic() - began


class Case(unittest.TestCase):
    def connect(self, text):
        connection = odbc.Connection(LIBRARY, text)
        self.addCleanup(connection.close)
        return connection

    def refused(self, text):
        with self.assertRaises(odbc.OdbcError) as caught:
            self.connect(text)
        return caught.exception

    def value(self, connection, sql):
        statement = connection.statement()
        return statement.value(sql)

    def port(self, connection):
        return int(self.value(connection, "SELECT @@port"))
