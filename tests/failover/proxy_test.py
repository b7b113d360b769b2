#!/usr/bin/env python3
"""The proxy's powers, each against a server that echoes lines."""

import contextlib
import os
import socket
import socketserver
import struct
import sys
import threading
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from proxy import Proxies  # noqa: E402

LIMIT = 5.0  # seconds
SILENCE = 0.3


class Echo(socketserver.StreamRequestHandler):
    seen = []

    def handle(self):
        with contextlib.suppress(OSError):
            while line := self.rfile.readline():
                self.seen.append(line)
                self.wfile.write(line)


class EchoServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Echo)


def login(user):
    """What the proxy takes for a login; a line end lets the echo server answer."""
    payload = struct.pack("<IIB23x", 0x0200, 1 << 24, 45) + user.encode() + b"\0\n"
    return len(payload).to_bytes(3, "little") + b"\x01" + payload


class ProxyTest(unittest.TestCase):
    def setUp(self):
        Echo.seen = []
        self.server = EchoServer()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.proxies = Proxies()
        self.port = self.proxies.add("db", f"127.0.0.1:{self.server.server_address[1]}")

    def tearDown(self):
        self.proxies.stop()
        self.server.shutdown()
        self.server.server_close()

    def connect(self, user="app"):
        link = socket.create_connection(("127.0.0.1", self.port), LIMIT)
        self.addCleanup(link.close)
        self.assertEqual(login(user), self.ask(link, login(user)))
        return link

    def ask(self, link, line):
        link.sendall(line)
        return self.read(link, len(line))

    @staticmethod
    def read(link, size):
        data = b""
        while len(data) < size and (part := link.recv(size - len(data))):
            data += part
        return data

    def assert_reset(self, link, before=b""):
        self.assertEqual(before, self.read(link, len(before)))
        with contextlib.suppress(ConnectionResetError):
            self.assertEqual(b"", link.recv(100))

    def assert_silent(self, link):
        link.settimeout(SILENCE)
        with self.assertRaises(TimeoutError):
            link.recv(1)
        link.settimeout(LIMIT)

    def test_delivers(self):
        link = self.connect()
        self.assertEqual(b"hello\n", self.ask(link, b"hello\n"))

    def test_cuts_a_reply_after_bytes_and_only_one(self):
        first, second = self.connect(), self.connect()
        self.proxies("cut", "db", 3)
        first.sendall(b"hello\n")
        self.assert_reset(first, b"hel")
        self.assertIn(b"hello\n", Echo.seen)
        self.assertEqual(b"again\n", self.ask(second, b"again\n"))
        self.assertEqual(1, self.proxies("status", "db")["cuts"])

    def test_cuts_a_request(self):
        link = self.connect()
        self.proxies("cut-request", "db", 2)
        link.sendall(b"hello\n")
        self.assert_reset(link)
        self.assertNotIn(b"hello\n", Echo.seen)

    def test_concerns_one_user_alone(self):
        app, other = self.connect("app"), self.connect("fabric")
        self.proxies("cut", "db", 0, user="app")
        self.assertEqual(b"spared\n", self.ask(other, b"spared\n"))
        app.sendall(b"hello\n")
        self.assert_reset(app)
        self.proxies("reset", "db", not_user="app")
        self.assert_reset(other)

    def test_holds_and_delivers_later(self):
        link = self.connect()
        self.proxies("hold", "db")
        link.sendall(b"late\n")
        self.assert_silent(link)
        self.assertNotIn(b"late\n", Echo.seen)
        self.proxies("pass", "db")
        self.assertEqual(b"late\n", self.read(link, 5))

    def test_swallows_replies(self):
        link = self.connect()
        self.proxies("swallow", "db", user="app")
        link.sendall(b"gone\n")
        self.assert_silent(link)
        self.assertIn(b"gone\n", Echo.seen)
        spared = self.connect("other")
        self.proxies("pass", "db")
        self.assert_reset(link)
        self.assertEqual(b"again\n", self.ask(spared, b"again\n"))

    def test_refuses_new_connections_only(self):
        link = self.connect()
        self.proxies("refuse", "db")
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", self.port), LIMIT)
        self.assertEqual(b"old\n", self.ask(link, b"old\n"))
        self.proxies("pass", "db")
        self.connect()

    def test_answers_with_an_error_packet(self):
        self.proxies("error", "db", 1040, "Too many connections")
        link = socket.create_connection(("127.0.0.1", self.port), LIMIT)
        self.addCleanup(link.close)
        self.assertEqual(
            b"\x17\0\0\0\xff\x10\x04Too many connections", self.read(link, 27)
        )

    def test_moves_to_another_target(self):
        with EchoServer() as other:
            threading.Thread(target=other.serve_forever, daemon=True).start()
            self.proxies("target", "db", f"127.0.0.1:{other.server_address[1]}")
            self.connect()
            other.shutdown()

    def test_tells_mistakes(self):
        for words in (("cut", "nobody", 3), ("dance", "db"), ("cut", "db", "x")):
            with self.subTest(words), self.assertRaises(RuntimeError):
                self.proxies(*words)


if __name__ == "__main__":
    unittest.main()
