"""Fabric's MySQL protocol as the real node speaks it, with its peculiarities.

A handshake without plugin names, CALL as the only statement with an effect, a row that tells how the
command went in front of its result sets, values as text, one thread per connection.
"""

import itertools
import json
import re
import secrets
import socket
import struct
import threading

from fabric_commands import COMMANDS, FABRIC_UUID
from mysql_text import scramble

VERSION = b"1.5.5-fabric"
CAPABILITIES = 0x00028605
PROTOCOL_41, MULTI_RESULTS, SECURE_CONNECTION = 0x0200, 0x20000, 0x8000
UTF8 = 33
MORE_RESULTS = 0x0008
NOT_NULL = 1
TINY, LONGLONG, BLOB, VAR_STRING, NEWDECIMAL = 1, 8, 252, 253, 246
QUIT, PING = 0x01, 0x0E
IDLE = 300.0  # seconds
CALL = re.compile(r"CALL\s+(\w+)\.(\w+)\s*\((.*)\)\s*;?\s*$", re.IGNORECASE | re.DOTALL)
SET_FORMAT = re.compile(r"SET\s+format\s*=\s*(\w+)", re.IGNORECASE)
ARGUMENT = re.compile(
    r"""\s*(?:(\w+)\s*=\s*)?((?:'[^']*'|"[^"]*"|[^,'"]+)*)\s*(?:,|$)""", re.DOTALL
)
# Types of columns whose result set is empty.
NUMBERS = {"port", "mapping_id", "shard_id", "ttl", "state", "node_id"}


class WireText(str):
    """An argument that came over this protocol."""


class Refused(Exception):
    def __init__(self, errno, sqlstate, text):
        super().__init__(text)
        self.packet = b"\xff" + struct.pack("<H", errno) + f"#{sqlstate}[Fabric] {text}".encode()


def lenenc(data):
    size = len(data)
    if size < 251:
        return bytes([size]) + data
    if size < 1 << 16:
        return b"\xfc" + struct.pack("<H", size) + data
    return b"\xfd" + struct.pack("<I", size)[:3] + data


def ok(info=b""):
    return bytes(7) + info


def eof(more):
    return b"\xfe" + struct.pack("<HH", 0, MORE_RESULTS if more else 0)


def text(value):
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        short = f"{value:.12g}"
        return short if re.search(r"[.e]", short) else short + ".0"
    return str(value)


def column_type(name, names, values):
    for value in values:
        if isinstance(value, bool):
            return TINY
        if isinstance(value, int):
            return LONGLONG
        if isinstance(value, float):
            return NEWDECIMAL
        if value is not None:
            return VAR_STRING
    if name in NUMBERS or (name in ("mode", "status") and "group_id" in names):
        return LONGLONG
    return NEWDECIMAL if name == "weight" else VAR_STRING


def parse_arguments(source):
    """(positional, keyword) arguments of a CALL; all of them texts, NULL is None."""
    positional, keyword = [], {}
    rest = source.strip()
    at = 0
    while at < len(rest):
        found = ARGUMENT.match(rest, at)
        if not found or found.end() == at:
            raise Refused(1149, "42000", "You have an error in your SQL syntax")
        name, given = found.group(1), found.group(2).strip()
        at = found.end()
        value = WireText(given[1:-1] if given[:1] in "'\"" and given[-1:] == given[:1] else given)
        if given.upper() == "NULL":
            value = None
        if name:
            keyword[name] = value
        else:
            positional.append(value)
    return positional, keyword


class MysqlServer:
    """Serves the commands of `dispatcher` on a loopback port. `digest` holds users and rights; None
    lets everybody in."""

    def __init__(self, dispatcher, digest, port=0):
        self.dispatcher = dispatcher
        self.digest = digest
        self.numbers = itertools.count(1)
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.listener.listen(128)

    def start(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return  # closed
            session = Session(self, connection, next(self.numbers))
            threading.Thread(target=session.run, daemon=True).start()


class Session:
    def __init__(self, server, connection, number):
        self.server = server
        self.connection = connection
        self.number = number
        self.user = None
        self.json = False

    def run(self):
        self.connection.settimeout(IDLE)
        try:
            with self.connection:
                if self._greet():
                    while self._serve():
                        pass
        except OSError:
            pass

    def _send(self, packets, sequence=1):
        """A packet at a time, as a real node does: one that follows another waits until that is
        acknowledged."""
        for packet in packets:
            head = struct.pack("<I", len(packet))[:3] + bytes([sequence & 0xFF])
            self.connection.sendall(head + packet)
            sequence += 1

    def _receive(self):
        """One packet, which the real node expects to come whole."""
        data = b""
        while len(data) < 4 or len(data) < 4 + int.from_bytes(data[:3], "little"):
            part = self.connection.recv(65536)
            if not part:
                return None
            data += part
        return data[4 : 4 + int.from_bytes(data[:3], "little")]

    def _greet(self):
        nonce = secrets.token_bytes(20)  # NUL bytes are possible
        low, high = CAPABILITIES & 0xFFFF, CAPABILITIES >> 16
        hello = b"\x0a" + VERSION + b"\0" + struct.pack("<I", self.number) + nonce[:8] + b"\0"
        hello += struct.pack("<HBHHB", low, UTF8, 0, high, 0) + bytes(10) + nonce[8:] + b"\0"
        self._send([hello], 0)
        answer = self._receive()
        if answer is None:
            return False
        try:
            self._log_in(answer, nonce)
        except Refused as refused:
            self._send([refused.packet], 2)
            return False
        self._send([ok()], 2)
        return True

    def _log_in(self, answer, nonce):
        (capabilities,) = struct.unpack_from("<I", answer)
        for bit, name in ((PROTOCOL_41, "PROTOCOL_41"), (MULTI_RESULTS, "MULTI_RESULTS")):
            if not capabilities & bit:
                raise Refused(1002, "42000", f"Client needs CLIENT_{name} set")
        end = answer.index(b"\0", 32)
        self.user = answer[32:end].decode()
        given = answer[end + 2 : end + 2 + answer[end + 1]]
        if not self.server.digest:
            return
        password, _ = self.server.digest.users.get(self.user, (None, ()))
        if password is None or scramble(password, nonce) != given:
            raise Refused(1044, "42000", f"Access denied for user '{self.user}'")

    def _serve(self):
        packet = self._receive()
        if packet is None:
            return False
        command, statement = packet[0], packet[1:].decode("utf-8", "replace")
        if command == QUIT:
            return True  # not acted upon: the client has to close
        if command == PING:
            self._send([ok(b"MySQL Fabric")])
        elif statement:  # an empty text gets no answer at all
            try:
                self._send(self._run(statement.strip()))
            except Refused as refused:
                extra = [ok()] if SET_FORMAT.match(statement.strip()) else []
                self._send([refused.packet, *extra])
        return True

    def _run(self, statement):
        chosen = SET_FORMAT.match(statement)
        if chosen:
            if chosen.group(1).lower() not in ("json", "default"):
                raise Refused(1228, "42000", f"Format '{chosen.group(1)}' is not supported")
            self.json = chosen.group(1).lower() == "json"
            return [ok()]
        if not re.match(r"CALL\b", statement, re.IGNORECASE):
            return [ok()]
        call = CALL.match(statement)
        if not call:
            raise Refused(1149, "42000", "You have an error in your SQL syntax")
        name = f"{call.group(1)}.{call.group(2)}"
        if name not in COMMANDS:
            raise Refused(1106, "HY000", "Unknown Fabric command")
        if self.server.digest and not self.server.digest.may(self.user, name):
            raise Refused(
                1370, "42000", f"Execute command denied to user '{self.user}' for command '{name}'"
            )
        positional, keyword = parse_arguments(call.group(3))
        ttl, error, sets = self.server.dispatcher.run(name, positional, keyword)
        status = {
            "info": {"names": ["fabric_uuid", "ttl", "message"]},
            "rows": [[FABRIC_UUID, ttl, error or None]],
        }
        sets = [status] + ([] if error else sets)
        table = name.replace(".", "_").encode()
        return self._as_json(table, sets) if self.json else self._as_rows(table, sets)

    def _as_rows(self, table, sets):
        packets = []
        for number, found in enumerate(sets):
            names = found["info"]["names"]
            packets.append(bytes([len(names)]))
            for place, name in enumerate(names):
                kind = column_type(name, names, [row[place] for row in found["rows"]])
                packets.append(column(table, name, kind))
            packets.append(eof(False))
            for row in found["rows"]:
                cells = [b"\xfb" if one is None else lenenc(text(one).encode()) for one in row]
                packets.append(b"".join(cells))
            packets.append(eof(number + 1 < len(sets)))
        return packets

    def _as_json(self, table, sets):
        document = [
            [dict(zip(found["info"]["names"], row)) for row in found["rows"]] for found in sets
        ]
        row = lenenc(json.dumps(document).encode())
        return [b"\x01", column(table, "json", BLOB), eof(False), row, eof(False)]


def column(table, name, kind):
    texts = [b"fabric", b"fabric", table, table, name.encode(), name.encode()]
    head = b"".join(lenenc(one) for one in texts)
    return head + b"\x0c" + struct.pack("<HIBHBH", UTF8, 1024, kind, NOT_NULL, 0, 0)
