#!/usr/bin/env python3
"""FabricProtocol=replication over real servers that are switched over, killed, frozen and misconfigured."""

import json
import signal
import unittest

import replicas
import servers
from support import Case, Running, Timed, myfabric, string


class ReplicationCase(Case):
    """Servers 0, 1, 2: server 0 is the primary when a test begins."""

    kind, gtid = "mariadb", True
    count = 3
    more = "Attempts=8;FabricConnectionTimeout=3;"

    def setUp(self):
        self.farm = replicas.Replicas(self.kind, self.count, self.gtid)
        self.addCleanup(self.farm.stop)
        self.farm.start()
        self.farm.run(0, "CREATE TABLE test.t (n INT AUTO_INCREMENT PRIMARY KEY, at INT)")

    def text(self, seeds=None, more=""):
        return string("replication", seeds or self.farm.seeds(), self.more + more)

    def write(self, connection):
        """Writes one row; gives the number of the server that took it."""
        connection.statement().direct("INSERT INTO t (at) VALUES (@@port)")
        return self.number(self.port(connection))

    def number(self, port):
        return [server.port for server in self.farm.servers].index(port)

    def state(self, text):
        """Status by server number, from the command."""
        out, error, _ = myfabric("status", text, "--json")
        if not out:
            raise AssertionError(error)
        (group,) = json.loads(out)["groups"].values()
        return {self.number(one["port"]): one for one in group}


class Finding(ReplicationCase):
    def test_one_seed_finds_all_servers_and_their_roles(self):
        for seed in range(3):
            self.farm.await_replicating(max(seed, 1))
            found = self.state(self.text(self.farm.address(seed)))
            self.assertEqual("PRIMARY", found[0]["status"], found)
            self.assertEqual({0, 1, 2}, set(found))
            self.assertEqual("SECONDARY", found[2]["status"])
            self.assertIn(f"replicates from {self.farm.address(0)}", found[2]["note"])
            self.assertIn("takes writes and replicates from nobody", found[0]["note"])

    def test_writes_go_to_the_primary_and_reads_to_all_secondaries(self):
        writer = self.connect(self.text())
        self.assertEqual(0, self.write(writer))
        for at in (1, 2):
            self.farm.catch_up(at, 0)
        readers = {
            self.number(self.port(self.connect(self.text(more="Mode=READONLY;"))))
            for _ in range(16)
        }
        self.assertEqual({1, 2}, readers)
        weighted = self.text(more=f"Mode=READONLY;FabricWeights={self.farm.address(1)}=0;")
        readers = {self.number(self.port(self.connect(weighted))) for _ in range(8)}
        self.assertEqual({2}, readers)

    def test_a_chain_has_one_primary_and_an_intermediate_one_is_a_secondary(self):
        self.farm.catch_up(1, 0)
        self.farm.catch_up(2, 0)
        self.farm.follow(2, 1)
        self.farm.run(1, "SET GLOBAL read_only = 0")
        found = self.state(self.text(self.farm.address(2)))
        self.assertEqual("PRIMARY", found[0]["status"], found)
        self.assertEqual("SECONDARY", found[1]["status"])
        self.assertIn("though it takes writes", found[1]["note"])
        self.assertEqual("SECONDARY", found[2]["status"])

    def test_a_dead_seed_at_the_start_costs_nothing(self):
        self.farm[1].signal(signal.SIGKILL)
        with Timed() as took:
            writer = self.connect(self.text(f"{self.farm.address(1)},{self.farm.address(0)}"))
            self.assertEqual(0, self.write(writer))
        self.assertLess(took.seconds, 2)
        self.assertIn("cannot be reached", self.state(self.text())[1]["note"])

    def test_servers_are_reached_at_other_addresses_than_they_report(self):
        farm = replicas.Replicas(self.kind, 2, self.gtid, options={1: ["--report-host=db1.invalid"]})
        self.addCleanup(farm.stop)
        farm.start()
        farm.await_replicating(1)
        hidden = string("replication", farm.address(0), self.more)
        out, error, _ = myfabric("status", hidden)
        self.assertIn("db1.invalid", out, error)
        reachable = (
            f"FabricAddresses=db1.invalid:{farm[1].port}={farm.address(1)},"
            f"nobody=elsewhere:1;Mode=READONLY;"
        )
        reader = self.connect(string("replication", farm.address(0), self.more + reachable))
        self.assertEqual(farm[1].port, self.port(reader))

    def test_commands_that_change_the_farm_name_the_tool_that_does(self):
        session = self.connect(self.text(more="FabricAdmin=1;"))
        statement = session.statement()
        statement.direct("CALL fabric.execute('group.lookup_servers', 'replication')")
        self.assertTrue(statement.fetch())
        out, error, code = myfabric(
            "exec", self.text(), "--admin", "group.promote", "replication"
        )
        self.assertEqual(1, code, out)
        self.assertIn("not changed by the driver", error)
        self.assertIn("MaxScale", error)


class Moving(ReplicationCase):
    def test_a_switchover_takes_connections_along(self):
        writer = self.connect(self.text())
        self.assertEqual(0, self.write(writer))
        for new, old in ((1, 0), (2, 1), (0, 2)):
            self.farm.switch_over(new, old)
            self.assertEqual(new, self.write(writer))
            for at in {0, 1, 2} - {new}:
                self.farm.await_replicating(at)
        self.farm.catch_up(1, 0)
        rows = self.farm.run(1, "SELECT COUNT(*), COUNT(DISTINCT at) FROM test.t")
        self.assertEqual([("4", "3")], [tuple(row) for row in rows])

    def test_kill_of_the_primary_and_a_promotion_by_hand(self):
        writer = self.connect(self.text())
        reader = self.connect(self.text(more="Mode=READONLY;"))
        self.assertEqual(0, self.write(writer))
        self.port(reader)
        self.farm.catch_up(1, 0)
        self.farm[0].signal(signal.SIGKILL)
        self.assertIsNotNone(self.port(reader))  # reads go on without a primary
        self.farm.promote(1)
        self.farm.follow(2, 1, None if self.gtid else self.farm.position(1))
        with Timed() as took:
            self.assertEqual(1, self.write(writer))
        self.assertLess(took.seconds, 6)

    def test_a_call_that_hangs_on_a_frozen_primary_ends_when_another_is_promoted(self):
        writer, idle = self.connect(self.text()), self.connect(self.text())
        self.assertEqual(0, self.write(writer))
        self.write(idle)
        self.farm.catch_up(1, 0)
        self.farm[0].signal(signal.SIGSTOP)
        hanging = Running(writer, "INSERT INTO t (at) VALUES (-1)")
        hanging.join(2.5)
        ended = f"after {hanging.seconds} s though nobody replaced the primary: {hanging.error}"
        self.assertTrue(hanging.is_alive(), ended)
        self.farm.promote(1)
        self.farm.follow(2, 1, None if self.gtid else self.farm.position(1))
        hanging.join(8)
        self.assertFalse(hanging.is_alive(), "the call still waits for the frozen server")
        self.assertEqual("40003", hanging.error.state, str(hanging.error))
        self.assertEqual(1, self.write(writer))
        self.assertEqual(1, self.write(idle))
        # Fenced before it answers again, as a tool does.
        self.farm[0].signal(signal.SIGKILL)

    def test_a_frozen_server_does_not_slow_the_others(self):
        writer = self.connect(self.text())
        self.write(writer)
        self.farm[2].signal(signal.SIGSTOP)
        slowest, began = 0.0, Timed()
        with began:
            for _ in range(40):
                with Timed() as took:
                    writer.statement().direct("CALL fabric.reset_cache()")
                    self.assertEqual(0, self.write(writer))
                slowest = max(slowest, took.seconds)
        # One second is waited once, for the server that used to answer.
        self.assertLess(slowest, 2.5)
        self.assertLess(began.seconds, 8)
        readers = {
            self.number(self.port(self.connect(self.text(more="Mode=READONLY;"))))
            for _ in range(3)
        }
        self.assertEqual({1}, readers)

    def test_an_old_primary_that_comes_back_is_never_chosen_in_silence(self):
        writer = self.connect(self.text(more="Attempts=2;"))
        self.write(writer)
        self.farm.catch_up(1, 0)
        self.farm[0].signal(signal.SIGSTOP)
        self.farm.promote(1)
        self.farm.follow(2, 1, None if self.gtid else self.farm.position(1))
        self.assertEqual(1, self.write(self.connect(self.text())))
        self.farm[0].signal(signal.SIGCONT)
        found = self.state(self.text())
        self.assertEqual("FAULTY", found[0]["status"], found)
        self.assertEqual("FAULTY", found[1]["status"], found)
        fresh = ";FabricTTL=1;FabricMaxAge=1;Attempts=2;"  # a farm of its own: nothing is known of it
        error = self.refused(self.text(more=fresh))
        self.assertEqual("08004", error.state, str(error))
        for at in (0, 1):
            self.assertIn(self.farm.address(at), error.records[0][2])
        self.assertIn("with two primaries none is used", error.records[0][2])
        self.farm.run(0, "SET GLOBAL read_only = 1")
        found = self.state(self.text())
        self.assertEqual("PRIMARY", found[1]["status"], found)
        self.assertEqual("SPARE", found[0]["status"], found)
        self.assertIn(f"not from the primary {self.farm.address(1)}", found[0]["note"])


class BadInput(ReplicationCase):
    count = 2

    def test_the_first_record_says_what_is_wrong(self):
        name, password = replicas.LIMITED
        gone = "127.0.0.1:1"
        right = "GRANT SLAVE MONITOR" if self.kind == "mariadb" else "GRANT REPLICATION CLIENT"
        samples = [
            (gone, "", "08001", ["no server of FabricHost answers", f"{gone} cannot be reached"]),
            (
                self.farm.seeds(),
                "FabricUser=nobody;FabricPassword=x;",
                "28000",
                ["refuses the user 'nobody' or its password", "check FabricUser"],
            ),
            (
                self.farm.seeds(),
                f"FabricUser={name};FabricPassword={password};",
                "42000",
                [self.farm.address(0), f"'{name}' no right", f"{right} ON *.* TO '{name}'"],
            ),
            (self.farm.seeds(), "FabricWeights=a;", "08001", ["FabricWeights", "'a'"]),
            (self.farm.seeds(), "FabricAddresses=a=b c;", "08001", ["FabricAddresses", "'a=b c'"]),
            (self.farm.seeds(), "Group=other;", "08004", ["no group 'other'", "replication"]),
        ]
        for seeds, more, state, parts in samples:
            with self.subTest(seeds=seeds, more=more):
                error = self.refused(self.text(seeds, "FabricConnectionAttempts=1;" + more))
                self.assertEqual(state, error.state, str(error))
                for part in parts:
                    self.assertIn(part, error.records[0][2])

    def test_a_user_with_the_named_right_alone_is_enough(self):
        name, password = replicas.ASKING
        found = self.state(self.text(more=f"FabricUser={name};FabricPassword={password};"))
        self.assertEqual("PRIMARY", found[0]["status"], found)
        self.assertEqual("SECONDARY", found[1]["status"])
        self.assertIn("who replicates from it cannot be seen: Access denied", found[0]["note"])

    def test_a_seed_of_another_cluster_is_named(self):
        with replicas.Replicas(self.kind, 1, self.gtid) as other:
            seeds = self.farm.seeds() + "," + other.address(0)
            error = self.refused(string("replication", seeds, self.more + "Attempts=1;"))
        self.assertEqual("08004", error.state, str(error))
        self.assertIn(other.address(0), error.records[0][2])
        self.assertIn("belongs to another cluster", error.records[0][2])

    def test_servers_of_both_vendors_are_refused(self):
        other = "mysql56" if self.kind == "mariadb" else "mariadb"
        with servers.Server(other) as stranger:
            seeds = f"{self.farm.address(0)},127.0.0.1:{stranger.port}"
            error = self.refused(string("replication", seeds, self.more))
        self.assertEqual("08001", error.state, str(error))
        self.assertIn("sessions cannot move between MySQL and MariaDB", error.records[0][2])


class FindingOnMySql(Finding):
    kind = "mysql56"


class MovingOnMySql(Moving):
    kind = "mysql56"


class BadInputOnMySql(BadInput):
    kind = "mysql56"


class MovingByPositions(Moving):
    gtid = False


if __name__ == "__main__":
    unittest.main()
