#!/usr/bin/env python3
"""A farm is administered by the shell, by isql and by pyodbc, and its routes follow."""

import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "node"), os.path.join(HERE, "..", "servers")]
import command_test as command  # noqa: E402
import fabric_sql_farm_test as world  # noqa: E402

SOURCES = ("node", "node_mysql", "fabric_sql")


def setUpModule():
    command.setUpModule()


class Administering(unittest.TestCase):
    """A group is made of shard2's secondary, gets a shard of a new table, and is taken apart again."""

    def setUp(self):
        self.uuid = world.farm.find("shard2", "secondary")
        self.address = f"127.0.0.1:{world.farm.member(self.uuid)['port']}"

    def shell(self, source):
        def call(name, *arguments):
            (first, *_) = command.myfabric("exec", source, name, *arguments, "--admin", "--json").json() or [None]
            return [tuple(row) for row in first["rows"]] if first else []

        return call

    def odbc(self, source):
        link = world.pyodbc.connect(f"DSN={source};FabricAdmin=1", autocommit=True)
        self.addCleanup(link.close)

        def call(name, *arguments):
            marks = ", ".join("?" * (1 + len(arguments)))
            cursor = link.execute(f"{{CALL fabric.execute({marks})}}", name, *arguments)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

        return call

    def isql(self, source):
        def call(name, *arguments):
            values = ", ".join(f"'{value}'" for value in (name, *arguments))
            run = subprocess.run(
                ["isql", "-k", f"DSN={source};FabricAdmin=1", "-v", "-b", "-d|"],
                input=f"CALL fabric.execute({values})\n",
                capture_output=True, text=True, timeout=command.PATIENCE, check=False,
            )
            self.assertNotRegex(run.stdout + run.stderr, "ERROR|ISQL")
            lines = [line for line in run.stdout.splitlines() if "|" in line]
            return [tuple(line.split("|")) for line in lines]

        return call

    def administer(self, source, call):
        call("group.remove", "shard2", self.uuid)
        call("group.create", "fresh")
        arguments = (self.uuid,) if source == "fabric_sql" else ()
        call("group.add", "fresh", self.address, *arguments)
        call("group.promote", "fresh", self.uuid)
        call("server.set_weight", self.uuid, 2.5)
        call("sharding.create_definition", "RANGE", "global")
        (mapping, *_), *_ = [row for row in call("sharding.list_definitions")
                             if str(row[0]) not in self.mappings][:1]
        call("sharding.add_table", str(mapping), "shop.extra", "id")
        call("sharding.add_shard", str(mapping), "fresh/2000", "ENABLED")
        found = command.myfabric("resolve", source, "--table", "shop.extra", "--key", 2001, "--json").json()
        self.assertEqual("fresh", found["group"])
        self.assertEqual(self.uuid, found["servers"][0]["uuid"])
        self.assertEqual(2.5, found["servers"][0]["weight"])
        self.assertEqual("PRIMARY", found["servers"][0]["status"])
        # and back again
        shard = [row for row in call("dump.shard_index", "0", str(mapping))][0][2]
        call("sharding.disable_shard", str(shard))
        call("sharding.remove_shard", str(shard))
        call("sharding.remove_table", "shop.extra")
        call("sharding.remove_definition", str(mapping))
        call("group.demote", "fresh")
        call("group.remove", "fresh", self.uuid)
        call("group.destroy", "fresh")
        call("group.add", "shard2", self.address, *arguments)
        gone = command.myfabric("exec", source, "group.lookup_servers", "fresh", status=1)
        self.assertIn("fresh", gone.errors)

    def test_by_the_shell_by_isql_and_by_pyodbc(self):
        for source in SOURCES:
            for door in (self.shell, self.isql, self.odbc):
                print(f"  {source} by {door.__name__}", flush=True)
                call = door(source)
                self.mappings = {str(row[0]) for row in call("sharding.list_definitions")}
                self.administer(source, call)


if __name__ == "__main__":
    unittest.main(verbosity=2)
