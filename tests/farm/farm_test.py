#!/usr/bin/env python3
"""Do farms do what they promise? Promotions, failures and the program `farm` on real servers."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "node"), os.path.join(HERE, "..", "servers")]
import farm as farms  # noqa: E402
import processes  # noqa: E402
import sample_data as shop  # noqa: E402
from fabric_model import PRIMARY  # noqa: E402
from mysql_text import ServerError  # noqa: E402


def listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Writer(threading.Thread):
    """Writes numbered rows into a journal until it fails; `acknowledged` must not be lost."""

    def __init__(self, session, writer):
        super().__init__(daemon=True)
        self.session, self.writer, self.acknowledged = session, writer, []

    def run(self):
        number = self.writer * 1000000
        try:
            while True:
                number += 1
                self.session.query(
                    f"INSERT INTO shop.journal VALUES ({number}, {self.writer}, 'row')"
                )
                self.acknowledged.append(number)
        except (OSError, ServerError):
            pass
        finally:
            self.session.close()


class FarmWithNode(unittest.TestCase):
    """One farm for all of these tests; each leaves it with a primary and a secondary per group."""

    @classmethod
    def setUpClass(cls):
        cls.farm = farms.Farm(activate=False, watched=os.getpid()).start()

    @classmethod
    def tearDownClass(cls):
        status = cls.farm.status()
        cls.farm.stop()
        ports = [row["port"] for rows in status["groups"].values() for row in rows] + [
            status["fabric"]["port"]
        ]
        pids = [row["pid"] for rows in status["groups"].values() for row in rows] + [
            status["fabric"]["pid"]
        ]
        left = [pid for pid in pids if processes.alive(pid)] + [
            port for port in ports if listening(port)
        ]
        if left or os.path.exists(status["dir"]):
            raise AssertionError(f"left running after stop: {left or status['dir']}")

    def journal(self, uuid):
        with self.farm.connect(uuid) as session:
            return {int(row[0]) for row in session.query("SELECT id FROM journal")}

    def await_journal(self, uuid, wanted):
        processes.wait_until(lambda: wanted <= self.journal(uuid), 10, "replication of the journal")

    def write(self, uuid, number):
        with self.farm.connect(uuid) as session:
            session.query(f"INSERT INTO journal VALUES ({number}, 0, 'test')")

    def test_each_group_has_its_own_rows(self):
        expected = {
            "shard1": ("1,2,3,4,5", "a,anna,bert,mzz"),
            "shard2": ("1001,1002,1003,1004,1005", "n,nina,otto,zoe"),
            "global": (None, None),
        }
        keys = {}
        for member in self.farm.members:
            with self.farm.connect(member["uuid"]) as session:
                group = member["group"]
                self.assertEqual(session.query("SELECT group_id FROM whereami"), [[group]])
                orders = session.value("SELECT GROUP_CONCAT(customer_id ORDER BY 1) FROM orders")
                users = session.value("SELECT GROUP_CONCAT(login ORDER BY 1) FROM users")
                self.assertEqual((orders, users), expected[group])
                self.assertGreaterEqual(int(session.value("SELECT COUNT(*) FROM countries")), 6)
                keys[group] = {row[0] for row in session.query("SELECT session_key FROM sessions")}
        self.assertEqual(keys["shard1"] | keys["shard2"], set(shop.SHARDED["sessions"][2]))
        self.assertIn("0", keys["shard1"])
        self.assertIn("hello", keys["shard2"])

    def test_secondaries_refuse_writes_and_strangers_are_refused(self):
        with self.assertRaises(ServerError) as refused:
            self.write(self.farm.find("shard1", "secondary"), 1)
        self.assertEqual(refused.exception.errno, 1290)
        for user, password in (("app", "wrong"), ("nobody", ""), ("", ""), ("root", "")):
            with self.subTest(user=user), self.assertRaises(ServerError) as refused:
                self.farm.connect(self.farm.find("shard1"), user, password).close()
            self.assertEqual(refused.exception.errno, 1045)

    def test_planned_switchover_moves_writes(self):
        old = self.farm.find("shard1")
        number = time.time_ns()
        self.write(old, number)
        new = self.farm.promote("shard1")
        self.assertNotEqual(new, old)
        with self.assertRaises(ServerError) as refused:
            self.write(old, number + 1)
        self.assertEqual(refused.exception.errno, 1290)
        self.write(new, number + 1)
        self.await_journal(old, {number, number + 1})

    def test_reported_dead_primary_is_replaced_at_once(self):
        old = self.farm.kill("shard2")
        began = time.monotonic()
        self.farm.call("threat.report_failure", old, "test", "2003")
        self.assertLess(time.monotonic() - began, 2.0)
        new = self.farm.find("shard2")
        self.assertNotEqual(new, old)
        number = time.time_ns()
        self.write(new, number)
        rows = self.farm.call("dump.servers", 0, "shard2")[0]
        self.assertEqual([(row["server_uuid"], row["status"]) for row in rows], [(new, PRIMARY)])
        self.farm.rejoin(old)
        self.await_journal(old, {number})

    def test_acknowledged_commits_survive_the_death_of_the_primary(self):
        old = self.farm.find("shard1")
        writers = [Writer(self.farm.connect(old), writer) for writer in (1, 2, 3)]
        for writer in writers:
            writer.start()
        processes.wait_until(
            lambda: min(len(writer.acknowledged) for writer in writers) > 100,
            20,
            "100 commits each",
        )
        self.farm.kill("shard1")
        for writer in writers:
            writer.join(20)
        self.farm.call("threat.report_failure", old, "test", "2013")
        acknowledged = {number for writer in writers for number in writer.acknowledged}
        self.assertLessEqual(acknowledged, self.journal(self.farm.find("shard1")))
        self.farm.rejoin(old)  # without its transactions that nobody acknowledged
        self.await_journal(old, self.journal(self.farm.find("shard1")))
        self.assertEqual(self.journal(old), self.journal(self.farm.find("shard1")))

    def test_shards_follow_the_new_global_primary(self):
        old = self.farm.kill("global")
        self.farm.call("threat.report_failure", old, "test", "2003")
        with self.farm.connect(self.farm.find("global")) as session:
            session.query("REPLACE INTO countries VALUES ('ZZ', 'Somewhere')")
        self.farm.rejoin(old)

        def arrived():
            return all(self.country(member["uuid"]) == "Somewhere" for member in self.farm.members)

        processes.wait_until(arrived, 10, "replication to all servers")

    def country(self, uuid):
        with self.farm.connect(uuid) as session:
            return session.value("SELECT name FROM countries WHERE code = 'ZZ'")

    def test_farm_file_follows_promotions(self):
        new = self.farm.promote("shard2")
        with open(self.farm.farm_file, encoding="utf-8") as contents:
            rows = json.load(contents)["groups"]["shard2"]["servers"]
        self.assertEqual([row["uuid"] for row in rows if row["status"] == "PRIMARY"], [new])

    def test_health_shows_a_dead_primary_as_faulty(self):
        self.farm.kill("shard2", "secondary", signal.SIGSTOP)
        uuid = self.farm.find("shard2", "secondary")
        found = {row["uuid"]: row for row in self.farm.call("group.health", "shard2")[0]}
        self.farm.kill(uuid, number=signal.SIGCONT)
        self.assertFalse(found[uuid]["is_alive"])
        self.assertEqual(found[uuid]["status"], "FAULTY")

    def test_node_comes_back_with_the_farm_it_had(self):
        before = sorted(map(str, self.farm.call("dump.servers")[0]))
        port = self.farm.node["port"]
        self.farm.kill(farms.NODE)
        with self.assertRaises(OSError):
            self.farm.call("manage.ping")
        self.farm.restart(farms.NODE)
        self.assertEqual(self.farm.node["port"], port)
        self.assertEqual(sorted(map(str, self.farm.call("dump.servers")[0])), before)


class FarmCommand(unittest.TestCase):
    """The program `farm`."""

    def run_farm(self, *arguments):
        done = subprocess.run(
            [sys.executable, os.path.join(HERE, "farm"), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_file_mode_fails_over_and_a_watched_farm_ends_with_its_owner(self):
        with subprocess.Popen(
            ["sleep", "600"]
        ) as owner, tempfile.TemporaryDirectory() as directory:
            try:
                status = json.loads(
                    self.run_farm("start", "--dir", directory, "--file", "--watch", str(owner.pid))
                )
                self.assertIsNone(status["fabric"])
                old = self.run_farm("kill", directory, "shard1").strip()

                def replaced():
                    rows = json.loads(self.run_farm("status", directory))["groups"]["shard1"]
                    return [
                        row["uuid"]
                        for row in rows
                        if row["status"] == "PRIMARY" and row["uuid"] != old
                    ]

                new = processes.wait_until(replaced, 15, "promotion by the keeper")[0]
                self.run_farm("rejoin", directory, old)
                self.assertEqual(self.run_farm("promote", directory, "shard1", old).strip(), old)
                self.assertNotEqual(new, old)
                pids = [
                    row["pid"]
                    for rows in json.loads(self.run_farm("status", directory))["groups"].values()
                    for row in rows
                ] + [status["keeper"]]
            finally:
                owner.kill()
                owner.wait()
            processes.wait_until(
                lambda: not any(processes.alive(pid) for pid in pids), 20, "the end of the farm"
            )
            processes.wait_until(
                lambda: not os.path.exists(os.path.join(directory, farms.STATE)), 10, "tidying up"
            )

    def test_mistakes_are_one_sentence(self):
        for arguments in (["stop", "/nonexistent"], ["kill", "/nonexistent", "shard1"]):
            done = subprocess.run(
                [sys.executable, os.path.join(HERE, "farm"), *arguments],
                capture_output=True,
                text=True,
                check=False,
            )
            self.assertEqual(
                (done.returncode, done.stderr), (1, "farm: no farm was started in /nonexistent\n")
            )


if __name__ == "__main__":
    unittest.main()
