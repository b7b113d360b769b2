#!/usr/bin/env python3
"""A Fabric node for tests, equal on the wire to a real one of version 1.5.5.

    fabric_node.py --farm-file farm.json [--port N] ...      prints its XML-RPC port, then its MySQL-RPC port
"""

import argparse
import collections
import os
import ssl
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "servers")]
import commands_dump  # noqa: E402,F401  (importing registers the commands)
import commands_group  # noqa: E402,F401
import commands_resharding  # noqa: E402,F401
import commands_sharding  # noqa: E402,F401
from fabric_commands import Dispatcher  # noqa: E402
from fabric_http import Digest, HttpServer  # noqa: E402
from fabric_mysql import MysqlServer  # noqa: E402
from fabric_model import Model  # noqa: E402
from fabric_operations import Detector, Operations  # noqa: E402
from replication import Replication  # noqa: E402

USERS = {
    "admin": ("adminpw", ("",)),
    "connector": ("connectorpw", ("dump.", "threat.")),
    "nobody": ("nobodypw", ()),
}


class Threats:
    """The stored error reports; note() is true when a report completes the limits."""

    def __init__(self, notifications=300, clients=50, interval=60.0):
        self.notifications = notifications
        self.clients = clients
        self.interval = interval
        self.reports = collections.defaultdict(list)

    def note(self, uuid, reporter):
        now = time.monotonic()
        recent = [entry for entry in self.reports[uuid] if now - entry[0] <= self.interval]
        self.reports[uuid] = recent + [(now, reporter)]
        reporters = {entry[1] for entry in self.reports[uuid]}
        return len(self.reports[uuid]) >= self.notifications and len(reporters) >= self.clients


class Node:
    """What the commands work on."""

    def __init__(self, model, operations, threats, log):
        self.model = model
        self.operations = operations
        self.threats = threats
        self.log = log
        self.jobs = {}
        self.calls = {}
        self.started = time.time()
        self.port = 0
        self.mysql_port = 0
        self.extra_nodes = []

    def count_call(self, method, failed):
        with self.model.lock:
            counts = self.calls.setdefault(method, [0, 0])
            counts[1 if failed else 0] += 1


def log(text):
    print(
        f"{time.strftime('%H:%M:%S')}.{time.time_ns() // 1000000 % 1000:03d} {text}",
        file=sys.stderr,
        flush=True,
    )


def parse(arguments):
    parser = argparse.ArgumentParser(description="a Fabric node for tests")
    add = parser.add_argument
    add(
        "--farm-file",
        help="JSON file read at the start, if it exists, and rewritten after each change",
    )
    add("--port", type=int, default=0, help="0 (default) takes a free one")
    add("--mysql-port", type=int, default=0, help="of MySQL-RPC; 0 (default) takes a free one")
    add("--ttl", type=int, default=1, help="seconds that clients may keep what they were told")
    add("--no-auth", action="store_true", help="serve everybody without credentials")
    add(
        "--forget-nonces",
        type=float,
        default=120.0,
        help="seconds after which all nonces are forgotten",
    )
    add("--workers", type=int, default=5, help="connections served at the same time")
    add(
        "--activate", action="store_true", help="start with the failure detector on for every group"
    )
    add(
        "--detections", type=int, default=3, help="failed checks in a row that make a server FAULTY"
    )
    add("--detection-interval", type=float, default=6.0, help="seconds for all these checks")
    add("--detection-timeout", type=float, default=1.0, help="seconds a server may take to greet")
    add(
        "--notifications", type=int, default=300, help="error reports that make a server FAULTY ..."
    )
    add("--notification-clients", type=int, default=50, help="... from so many reporters ...")
    add("--notification-interval", type=float, default=60.0, help="... within so many seconds")
    add(
        "--extra-node",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="further node to be listed by dump.fabric_nodes",
    )
    add("--server-user", default="fabric", help="the node's account on the servers")
    add("--server-password", default="fabric")
    add("--ssl-cert", help="serve HTTPS with this certificate ...")
    add("--ssl-key", help="... and key")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    model = Model(options.farm_file, options.ttl)
    operations = Operations(model, Replication(options.server_user, options.server_password), log)
    threats = Threats(
        options.notifications, options.notification_clients, options.notification_interval
    )
    node = Node(model, operations, threats, log)
    for address in options.extra_node:
        host, _, port = address.rpartition(":")
        node.extra_nodes.append([host, int(port)])
    for group in model.groups.values():
        group.active = options.activate
    context = None
    if options.ssl_cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.ssl_cert, options.ssl_key)
    digest = None if options.no_auth else Digest(USERS, options.forget_nonces)
    dispatcher = Dispatcher(node)
    server = HttpServer(dispatcher, digest, options.port, options.workers, context)
    mysql = MysqlServer(dispatcher, digest, options.mysql_port).start()
    node.port, node.mysql_port = server.port, mysql.port
    Detector(
        operations, options.detection_interval, options.detections, options.detection_timeout
    ).start()
    sys.stdout.write(f"{server.port}\n{mysql.port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
