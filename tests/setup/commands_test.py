#!/usr/bin/env python3
"""The command's dialog, list, bench, watch, trace and completion, with a real server and a farm file."""

import json
import os
import pty
import re
import signal
import stat
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import broken_test  # noqa: E402
import servers  # noqa: E402

PATIENCE = 60
world = None


def setUpModule():
    global world
    world = broken_test.World(unittest)


def environment():
    return {**os.environ, "ODBCSYSINI": world.folder, "ODBCINI": os.path.join(world.folder, "user.ini"), "HOME": world.folder, "LANG": "C.UTF-8"}


def fill(text):
    return text.format_map(world.values)


def run(*arguments, text=None, status=0, **more):
    done = subprocess.run(
        [world.command, *map(str, arguments)],
        input=text,
        stdin=None if text is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env=environment(),
        **more,
    )
    if done.returncode != status:
        raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def user_file():
    return os.path.join(world.folder, "user.ini")


def two_servers():
    """The farm file's group `pair`: two servers that the user may log in to."""
    path = os.path.join(world.folder, "pair.json")
    rows = [{"host": "127.0.0.1", "port": world.server.port, "status": "PRIMARY"}, {"host": "127.0.0.1", "port": world.tls.port, "status": "SECONDARY"}]
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"groups": {"pair": {"servers": rows}}}, file)
    return path


class New(unittest.TestCase):
    def setUp(self):
        for name in (user_file(), os.path.join(world.folder, "odbc.ini")):
            if os.path.exists(name):
                os.remove(name)

    def answers(self, *lines):
        return "".join(fill(line) + "\n" for line in lines)

    def test_one_server(self):
        done = run("new", text=self.answers("mine", "1", "127.0.0.1", "{port}", "{user}", "{password}", "test", "", "user"))
        self.assertIn("lets 'app' in", done.stderr)
        self.assertIn(f"wrote [mine] into {user_file()}", done.stdout)
        self.assertTrue(done.stdout.endswith("All is right.\n"), done.stdout)
        self.assertNotIn(servers.PASSWORD, done.stdout + done.stderr)
        self.assertEqual(0o600, stat.S_IMODE(os.stat(user_file()).st_mode))
        (found,) = json.loads(run("list", "--json").stdout)
        self.assertEqual(("mine", user_file(), f"127.0.0.1:{world.server.port}"), (found["name"], found["file"], found["leads_to"]))
        self.assertIn("mine", run("complete", "dsn").stdout.split())
        self.assertIn("42", subprocess.run(["isql", "-b", "mine"], input="SELECT 42\n", capture_output=True, text=True, env=environment(), timeout=PATIENCE, check=True).stdout)

    def test_wrong_answers_are_told_and_asked_again(self):
        done = run(
            "new",
            text=self.answers(
                "no]name", "mine", "7", "1", "127.0.0.1", "many", "pORT-8c1f", "{port}", "{user}", "wRONG-8c1f", "test", "", "yes",
                "127.0.0.1", "{port}", "{user}", "{password}", "test", "", "user",
            ),
        )
        self.assertIn("none of []", done.stderr)
        self.assertIn("1, 2, 3 or 4?", done.stderr)
        self.assertIn("key Port", done.stderr)
        self.assertIn("Access denied", done.stderr)
        self.assertIn("To do: mend User and Password", done.stderr)
        # Neither a password nor what was typed in the place of another answer.
        for secret in ("pORT-8c1f", "wRONG-8c1f", servers.PASSWORD):
            self.assertNotIn(secret, done.stdout + done.stderr)
        self.assertIn("All is right.", done.stdout)

    def test_a_farm_file(self):
        done = run("new", text=self.answers("farm", "2", two_servers(), "pair", "", "{user}", "{password}", "test", "system"))
        self.assertIn("Groups: pair", done.stderr)
        self.assertIn("wrote [farm] into " + os.path.join(world.folder, "odbc.ini"), done.stdout)
        self.assertIn("group pair in mode READWRITE", done.stdout)

    def test_servers_that_know_their_primary_themselves(self):
        done = run(
            "new",
            text=self.answers("ha", "4", "127.0.0.1:{port}", "raft", "replication", servers.ADMIN, servers.ADMIN_PASSWORD, "test", "", "user"),
        )
        self.assertIn("key FabricProtocol", done.stderr)
        self.assertRegex(done.stderr, rf"127\.0\.0\.1:{world.server.port} is PRIMARY")
        self.assertTrue(done.stdout.endswith("All is right.\n"), done.stdout)
        with open(user_file(), encoding="utf-8") as file:
            text = file.read()
        self.assertRegex(text, r"FabricProtocol\s*=\s*replication")
        self.assertNotIn("Group", text)

    def test_servers_that_may_not_be_asked(self):
        with world.server.connect(servers.ADMIN, servers.ADMIN_PASSWORD, database="") as session:
            session.query("CREATE OR REPLACE USER blind@'%' IDENTIFIED BY 'pw'")
        done = run("new", text=self.answers("ha", "4", "127.0.0.1:{port}", "replication", "blind", "pw", "test", "no", "user"), status=1)
        self.assertRegex(done.stderr, "To do: .*SLAVE MONITOR")

    def test_a_farm_that_cannot_be_read(self):
        done = run("new", text=self.answers("farm", "2", "/nowhere.json", "no", "user"), status=1)
        self.assertIn("To do: mend FabricHost, or write the farm file /nowhere.json", done.stderr)
        self.assertIn("FAILED  farm", done.stdout)

    def test_answers_that_end_write_nothing(self):
        done = run("new", text=self.answers("mine", "1", "127.0.0.1"), status=2)
        self.assertIn("nothing was written", done.stderr)
        self.assertEqual([], json.loads(run("list", "--json").stdout))


class Looking(unittest.TestCase):
    def setUp(self):
        keys = f"Driver=MyFabric;{broken_test.SERVER}"
        farm = f"Driver=MyFabric;FabricProtocol=file;FabricHost={two_servers()};Group=pair;{broken_test.LOGIN}"
        self.log = os.path.join(world.folder, "trace.log")
        world.sources({"plain": fill(keys), "farm": fill(farm), "logged": fill(farm) + f";Log={self.log}"})

    def test_bench_measures_each_thing(self):
        found = {row["what"]: row for row in json.loads(run("bench", "farm", "--seconds", 1, "--json").stdout)}
        self.assertEqual(5, len(found))
        for row in found.values():
            self.assertGreater(row["count"], 0)
            self.assertGreater(row.get("per_second", row.get("median_us")), 0, row)
        self.assertIn("connect and disconnect", run("bench", "plain", "--seconds", 1).stdout)
        self.assertIn("Access denied", run("bench", fill("Driver={{MyFabric}};Server=127.0.0.1;Port={port};UID=x"), status=1).stderr)

    def test_watch_shows_servers_and_those_that_are_down(self):
        text = run("watch", "farm", "--every", 1, "--views", 2).stdout
        self.assertEqual(2, text.count("sessions"))
        self.assertRegex(text, rf"pair +127.0.0.1:{world.server.port} +PRIMARY +READ_WRITE +1 +yes +\d+")
        down = fill("FabricProtocol=file;FabricHost={folder}/farm.json;Group=east;" + broken_test.LOGIN)
        self.assertRegex(run("watch", down, "--views", 1).stdout, rf"down +127.0.0.1:{world.values['closed']} .*onnect")
        self.assertIn("one server", run("watch", "plain", "--views", 1).stdout)

    def test_watch_leaves_on_q(self):
        child, terminal = pty.fork()
        if child == 0:
            os.execve(world.command, [world.command, "watch", "farm"], environment())
        seen = b""
        while b"sessions" not in seen:
            seen += os.read(terminal, 4096)
        os.write(terminal, b"q")
        end = time.monotonic() + PATIENCE
        status = None
        while status is None and time.monotonic() < end:
            try:
                os.read(terminal, 4096)
            except OSError:
                status = os.waitpid(child, 0)[1]
        os.close(terminal)
        self.assertEqual(0, os.waitstatus_to_exitcode(status) if status is not None else "still runs")

    def test_trace_of_a_program(self):
        done = run("trace", "farm", "--", "isql", "-b", "farm", text="SELECT 1\n")
        self.assertRegex(done.stderr, rf"127.0.0.1:{world.server.port}")
        self.assertNotIn(servers.PASSWORD, done.stderr)
        self.assertEqual(7, run("trace", "farm", "--", "sh", "-c", "exit 7", status=7).returncode)
        self.assertIn("no-such-program", run("trace", "farm", "--", "no-such-program", status=1).stderr)

    def test_trace_of_a_log(self):
        self.assertIn("has no log", run("trace", "plain", status=1).stderr)
        with subprocess.Popen([world.command, "trace", "logged"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=environment()) as follower:
            self.addCleanup(follower.kill)
            line = ""
            end = time.monotonic() + PATIENCE
            os.set_blocking(follower.stdout.fileno(), False)
            while not line and time.monotonic() < end:
                subprocess.run(["isql", "-b", "logged"], input="SELECT 1\n", capture_output=True, text=True, env=environment(), timeout=PATIENCE, check=False)
                line = follower.stdout.readline()
            follower.send_signal(signal.SIGINT)
            self.assertEqual(0, follower.wait(PATIENCE))
        self.assertRegex(line, r"^\d{4}-\d\d-\d\dT")


    def test_a_log_as_json_names_connection_and_server(self):
        path = os.path.join(world.folder, "json.log")
        world.sources({"json": fill("Driver=MyFabric;" + broken_test.SERVER) + f";Log={path};LogFormat=json;LogLevel=debug"})
        subprocess.run(["isql", "-b", "json"], input="SELECT 1\n", capture_output=True, text=True, env=environment(), timeout=PATIENCE, check=True)
        with open(path, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        self.assertTrue(lines)
        for line in lines:
            self.assertEqual("json#1", line["connection"], line)
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")
            self.assertIn(line["level"], ("info", "debug"))
        self.assertIn(f"127.0.0.1:{world.server.port}", [line.get("server") for line in lines])
        self.assertNotIn(servers.PASSWORD, json.dumps(lines))

    def test_a_log_as_json_names_route_statement_and_time_and_no_value(self):
        path = os.path.join(world.folder, "statements.log")
        world.sources({"farm": fill("Driver=MyFabric;" + broken_test.FILE) + f";Group=east;Log={path};LogFormat=json;LogLevel=debug"})
        text = "SELECT SLEEP(0.02), 'a value of nobody''s' -- nor this\nSELEKT 5\n"
        subprocess.run(["isql", "-b", "farm"], input=text, capture_output=True, text=True, env=environment(), timeout=PATIENCE, check=False)
        with open(path, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        server = f"127.0.0.1:{world.server.port}"
        (found,) = [line for line in lines if line["text"].startswith("goes to")]
        self.assertGreater(found["duration_ms"], 0, found)
        prepared, slept = [line for line in lines if line.get("statement") == "SELECT SLEEP(?), ?"]
        self.assertRegex(prepared["text"], r"^prepared in [\d.]+ ms: SELECT SLEEP")
        self.assertRegex(slept["text"], r"^ran in [\d.]+ ms: SELECT SLEEP")
        self.assertGreaterEqual(slept["duration_ms"], 20, slept)
        (wrong,) = [line for line in lines if line.get("statement") == "SELEKT ?"]
        self.assertIn("failed (42000)", wrong["text"])
        for line in (found, prepared, slept, wrong):
            self.assertEqual(("farm#1", server, "east", "READWRITE"), tuple(line[name] for name in ("connection", "server", "group", "mode")), line)
        self.assertNotIn("nobody", json.dumps(lines))


class Waiting(unittest.TestCase):
    def test_what_takes_longer_than_two_seconds_says_that_it_goes_on(self):
        source = fill("FabricHost=127.0.0.1:{mute};FabricConnectionAttempts=1;FabricConnectionTimeout=3;Group=g;User=app")
        for command, what in ((("status",), "asking the farm"), (("check",), "checking"), (("export",), "reading the farm"), (("exec", "group.lookup_groups"), "running group.lookup_groups")):
            with self.subTest(command):
                done = run(command[0], source, *command[1:], status=1)
                self.assertIn(f"myfabric: still {what} (2 s)\n", done.stderr)
                self.assertNotIn("still", done.stdout)

    def test_what_is_quick_says_nothing_of_it(self):
        self.assertEqual("", run("export", fill("FabricProtocol=file;FabricHost={folder}/farm.json")).stderr)


class Passwords(unittest.TestCase):
    """None is in what any command says, whatever goes wrong."""

    SECRETS = {"right": "rIGHT-8c1f", "wrong": "wRONG-8c1f", "farm": "fARM-8c1f"}
    SERVER = "Server=127.0.0.1;Port={port};Database=test;User=quiet;"
    SOURCES = (
        SERVER + "Password={right}",
        SERVER + "Password={wrong}",
        SERVER + "PWD={wrong};UID=quiet",
        "Server=127.0.0.1;Database=test;User=quiet;Password={right};Port={wrong}",  # in the wrong key
        "Server=127.0.0.1;Port={closed};User=quiet;Password={right};FabricPassword={farm}",
        "FabricProtocol=file;FabricHost={folder}/farm.json;Group=east;User=quiet;Password={right}",
        "FabricProtocol=file;FabricHost={folder}/farm.json;Group=east;User=quiet;Password={wrong}",
        "FabricHost=127.0.0.1:{node};FabricConnectionAttempts=1;Group=east;User=quiet;Password={right};FabricUser=admin;FabricPassword={farm}",
        "FabricProtocol=mysql;FabricHost=127.0.0.1:{port};FabricConnectionAttempts=1;Group=east;User=quiet;Password={right};FabricUser=x;FabricPassword={farm}",
        "FabricProtocol=replication;FabricHost=127.0.0.1:{port};FabricConnectionAttempts=1;User=quiet;Password={right};FabricPassword={farm}",
    )
    COMMANDS = (("check",), ("resolve",), ("status",), ("exec", "dump.servers"), ("export",))
    # What takes longer or needs a program; of these a message of the driver's is all that shows a source.
    LONGER = (
        ("bench", "{source}", "--seconds", "1"),
        ("bench", "{source}", "--seconds", "1", "--json"),
        ("watch", "{source}", "--every", "1", "--views", "1"),
        ("trace", "{source}", "--", "isql", "-b", "{source}"),
        ("trace", "{source}"),
    )

    def said(self, *arguments):
        done = subprocess.run([world.command, *arguments], input="", capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment())
        self.assertNotEqual(2, done.returncode, (arguments, done.stderr))
        return done.stdout + done.stderr

    def test_are_in_nothing_that_a_command_says(self):
        with world.server.connect(servers.ADMIN, servers.ADMIN_PASSWORD) as session:
            session.query(f"CREATE OR REPLACE USER quiet IDENTIFIED BY '{self.SECRETS['right']}'")
            session.query("GRANT ALL ON *.* TO quiet")
        texts = [source.format_map({**world.values, **self.SECRETS}) for source in self.SOURCES]
        names = {f"quiet{number}": "Driver=MyFabric;" + text for number, text in enumerate(texts)}
        world.sources(names)
        outputs = [(self.said(*command, *json_too), command) for command in (("list",), ("keys",)) for json_too in ((), ("--json",))]
        for source in (*(f"Driver=MyFabric;{text}" for text in texts), *names):
            for name, *rest in self.COMMANDS:
                for more in ((),) if name == "export" else ((), ("--json",)):
                    outputs.append((self.said(name, *([source, *rest] if name == "exec" else [*rest, source]), *more), (name, source, more)))
        # A trace of a log follows it until it is told to end: these sources have none.
        for name in names:
            for words in self.LONGER:
                outputs.append((self.said(*(word.format(source=name) for word in words)), (name, words)))
        self.assertTrue(any("quiet" in said for said, _ in outputs))
        for said, of in outputs:
            for secret in self.SECRETS.values():
                self.assertNotIn(secret, said, of)


class Completion(unittest.TestCase):
    """Each shell's own way to ask its completion; bash and fish leave out themselves what does not begin with the word."""

    SHELLS = {
        "bash": ("myfabric.bash", 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _myfabric; printf "%s\\n" "${COMPREPLY[@]}"'),
        "zsh": ("_myfabric", 'compadd() { print -l -- "$@" }; _files() { }; file=$0; words=("$@"); CURRENT=$#; f() { source $file }; f'),
        "fish": ("myfabric.fish", 'source $argv[1]; complete -C (string join " " -- $argv[2..])'),
    }

    def complete(self, shell, *words):
        name, code = self.SHELLS[shell]
        script = os.path.join(os.path.dirname(os.path.dirname(HERE)), "packaging", "completion", name)
        command = {"zsh": ["zsh", "-f", "-c"], "fish": ["fish", "--no-config", "-c"]}.get(shell, ["bash", "-c"])
        done = subprocess.run([*command, code, script, *words], capture_output=True, text=True, check=True, timeout=PATIENCE, env={**environment(), "PATH": world.folder + ":" + os.environ["PATH"]})
        self.assertEqual("", done.stderr)
        return sorted(word for word in done.stdout.split() if word.startswith(words[-1]) and word != "--")

    def test_of_every_shell(self):
        world.sources({"shop": "Driver=MyFabric;Server=x", "other": "Driver=SomethingElse"})
        for shell in self.SHELLS:
            with self.subTest(shell):
                self.assertEqual(["check"], self.complete(shell, "myfabric", "ch"))
                self.assertEqual(["shop"], self.complete(shell, "myfabric", "check", "s"))
                self.assertEqual([], self.complete(shell, "myfabric", "keys", "s"))
                self.assertEqual(["--table", "--tables"], self.complete(shell, "myfabric", "resolve", "shop", "--ta"))
                self.assertEqual(["readonly", "readwrite"], self.complete(shell, "myfabric", "resolve", "shop", "--mode", "read"))
                self.assertEqual([], self.complete(shell, "myfabric", "check", "shop", "--m"))

    def test_of_other_shells_names_the_same_questions(self):
        folder = os.path.join(os.path.dirname(os.path.dirname(HERE)), "packaging", "completion")
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                asked = set(re.findall(r"myfabric complete ([\w-]+)", file.read()))
            self.assertEqual({"commands", "options", "takes-dsn", "dsn"}, asked, name)
        for shell, name in (("zsh", "_myfabric"), ("fish", "myfabric.fish")):
            with self.subTest(shell):
                subprocess.run([shell, "-n", os.path.join(folder, name)], check=True, timeout=PATIENCE)


if __name__ == "__main__":
    unittest.main()
