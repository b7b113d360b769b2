#!/usr/bin/env python3
"""FabricProtocol=group_replication over three real members of MySQL 9, by hand (tests/README.md)."""

import contextlib
import json
import shutil
import signal
import tempfile
import unittest

from support import Case, OdbcError, Running, Timed, myfabric, string  # finds the other folders
from group_replication import Group
import processes


class GroupCase(Case):
    """Members 0, 1, 2, all ONLINE when a test begins, 0 being the primary."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="myfabric-group-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.group = Group(cls.folder)
        cls.addClassCleanup(cls.group.stop)
        cls.group.start()
        cls.group.run(
            cls.group.members[0],
            "CREATE TABLE test.tokens (id BIGINT AUTO_INCREMENT PRIMARY KEY, token TEXT)",
        )

    def setUp(self):
        self.members = self.group.members
        self.addCleanup(self.group.heal)

    def text(self, more="", seeds=None):
        if seeds is None:
            seeds = self.members
        names = ",".join(f"127.0.0.1:{member.port}" for member in seeds)
        return string(
            "group_replication", names, more + "FabricTTL=1;FabricConnectionTimeout=3;Attempts=20;"
        )

    def member(self, connection):
        port = self.port(connection)
        return [member.port for member in self.members].index(port)

    def write(self, connection):
        connection.statement().direct("INSERT INTO tokens (token) VALUES ('x')")
        return self.member(connection)

    def state(self):
        out, error, _ = myfabric("status", self.text(), "--json")
        if not out:
            raise AssertionError(error)
        (group,) = json.loads(out)["groups"].values()
        ports = [member.port for member in self.members]
        return {ports.index(one["port"]): one for one in group}

    def statuses(self):
        found = self.state()
        return [found[number]["status"] if number in found else None for number in range(3)]

    def rows(self, member):
        return int(self.group.run(member, "SELECT COUNT(*) FROM test.tokens")[0][0])


class Roles(GroupCase):
    def test_one_seed_is_enough_to_find_all_members(self):
        seed = [self.members[2]]
        self.assertEqual(0, self.write(self.connect(self.text(seeds=seed))))
        readers = {
            self.member(self.connect(self.text("Mode=READONLY;", seed))) for _ in range(16)
        }
        self.assertEqual({1, 2}, readers)
        self.assertEqual(["PRIMARY", "SECONDARY", "SECONDARY"], self.statuses())

    def test_reads_on_other_members_see_the_connections_own_writes(self):
        session = self.connect(self.text("Mode=AUTO;"))
        statement, elsewhere = session.statement(), 0
        for number in range(40):
            statement.direct(f"INSERT INTO tokens (token) VALUES ('auto {number}')")
            read = session.statement()
            read.direct(f"SELECT COUNT(*), @@port FROM tokens WHERE token = 'auto {number}'")
            self.assertTrue(read.fetch())
            self.assertEqual("1", read.text(1))
            elsewhere += int(read.text(2)) != self.members[0].port
            read.close_cursor()
        self.assertGreater(elsewhere, 30, "the reads stayed on the primary")

    def test_of_several_primaries_every_process_writes_to_the_same(self):
        self.group.run(
            self.members[0], "SELECT group_replication_switch_to_multi_primary_mode()"
        )
        self.assertEqual(3, len(self.group.primaries(self.members[0])))
        first = self.statuses().index("PRIMARY")
        for _ in range(3):
            self.assertEqual(1, self.statuses().count("PRIMARY"))
            self.assertEqual(first, self.write(self.connect(self.text())))
        heavy = self.members[(first + 1) % 3]
        weighted = f"FabricWeights=127.0.0.1:{heavy.port}=5;"
        self.assertEqual((first + 1) % 3, self.write(self.connect(self.text(weighted))))
        self.members[first].signal(signal.SIGKILL)
        self.assertNotEqual(first, self.write(self.connect(self.text())))

    def test_a_member_that_is_recovering_serves_nobody(self):
        late = self.members[2]
        self.group.leave(late)
        self.write(self.connect(self.text()))
        with self.group.session(late) as lock:
            lock.query("LOCK TABLES test.tokens READ")  # what it missed cannot be applied
            self.group.join(late)
            self.group.await_state(late, "RECOVERING")
            found = self.state()
            self.assertEqual("SPARE", found[2]["status"], found)
            self.assertIn("RECOVERING", found[2]["note"])
            readers = {self.member(self.connect(self.text("Mode=READONLY;"))) for _ in range(8)}
            self.assertEqual({1}, readers)
        self.group.await_state(late, "ONLINE")
        processes.wait_until(
            lambda: self.statuses()[2] == "SECONDARY", 15, "the late member reads again", 0.2
        )


class Failures(GroupCase):
    def test_a_switchover_by_the_groups_own_function_fails_no_statement(self):
        session = self.connect(self.text())
        self.assertEqual(0, self.write(session))
        for target in (1, 2, 0):
            uuid = self.group.uuid(self.members[target])
            moving = self.group.session(self.members[0], timeout=60.0)
            self.addCleanup(moving.close)
            moving.sequence = 0
            moving._send(b"\x03" + f"SELECT group_replication_set_as_primary('{uuid}')".encode())
            writes = 0
            while self.write(session) != target:
                writes += 1
                self.assertLess(writes, 100000)
            moving._result()

    def test_a_killed_primary_is_replaced(self):
        session = self.connect(self.text())
        first = self.write(session)
        self.members[first].signal(signal.SIGKILL)
        with Timed() as took:
            with contextlib.suppress(OdbcError):  # 40003, when it was under way
                self.write(session)
            self.assertIn(self.write(session), {0, 1, 2} - {first})
        self.assertLess(took.seconds, 30)

    def test_a_frozen_primary_is_left_and_never_written_to_again(self):
        session = self.connect(self.text())
        self.assertEqual(0, self.write(session))
        self.members[0].signal(signal.SIGSTOP)
        running = Running(session, "INSERT INTO tokens (token) VALUES ('in flight')")
        fresh = self.group.await_primary(self.members[1], other_than=self.members[0])
        running.join(30)
        self.assertIsNotNone(running.seconds, "still waits")
        self.assertEqual("40003", running.error and running.error.state)
        self.assertEqual(self.members.index(fresh), self.write(session))
        before = self.rows(fresh)
        self.members[0].signal(signal.SIGCONT)
        for number in range(20):
            self.assertNotEqual(0, self.write(self.connect(self.text())))
            self.assertGreaterEqual(self.rows(fresh), before + number + 1)
        tokens = "SELECT COUNT(*) FROM test.tokens WHERE token = 'in flight'"
        self.assertEqual("0", self.group.run(fresh, tokens)[0][0])

    def test_the_side_without_a_majority_is_never_written_to(self):
        session = self.connect(self.text("Attempts=2;"))
        self.assertEqual(0, self.write(session))
        before = self.rows(self.members[0])
        for member in self.members[1:]:
            member.signal(signal.SIGSTOP)
        for member in self.members[1:]:
            self.group.await_state(member, "UNREACHABLE", by=self.members[0])
        found = processes.wait_until(
            lambda: (now := self.state())[0]["status"] == "FAULTY" and now, 15, "the refusal", 0.2
        )
        self.assertIn("no majority", found[0]["note"])
        with self.assertRaises(OdbcError) as caught:
            self.write(session)
        self.assertIn(caught.exception.state, ("08S01", "08004", "40003"))
        error = self.refused(self.text("Attempts=1;"))
        self.assertIn("no majority", str(error))
        self.assertEqual(before, self.rows(self.members[0]))
        for member in self.members[1:]:
            member.signal(signal.SIGCONT)


if __name__ == "__main__":
    unittest.main(verbosity=2)
