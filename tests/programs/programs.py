"""What the tests of foreign ODBC programs share: servers, a farm, and unixODBC's ini files.

    with Folder() as folder:                    # ODBCSYSINI points there before any ODBC call
        folder.add("maria", server_keys(server))

The driver that is tested is the one that the environment names in MYFABRIC_DRIVER.
"""

import atexit
import os
import shutil
import signal
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(HERE, "..", "farm"), os.path.join(HERE, "..", "node"), os.path.join(HERE, "..", "servers")]
import farm as farms  # noqa: E402
import servers  # noqa: E402
import sample_data as shop  # noqa: E402

DRIVER = "MyFabric"
KINDS = ("mariadb", "mysql56")


def driver_path():
    path = os.environ.get("MYFABRIC_DRIVER")
    if not path or not os.path.exists(path):
        raise RuntimeError(f"no driver at '{path}': name libmyfabricodbc.so in MYFABRIC_DRIVER")
    return os.path.abspath(path)


class Folder:
    """A folder with odbcinst.ini and odbc.ini, the only ones that this process and its children
    read. unixODBC looks at ODBCSYSINI once, so it is made before the first ODBC call."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="myfabric-clients-")
        self.sources = {}
        os.environ["ODBCSYSINI"] = self.path
        os.environ["ODBCINI"] = os.path.join(self.path, "user.ini")  # not ~/.odbc.ini
        os.environ["TZ"] = "UTC"
        with open(os.path.join(self.path, "odbcinst.ini"), "w", encoding="utf-8") as file:
            file.write(f"[{DRIVER}]\nDescription=MySQL Fabric\nDriver={driver_path()}\n")
        self._write()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()

    def add(self, name, keys):
        self.sources[name] = {"Driver": DRIVER, **keys}
        self._write()

    def _write(self):
        with open(os.path.join(self.path, "odbc.ini"), "w", encoding="utf-8") as file:
            for name, keys in self.sources.items():
                file.write(f"[{name}]\n")
                file.writelines(f"{key}={value}\n" for key, value in keys.items())
        with open(os.environ["ODBCINI"], "w", encoding="utf-8"):
            pass

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


def server_keys(server, **more):
    """The keys of a connection to one server."""
    return {
        "Server": "127.0.0.1",
        "Port": server.port,
        "User": servers.USER,
        "Password": servers.PASSWORD,
        "Database": servers.DATABASE,
        **more,
    }


def farm_keys(farm, **more):
    """The keys of a connection to the farm."""
    fabric = farm.status()["fabric"]
    return {
        "FabricHost": f"{fabric['host']}:{fabric['port']}",
        "FabricUser": fabric["user"],
        "FabricPassword": fabric["password"],
        "User": servers.USER,
        "Password": servers.PASSWORD,
        "Database": shop.DATABASE,
        **more,
    }


def connection_string(keys):
    return "".join(f"{key}={value};" for key, value in {"Driver": f"{{{DRIVER}}}", **keys}.items())


class World:
    """One server of each kind, and a farm when asked for; everything ends with stop()."""

    def __init__(self, with_farm=True):
        self.folder = Folder()
        self.servers = {}
        self.farm = None
        try:
            for kind in KINDS:
                self.servers[kind] = servers.Server(kind)
                self.servers[kind].start()
                self.folder.add(kind, server_keys(self.servers[kind]))
            if with_farm:
                self.farm = farms.Farm(watched=os.getpid()).start()
                self.folder.add("farm", farm_keys(self.farm))
                target = {"Tables": "shop.orders", "ShardKey": 1}
                self.folder.add("orders", farm_keys(self.farm, **target))
        except BaseException:
            self.stop()
            raise

    def stop(self):
        if self.farm:
            self.farm.stop()
        for server in self.servers.values():
            server.stop()
            server.remove()
        self.folder.remove()


def end_process_after(seconds):
    """A call that hangs in the driver cannot be interrupted from Python: this ends the process,
    with its stacks on the standard error output, so that a test run always comes to its end."""
    import faulthandler

    def give_up():
        faulthandler.dump_traceback(all_threads=True)
        if world := World.current:
            world.stop()
        os._exit(3)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()


World.current = None


def start_world(seconds, with_farm=True):
    """For setUpModule: the world of this process, which is given up after `seconds`."""
    end_process_after(seconds)
    atexit.register(stop_world)  # an interrupted run does not come to tearDownModule
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    World.current = World(with_farm)
    return World.current


def stop_world():
    """For tearDownModule."""
    if World.current:
        World.current.stop()
        World.current = None
