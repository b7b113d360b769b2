"""A MySQL server as a stranger may have written it: it does what its scenario says, and tells what
it got to know of the password.

A scenario is a dict:
    certificate   name of a certificate; absent: no TLS is offered
    folder        where the certificates are
    break_tls     True: the link ends where the TLS handshake would begin
    ask_client    True: the client has to show a certificate of ca.pem
    plugin        authentication plugin of the greeting
    switch        plugins that the client is switched to, one after the other
    rsa           name of the key that is given for caching_sha2_password and sha256_password
    password      what may not be got to know
    asks_more     True: dialog asks a second question
    piece, pause  bytes of a send, seconds between sends; of everything
    first         hexadecimal bytes that are sent in place of the greeting
    welcome       hexadecimal payloads that are sent in place of the OK of the login
    answers       [[regular expression of a command's text, script], ...], see Script below
    silent        True: nothing is sent at all
"""

import os
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import time

import wire

CHALLENGES = {"mysql_clear_password": b"", "dialog": b"\x05Password: ", "client_ed25519": bytes(range(1, 33))}


def decrypted(key, cipher):
    with tempfile.NamedTemporaryFile() as file:
        file.write(cipher)
        file.flush()
        done = subprocess.run(
            ["openssl", "pkeyutl", "-decrypt", "-inkey", key, "-in", file.name, "-pkeyopt",
             "rsa_padding_mode:oaep"], capture_output=True,
        )
    plain = done.stdout
    return bytes(b ^ wire.SCRAMBLE[i % len(wire.SCRAMBLE)] for i, b in enumerate(plain))


class Script:
    """What is sent to a command; each word of the list is one of the methods or raw payloads.

    {"packets": [hex, ...]}      these payloads, numbered on
    {"results": [[names, row, ...], ...]}   text results, one after the other
    {"raw": hex}                 these bytes
    {"repeat": hex, "count": n}  a payload n times; n = -1: without end
    {"wait": seconds}            nothing for so long
    {"close": true}              the end
    {"slow": [piece, pause]}     from here on
    """

    def __init__(self, steps):
        self.steps = steps

    def run(self, stream):
        for step in self.steps:
            for payload in step.get("packets", []):
                stream.send(bytes.fromhex(payload))
            for left, (names, *rows) in zip(range(len(step.get("results", [])) - 1, -1, -1), step.get("results", [])):
                status = wire.AUTOCOMMIT | (wire.MORE_RESULTS if left else 0)
                stream.send(*wire.result(names, rows, status))
            if "raw" in step:
                stream.send_raw(bytes.fromhex(step["raw"]))
            if "repeat" in step:
                self.repeat(stream, bytes.fromhex(step["repeat"]), step["count"])
            if "slow" in step:
                stream.piece, stream.pause = step["slow"]
            if "wait" in step:
                time.sleep(step["wait"])
            if step.get("close"):
                raise wire.Closed("by the script")

    @staticmethod
    def repeat(stream, payload, count):
        sent = 0
        while sent != count:
            several = [payload] * (min(200, count - sent) if count >= 0 else 200)
            if stream.piece:
                several = several[:1]
            stream.send(*several)
            sent += len(several)


class Link(threading.Thread):
    def __init__(self, peer, sock):
        super().__init__(daemon=True)
        self.peer = peer
        self.scenario = peer.scenario
        self.sock = sock
        self.stream = wire.Stream(sock, self.scenario.get("piece", 0), self.scenario.get("pause", 0.0))
        self.report = {
            "tls": False, "login": False, "plugins": [], "in": False, "password": "none",
            "commands": [], "ended": "",
        }

    def run(self):
        try:
            self.serve()
        except wire.Closed as closed:
            self.report["ended"] = str(closed)
        except Exception as failure:  # told in the report: the test shows it
            self.report["ended"] = f"{type(failure).__name__}: {failure}"
        finally:
            self.look_for_password(self.stream.received)
            self.sock.close()

    def look_for_password(self, data):
        password = self.scenario.get("password", "").encode()
        if password and password in data:
            self.report["password"] = "clear over TLS" if self.report["tls"] else "clear"

    def serve(self):
        scenario, stream = self.scenario, self.stream
        if scenario.get("silent"):
            time.sleep(3600)
        if "first" in scenario:
            stream.send_raw(bytes.fromhex(scenario["first"]))
        else:
            tls = "certificate" in scenario
            plugin = scenario.get("plugin", "mysql_native_password")
            stream.send(wire.greeting(tls=tls, plugin=plugin, version=scenario.get("version", "8.0.99-peer")))
        login = stream.take()
        flags = int.from_bytes(login[:4], "little")
        if len(login) == 32 and flags & wire.SSL and "certificate" in scenario:
            if scenario.get("break_tls"):
                raise wire.Closed("TLS was broken")
            self.start_tls()
            login = self.stream.take()
        self.report["login"] = True
        self.authenticate(login, flags)
        self.report["in"] = True
        for payload in self.scenario.get("welcome", [wire.ok().hex()]):
            self.stream.send(bytes.fromhex(payload))
        while True:
            self.stream.sequence = 0
            self.command(self.stream.take())

    def start_tls(self):
        folder, name = self.scenario["folder"], self.scenario["certificate"]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".key"))
        if self.scenario.get("ask_client"):
            context.load_verify_locations(os.path.join(folder, "ca.pem"))
            context.verify_mode = ssl.CERT_REQUIRED
        if "version_only" in self.scenario:
            version = getattr(ssl.TLSVersion, self.scenario["version_only"])
            context.minimum_version = context.maximum_version = version
        try:
            self.sock = context.wrap_socket(self.sock, server_side=True)
        except (OSError, ValueError) as error:
            raise wire.Closed(f"TLS: {error}") from error
        self.report["tls"] = True
        before = self.stream
        self.stream = wire.Stream(self.sock, before.piece, before.pause)
        self.stream.sequence = before.sequence
        self.stream.received = before.received

    def authenticate(self, login, flags):
        names = [self.scenario.get("plugin", "mysql_native_password")]
        reply = wire.login_reply(login)
        for name in self.scenario.get("switch", []):
            challenge = CHALLENGES.get(name, wire.SCRAMBLE + b"\0")
            if name == "dialog" and self.scenario.get("asks_more"):
                challenge = b"\x04Password: "
            self.stream.send(wire.auth_switch(name, challenge))
            names.append(name)
            reply = self.stream.take()
        self.report["plugins"] = names
        last = names[-1]
        if last == "caching_sha2_password":
            if len(reply) == 32:
                self.stream.send(b"\x01\x04")
                self.rsa(b"\x02", None)
        elif last == "sha256_password":
            self.rsa(b"\x01", reply)
        elif last == "dialog" and self.scenario.get("asks_more"):
            self.stream.send(b"\x05Token: ")
            self.stream.take()

    def rsa(self, request, reply):
        reply = self.stream.take() if reply is None else reply
        folder, key = self.scenario["folder"], self.scenario.get("rsa", "rsa")
        if reply == request:
            with open(os.path.join(folder, key + ".pem"), "rb") as file:
                self.stream.send(b"\x01" + file.read())
            reply = self.stream.take()
        if len(reply) == 256:
            found = decrypted(os.path.join(folder, key + ".key"), reply)
            if self.scenario["password"].encode() in found:
                self.report["password"] = "by RSA"

    def command(self, data):
        text = data[1:].decode("utf-8", "replace") if data else ""
        self.report["commands"].append([data[0] if data else -1, text])
        if data[:1] == b"\x01":
            raise wire.Closed("COM_QUIT")
        if data[:1] == b"\x19":  # COM_STMT_CLOSE has no answer
            return
        for pattern, steps in self.scenario.get("answers", []):
            if re.search(pattern, f"{data[0]:02x} {text}", re.S | re.I):
                return Script(steps).run(self.stream)
        if data[:1] == b"\x03" and re.match(r"\s*(SELECT|SHOW)", text, re.I):
            return self.stream.send(*wire.result(["v"], [["1"]]))
        return self.stream.send(wire.ok())


class Peer:
    def __init__(self, scenario):
        self.scenario = scenario
        self.links = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link = Link(self, sock)
            self.links.append(link)
            link.start()

    def told(self, wait=2.0):
        """The reports of all links; those that still run get the time to end."""
        end = time.monotonic() + wait
        for link in list(self.links):
            link.join(max(0.0, end - time.monotonic()))
        return [link.report | {"open": link.is_alive()} for link in self.links]
