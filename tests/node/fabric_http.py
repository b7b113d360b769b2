"""HTTP and Digest authentication as the real Fabric node does them, with its peculiarities.

HTTP/1.0, the connection is closed after each reply, a fixed number of workers each of which serves
one connection until the client closes it or got its reply, no read timeout.
"""

import base64
import email.utils
import gzip
import hashlib
import re
import secrets
import socket
import threading
import time

import fabric_xmlrpc

REALM = "MySQL Fabric"
ALLOWED_FIELDS = {
    "username",
    "realm",
    "nonce",
    "response",
    "nc",
    "cnonce",
    "qop",
    "algorithm",
    "uri",
    "opaque",
}
PROBE = "_some_nonexisting_method"
COMPRESS_ABOVE = 1400
SERVER_HEADER = "BaseHTTP/0.3 Python/2.7.18"


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


class Digest:
    """Checks of the Authorization header. `users` maps a name to (password, rights), where rights
    is a tuple of prefixes such as "dump." ("" for everything). All nonces are forgotten every
    `forget_after` seconds."""

    def __init__(self, users, forget_after=120.0):
        self.users = users
        self.forget_after = forget_after
        self.counters = {}
        self.forgotten_at = time.monotonic()
        self.opaque = secrets.token_hex(16)
        self.lock = threading.Lock()

    def challenge(self):
        expiry = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + self.forget_after))
        plain = f"{expiry}.{time.time_ns() // 1000 % 1000000:06d};;{secrets.token_hex(16)}"
        nonce = base64.b64encode(plain.encode()).decode()
        return (
            f'Digest realm="{REALM}", nonce="{nonce}", algorithm="MD5", '
            f'opaque="{self.opaque}", qop="auth"'
        )

    def check(self, header):
        """("ok", user), ("refused", None) for a 400 or ("dropped", None) for the empty reply."""
        scheme, _, rest = header.partition(" ")
        if scheme.lower() != "digest":
            return "refused", None
        fields = {}
        for part in rest.split(","):
            name, equals, text = part.strip().partition("=")
            if not equals or name not in ALLOWED_FIELDS:
                return "refused", None
            fields[name] = text.strip('"')
        if not {"username", "nonce", "response", "nc", "cnonce", "qop"} <= set(fields):
            return "dropped", None
        if fields["username"] not in self.users:
            return "refused", None
        password, _ = self.users[fields["username"]]
        ha1 = md5(f"{fields['username']}:{REALM}:{password}")
        ha2 = md5("POST:/RPC2")  # whatever the path of the request
        expected = md5(
            ":".join([ha1, fields["nonce"], fields["nc"], fields["cnonce"], fields["qop"], ha2])
        )
        if expected != fields["response"]:
            return "refused", None
        return ("ok", fields["username"]) if self._count(fields) else ("dropped", None)

    def _count(self, fields):
        """True if nc is the next number of its nonce."""
        with self.lock:
            if time.monotonic() - self.forgotten_at > self.forget_after:
                self.counters.clear()
                self.forgotten_at = time.monotonic()
            try:
                number = int(fields["nc"], 16)
            except ValueError:
                return False
            if number != self.counters.get(fields["nonce"], 0) + 1:
                return False
            self.counters[fields["nonce"]] = number
            return True

    def may(self, user, method):
        return method == PROBE or any(method.startswith(right) for right in self.users[user][1])


class HttpServer:
    """Serves `call(method, parameters)`, which gives the reply's body, on a loopback port. `digest`
    is None for a node without authentication. `ssl_context` turns it into HTTPS."""

    def __init__(self, call, digest, port=0, workers=5, ssl_context=None):
        self.call = call
        self.digest = digest
        self.ssl_context = ssl_context
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.listener.listen(128)
        self.threads = [threading.Thread(target=self._work, daemon=True) for _ in range(workers)]

    def serve_forever(self):
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join()

    def close(self):
        """Ends the workers that wait for a connection."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _work(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return  # closed
            try:
                if self.ssl_context:
                    connection = self.ssl_context.wrap_socket(connection, server_side=True)
                with connection.makefile("rb") as reader:
                    reply = self._serve(reader)
                    if reply:
                        connection.sendall(reply)
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            finally:
                connection.close()

    def _serve(self, reader):
        """Reads one request; gives the bytes to be sent, none to close without a reply."""
        line = reader.readline(65537).decode("latin-1").split()
        if len(line) < 2:
            return b""
        headers = {}
        while True:
            text = reader.readline(65537).decode("latin-1")
            if text in ("\r\n", "\n", ""):
                break
            name, _, content = text.partition(":")
            headers[name.strip().lower()] = content.strip()
        if line[0] != "POST":
            return unsupported(line[0])
        return self._post(line[1], headers, reader)

    def _post(self, path, headers, reader):
        user = None
        if self.digest:
            if "authorization" not in headers:
                return (
                    head("401 Unauthorized", [("WWW-Authenticate", self.digest.challenge())])
                    + b"\r\n\r\n"
                )
            outcome, user = self.digest.check(headers["authorization"])
            if outcome == "dropped":
                return b""
            if outcome == "refused":
                return head("400 Bad Request")  # without even the blank line
        if path not in ("/", "/RPC2"):
            return answer("404 Not Found", b"No such page", "text/plain")
        if not headers.get("content-length", "").isdigit():
            return answer("500 Internal Server Error")
        if "content-encoding" in headers:
            return answer("501 encoding %r not supported" % headers["content-encoding"])
        body = reader.read(int(headers["content-length"]))
        method = fabric_xmlrpc.method_name(body)
        if method is None:
            return answer("400 Bad Request")
        if self.digest:
            if "." not in method and method != PROBE:
                return (
                    b"Content-length: 0\r\n\r\n"  # the node stumbles before it wrote a status line
                )
            if not self.digest.may(user, method):
                return answer(f"403 Not allowed to execute 'core.{method}'")
        return self._reply(self._run(method, body), headers)

    def _run(self, method, body):
        try:
            parameters = fabric_xmlrpc.parse_call(body)
        except Exception as error:  # whatever the parser says becomes the fault's text
            return fabric_xmlrpc.fault(str(error))
        return self.call(method, parameters)

    @staticmethod
    def _reply(body, headers):
        accepted = re.split(r"[\s,;]+", headers.get("accept-encoding", ""))
        if len(body) > COMPRESS_ABOVE and "gzip" in accepted:
            packed = gzip.compress(body)
            return (
                head(
                    "200 OK",
                    [
                        ("Content-type", "text/xml"),
                        ("Content-Encoding", "gzip"),
                        ("Content-length", len(packed)),
                    ],
                )
                + b"\r\n"
                + packed
            )
        return answer("200 OK", body, "text/xml")


def head(status, headers=()):
    """Status line and headers, without the blank line after them."""
    lines = [
        f"HTTP/1.0 {status}",
        f"Server: {SERVER_HEADER}",
        f"Date: {email.utils.formatdate(usegmt=True)}",
    ]
    lines += [f"{name}: {content}" for name, content in headers]
    return "".join(line + "\r\n" for line in lines).encode("latin-1", "replace")


def answer(status, body=b"", content_type=None):
    headers = [("Content-type", content_type)] if content_type else []
    return head(status, headers + [("Content-length", len(body))]) + b"\r\n" + body


def unsupported(method):
    message = f"Unsupported method ('{method}')"
    page = (
        "<head>\n<title>Error response</title>\n</head>\n<body>\n<h1>Error response</h1>\n"
        f"<p>Error code 501.\n<p>Message: {message}.\n"
        "<p>Error code explanation: 501 = Server does not support this operation.\n</body>\n"
    )
    return (
        head(f"501 {message}", [("Connection", "close"), ("Content-Type", "text/html")])
        + b"\r\n"
        + page.encode()
    )
