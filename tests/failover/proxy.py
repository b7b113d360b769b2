#!/usr/bin/env python3
"""A TCP proxy that breaks connections on purpose, between an ODBC driver and its servers or its node.

    proxy.py                    reads commands from its standard input, a line each, and answers each
                                with a line of JSON; it ends when the input does
    proxy.py HOST:PORT ...      as after `add a HOST:PORT`, `add b HOST:PORT`, ...; prints their answers

| command | effect |
|---|---|
| `add NAME HOST:PORT [PORT]` | listens on 127.0.0.1 for connections to HOST:PORT; {"port": number} |
| `target NAME HOST:PORT` | new connections go there from now on |
| `pass NAME` | ends refuse, hold, swallow, error and the cuts to come; delivers what was held, resets what missed bytes |
| `refuse NAME` | nobody listens any more; connections that exist go on |
| `hold NAME` | nothing is delivered in either direction, new connections are accepted and silent |
| `swallow NAME` | what clients send is delivered, what servers answer is thrown away |
| `cut NAME BYTES [COUNT]` | the next COUNT (1) commands are delivered; after BYTES of the reply the connection is reset |
| `cut-request NAME BYTES [COUNT]` | the next COUNT commands end after BYTES, then the connection is reset |
| `error NAME ERRNO TEXT` | new connections get MySQL's error packet in place of a greeting |
| `reset NAME` | resets the connections that exist |
| `status NAME` | {"connections": open, "accepted": ever, "cuts": done, "waiting": cuts to come} |

`hold`, `swallow`, `cut`, `cut-request` and `reset` may end with `user=NAME`: then they concern the
connections alone whose MySQL login (without TLS) names that user, or, with `user!=NAME`, the others.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading

RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER: on, no time
MODES = ("pass", "refuse", "hold", "swallow", "error")


def login_user(packet):
    """The user that a client's first packet names; "" where it is no login in clear text."""
    if len(packet) < 37 or packet[3] != 1:
        return ""
    name, end, _ = packet[36:].partition(b"\0")
    return name.decode(errors="replace") if end else ""


def error_packet(errno, text):
    """MySQL's ERR packet as the first packet of a connection, where it has no SQLSTATE."""
    payload = b"\xff" + struct.pack("<H", errno) + text.encode()
    return len(payload).to_bytes(3, "little") + b"\0" + payload


class Who:
    """Whom a command concerns."""

    def __init__(self, word=""):
        self.negative = word.startswith("user!=")
        self.name = word.partition("=")[2] if word else None

    def includes(self, user):
        return self.name is None or (user == self.name) != self.negative


def acknowledge_at_once(writer):
    """A peer that sends its answer in pieces would wait for each piece's acknowledgement, 40 ms, which the
    driver does not let it wait. Linux forgets the wish after some packets."""
    with contextlib.suppress(OSError, AttributeError):  # the link is gone
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


class Cut:
    """`count` connections are to be broken after `size` bytes of a reply (or of a request)."""

    def __init__(self, of_request, size, count, who):
        self.of_request = of_request
        self.size = size
        self.count = count
        self.who = who


class Flow:
    """One client's connection and its way to the server."""

    def __init__(self, endpoint, client):
        self.endpoint = endpoint
        self.client = client  # (reader, writer)
        self.server = None
        self.user = None  # not known before the login has been seen
        self.left = None  # bytes of the reply after which the connection is to be reset
        self.incomplete = False  # the client missed bytes: it must not wait for them for ever

    def writers(self):
        return [pair[1] for pair in (self.client, self.server) if pair]

    def reset(self):
        for writer in self.writers():
            with contextlib.suppress(OSError, AttributeError):
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE
                )
            writer.transport.abort()

    async def serve(self):
        try:
            if self.endpoint.mode == "error":
                self.client[1].write(error_packet(*self.endpoint.error))
                await self.client[1].drain()
                return
            await self.endpoint.gate(self)
            self.server = await asyncio.open_connection(*self.endpoint.target)
            acknowledge_at_once(self.server[1])
            ways = [self.pump_requests(), self.pump_replies()]
            tasks = [asyncio.ensure_future(way) for way in ways]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            for writer in self.writers():
                with contextlib.suppress(OSError, RuntimeError):
                    writer.close()

    async def pump_requests(self):
        while data := await self.client[0].read(65536):
            if self.user is None:
                self.user = login_user(data)
            else:  # a login is no command
                cut = self.endpoint.take_cut(self)
                if cut and cut.of_request:
                    self.server[1].write(data[: cut.size])
                    with contextlib.suppress(OSError):
                        await self.server[1].drain()
                    # The server has to see the bytes before the end of the connection.
                    await asyncio.sleep(0.01)
                    return self.reset()
                if cut:
                    self.left = cut.size
            await self.endpoint.gate(self)
            self.server[1].write(data)
            await self.server[1].drain()

    async def pump_replies(self):
        while data := await self.server[0].read(65536):
            acknowledge_at_once(self.server[1])
            if self.left is not None:
                if len(data) >= self.left:
                    self.client[1].write(data[: self.left])
                    with contextlib.suppress(OSError):
                        await self.client[1].drain()
                    if self.left:
                        await asyncio.sleep(0.01)  # a reset overtakes what is on its way
                    self.endpoint.cuts_done += 1
                    return self.reset()
                self.left -= len(data)
            await self.endpoint.gate(self)
            if self.endpoint.mode == "swallow" and self.endpoint.who.includes(self.user):
                self.incomplete = True
                continue
            if self.incomplete:
                return self.reset()
            self.client[1].write(data)
            await self.client[1].drain()


class Endpoint:
    """One listening port."""

    def __init__(self, target):
        self.target = target
        self.mode = "pass"
        self.who = Who()
        self.error = (0, "")
        self.cuts = []
        self.cuts_done = 0
        self.accepted = 0
        self.flows = set()
        self.changed = asyncio.Event()
        self.listener = None
        self.port = 0

    async def listen(self):
        self.listener = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self.listener.sockets[0].getsockname()[1]

    async def _accept(self, reader, writer):
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        flow = Flow(self, (reader, writer))
        self.accepted += 1
        self.flows.add(flow)
        try:
            await flow.serve()
        finally:
            self.flows.discard(flow)

    async def gate(self, flow):
        """Waits while nothing may be delivered on this connection."""
        while self.mode == "hold" and self.who.includes(flow.user):
            await self.changed.wait()

    def take_cut(self, flow):
        for cut in self.cuts:
            if cut.who.includes(flow.user) and flow.left is None:
                cut.count -= 1
                if cut.count <= 0:
                    self.cuts.remove(cut)
                return cut
        return None

    async def turn(self, mode, who=None):
        if self.mode == "swallow":
            for flow in [one for one in self.flows if one.incomplete]:
                flow.reset()
        self.mode, self.who = mode, who or Who()
        if mode == "refuse":
            self.listener.close()
        elif not self.listener.is_serving():
            await self.listen()
        self.changed.set()
        self.changed = asyncio.Event()


def address(text):
    host, _, port = text.rpartition(":")
    return host, int(port)


class Commands:
    """Carries out the commands of the table above."""

    def __init__(self):
        self.endpoints = {}

    async def run(self, line):
        words = line.split()
        who = Who(words.pop()) if len(words) > 2 and words[-1].startswith("user") else Who()
        name, arguments = words[0], words[2:]
        if name == "add":
            endpoint = Endpoint(address(arguments[0]))
            endpoint.port = int(arguments[1]) if len(arguments) > 1 else 0
            await endpoint.listen()
            self.endpoints[words[1]] = endpoint
            return {"port": endpoint.port}
        if len(words) < 2 or words[1] not in self.endpoints:
            raise ValueError(f"'{line}' names no endpoint that was added")
        endpoint = self.endpoints[words[1]]
        if name == "target":
            endpoint.target = address(arguments[0])
        elif name in MODES:
            if name == "error":
                endpoint.error = (int(arguments[0]), " ".join(arguments[1:]))
            if name == "pass":
                endpoint.cuts.clear()
            await endpoint.turn(name, who)
        elif name in ("cut", "cut-request"):
            count = int(arguments[1]) if len(arguments) > 1 else 1
            endpoint.cuts.append(Cut(name == "cut-request", int(arguments[0]), count, who))
        elif name == "reset":
            for flow in list(endpoint.flows):
                if who.includes(flow.user):
                    flow.reset()
        elif name != "status":
            raise ValueError(f"unknown command '{name}'")
        return {
            "connections": len(endpoint.flows),
            "accepted": endpoint.accepted,
            "cuts": endpoint.cuts_done,
            "waiting": sum(cut.count for cut in endpoint.cuts),
        }


async def serve(first):
    commands = Commands()
    loop = asyncio.get_running_loop()
    source = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(source), sys.stdin)
    lines = iter(first)
    while True:
        line = next(lines, None) or (await source.readline()).decode()
        if not line:
            return
        if not line.strip():
            continue
        try:
            answer = await commands.run(line)
        except (ValueError, IndexError, OSError) as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


class Proxies:
    """The proxy as a process of its own: `port = proxies.add("db1", "127.0.0.1:3306")`,
    `proxies("cut", "db1", 20, user="app")`. Usable by several threads and in `with`."""

    def __init__(self):
        self.lock = threading.Lock()
        self.process = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            start_new_session=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def __call__(self, command, name, *arguments, user=None, not_user=None):
        words = [command, name, *map(str, arguments)]
        if user is not None:
            words.append(f"user={user}")
        if not_user is not None:
            words.append(f"user!={not_user}")
        with self.lock:
            self.process.stdin.write(" ".join(words) + "\n")
            answer = self.process.stdout.readline()
        answer = json.loads(answer) if answer else {"error": "the proxy has ended"}
        if "error" in answer:
            raise RuntimeError(f"{' '.join(words)}: {answer['error']}")
        return answer

    def add(self, name, target, port=0):
        return self("add", name, target, port)["port"]

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def main(targets):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    names = (chr(ord("a") + at) for at in range(26))
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(serve([f"add {name} {target}" for name, target in zip(names, targets)]))


if __name__ == "__main__":
    main(sys.argv[1:])
