#!/usr/bin/env python3
"""What the farms reckon with, without servers: positions, and who does what."""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, *(os.path.join(HERE, "..", name) for name in ("node", "servers"))]
import farms  # noqa: E402
import fencing_node  # noqa: E402
import galera  # noqa: E402
import workloads  # noqa: E402

UUID = "9e51a476-e687-11f1-acc4-02fc00000001"
OTHER = "9e51a476-e687-11f1-acc4-02fc00000002"


class PositionsTest(unittest.TestCase):
    def test_counts_transactions_of_mysql(self):
        for text, count in (
            ("", 0),
            (None, 0),
            (f"{UUID}:1", 1),
            (f"{UUID}:1-5", 5),
            (f"{UUID}:1-5:7:9-10", 8),
            (f"{UUID}:1-5,\n{OTHER}:3-4", 7),
        ):
            self.assertEqual(count, fencing_node.count_gtids(text), text)

    def test_newest_of_each_server_of_mariadb(self):
        self.assertEqual({}, dict(farms.gtid_list("")))
        self.assertEqual(
            {(11, 5): 9, (11, 6): 12, (12, 5): 3},
            dict(farms.gtid_list("11-5-7,11-6-12,11-5-9,12-5-3")),
        )


class GaleraTest(unittest.TestCase):
    def test_nodes_that_count_a_dead_one_do_not_serve(self):
        for reached, sizes, fit in (
            ((True, True, True), (3, 3, 3), [True, True, True]),
            # Frozen, before or after it was reached: the others have not voted it out.
            ((False, True, True), (None, 3, 3), [False, False, False]),
            ((True, True, True), (None, 3, 3), [False, False, False]),
            ((False, True, True), (None, 2, 2), [False, True, True]),
            # Cut off from clients only: it goes on in the cluster.
            ((False, True, True), (3, 3, 3), [False, True, True]),
        ):
            self.assertEqual(fit, galera.serving(reached, sizes), (reached, sizes))


class ClientsTest(unittest.TestCase):
    def test_every_workload_runs_in_each_group_and_names_differ(self):
        processes, _ = workloads.threads_of(["g", "h"], True, 1)
        threads = processes[0] + processes[1]
        self.assertEqual(len(threads), len({thread["name"] for thread in threads}))
        for group in ("g", "h"):
            here = {thread["workload"] for thread in threads if thread["group"] == group}
            self.assertEqual(set(workloads.WORKLOADS), here)

    def test_counters_have_one_client_each(self):
        processes, count = workloads.threads_of(["g", "h"], True, 1)
        used = [thread["id"] for thread in processes[0] + processes[1] if "id" in thread]
        self.assertEqual(list(range(1, count + 1)), sorted(used))

    def test_without_shards_no_client_needs_any(self):
        processes, _ = workloads.threads_of(["g"], False, 1)
        self.assertNotIn("keyed", {thread["workload"] for own in processes for thread in own})


if __name__ == "__main__":
    unittest.main()
