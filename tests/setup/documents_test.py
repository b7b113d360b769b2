"""What README and manual tell people to write and to run: each data source connects, each command runs, each farm file
is one, each script and preset is there. Only hosts, ports, users and paths are put in place of the examples'."""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(HERE, "..", "programs"))
import programs  # noqa: E402
import servers  # noqa: E402

DOCUMENTS = ("README.md", "tests/README.md", "tests/failover/README.md") + tuple(
    f"packaging/doc/{name}"
    for name in sorted(os.listdir(os.path.join(TOP, "packaging", "doc")))
    if name.endswith(".md")
)
BLOCK = re.compile(r"^    \[([\w-]+)\]\n((?:    \w+ *= .*\n)+)", re.M)
FENCED = re.compile(r"^```json\n(.*?)^```", re.S | re.M)
# Clusters are no part of this test: of their data sources only the keys are looked at.
CLUSTERS = ("replication", "galera", "group_replication")
# These ask a person, or change the machine.
ONLY_KNOWN = ("install", "new")
PROGRAMS = ("myfabric", "isql")


def text(name):
    with open(os.path.join(TOP, name), encoding="utf-8") as file:
        return file.read()


def data_sources():
    """(document, name, keys) of each block that names this driver."""
    for document in DOCUMENTS:
        for block in BLOCK.finditer(text(document)):
            keys = dict(re.split(r" *= ", line.strip(), maxsplit=1) for line in block[2].splitlines())
            if keys.get("Driver") == "MyFabric":
                yield document, block[1], keys


def command_lines():
    """(document, words) of each command in an indented block."""
    for document in DOCUMENTS:
        for line in re.findall(r"^    (\S.*)$", text(document), re.M):
            code = re.sub(r"\s+#.*$", "", line)
            for one in re.split(r" && ", code):
                first = one.split(" ", 1)[0]
                if re.fullmatch(r"(sudo|myfabric|isql|cmake|ctest|(packaging|tests)/[\w/]+)", first):
                    try:
                        words = shlex.split(one)
                    except ValueError:  # a sentence
                        continue
                    words = words[1:] if first == "sudo" else words
                    if words[0] != "apt":  # the packages are tried by packaging/test
                        yield document, words


def in_place(keys):
    """The example's keys with what this test has."""
    world = programs.World.current
    fabric = world.farm.status()["fabric"]
    mine = dict(keys, User=servers.USER, Password=servers.PASSWORD)
    if "Server" in keys:
        mine.update(Server="127.0.0.1", Port=world.servers["mariadb"].port)
    if "FabricHost" in keys:
        by_mysql = keys.get("FabricProtocol") == "mysql"
        mine.update(
            FabricHost=fabric["host"],
            FabricPort=fabric["mysql_port" if by_mysql else "port"],
            FabricUser=fabric["user"],
            FabricPassword=fabric["password"],
        )
    return mine


def setUpModule():
    world = programs.start_world(280)
    with world.servers["mariadb"].connect() as session:
        session.query("CREATE DATABASE shop")
    for document, name, keys in data_sources():
        if keys.get("FabricProtocol") in CLUSTERS:
            continue
        world.folder.add(f"{name}_{os.path.basename(document)}", in_place(keys))
        world.folder.add(name, in_place(keys))


def tearDownModule():
    programs.stop_world()


def run(words, **more):
    return subprocess.run(
        words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False, **more
    )


class Documents(unittest.TestCase):
    def test_each_data_source_connects(self):
        found = list(data_sources())
        self.assertGreaterEqual(len(found), 4)
        for document, name, keys in found:
            if keys.get("FabricProtocol") in CLUSTERS:
                continue
            with self.subTest(document=document, name=name):
                source = f"{name}_{os.path.basename(document)}"
                done = run(["isql", "-b", "-v", source])
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                checked = run([os.environ["MYFABRIC_COMMAND"], "check", source])
                self.assertNotIn("no effect", checked.stdout)
                self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_each_key_is_one(self):
        done = run([os.environ["MYFABRIC_COMMAND"], "keys", "--json"])
        known = {"driver"}
        for key in json.loads(done.stdout):
            known |= {name.lower() for name in (key["name"], *key["aliases"])}
        for document, name, keys in data_sources():
            with self.subTest(document=document, name=name):
                self.assertEqual({key for key in keys if key.lower() not in known}, set())

    def test_each_command_of_ours_runs(self):
        lines = [line for line in command_lines() if line[1][0] in PROGRAMS]
        self.assertGreaterEqual(len(lines), 10)
        for document, words in lines:
            with self.subTest(document=document, words=words), tempfile.TemporaryDirectory() as folder:
                changed = [
                    os.path.join(folder, os.path.basename(word)) if word.startswith("/etc/") else word
                    for word in words
                ]
                if changed[0] == "myfabric":
                    changed[0] = os.environ["MYFABRIC_COMMAND"]
                    if changed[1] in ONLY_KNOWN:
                        changed = [changed[0], changed[1], "--help"]
                done = run(changed)
                # 2 is a mistake in the command itself; 1 that the example's server or group is not here.
                self.assertIn(done.returncode, (0, 1), done.stdout + done.stderr)
                self.assertNotIn("Usage", done.stderr)

    def test_each_script_and_preset_is_there(self):
        with open(os.path.join(TOP, "CMakePresets.json"), encoding="utf-8") as file:
            presets = {preset["name"] for preset in json.load(file)["configurePresets"]}
        lines = [line for line in command_lines() if line[1][0] not in PROGRAMS]
        self.assertGreaterEqual(len(lines), 15)
        configured = {  # in folders that a document names itself
            (document, words[words.index("-B") + 1])
            for document, words in lines
            if words[0] == "cmake" and "-B" in words
        }
        for document, words in lines:
            with self.subTest(document=document, words=words):
                if words[0] == "cmake" and "--preset" in words:
                    self.assertIn(words[words.index("--preset") + 1], presets)
                elif words[0] in ("cmake", "ctest"):
                    named = [word for word in words if word.startswith("build/")]
                    self.assertTrue(
                        named
                        and (named[0].split("/")[1] in presets or (document, named[0]) in configured),
                        words,
                    )
                else:
                    path = os.path.join(TOP, words[0])
                    self.assertTrue(os.access(path, os.X_OK) and os.path.isfile(path), path)

    def test_each_farm_file_is_one(self):
        farms = [text("packaging/examples/farm.json")]
        for document in DOCUMENTS:
            farms += FENCED.findall(text(document))
        self.assertGreaterEqual(len(farms), 2)
        for farm in farms:
            with self.subTest(farm=farm[:60]), tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                file.write(farm)
                file.flush()
                source = f"Driver=MyFabric;FabricProtocol=file;FabricHost={file.name}"
                if '"source"' in farm:  # what it names is not there
                    done = run([os.environ["MYFABRIC_COMMAND"], "check", source])
                    self.assertNotIn("cannot be used", done.stdout + done.stderr)
                    continue
                table = json.loads(farm)["shard_maps"][0]["tables"][0]["name"]
                done = run([os.environ["MYFABRIC_COMMAND"], "resolve", source, "--table", table, "--key", "42"])
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
