"""A Fabric node as a stranger may have written it.

A scenario is a dict:
    body          hexadecimal bytes of the reply to each request
    bodies        [[regular expression of a request, hexadecimal bytes], ...], looked for first
    repeat        [hex of the beginning, hex of what comes again and again, times, hex of the end]
    certificate, folder   HTTPS with this certificate
    piece, pause  bytes of a send, seconds between sends
    raw           hexadecimal bytes in place of a whole HTTP answer
"""

import os
import re
import socket
import ssl
import threading
import time

import wire


class Peer:
    def __init__(self, scenario):
        self.scenario = scenario
        self.requests = []
        self.context = None
        if "certificate" in scenario:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            at = os.path.join(scenario["folder"], scenario["certificate"])
            self.context.load_cert_chain(at + ".pem", at + ".key")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def body(self, request):
        for pattern, body in self.scenario.get("bodies", []):
            if re.search(pattern, request):
                return bytes.fromhex(body)
        if "repeat" in self.scenario:
            begin, part, times, end = self.scenario["repeat"]
            return bytes.fromhex(begin) + bytes.fromhex(part) * times + bytes.fromhex(end)
        return bytes.fromhex(self.scenario.get("body", ""))

    def serve(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(sock,), daemon=True).start()

    def answer(self, sock):
        try:
            if self.context:
                sock = self.context.wrap_socket(sock, server_side=True)
            request = b""
            while b"\r\n\r\n" not in request:
                part = sock.recv(65536)
                if not part:
                    return
                request += part
            head, _, rest = request.partition(b"\r\n\r\n")
            length = 0
            for line in head.split(b"\r\n"):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            while len(rest) < length:
                part = sock.recv(65536)
                if not part:
                    break
                rest += part
            self.requests.append((head + b"\r\n\r\n" + rest).decode("utf-8", "replace"))
            stream = wire.Stream(sock, self.scenario.get("piece", 0), self.scenario.get("pause", 0.0))
            if "raw" in self.scenario:
                return stream.send_raw(bytes.fromhex(self.scenario["raw"]))
            body = self.body(self.requests[-1])
            stream.send_raw(
                b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )
        except (OSError, ValueError, wire.Closed):
            pass
        finally:
            sock.close()

    def told(self, wait=0.0):
        time.sleep(wait)
        return self.requests
