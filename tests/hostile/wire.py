"""The MySQL protocol as bytes: packets as a server sends them, and what a client sent."""

import struct

LONG_PASSWORD, FOUND_ROWS, CONNECT_WITH_DB, PROTOCOL_41, SSL = 1, 2, 8, 512, 2048
TRANSACTIONS, SECURE_CONNECTION, MULTI_STATEMENTS, MULTI_RESULTS = 0x2000, 0x8000, 0x10000, 0x20000
PS_MULTI_RESULTS, PLUGIN_AUTH, CONNECT_ATTRS, LENENC_AUTH = 0x40000, 0x80000, 0x100000, 0x200000
SESSION_TRACK = 0x800000
CAPABILITIES = (
    LONG_PASSWORD | FOUND_ROWS | CONNECT_WITH_DB | PROTOCOL_41 | TRANSACTIONS | SECURE_CONNECTION
    | MULTI_STATEMENTS | MULTI_RESULTS | PS_MULTI_RESULTS | PLUGIN_AUTH | CONNECT_ATTRS | LENENC_AUTH
    | SESSION_TRACK
)
AUTOCOMMIT, MORE_RESULTS, STATE_CHANGED = 2, 8, 0x4000
SCRAMBLE = b"0123456789abcdefghij"
UTF8MB4, BINARY = 45, 63
LONG, VAR_STRING, DOUBLE, DATETIME = 3, 253, 5, 12


def lenenc(number):
    if number < 251:
        return bytes([number])
    if number < 1 << 16:
        return b"\xfc" + struct.pack("<H", number)
    if number < 1 << 24:
        return b"\xfd" + struct.pack("<I", number)[:3]
    return b"\xfe" + struct.pack("<Q", number)


def text(value):
    data = value.encode() if isinstance(value, str) else value
    return lenenc(len(data)) + data


def greeting(version="8.0.99-peer", tls=False, plugin="mysql_native_password", capabilities=None):
    flags = CAPABILITIES if capabilities is None else capabilities
    flags = flags | SSL if tls else flags & ~SSL
    return (
        b"\x0a" + version.encode() + b"\0" + struct.pack("<I", 77) + SCRAMBLE[:8] + b"\0"
        + struct.pack("<H", flags & 0xFFFF) + bytes([UTF8MB4]) + struct.pack("<H", AUTOCOMMIT)
        + struct.pack("<H", flags >> 16) + bytes([21]) + bytes(10) + SCRAMBLE[8:] + b"\0"
        + plugin.encode() + b"\0"
    )


def ok(affected=0, status=AUTOCOMMIT, warnings=0):
    return b"\0" + lenenc(affected) + lenenc(0) + struct.pack("<HH", status, warnings)


def changed(name, value, status=AUTOCOMMIT):
    """An OK that tells a variable of the session."""
    variable = text(name) + text(value)
    told = b"\0" + text(variable)  # SESSION_TRACK_SYSTEM_VARIABLES
    return ok(status=status | STATE_CHANGED) + text("") + text(told)


def eof(status=AUTOCOMMIT, warnings=0):
    return b"\xfe" + struct.pack("<HH", warnings, status)


def error(number, state, message):
    return b"\xff" + struct.pack("<H", number) + b"#" + state.encode() + message.encode()


def auth_switch(plugin, data=SCRAMBLE + b"\0"):
    name = plugin.encode() if isinstance(plugin, str) else plugin
    return b"\xfe" + name + b"\0" + data


def column(name="c", kind=VAR_STRING, charset=UTF8MB4, length=400, flags=0, decimals=0):
    return (
        text("def") + text("") + text("") + text("") + text(name) + text("") + b"\x0c"
        + struct.pack("<HIBHB", charset, length, kind, flags, decimals) + b"\0\0"
    )


def text_row(*values):
    return b"".join(b"\xfb" if value is None else text(value) for value in values)


def result(names, rows, status=AUTOCOMMIT):
    """The packets of a text result."""
    return [
        lenenc(len(names)), *[column(name) for name in names], eof(status),
        *[text_row(*row) for row in rows], eof(status),
    ]


def native_reply_matches(reply, password):
    import hashlib

    one = hashlib.sha1(password.encode()).digest()
    mixed = hashlib.sha1(SCRAMBLE + hashlib.sha1(one).digest()).digest()
    return reply == bytes(a ^ b for a, b in zip(one, mixed))


def login_reply(login):
    """The answer to the greeting's challenge."""
    at = login.index(b"\0", 32) + 1
    length = login[at] if at < len(login) else 0
    if length == 0xFC:
        length = login[at + 1] | login[at + 2] << 8
        at += 2
    return login[at + 1 : at + 1 + length]


class Closed(Exception):
    """The client has closed the link, or broken it."""


class Stream:
    """Packets over a socket; notes every byte that came in."""

    def __init__(self, sock, piece=0, pause=0.0):
        self.sock = sock
        self.piece = piece  # bytes of a send; 0: whole packets
        self.pause = pause  # seconds between them
        self.sequence = 0
        self.received = b""

    def send_raw(self, data):
        import time

        try:
            if not self.piece:
                return self.sock.sendall(data)
            for at in range(0, len(data), self.piece):
                self.sock.sendall(data[at : at + self.piece])
                time.sleep(self.pause)
        except (OSError, ValueError) as error:
            raise Closed(str(error)) from error

    def send(self, *payloads):
        data = b""
        for payload in payloads:
            data += struct.pack("<I", len(payload))[:3] + bytes([self.sequence & 255]) + payload
            self.sequence += 1
        self.send_raw(data)

    def exactly(self, size):
        data = b""
        while len(data) < size:
            try:
                part = self.sock.recv(size - len(data))
            except (OSError, ValueError) as error:
                raise Closed(str(error)) from error
            if not part:
                raise Closed("end of file")
            data += part
            self.received += part
        return data

    def take(self):
        """The payload of the next packet."""
        header = self.exactly(4)
        self.sequence = header[3] + 1
        return self.exactly(header[0] | header[1] << 8 | header[2] << 16)
