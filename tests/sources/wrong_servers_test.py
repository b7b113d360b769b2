#!/usr/bin/env python3
"""FabricProtocol=galera and group_replication over servers that are none, of others, or refuse: one clear first record."""

import unittest

from support import Case, string  # finds the other folders
import galera
import processes
import servers

LIMITED = ("reader", "readerpw")  # a user without rights
NOBODY = "127.0.0.1:1"


def lone_node(name):
    """A cluster of one node."""
    at = f"127.0.0.1:{processes.free_port()}"
    return servers.Server(
        "mariadb",
        options=[
            "--binlog-format=ROW",
            "--innodb-autoinc-lock-mode=2",
            "--wsrep-on=ON",
            f"--wsrep-provider={galera.provider()}",
            "--wsrep-cluster-address=gcomm://",
            f"--wsrep-cluster-name={name}",
            f"--wsrep-node-address={at}",
            f"--wsrep-provider-options=gmcast.listen_addr=tcp://{at};gcache.size=16M",
            "--wsrep-new-cluster",
        ],
    )


class WrongServers(Case):
    @classmethod
    def setUpClass(cls):
        cls.servers = {kind: cls.enterClassContext(servers.Server(kind)) for kind in ("mariadb", "mysql56")}
        name, password = LIMITED
        for server in cls.servers.values():
            with server.connect(servers.ADMIN, servers.ADMIN_PASSWORD) as session:
                for host in ("%", "127.0.0.1"):
                    session.query(f"CREATE USER '{name}'@'{host}' IDENTIFIED BY '{password}'")

    def expect(self, protocol, seeds, more, state, parts):
        with self.subTest(protocol=protocol, seeds=seeds, more=more):
            error = self.refused(
                string(protocol, seeds, "Attempts=1;FabricConnectionAttempts=1;" + more)
            )
            self.assertEqual(state, error.state, str(error))
            for part in parts:
                self.assertIn(part, error.records[0][2])

    def test_the_first_record_says_what_is_wrong(self):
        name, password = LIMITED
        limited = f"FabricUser={name};FabricPassword={password};"
        wrong = "FabricUser=nobody;FabricPassword=x;"
        mariadb, mysql = (
            f"127.0.0.1:{self.servers[kind].port}" for kind in ("mariadb", "mysql56")
        )
        no_node = "is faulty (is no node of a Galera cluster (wsrep_on=OFF))"
        no_member = "replication_group_members' doesn't exist"
        refused = ["refuses the user 'nobody' or its password", "check FabricUser"]
        for protocol in ("galera", "group_replication"):
            self.expect(
                protocol,
                NOBODY,
                "",
                "08001",
                ["no server of FabricHost answers", f"{NOBODY} cannot be reached"],
            )
            for seed in (mariadb, mysql):
                self.expect(protocol, seed, wrong, "28000", [seed, *refused])
        for seeds in ([mariadb], [mysql], [mariadb, mysql]):
            named = [f"{seed} {no_node}" for seed in seeds]
            self.expect("galera", ",".join(seeds), "", "08004", named)
            named = [f"{seed} cannot be asked: Table" for seed in seeds]
            self.expect(
                "group_replication", ",".join(seeds), "", "08001", [*named, no_member]
            )
        grant = "GRANT SELECT ON performance_schema.replication_group_members"
        self.expect(
            "group_replication", mysql, limited, "42000", [mysql, f"'{name}' no right", grant]
        )

    def test_a_seed_of_another_galera_cluster_is_named(self):
        with lone_node("first") as ours, lone_node("second") as other:
            seeds = f"127.0.0.1:{ours.port},127.0.0.1:{other.port}"
            self.expect(
                "galera",
                seeds,
                "",
                "08001",
                ["to the cluster 'second'", "to 'first'", "name nodes of one cluster"],
            )
            stranger = f"127.0.0.1:{self.servers['mysql56'].port}"
            self.expect(
                "galera",
                f"127.0.0.1:{ours.port},{stranger}",
                "",
                "08001",
                [f"{stranger} (version 5.6", "knows nothing of Galera", "name nodes of one cluster"],
            )
            beside = f"127.0.0.1:{ours.port},127.0.0.1:{self.servers['mariadb'].port}"
            session = self.connect(string("galera", beside))
            self.assertEqual(ours.port, self.port(session), "one in maintenance serves nobody")


if __name__ == "__main__":
    unittest.main()
