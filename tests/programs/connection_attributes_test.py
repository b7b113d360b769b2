"""What a DBA sees of a connection in performance_schema.session_connect_attrs."""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "failover")]
import odbc  # noqa: E402
import programs  # noqa: E402
import servers  # noqa: E402

SHOWN = (
    "SELECT GROUP_CONCAT(ATTR_NAME, '=', ATTR_VALUE ORDER BY ATTR_NAME SEPARATOR ' ') "
    "FROM performance_schema.session_connect_attrs WHERE PROCESSLIST_ID = CONNECTION_ID() "
    "AND ATTR_NAME IN ('program_name', '_connector_name', 'job')"
)
PROGRAM = os.path.basename(sys.executable)


def setUpModule():
    programs.end_process_after(100)


class Attributes(unittest.TestCase):
    def test_the_server_knows_the_program_and_the_driver(self):
        samples = [
            ({}, f"_connector_name=myfabric-odbc program_name={PROGRAM}"),
            (
                {"Attr": "{program_name=nightly,job=7}"},
                "_connector_name=myfabric-odbc job=7 program_name=nightly",
            ),
        ]
        users = odbc.Library(programs.driver_path())
        for kind in programs.KINDS:
            server = servers.Server(kind, options=["--performance-schema=1"])
            server.start()
            try:
                for keys, shown in samples:
                    with self.subTest(kind=kind, keys=keys):
                        string = programs.connection_string(programs.server_keys(server, **keys))
                        connection = odbc.Connection(users, string)
                        self.assertEqual(connection.statement().value(SHOWN), shown)
                        connection.close()
            finally:
                server.stop()
                server.remove()


if __name__ == "__main__":
    unittest.main()
