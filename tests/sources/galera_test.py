#!/usr/bin/env python3
"""FabricProtocol=galera over a real cluster of three nodes that are killed, isolated, frozen and shut down."""

import contextlib
import json
import os
import shutil
import signal
import tempfile
import unittest

from support import Case, OdbcError, Running, Timed, myfabric  # finds the other folders
import galera
import processes
import servers
import workloads
from mysql_text import ServerError

GROUP = galera.GROUP


class GaleraCase(Case):
    """Nodes 0, 1, 2, all in step when a test begins; node 0 is the first by name."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="myfabric-galera-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.farm = galera.SelfDescribedGalera("galera", cls.folder, lambda text: None, 2)
        cls.addClassCleanup(cls.farm.stop)
        cls.farm.start()

    def setUp(self):
        self.addCleanup(self.farm.heal, GROUP)
        self.nodes = self.farm.members
        # What this process knew of the last test's end is out of date.
        self.await_writer(self.connect(self.text()), 0, 20)

    def text(self, more=""):
        return more + self.farm.strings[0] + "FabricConnectionTimeout=3;"

    def node(self, connection):
        port = int(self.value(connection, "SELECT @@port"))
        return [member["true_port"] for member in self.nodes].index(port)

    def write(self, connection):
        connection.statement().direct("INSERT INTO tokens (token) VALUES ('x')")
        return self.node(connection)

    def state(self):
        out, error, _ = myfabric("status", self.text(), "--json")
        if not out:
            raise AssertionError(error)
        (group,) = json.loads(out)["groups"].values()
        ports = [member["port"] for member in self.nodes]
        return {ports.index(one["port"]): one for one in group}

    def await_writer(self, connection, node, seconds=25):
        def arrived():
            with contextlib.suppress(OdbcError):
                return self.write(connection) == node
            return False

        with Timed() as took:
            try:
                processes.wait_until(arrived, seconds, f"a write on node {node}")
            except RuntimeError as error:
                notes = {at: (one["status"], one["note"]) for at, one in self.state().items()}
                raise AssertionError(f"{error}: {notes}") from error
        return took.seconds


class Roles(GaleraCase):
    def test_every_process_writes_to_the_same_node_and_reads_from_the_others(self):
        for _ in range(3):
            found = self.state()
            self.assertEqual("PRIMARY", found[0]["status"], found)
            self.assertEqual({"SECONDARY"}, {found[1]["status"], found[2]["status"]}, found)
            self.assertIn("the first of those in step", found[0]["note"])
        self.assertEqual(0, self.write(self.connect(self.text())))
        readers = {self.node(self.connect(self.text("Mode=READONLY;"))) for _ in range(16)}
        self.assertEqual({1, 2}, readers)
        heavier = f"FabricWeights={self.farm.address(self.nodes[2])}=2;"
        self.assertEqual(2, self.write(self.connect(self.text(heavier))))

    def test_reads_on_other_nodes_see_the_connections_own_writes(self):
        session = self.connect(self.text("Mode=AUTO;"))
        statement, elsewhere, waited = session.statement(), 0, self.waited()
        for number in range(1, 41):
            statement.direct(f"UPDATE counters SET n = {number} WHERE id = 1")
            read = session.statement()
            read.direct("SELECT n, @@port FROM counters WHERE id = 1")
            self.assertTrue(read.fetch())
            self.assertEqual(str(number), read.text(1))
            elsewhere += int(read.text(2)) != self.nodes[0]["true_port"]
            read.close_cursor()
        self.assertGreater(elsewhere, 30, "the reads stayed on the primary")
        self.assertGreaterEqual(self.waited() - waited, elsewhere)

    def waited(self):
        """How many reads of the other nodes have waited for the cluster."""
        total = 0
        for member in self.nodes[1:]:
            with self.farm.session(member) as session:
                ((_, number),) = session.query("SHOW STATUS LIKE 'wsrep_causal_reads'")
                total += int(number)
        return total

    def test_certification_failures_reach_the_application_as_40001(self):
        first, second = self.nodes[0], self.nodes[1]
        through = self.connect(self.text())
        through.autocommit(False)
        through.statement().direct("UPDATE counters SET n = n + 1 WHERE id = 2")
        with self.farm.session(second, database=workloads.DATABASE) as other:
            other.query("UPDATE counters SET n = n + 1 WHERE id = 2")

        def applied():
            with self.farm.session(first, database=workloads.DATABASE) as session:
                session.query("SET SESSION wsrep_sync_wait = 1")
                return session.value("SELECT n FROM counters WHERE id = 2")

        applied()
        with self.assertRaises(OdbcError) as caught:
            through.end(0)
        self.assertEqual("40001", caught.exception.state, str(caught.exception))
        through.autocommit(True)


class Losing(GaleraCase):
    def test_kill_of_the_writer_and_its_return(self):
        writer = self.connect(self.text())
        self.assertEqual(0, self.write(writer))
        self.farm.kill(self.nodes[0])
        self.await_writer(writer, 1, 20)  # the others first vote it out
        self.assertEqual("FAULTY", self.state()[0]["status"])
        self.farm.heal(GROUP)
        self.await_writer(writer, 0)

    def test_a_planned_shutdown_costs_one_statement_at_most(self):
        """What was on its way to the group when the node left it: nobody can know (1180), so 40003."""
        writer = self.connect(self.text())
        self.assertEqual(0, self.write(writer))
        self.farm.send(self.nodes[0], signal.SIGTERM)
        self.addCleanup(self.farm.kill, self.nodes[0])
        lost, seen = [], set()

        def left():
            try:
                seen.add(self.write(writer))
            except OdbcError as error:
                lost.append(error)
            return 1 in seen and not self.farm.runs(self.nodes[0])

        processes.wait_until(left, 30, "the shutdown of the writer")
        self.assertLessEqual(len(lost), 1, [str(error) for error in lost])
        self.assertEqual({"40003"}, {error.state for error in lost} | {"40003"})

    def test_a_node_that_left_the_primary_component_is_left(self):
        writer = self.connect(self.text())
        self.assertEqual(0, self.write(writer))
        self.isolate(0)
        with self.cluster_status(0, "non-Primary"):
            self.await_writer(writer, 1, 15)
            self.assertIn("outside of the primary component", self.state()[0]["note"])

    def test_without_a_primary_component_nothing_is_written(self):
        writer = self.connect(self.text("Attempts=2;"))
        self.write(writer)
        for node in (1, 2):
            self.isolate(node)
        with self.cluster_status(0, "non-Primary"):
            with self.assertRaises(OdbcError) as caught:
                writer.statement().direct("INSERT INTO tokens (token) VALUES ('split')")
            error = self.refused(self.text("Attempts=1;FabricTTL=2;"))
            self.assertEqual("08004", error.state, str(error))
            self.assertIn("outside of the primary component", error.records[0][2])
        self.assertIn(caught.exception.state, ("08S01", "40003", "08004"), str(caught.exception))
        for node in (1, 2):
            self.join_again(node)
        self.farm.heal(GROUP)
        with self.farm.session(self.nodes[0], database=workloads.DATABASE) as session:
            split = "SELECT COUNT(*) FROM tokens WHERE token = 'split'"
            self.assertEqual("0", session.value(split))

    def test_a_node_out_of_step_is_left(self):
        writer = self.connect(self.text())
        self.assertEqual(0, self.write(writer))
        # This node, whichever one the farm's own look, which may be older, takes for the writer.
        with self.farm.session(self.nodes[0]) as session:
            session.query("SET GLOBAL wsrep_desync = ON")
        self.await_writer(writer, 1)
        self.assertIn("is not in step", self.state()[0]["note"])

    def test_a_node_that_is_taken_out_before_its_shutdown_costs_no_statement(self):
        writer = self.connect(self.text())
        self.assertEqual(0, self.write(writer))
        with self.farm.session(self.nodes[0]) as session:
            session.query("SET GLOBAL wsrep_reject_queries = 'ALL'")
        self.assertEqual(1, self.write(writer))
        self.farm.send(self.nodes[0], signal.SIGTERM)
        self.addCleanup(self.farm.kill, self.nodes[0])
        while self.farm.runs(self.nodes[0]):
            self.assertEqual(1, self.write(writer))

    def test_a_writer_that_gives_its_data_to_a_joining_node_is_left_and_taken_again(self):
        writer = self.connect(self.text())
        self.assertEqual(0, self.write(writer))
        donor, joiner = self.nodes[0], self.nodes[2]
        self.farm.kill(joiner)
        self.await_writer(writer, 0)  # the others first vote the dead one out
        hold = os.path.join(donor["dir"], "data", "hold")
        with open(hold, "w", encoding="utf-8"):
            pass
        try:
            self.farm.restart_without_data(joiner, donor)
            processes.wait_until(lambda: self.write(writer) == 1, 30, "another writer", 0.1)
            self.assertIn("wsrep_local_state_comment=Donor", self.state()[0]["note"])
            self.assertEqual("FAULTY", self.state()[2]["status"], "the joiner has no data yet")
            readers = {self.node(self.connect(self.text("Mode=READONLY;"))) for _ in range(4)}
            self.assertEqual({1}, readers)
        finally:
            os.unlink(hold)
        processes.wait_until(lambda: self.write(writer) == 0, 30, "the first writer again", 0.1)
        processes.wait_until(lambda: self.state()[2]["status"] == "SECONDARY", 30, "the joiner")
        counts = [self.rows(node) for node in self.nodes]
        self.assertEqual(counts[0], counts[2])

    def rows(self, member):
        with self.farm.session(member, database=workloads.DATABASE) as session:
            session.query("SET SESSION wsrep_sync_wait = 1")
            return session.value("SELECT COUNT(*) FROM tokens")

    def test_a_call_that_hangs_on_a_frozen_node_ends(self):
        writer = self.connect(self.text())
        self.assertEqual(0, self.write(writer))
        self.farm.send(self.nodes[0], signal.SIGSTOP)
        hanging = Running(writer, "INSERT INTO tokens (token) VALUES ('hangs')")
        hanging.join(12)
        self.assertFalse(hanging.is_alive(), "the call still waits for the frozen node")
        self.assertEqual("40003", hanging.error.state, str(hanging.error))
        self.await_writer(writer, 1, 20)

    def isolate(self, node):
        with self.farm.session(self.nodes[node]) as session:
            session.query("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'")
        self.addCleanup(self.join_again, node)

    def join_again(self, node):
        with contextlib.suppress(OSError, ServerError):
            with self.farm.session(self.nodes[node]) as session:
                session.query("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'")

    @contextlib.contextmanager
    def cluster_status(self, node, wanted):
        def reached():
            with self.farm.session(self.nodes[node]) as session:
                (row,) = session.query("SHOW STATUS LIKE 'wsrep_cluster_status'")
            return row[1] == wanted

        processes.wait_until(reached, 30, f"wsrep_cluster_status={wanted} of node {node}")
        yield


class BadInput(Case):
    def test_a_server_that_is_no_node_is_named(self):
        with servers.Server("mariadb") as stranger:
            seeds = f"FabricProtocol=galera;FabricHost=127.0.0.1:{stranger.port};Attempts=1;"
            error = self.refused(seeds + f"User={servers.USER};Password={servers.PASSWORD};")
        self.assertEqual("08004", error.state, str(error))
        self.assertIn(f"127.0.0.1:{stranger.port} is faulty (is no node", error.records[0][2])


if __name__ == "__main__":
    unittest.main()
