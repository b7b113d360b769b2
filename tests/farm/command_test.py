#!/usr/bin/env python3
"""The myfabric command over every source of a farm."""

import json
import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "node"), os.path.join(HERE, "..", "servers")]
import fabric_sql_farm_test as world  # noqa: E402
import servers  # noqa: E402
import sample_data as shop  # noqa: E402

MYFABRIC = os.environ.get("MYFABRIC_COMMAND", "")
PATIENCE = 60
SOURCES = ("node", "node_mysql", "fabric_sql", "file")
folder = None


def setUpModule():
    global folder
    if not os.path.exists(MYFABRIC):
        raise RuntimeError(f"no program at '{MYFABRIC}': name myfabric in MYFABRIC_COMMAND")
    world.setUpModule()
    folder = world.folder
    at = world.farm.status()
    login = {"User": servers.USER, "Password": servers.PASSWORD, "Database": shop.DATABASE}
    node = {"FabricHost": "127.0.0.1", "FabricUser": "admin", "FabricPassword": "adminpw", **login}
    folder.add("node", {**node, "FabricPort": at["fabric"]["port"], "Group": "shard1"})
    folder.add(
        "node_mysql",
        {
            **node,
            "FabricProtocol": "mysql",
            "FabricPort": at["fabric"]["mysql_port"],
            "Group": "shard1",
        },
    )
    folder.add(
        "fabric_sql",
        world.keys("mariadb", FabricUser="keeper", FabricPassword="pw", Group="shard1"),
    )
    folder.add(
        "file",
        {"FabricProtocol": "file", "FabricHost": at["farm_file"], "Group": "shard1", **login},
    )
    folder.add("plain", {"Server": "127.0.0.1", "Port": world.sources["mariadb"].port, **login})


class Done:
    def __init__(self, run):
        self.status = run.returncode
        self.text = run.stdout
        self.errors = run.stderr

    def json(self):
        return json.loads(self.text)


def myfabric(*arguments, status=0):
    run = subprocess.run(
        [MYFABRIC, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if run.returncode != status:
        raise AssertionError(f"{arguments}: {run.returncode}\n{run.stdout}\n{run.stderr}")
    return Done(run)


def primary(group):
    return world.farm.member(world.farm.find(group))["port"]


class Reading(unittest.TestCase):
    def test_resolve_shows_where_a_key_leads(self):
        for source in SOURCES:
            with self.subTest(source):
                key = ("--table", "shop.orders", "--key", 1001)
                self.assertIn("group shard2", myfabric("resolve", source, *key).text)
                found = myfabric("resolve", source, *key, "--json").json()
                self.assertEqual("shard2", found["group"])
                self.assertEqual(primary("shard2"), found["servers"][0]["port"])
                self.assertEqual("PRIMARY", found["servers"][0]["status"])

    def test_exec_prints_tables_and_json(self):
        for source in SOURCES:
            with self.subTest(source):
                run = ("exec", source, "dump.servers", 0, "shard1")
                lines = myfabric(*run).text.splitlines()
                self.assertTrue(lines[0].startswith("server_uuid "), lines)
                self.assertEqual(3, len(lines))
                (found,) = myfabric(*run, "--json").json()
                self.assertEqual("group_id", found["columns"][1])
                self.assertEqual(["shard1"] * 2, [row[1] for row in found["rows"]])

    def test_status_shows_the_farm_and_probes_its_servers(self):
        for source in SOURCES:
            with self.subTest(source):
                text = myfabric("status", source).text
                self.assertIn("shop.orders", text)
                found = myfabric("status", source, "--probe", "--json").json()
                self.assertEqual(["global", "shard1", "shard2"], sorted(found["groups"]))
                for members in found["groups"].values():
                    self.assertTrue(all(member["reachable"] for member in members), members)
                tables = {table["name"]: table for table in found["tables"]}
                self.assertEqual(2, tables["shop.orders"]["shards"])
                self.assertEqual(6, found["counters"]["logins"])
                self.assertEqual(1, found["counters"]["refreshes"])
                self.assertGreaterEqual(found["counters"]["node_calls"], 1)
                self.assertGreater(found["counters"]["bytes_sent"], 6 * 50)
                self.assertGreater(found["counters"]["bytes_received"], 6 * 50)

    def test_export_writes_a_file_that_leads_to_the_same_servers(self):
        path = os.path.join(folder.path, "exported.json")
        for source in SOURCES:
            with self.subTest(source):
                myfabric("export", source, "--output", path)
                with open(path, encoding="utf-8") as file:
                    self.assertEqual(file.read(), myfabric("export", source).text)
                by_file = f"FabricProtocol=file;FabricHost={path};User=app"
                for table, key in (("shop.orders", 1), ("shop.sessions", "abc"),
                                   ("shop.events", "2015-06-01"), ("shop.users", "m")):
                    where = ("--table", table, "--key", key, "--json")
                    self.assertEqual(myfabric("resolve", source, *where).json()["servers"],
                                     myfabric("resolve", by_file, *where).json()["servers"])

    def test_mistakes_are_named_on_standard_error(self):
        samples = (
            (("exec", "node", "group.no_such_thing", "--admin"), 1, "no_such_thing"),
            (("exec", "node", "group.lookup_servers", "nowhere"), 1, "nowhere"),
            (("exec", "node", "group.promote", "shard1"), 1, "--admin"),
            (("exec", "file", "group.promote", "shard1", "--admin"), 1, "file"),
            (("exec", "plain", "dump.servers"), 1, "FabricHost"),
            (("status", "nowhere"), 1, "nowhere"),
            (("export", "node", "--output", "/no/such/folder/farm.json"), 1, "/no/such/folder"),
            (("resolve", "node", "--table", "shop.orders", "--key", "x"), 1, "'x'"),
            (("exec",), 2, "DSN"),
            (("status", "node", "--colour"), 2, "--colour"),
            (("status", "node", "--ask-password"), 1, "terminal"),
        )
        for arguments, status, part in samples:
            with self.subTest(arguments):
                done = myfabric(*arguments, status=status)
                self.assertIn(part, done.errors)
                self.assertEqual("", done.text)

    def test_help_names_everything(self):
        text = myfabric("--help").text
        for command in ("install", "uninstall", "check", "resolve", "exec", "export", "status"):
            self.assertIn(command, text)
            self.assertIn("DSN" if command not in ("install", "uninstall") else "odbcinst",
                          myfabric(command, "--help").text)
        self.assertIn("Exit codes", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
