#!/usr/bin/env python3
"""A node that misbehaves, for the tests of error handling.

    bad_node.py --mode MODE [--port 0] [--digest] [--watch PID]

prints its port on the first line and serves until it is ended. Every request gets the reply of the
mode, whatever it asks; with --digest those without an Authorization header get a challenge first.
"""

import argparse
import os
import socket
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "servers")]
import fabric_xmlrpc  # noqa: E402
import processes  # noqa: E402
from fabric_commands import FABRIC_UUID  # noqa: E402
from fabric_http import Digest, answer, head  # noqa: E402

NAMES = ["server_uuid", "group_id", "host", "port", "mode", "status", "weight"]
ROW = ["9e51a476-e687-11f1-acc4-02fc00000001", "shard1", "127.0.0.1", 13311, 3, 3, 1.0]
HUGE = 100 * 1000 * 1000  # bytes
DEPTH = 100000  # elements within elements


def reply(*result_sets, version=1, error=""):
    return [version, FABRIC_UUID, 1, error, list(result_sets)]


def servers(rows, names=None):
    return fabric_xmlrpc.result_set(NAMES if names is None else names, rows)


SHAPES = {
    "other-shape": {"version": 1, "rows": []},
    "other-shape-string": "all is well",
    "other-shape-empty": [],
    "other-shape-short": [1, FABRIC_UUID, 1],
    "other-shape-version": reply(servers([ROW]), version=2),
    "other-shape-rows": reply(servers([ROW[:3]])),
    "other-shape-long-rows": reply(servers([ROW + ["more"]])),
    "other-shape-types": reply(servers([["x", 5, True, "port", "mode", 2.5, "heavy"]])),
    "other-shape-range": reply(servers([ROW[:3] + [70000, 9, -1, -2.0]])),
    "other-shape-names": reply(servers([ROW], ["a", "b", "c", "d", "e", "f", "g"])),
    "other-shape-sets": [1, FABRIC_UUID, 1, "", "none"],
    "other-shape-info": reply({"rows": [ROW]}),
    "other-shape-error-type": [1, FABRIC_UUID, 1, 5, []],
    "no-result-set": reply(),
}


def text_reply(body):
    return answer("200 OK", body, "text/xml")


def ordinary():
    return fabric_xmlrpc.response(reply(servers([ROW])))


def huge_reply():
    """About 100 MB of rows, made as they are sent."""
    start, _, end = ordinary().partition(fabric_xmlrpc.value(ROW).encode())
    row = fabric_xmlrpc.value(ROW).encode()
    count = HUGE // len(row)
    yield head(
        "200 OK",
        [
            ("Content-type", "text/xml"),
            ("Content-length", len(start) + len(end) + count * len(row)),
        ],
    ) + b"\r\n" + start
    block, rest = divmod(count, 500)
    for _ in range(block):
        yield row * 500
    yield row * rest + end


def endless_reply():
    """A body that never ends, without Content-length."""
    yield head("200 OK", [("Content-type", "text/xml")]) + b"\r\n" + ordinary().partition(
        b"<value><array>"
    )[0]
    while True:
        yield b" " * 65536


def deep_reply():
    opening, closing = b"<value><array><data>", b"</data></array></value>"
    yield text_reply(
        b"<?xml version='1.0'?>\n<methodResponse><params><param>"
        + opening * DEPTH
        + closing * DEPTH
        + b"</param></params></methodResponse>\n"
    )


def entities_reply():
    """Entities that would grow to gigabytes."""
    lines = ["<?xml version='1.0'?>\n<!DOCTYPE r [\n<!ENTITY e0 'lol'>\n"]
    lines += [f"<!ENTITY e{level} '{f'&e{level - 1};' * 10}'>\n" for level in range(1, 10)]
    lines.append(
        "]>\n<methodResponse><params><param><value><string>&e9;</string></value></param></params>"
        "</methodResponse>\n"
    )
    yield text_reply("".join(lines).encode())


def cut_off_reply():
    """Half of what Content-length announces."""
    whole = text_reply(ordinary())
    yield whole[: len(whole) - len(ordinary()) // 2]


def slow_reply(delay):
    for byte in text_reply(ordinary()):
        yield bytes([byte])
        time.sleep(delay)


def replies(mode, delay):
    """The pieces of the reply of a mode, one after the other."""
    if mode in SHAPES:
        return [text_reply(fabric_xmlrpc.response(SHAPES[mode]))]
    fixed = {
        "empty": b"",
        "not-xml": text_reply(b"<html>It works!</p>\n"),
        "not-http": b"SSH-2.0-OpenSSH_9.2\r\n",
        "no-body": answer("200 OK", b"", "text/xml"),
        "fault": text_reply(
            fabric_xmlrpc.fault("<type 'exceptions.Exception'>:method \"x.y\" is not supported")
        ),
        "error-field3": text_reply(
            fabric_xmlrpc.response(reply(error="Something is rotten in the node."))
        ),
        "400": head("400 Bad Request"),
        "403": answer("403 Not allowed to execute 'core.dump.servers'"),
        "404": answer("404 Not Found", b"No such page", "text/plain"),
        "500": answer("500 Internal Server Error"),
    }
    if mode in fixed:
        return [fixed[mode]]
    return {
        "huge": huge_reply,
        "endless": endless_reply,
        "deep": deep_reply,
        "entities": entities_reply,
        "cut-off": cut_off_reply,
        "slow": lambda: slow_reply(delay),
    }[mode]()


MODES = sorted(
    [
        *SHAPES,
        "hang-accept",
        "empty",
        "not-xml",
        "not-http",
        "no-body",
        "fault",
        "error-field3",
        "400",
        "403",
        "404",
        "500",
        "huge",
        "endless",
        "deep",
        "entities",
        "cut-off",
        "slow",
    ]
)


class BadNode:
    def __init__(self, mode, port=0, digest=False, delay=1.0):
        self.mode = mode
        self.delay = delay
        self.digest = Digest({}) if digest else None
        self.hanging = []  # keeps connections of hang-accept open
        self.listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port = self.listener.getsockname()[1]

    def serve_forever(self):
        while True:
            connection, _ = self.listener.accept()
            if self.mode == "hang-accept":
                self.hanging.append(connection)
            else:
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            with connection, connection.makefile("rb") as reader:
                headers = {}
                while (line := reader.readline(65537)) not in (b"\r\n", b"\n", b""):
                    name, _, content = line.partition(b":")
                    headers[name.strip().lower()] = content.strip()
                reader.read(int(headers.get(b"content-length", b"0")))
                if self.digest and b"authorization" not in headers:
                    challenge = [("WWW-Authenticate", self.digest.challenge())]
                    connection.sendall(head("401 Unauthorized", challenge) + b"\r\n\r\n")
                else:
                    for piece in replies(self.mode, self.delay):
                        connection.sendall(piece)
                connection.shutdown(socket.SHUT_WR)
        except (OSError, ValueError):
            pass  # the client left or sent nonsense


def end_with(pid):
    """Ends this process when process `pid` is gone."""
    state = processes.process_state(pid)
    if state:
        processes.watch(pid, state[1], lambda: True, lambda: None)
    os._exit(0)


def main(arguments):
    parser = argparse.ArgumentParser(description="a misbehaving Fabric node")
    parser.add_argument(
        "--mode", required=True, choices=MODES, metavar="MODE", help=", ".join(MODES)
    )
    parser.add_argument("--port", type=int, default=0, help="0 (default) takes a free one")
    parser.add_argument(
        "--digest", action="store_true", help="demand credentials first; any are taken"
    )
    parser.add_argument(
        "--watch", type=int, default=0, metavar="PID", help="end when this process is gone"
    )
    parser.add_argument(
        "--delay", type=float, default=1.0, help="seconds between the bytes of mode slow"
    )
    options = parser.parse_args(arguments)
    node = BadNode(options.mode, options.port, options.digest, options.delay)
    if options.watch:
        threading.Thread(target=end_with, args=(options.watch,), daemon=True).start()
    print(node.port, flush=True)
    node.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
