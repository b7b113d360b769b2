#!/usr/bin/env python3
"""myfabric check over broken set-ups: each cause is told apart, with the one thing to do, and exit status 1."""

import json
import os
import re
import shutil
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(TESTS, name) for name in ("farm", "hostile", "node", "servers")]
import certificates  # noqa: E402
import mysql_peer  # noqa: E402
import processes  # noqa: E402
import servers  # noqa: E402
from fabric_sql import run_script  # noqa: E402

STRANGER = 65534  # nobody
LOGIN = "User={user};Password={password};Database=test"
SERVER = "Server=127.0.0.1;Port={port};" + LOGIN
TLS = "Server=127.0.0.1;Port={tls_port};" + LOGIN
PEER = LOGIN + ";Server=127.0.0.1;ConnectTimeout=5;Port="
FILE = "FabricProtocol=file;FabricHost={folder}/farm.json;" + LOGIN
NODE = "FabricHost=127.0.0.1:{node};FabricConnectionAttempts=1;Group=east;" + LOGIN
CLUSTER = "FabricHost=127.0.0.1:{port};FabricConnectionAttempts=1;FabricProtocol="
SQL = "FabricProtocol=mysql;FabricHost=127.0.0.1;FabricConnectionAttempts=1;Group=east;" + LOGIN

# keys of a data source, the cause, a part of the text, a part of what is to be done
KEYS = (
    # the keys themselves
    ("Server=x;Port=many", "value", "key Port: use a whole number", "mend that key"),
    ("Server=x;Mode=sometimes", "value", "'sometimes'", "mend that key"),
    ("Server=x;SSLCA=/nowhere/ca.pem", "file_missing", "SSLCA=/nowhere/ca.pem: No such file", "mend SSLCA"),
    ("Server=x;SSLKey={folder}/farm.json/key", "file_missing", "SSLKey", "mend SSLKey"),
    # the driver
    ("Driver=;Server=x", "no_driver", "does not say which", "add Driver=MyFabric"),
    ("Driver=Postgres;Server=x", "driver_name", "[Postgres] is not in", "write Driver=MyFabric into"),
    ("Driver=/nowhere/libmyfabricodbc.so", "driver_missing", "no file /nowhere", "myfabric install"),
    ("Driver={folder}/text/libmyfabricodbc.so", "driver_not_a_library", "no library", "package"),
    ("Driver={folder}/small/libmyfabricodbc.so", "driver_bits", "32-bit library, this program has 64", "64 bits"),
    ("Driver={folder}/arm/libmyfabricodbc.so", "driver_processor", "another processor", "this machine's"),
    ("Driver={folder}/lonely/libmyfabricodbc.so", "driver_dependency", "needs the library libnowhere.so.7", "libnowhere.so.7"),
    ("Driver={folder}/alone/libmyfabricodbc.so;FabricHost=x;Group=g", "node_part_missing", "no file {folder}/alone/libmyfabric-node.so", "copy this one beside"),
    ("Driver={folder}/spoiled/libmyfabricodbc.so;FabricHost=x;Group=g", "node_part", "/spoiled/libmyfabric-node.so is no library", "package"),
    ("Driver={odbc}", "other_driver", "is another driver", "write Driver=MyFabric"),
    ("Driver={odbcinst}", "driver_not_odbc", "has no SQLDriverConnect", "libmyfabricodbc.so"),
    ("Driver=Gone", "driver_missing", "no file /gone/libmaodbc.so", "package"),
    # the farm
    ("FabricProtocol=file;FabricHost=/nowhere/farm.json;Group=g", "farm_file", "/nowhere/farm.json", "write the farm file"),
    ("FabricProtocol=file;FabricHost={folder}/comma.json;Group=g", "farm_file", "line 2, column", "mend the farm file there"),
    ("FabricProtocol=file;FabricHost={folder}/status.json;Group=g", "farm_file", "line 3, column", "mend the farm file there"),
    ("FabricHost=127.0.0.1:{closed};FabricConnectionAttempts=1;Group=g", "farm_down", "refused the connection", "check that it runs"),
    ("FabricHost=no-such-host.invalid;FabricConnectionAttempts=1;Group=g", "farm_host_unknown", "cannot be resolved", "FabricHost"),
    (NODE + ";FabricUser=admin;FabricPassword=wrong", "farm_user", "refused the Fabric user 'admin'", "FabricUser and FabricPassword"),
    (NODE, "farm_user", "wants a user and password", "FabricUser and FabricPassword"),
    (NODE + ";FabricUser=nobody;FabricPassword=nobodypw", "farm_right", "no right to run dump", "the role connector"),
    ("FabricHost=127.0.0.1:{port};FabricConnectionAttempts=1;Group=g", "not_a_node", "HTTP", "FabricPort"),
    (SQL + ";FabricPort={port};FabricUser={user};FabricPassword={password}", "no_fabric_sql", "has no command", "load fabric-sql.sql"),
    (SQL + ";FabricPort={sql_port};FabricUser=reader;FabricPassword=pw", "farm_right", "no right to run", "manage.grant_connector('reader'"),
    (SQL + ";FabricPort={closed};FabricUser=x", "farm_down", "cannot be reached", "FabricHost and FabricPort"),
    (SQL + ";FabricPort={port};FabricUser=x;FabricPassword=y", "farm_user", "refused the Fabric user 'x'", "FabricUser and FabricPassword"),
    (SQL + ";FabricPort={port};FabricSSLCA={folder}/ca.pem;FabricUser={user};FabricPassword={password}", "farm_tls", "offers no TLS", "FabricSSLCA"),
    ("FabricHost=127.0.0.1:{smtp};FabricConnectionAttempts=1;Group=g", "not_a_node", "did not answer in HTTP", "FabricPort"),
    ("FabricHost=127.0.0.1:{mute};FabricConnectionAttempts=1;Group=g;FabricSSLCA={folder}/ca.pem;FabricConnectionTimeout=2", "farm_silent", "https://", "a node without TLS keeps silent"),
    (SQL + ";FabricPort={smtp};FabricUser=x;FabricPassword=y", "not_a_node", "127.0.0.1:{smtp}", "FabricPort"),
    (SQL + ";FabricPort={mute};FabricUser=x;FabricPassword=y;FabricConnectionTimeout=2", "farm_silent", "127.0.0.1:{mute}", "FabricPort"),
    ("FabricHost=a b;FabricConnectionAttempts=1;Group=g", "value", "'a b', which is no host", "write host, host:port"),
    ("FabricProtocol=soap;FabricHost=x;Group=g", "value", "'soap'", "mend that key"),
    ("FabricProtocol=file;FabricHost={folder};Group=g", "farm_file", "it is not a file", "mend FabricHost"),
    # servers that are asked themselves
    (CLUSTER + "replication;User=reader;Password=pw", "farm_right", "no right to see its role", "GRANT SLAVE MONITOR ON *.* TO 'reader'"),
    (CLUSTER + "replication;User={user};Password=wrong", "farm_user", "refuses the user", "User and Password"),
    (CLUSTER + "replication;FabricWeights=x;" + LOGIN, "value", "FabricWeights has the part 'x'", "mend FabricWeights"),
    ("FabricProtocol=replication;FabricHost=127.0.0.1:{closed};FabricConnectionAttempts=1;" + LOGIN, "farm_down", "Connection refused", "FabricHost"),
    (CLUSTER + "galera;" + LOGIN, "not_a_cluster", "wsrep_on=OFF", "mend FabricProtocol"),
    (CLUSTER + "group_replication;" + LOGIN, "not_a_cluster", "replication_group_members", "mend FabricProtocol"),
    # the target
    (FILE, "target", "Group", "add Group"),
    (FILE + ";Group=nowhere", "group", "'nowhere'", "mend Group"),
    (FILE + ";Tables=shop.none;ShardKey=1", "table", "shop.none", "mend Tables"),
    (FILE + ";Tables=shop.orders;ShardKey=0", "shard_key", "'0'", "mend ShardKey"),
    (FILE + ";Tables=shop.orders;ShardKey=abc", "shard_key", "'abc'", "mend ShardKey"),
    (FILE + ";Group=east;Tables=shop.orders", "target", "Group", "keep one of"),
    (FILE + ";Tables=shop.orders", "shard_key", "ShardKey", "add ShardKey"),
    (FILE + ";Group=readers", "no_server", "is a secondary", "Mode"),
    # the servers
    ("Server=127.0.0.1;Port={closed};" + LOGIN, "server_down", "Connection refused", "start the server"),
    (FILE + ";Group=down", "server_down", "127.0.0.1:{closed}", "the farm's entry"),
    ("Server=no-such-host.invalid;" + LOGIN, "host_unknown", "no-such-host.invalid", "no name service knows"),
    ("Socket={folder}/none.sock;" + LOGIN, "socket", "none.sock", "mend Socket"),
    ("Socket={folder};" + LOGIN, "socket", "it is a folder", "name the server's socket file"),
    ("Socket={folder}/farm.json;" + LOGIN, "socket", "no socket", "name the server's socket file"),
    ("Server=127.0.0.1;Port={node};ConnectTimeout=3;" + LOGIN, "silent", "it says nothing", "takes connections"),
    ("Server=127.0.0.1;Port={smtp};ConnectTimeout=3;" + LOGIN, "not_a_server", "it does not greet", "does not speak MySQL's protocol"),
    ("Server=255.255.255.255;ConnectTimeout=3;" + LOGIN, "no_route", "Network is unreachable", "this machine has no way to"),
    ("Server=app@db1;" + LOGIN, "value", "no host has the character '@'", "mend that key"),
    ("Server=127.0.0.1;Port={full};ConnectTimeout=3;" + LOGIN, "too_many_connections", "Too many connections", "raise max_connections"),
    ("Server=127.0.0.1;Port={blocked};ConnectTimeout=3;" + LOGIN, "host_blocked", "is blocked", "FLUSH HOSTS"),
    ("Server=127.0.0.1;Port={strange};ConnectTimeout=3;" + LOGIN, "host_not_allowed", "is not allowed to connect", "allow the user from this machine"),
    (TLS + ";SSLMode=REQUIRED;SSLCert={folder}/cert.pem;SSLKey={folder}/ca-key.pem", "client_key", "key values mismatch", "be a pair"),
    (TLS + ";SSLCA={folder}/farm.json", "certificate_file", "no certificate or crl found", "in PEM form"),
    (TLS + ";SSLMode=REQUIRED;TLSPeerFP=00:11", "fingerprint", "Fingerprint", "mend TLSPeerFP"),
    (TLS + ";SSLMode=REQUIRED;TLSVersions=TLSv1.0", "value", "no TLS version is left", "mend these keys"),
    (TLS + ";SSLMode=VERIFY_CA;SSLCA={folder}/ca.pem;TLSPeerFP=00:11", "fingerprint", "Fingerprint", "mend TLSPeerFP"),
    (PEER + "{expired};SSLMode=VERIFY_CA;SSLCA={folder}/peers/ca.pem", "certificate", "expired", "valid now"),
    (PEER + "{tls12};SSLMode=REQUIRED;SSLCipher=AES128-SHA", "cipher", "127.0.0.1:{tls12}", "mend SSLCipher"),
    (PEER + "{tls12};SSLMode=REQUIRED;SSLCipher=NO-SUCH-CIPHER", "cipher", "cipher", "mend SSLCipher"),
    (PEER + "{sha2};SSLMode=DISABLED", "authentication_plugin", "wants the password encrypted", "use TLS (SSLMode=REQUIRED)"),
    (PEER + "{odd}", "authentication_plugin", "'nowhere_plugin'", "name it by Default_Auth"),
    (PEER + "{odd};Default_Auth=nowhere_plugin", "authentication_plugin", "nowhere_plugin", "Plugin_Dir"),
    ("Server=127.0.0.1;Port={port};User=socketed;Password=pw", "user", "Access denied", "does not sign in by a password"),
    (SERVER + ";SSLMode=REQUIRED", "tls_not_offered", "127.0.0.1", "turn TLS on in the server"),
    (TLS + ";SSLMode=VERIFY_CA;SSLCA={folder}/other-ca.pem", "certificate", "certificate", "name by SSLCA"),
    (TLS + ";SSLMode=VERIFY_IDENTITY;SSLCA={folder}/ca.pem", "certificate_name", "127.0.0.1", "connect by a name that stands in"),
    ("Server=127.0.0.1;Port={port};User={user};Password=wrong", "user", "Access denied", "mend User and Password"),
    ("Server=127.0.0.1;Port={port};User={user}", "user", "Access denied", "add Password="),
    ("Server=127.0.0.1;Port={port};User={user};Password={password};Database=nowhere", "database", "nowhere", "CREATE DATABASE nowhere"),
    ("Server=127.0.0.1;Port={port};User=reader;Password=pw;Database=test", "database_right", "test", "GRANT"),
    ("Server=127.0.0.1;Port={port};User=expired;Password=pw", "password_expired", "PASSWORD", "ALTER USER 'expired'"),
    ("Server=127.0.0.1;Port={port};User=locked;Password=pw", "account_locked", "locked", "UNLOCK"),
    # the session
    (SERVER + ";InitStmt=SELEKT 1", "init_statement", "SELEKT", "mend InitStmt"),
)

world = None


def close(*sockets):
    for one in sockets:
        one.close()


def refusal(number, text):
    """A server's packet in place of its greeting."""
    body = b"\xff" + struct.pack("<H", number) + text.encode()
    return struct.pack("<I", len(body))[:3] + b"\0" + body


class World:
    """A server without TLS, one with, one with fabric-sql, a node, a port that is closed, one of another protocol."""

    def __init__(self, test):
        self.command = os.environ["MYFABRIC_COMMAND"]
        driver = os.environ["MYFABRIC_DRIVER"]
        self.folder = tempfile.mkdtemp(prefix="myfabric-broken-")
        test.addModuleCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        os.chmod(self.folder, 0o755)  # a stranger looks in, too
        self.make_certificates()
        os.mkdir(os.path.join(self.folder, "peers"))
        certificates.make(os.path.join(self.folder, "peers"))
        self.server = self.start(test)
        self.tls = self.start(
            test, [f"--ssl-ca={self.folder}/ca.pem", f"--ssl-cert={self.folder}/cert.pem", f"--ssl-key={self.folder}/key.pem"]
        )
        with self.server.connect(servers.ADMIN, servers.ADMIN_PASSWORD, database="") as session:
            session.query("CREATE USER reader@'%' IDENTIFIED BY 'pw'")
            session.query("CREATE USER expired@'%' IDENTIFIED BY 'pw' PASSWORD EXPIRE")
            session.query("CREATE USER locked@'%' IDENTIFIED BY 'pw' ACCOUNT LOCK")
            session.query("CREATE USER socketed@'%' IDENTIFIED VIA unix_socket")
        with self.tls.connect(servers.ADMIN, servers.ADMIN_PASSWORD, database="") as session:
            session.query("CREATE USER reader@'%' IDENTIFIED BY 'pw'")
        run_script(self.tls.socket)
        self.values = {
            "folder": self.folder,
            "port": self.server.port,
            "tls_port": self.tls.port,
            "sql_port": self.tls.port,
            "closed": processes.free_port(),
            "smtp": self.greet(test, b"220 mail.example.com ESMTP ready\r\n"),
            "mute": self.mute(test),
            "full": self.greet(test, refusal(1040, "Too many connections")),
            "blocked": self.greet(test, refusal(1129, "Host 'app' is blocked because of many connection errors; unblock with 'mariadb-admin flush-hosts'")),
            "strange": self.greet(test, refusal(1130, "Host 'app' is not allowed to connect to this MariaDB server")),
            "node": self.start_node(test),
            "expired": self.peer(test, certificate="expired"),
            "tls12": self.peer(test, certificate="right", version_only="TLSv1_2"),
            "sha2": self.peer(test, plugin="caching_sha2_password"),
            "odd": self.peer(test, switch=["nowhere_plugin"]),
            "user": servers.USER,
            "password": servers.PASSWORD,
            "odbc": self.library("libodbc.so.2"),
            "odbcinst": self.library("libodbcinst.so.2"),
        }
        self.make_libraries(driver)
        self.register()
        self.make_farms()

    def start(self, test, options=()):
        server = servers.Server("mariadb", None, list(options)).start()
        test.addModuleCleanup(server.remove)
        test.addModuleCleanup(server.stop)
        return server

    def mute(self, test):
        """The port of one that takes connections and never answers."""
        listener = socket.create_server(("127.0.0.1", 0))
        test.addModuleCleanup(close, listener)
        return listener.getsockname()[1]

    def greet(self, test, words):
        """The port of one that says `words` to whoever comes, and hangs up."""
        listener = socket.create_server(("127.0.0.1", 0))
        test.addModuleCleanup(close, listener)

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                connection.sendall(words)
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        return listener.getsockname()[1]

    def peer(self, test, **scenario):
        """The port of one that logs in as `scenario` says, by tests/hostile/mysql_peer.py."""
        peer = mysql_peer.Peer({"folder": os.path.join(self.folder, "peers"), **scenario})
        test.addModuleCleanup(close, peer.listener)
        return peer.port

    def start_node(self, test):
        program = next(p for p in (os.path.join(TESTS, d, "fabric_node.py") for d in ("node", "farm")) if os.path.exists(p))
        node = subprocess.Popen(
            [sys.executable, program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        test.addModuleCleanup(node.wait)
        test.addModuleCleanup(node.kill)
        port = int(node.stdout.readline())
        node.stdout.readline()
        node.stdout.close()
        return port

    def library(self, name):
        found = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
        return re.search(r"^\s*" + re.escape(name) + r" \(.*x86-64.*=> (\S+)|^\s*" + re.escape(name) + r".*=> (\S+)", found, re.M).group(1) or ""

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        os.chmod(path, mode)
        return path

    def make_libraries(self, driver):
        self.driver = os.path.join(self.folder, "libmyfabricodbc.so")
        module = os.path.join(os.path.dirname(driver), "libmyfabric-node.so")
        for file, to in ((driver, ""), (module, ""), (driver, "alone"), (driver, "spoiled")):
            os.makedirs(os.path.join(self.folder, to), exist_ok=True)
            shutil.copy(file, os.path.join(self.folder, to))
        self.write("spoiled/libmyfabric-node.so", "this is no library\n")
        shutil.copy(self.command, os.path.join(self.folder, "myfabric"))
        self.command = os.path.join(self.folder, "myfabric")
        with open(self.driver, "rb") as file:
            whole = file.read()
        self.write("text/libmyfabricodbc.so", "this is no library\n")
        self.write("small/libmyfabricodbc.so", whole[:4] + b"\1" + whole[5:])
        self.write("arm/libmyfabricodbc.so", whole[:18] + b"\xb7\x00" + whole[20:])
        # A library that was linked to another one, which is gone.
        folder = os.path.join(self.folder, "lonely")
        os.mkdir(folder)
        for name, more in (("libnowhere.so.7", ["-Wl,-soname,libnowhere.so.7"]), ("libmyfabricodbc.so", ["-Wl,--no-as-needed", f"{folder}/libnowhere.so.7"])):
            subprocess.run(["cc", "-shared", "-x", "c", "/dev/null", "-x", "none", *more, "-o", f"{folder}/{name}"], check=True)
        os.remove(f"{folder}/libnowhere.so.7")

    def make_certificates(self):
        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=self.folder)

        for name in ("ca", "other-ca"):
            openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-subj", f"/CN={name}", "-keyout", f"{name}-key.pem", "-out", f"{name}.pem")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=db.example.com", "-keyout", "key.pem", "-out", "request.pem")
        openssl("x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-days", "9", "-out", "cert.pem")

    def make_farms(self):
        def one(port, status="PRIMARY"):
            return {"servers": [{"uuid": f"{port} {status}", "host": "127.0.0.1", "port": port, "status": status}]}

        groups = {"east": one(self.values["port"]), "down": one(self.values["closed"]), "readers": one(self.values["port"], "SECONDARY")}
        shards = {"type": "RANGE", "tables": [{"name": "shop.orders"}], "shards": [{"lower_bound": "1", "group": "east"}]}
        self.write("farm.json", json.dumps({"groups": groups, "shard_maps": [shards]}))
        self.write("comma.json", '{"groups":\n  {"g" {"servers": []}}}\n')
        self.write("status.json", '{"groups": {"g": {"servers": [\n  {"host": "a",\n   "status": "BOSS"}]}}}\n')

    def register(self):
        self.write("odbcinst.ini", f"[MyFabric]\nDriver={self.driver}\n[Gone]\nDriver=/gone/libmaodbc.so\n")

    def sources(self, sections, mode=0o644):
        text = ""
        for name, keys in sections.items():
            text += f"[{name}]\n" + "".join(f"{key}\n" for key in keys.split(";"))
        return self.write("odbc.ini", text, mode)

    def run(self, *arguments, environment=None, stranger=False):
        variables = {**os.environ, "ODBCSYSINI": self.folder, "ODBCINI": os.path.join(self.folder, "user.ini"), "HOME": self.folder, **(environment or {})}
        who = {"user": STRANGER, "group": STRANGER, "extra_groups": []} if stranger and os.geteuid() == 0 else {}
        return subprocess.run([self.command, *arguments], capture_output=True, text=True, timeout=60, check=False, env=variables, stdin=subprocess.DEVNULL, **who)

    def check(self, source, **more):
        done = self.run("check", source, "--json", **more)
        if done.returncode not in (0, 1):
            raise AssertionError(f"{done.returncode}: {done.stdout}{done.stderr}")
        found = json.loads(done.stdout)
        return done.returncode, found, found["steps"][-1]


def setUpModule():
    global world
    world = World(unittest)


class Broken(unittest.TestCase):
    def expect(self, told, cause, text, mend, what):
        status, found, last = told
        self.assertEqual((1, False, "failed"), (status, found["ok"], last["status"]), f"{what}\n{found}")
        text = text.format_map(world.values)
        self.assertEqual(cause, last["cause"], f"{what}\n{found}")
        self.assertIn(text, last["text"], what)
        self.assertIn(mend, last["mend"], what)
        self.assertEqual(last["mend"], found["todo"])
        self.assertNotIn(servers.PASSWORD, json.dumps(found).replace("FabricPassword", ""), what)

    def test_keys_of_a_data_source(self):
        for keys, cause, text, mend in KEYS:
            with self.subTest(keys):
                keys = keys.format_map(world.values)
                if not keys.startswith("Driver="):
                    keys = "Driver=MyFabric;" + keys
                world.sources({"broken": keys.removeprefix("Driver=;")})
                self.expect(world.check("broken"), cause, text, mend, keys)

    def test_the_same_as_a_connection_string(self):
        for keys, cause, text, mend in KEYS:
            if keys.startswith("Driver="):
                continue
            with self.subTest(keys):
                keys = keys.format_map(world.values)
                self.expect(world.check("Driver={MyFabric};" + keys), cause, text, mend, keys)

    def test_a_connection_string_that_cannot_be_read(self):
        for string in ("Server={x", "=5;", "Server=a;Port"):
            with self.subTest(string):
                self.expect(world.check(string + ("" if "=" in string else "=")), "connection_string", "", "mend the connection string", string)

    def test_a_data_source_that_is_not_there(self):
        world.sources({"shop": "Driver=MyFabric;Server=x", "empty": ""})
        self.expect(world.check("shp"), "no_data_source", "[shp]", "say shop", "shp")
        self.expect(world.check("elsewhere"), "no_data_source", "user.ini or", "myfabric new", "elsewhere")
        self.expect(world.check("DSN=elsewhere;UID=x"), "no_data_source", "[elsewhere]", "myfabric new", "DSN=")

    def test_a_data_source_in_a_file_that_is_not_read(self):
        world.sources({})
        world.write(".odbc.ini", "[mine]\nDriver=MyFabric\n")
        self.addCleanup(os.remove, os.path.join(world.folder, ".odbc.ini"))
        self.expect(world.check("mine"), "ini_not_read", "[mine]", "set ODBCINI=" + world.folder, "mine")

    def test_files_that_this_user_may_not_read(self):
        keys = "Driver=MyFabric;Server=x;" + LOGIN.format_map(world.values)
        closed = world.sources({"closed": keys}, 0o600 if os.geteuid() == 0 else 0)
        self.addCleanup(os.chmod, closed, 0o644)
        self.expect(world.check("closed", stranger=True), "ini_permission", "Permission denied", "let this user read", "odbc.ini")
        os.chmod(closed, 0o644)
        files = {"ca": world.write("closed.pem", "x", 0), "driver": world.write("closed/libmyfabricodbc.so", "x", 0), "farm": world.write("closed.json", "{}", 0)}
        world.sources({"ca": f"Driver=MyFabric;Server=x;SSLCA={files['ca']}", "driver": f"Driver={files['driver']}", "farm": f"Driver=MyFabric;FabricProtocol=file;FabricHost={files['farm']};Group=g"})
        self.expect(world.check("ca", stranger=True), "file_permission", "Permission denied", "let this user read", "ca")
        self.expect(world.check("driver", stranger=True), "driver_permission", "Permission denied", "chmod a+rx", "driver")
        self.expect(world.check("farm", stranger=True), "farm_file", "Permission denied", "let this user read", "farm")

    def test_no_driver_is_registered(self):
        world.write("odbcinst.ini", "")
        self.addCleanup(world.register)
        world.sources({"shop": "Driver=MyFabric;Server=x"})
        self.expect(world.check("shop"), "driver_not_registered", "[MyFabric] is not in", "run myfabric install", "shop")

    def test_too_many_connections(self):
        with world.server.connect(servers.ADMIN, servers.ADMIN_PASSWORD, database="") as session:
            session.query("CREATE USER narrow@'%' IDENTIFIED BY 'pw' WITH MAX_USER_CONNECTIONS 1")
            with world.server.connect("narrow", "pw", database=""):
                world.sources({"narrow": f"Driver=MyFabric;Server=127.0.0.1;Port={world.server.port};User=narrow;Password=pw"})
                self.expect(world.check("narrow"), "too_many_connections", "narrow", "MAX_USER_CONNECTIONS", "narrow")


class Right(unittest.TestCase):
    def test_ends_with_all_is_right(self):
        world.sources({"right": ("Driver=MyFabric;" + SERVER).format_map(world.values), "farm": ("Driver=MyFabric;" + FILE + ";Group=east").format_map(world.values)}, 0o600)
        for source in ("right", "farm", SERVER.format_map(world.values)):
            with self.subTest(source):
                done = world.run("check", source)
                self.assertEqual(0, done.returncode, done.stdout + done.stderr)
                self.assertTrue(done.stdout.endswith("All is right.\n"), done.stdout)
                status, found, _ = world.check(source)
                self.assertEqual((0, True, None), (status, found["ok"], found["todo"]))

    def test_notes_do_not_stop_it(self):
        path = world.sources({"noted": ("Driver=MyFabric;Servr=x;NO_SSPS=1;" + SERVER).format_map(world.values)}, 0o644)
        status, found, _ = world.check("noted")
        notes = [step["text"] for step in found["steps"] if step["status"] == "note"]
        self.assertEqual(0, status)
        self.assertTrue(any("'Servr'" in note for note in notes), notes)
        self.assertTrue(any(path in note and "everybody can read it" in note for note in notes), notes)
        self.assertTrue(stat.S_IMODE(os.stat(path).st_mode) & 0o004)


class Mistyped(unittest.TestCase):
    def test_commands_get_a_suggestion(self):
        for arguments, suggestion in (
            (("chek", "shop"), "check"),
            (("statsu", "shop"), "status"),
            (("exec", "shop", "group.lokup_servers", "g"), "group.lookup_servers"),
            (("exec", "shop", "dump.server"), "dump.servers"),
            (("resolve", "shop", "--tabel", "a.b"), "--table"),
        ):
            with self.subTest(arguments):
                done = world.run(*arguments)
                self.assertEqual(2, done.returncode, done.stderr)
                self.assertIn(f"did you mean {suggestion}?", done.stderr)
                self.assertNotIn("--admin", done.stderr)

    def test_a_wrong_value_is_a_mistake_of_the_arguments(self):
        for arguments in (("--mode", "RO"), ("--scope", "here")):
            done = world.run("resolve", "shop", *arguments)
            self.assertEqual(2, done.returncode, done.stderr)
            self.assertIn(f"'{arguments[1]}'", done.stderr)


if __name__ == "__main__":
    unittest.main()
