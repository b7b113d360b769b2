"""A small client of the MySQL text protocol: login, statements, rows of text.

It exists because starting the `mariadb` program for each statement would make farms slow to set up.
Times are in seconds. All values arrive as str, NULL as None.
"""

import hashlib
import socket
import struct

PROTOCOL_41 = 0x0200
LONG_PASSWORD = 0x0001
CONNECT_WITH_DB = 0x0008
TRANSACTIONS = 0x2000
SECURE_CONNECTION = 0x8000
MULTI_RESULTS = 0x20000
PLUGIN_AUTH = 0x80000
UTF8MB4_GENERAL = 45


class ServerError(Exception):
    """The server refused: `errno`, `sqlstate` and its own text."""

    def __init__(self, errno, sqlstate, text):
        super().__init__(f"{errno} ({sqlstate}): {text}")
        self.errno = errno
        self.sqlstate = sqlstate
        self.text = text


class ConnectionLost(OSError):
    """The connection could not be made or ended before the reply was complete."""


def scramble(password, nonce):
    """The answer of mysql_native_password to `nonce`: 20 bytes, none for an empty password."""
    if not password:
        return b""
    once = hashlib.sha1(password.encode()).digest()
    mask = hashlib.sha1(nonce + hashlib.sha1(once).digest()).digest()
    return bytes(a ^ b for a, b in zip(once, mask))


def sha2_scramble(password, nonce):
    """The answer of caching_sha2_password: 32 bytes, none for an empty password."""
    if not password:
        return b""
    once = hashlib.sha256(password.encode()).digest()
    mask = hashlib.sha256(hashlib.sha256(once).digest() + nonce).digest()
    return bytes(a ^ b for a, b in zip(once, mask))


class Connection:
    """One connection, over `unix_socket` if given, else to `host` and `port`; usable in `with`."""

    def __init__(
        self,
        host="127.0.0.1",
        port=3306,
        user="root",
        password="",
        database="",
        unix_socket=None,
        connect_timeout=5.0,
        timeout=30.0,
    ):
        self.sequence = 0
        self.last_insert_id = 0
        self.socket = socket.socket(
            socket.AF_UNIX if unix_socket else socket.AF_INET, socket.SOCK_STREAM
        )
        try:
            self.socket.settimeout(connect_timeout)
            self.socket.connect(unix_socket or (host, port))
            if not unix_socket:
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            self.close()
            raise ConnectionLost(
                f"cannot connect to {unix_socket or f'{host}:{port}'}: {error}"
            ) from error
        try:
            self._login(user, password, database, bool(unix_socket))
            self.socket.settimeout(timeout)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def query(self, sql):
        """Runs one statement; gives its rows as lists, [] when it has none."""
        self.sequence = 0
        self._send(b"\x03" + sql.encode())
        return self._result()

    def value(self, sql):
        """The first cell of the first row, None without a row."""
        rows = self.query(sql)
        return rows[0][0] if rows else None

    def dictionaries(self, sql):
        """The rows as dictionaries by column name."""
        rows = self.query(sql)
        return [dict(zip(self.names, row)) for row in rows]

    def _read(self, size):
        data = bytearray()
        while len(data) < size:
            try:
                part = self.socket.recv(size - len(data))
            except OSError as error:
                raise ConnectionLost(f"no reply from the server: {error}") from error
            if not part:
                raise ConnectionLost("the server closed the connection")
            data += part
        return bytes(data)

    def _packet(self):
        payload = b""
        while True:
            header = self._read(4)
            size = int.from_bytes(header[:3], "little")
            self.sequence = header[3] + 1
            payload += self._read(size)
            if size < 0xFFFFFF:
                break
        if payload[:1] == b"\xff":
            errno = struct.unpack_from("<H", payload, 1)[0]
            if payload[3:4] == b"#":
                raise ServerError(
                    errno, payload[4:9].decode(), payload[9:].decode(errors="replace")
                )
            raise ServerError(errno, "HY000", payload[3:].decode(errors="replace"))
        return payload

    def _send(self, payload):
        header = len(payload).to_bytes(3, "little") + bytes([self.sequence & 255])
        try:
            self.socket.sendall(header + payload)
        except OSError as error:
            raise ConnectionLost(f"cannot send to the server: {error}") from error

    def _login(self, user, password, database, private):
        greeting = self._packet()
        end = greeting.index(b"\0", 1)
        self.server_version = greeting[1:end].decode()
        nonce = greeting[end + 5 : end + 13] + greeting[end + 32 : end + 44]
        flags = (
            LONG_PASSWORD
            | PROTOCOL_41
            | TRANSACTIONS
            | SECURE_CONNECTION
            | MULTI_RESULTS
            | PLUGIN_AUTH
            | (CONNECT_WITH_DB if database else 0)
        )
        answer = scramble(password, nonce)
        payload = struct.pack("<IIB23x", flags, 1 << 24, UTF8MB4_GENERAL) + user.encode() + b"\0"
        payload += bytes([len(answer)]) + answer
        payload += database.encode() + b"\0" if database else b""
        self._send(payload + b"mysql_native_password\0")
        reply = self._packet()
        if reply[:1] != b"\xfe":
            return
        method, _, nonce = reply[1:].partition(b"\0")
        if method == b"mysql_native_password":
            self._send(scramble(password, nonce[:20]))
            self._packet()
        elif method == b"caching_sha2_password":
            self._send(sha2_scramble(password, nonce[:20]))
            self._end_sha2(password, private)
        else:
            raise ServerError(
                2059, "HY000", f"authentication method {method.decode()} is not known"
            )

    def _end_sha2(self, password, private):
        """The server knows the password's digest since a login before, or wants it as it is."""
        reply = self._packet()
        if reply == b"\x01\x04":
            if not private:
                raise ServerError(
                    2061, "HY000", "the password is wanted as it is: log in by the socket file first"
                )
            self._send(password.encode() + b"\0")
        if reply[:1] == b"\x01":
            self._packet()

    def _result(self):
        first = self._packet()
        if first[:1] == b"\0":
            self.names = []
            self.affected, at = length_encoded(first, 1)
            self.last_insert_id, _ = length_encoded(first, at)
            return []
        count, _ = length_encoded(first, 0)
        self.names = [column_name(self._packet()) for _ in range(count)]
        self._packet()
        rows = []
        while True:
            packet = self._packet()
            if packet[:1] == b"\xfe" and len(packet) < 9:
                return rows
            rows.append(cells(packet, count))


def length_encoded(data, at):
    """A length-encoded integer and the position after it; None for NULL."""
    lead = data[at]
    if lead < 0xFB:
        return lead, at + 1
    if lead == 0xFB:
        return None, at + 1
    size = {0xFC: 2, 0xFD: 3, 0xFE: 8}[lead]
    return int.from_bytes(data[at + 1 : at + 1 + size], "little"), at + 1 + size


def cells(packet, count):
    at = 0
    row = []
    for _ in range(count):
        size, at = length_encoded(packet, at)
        row.append(None if size is None else packet[at : at + size].decode(errors="replace"))
        at += size or 0
    return row


def column_name(packet):
    """The fifth of the strings of a column definition."""
    return cells(packet, 5)[4]


def quote(text):
    """`text` as an SQL string literal."""
    return "'" + str(text).replace("\\", "\\\\").replace("'", "\\'") + "'"
