#!/usr/bin/env python3
"""The numbers of a run, and the schedule that must be the same for the same seed."""

import itertools
import os
import sys
import types
import unittest

sys.dont_write_bytecode = True
sys.path[:0] = [
    os.path.dirname(os.path.abspath(__file__)),
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"),
]
import faults  # noqa: E402
import report  # noqa: E402
from judge import FAILED, OK, UNKNOWN, Attempt, Violation  # noqa: E402


def case(began, shown, ended, name="kill", group="east"):
    return types.SimpleNamespace(name=name, group=group, began=began, shown=shown, ended=ended)


def success(ended, worker="east-text0", kind="insert", outcome=OK):
    return Attempt(kind, "east", "t", outcome, worker, began=ended - 0.01, ended=ended)


class ServiceTest(unittest.TestCase):
    ENDS = [1.0, 2.0, 3.0, 8.0, 8.5, 9.5]

    def test_time_without_service(self):
        for spans, longest in (
            ([(3.5, 6.0)], [5.0]),  # inside the gap
            ([(2.5, 9.0)], [5.0]),
            ([(8.1, 8.2)], [0.5]),
            ([(8.1, 8.6)], [1.0]),
            ([(0.0, 1.5)], [1.0]),
            ([(9.6, 9.9)], [0.0]),  # nothing after it
            ([(1.5, 1.6), (8.1, 8.2)], [1.0, 0.5]),
            ([(3.5, 4.0), (7.0, 8.2)], [5.0, 0.5]),  # a gap is the first one's
        ):
            with self.subTest(spans=spans):
                cases = [case(began, 0, ended) for began, ended in spans]
                self.assertEqual(longest, report.without_service(self.ENDS, cases))

    def test_first_success_after(self):
        self.assertEqual(8.0, report.first_after(self.ENDS, 3.0))
        self.assertIsNone(report.first_after(self.ENDS, 9.5))

    def test_only_quick_clients_measure(self):
        attempts = [
            success(1.0),
            success(2.0, "east-idle3"),
            success(3.0, kind="transfer"),
            success(4.0, outcome=UNKNOWN),
            success(5.0, "east-count6", "count"),
        ]
        self.assertEqual(
            {"east-text0": [1.0], "east-count6": [5.0]}, dict(report.successes(attempts)["east"])
        )

    def test_numbers(self):
        attempts = [success(ended) for ended in (1.0, 1.5, 4.0, 4.5)]
        attempts.append(success(5.0, outcome=FAILED))
        done = report.Report("mariadb", 7, attempts, [case(1.6, 3.0, 4.1)], [], [])
        self.assertTrue(done.good)
        self.assertEqual(
            {
                "faults": 1,
                "without_service": {"median": 2.5, "worst": 2.5},
                "shown": {"median": 1.4, "worst": 1.4},
                "resumed_after_shown": {"median": 1.0, "worst": 1.0},
            },
            done.as_dictionary()["service"]["kill"],
        )
        self.assertEqual({OK: 4, FAILED: 1}, done.as_dictionary()["outcomes"])

    def test_what_is_no_proof(self):
        wrong = Violation("lost", "t", "east", 2.0)
        one = case(1.0, 1.5, 3.0)
        for cases, violations, failures in (([], [], []), ([one], [wrong], []), ([one], [], ["x"])):
            self.assertFalse(report.Report("mariadb", 1, [], cases, violations, failures).good)

    def test_statement_that_waited_for_a_replaced_server(self):
        for began, ended, group, home, hung in (
            (1.0, 2.0 + report.LATE + 0.1, "east", None, 1),
            (1.0, 2.0 + report.LATE - 0.1, "east", None, 0),
            (2.1, 9.0, "east", None, 0),  # began on the new one: something else
            (1.0, 9.0, "west", None, 0),
            (1.0, 9.0, "", "east", 1),  # by a shard key
            (1.0, 9.0, "", "west", 0),
        ):
            with self.subTest(began=began, ended=ended, group=group):
                attempt = Attempt("insert", group, "t", OK, "w", began=began, ended=ended)
                attempt.detail = {"home": home} if home else {}
                self.assertEqual(hung, len(report.late([attempt], [case(0.5, 2.0, 9.0)])))

    def test_mistakes_of_clients(self):
        wrong = Attempt("insert", "east", "t", FAILED, "w", "42000", text="syntax")
        right = Attempt("insert", "east", "t", FAILED, "w", "40001", text="rolled back")
        self.assertEqual(["insert of w: syntax"], report.mistakes([wrong, right, wrong]))

    def test_statements_that_failed_at_planned_switchovers(self):
        failed = success(2.0, outcome=FAILED)
        for attempt, one, count in (
            (failed, case(1.0, 1.5, 3.0, report.PLANNED), 1),
            (failed, case(1.0, 1.5, 1.9, report.PLANNED), 0),
            (failed, case(1.0, 1.5, 3.0, report.PLANNED, "west"), 0),
            (failed, case(1.0, 1.5, 3.0), 0),
            (success(2.0), case(1.0, 1.5, 3.0, report.PLANNED), 0),
            (success(2.0, outcome=UNKNOWN), case(1.0, 1.5, 3.0, report.PLANNED), 1),
        ):
            self.assertEqual(count, len(report.failed_at_switchovers([attempt], [one])))

    def test_names_the_fault_of_a_violation(self):
        cases = [case(1.0, 0, 2.0, "first"), case(3.0, 0, 4.0, "other", "west"), case(5.0, 0, 6.0)]
        done = report.Report("mariadb", 1, [], cases, [], [])
        for moment, name in ((1.5, "first"), (4.5, "first"), (5.5, "kill"), (0.5, ""), (0.0, "")):
            self.assertEqual(name, done.fault_of(Violation("lost", "t", "east", moment)), moment)


class ScheduleTest(unittest.TestCase):
    @staticmethod
    def names(kind, group, seed, count=60):
        chosen = itertools.islice(faults.schedule(kind, group, seed), count)
        return [(fault.name, rng.random()) for fault, rng in chosen]

    def test_follows_from_the_seed(self):
        self.assertEqual(self.names("mariadb", "shard1", 7), self.names("mariadb", "shard1", 7))
        self.assertNotEqual(self.names("mariadb", "shard1", 7), self.names("mariadb", "shard1", 8))
        self.assertNotEqual(self.names("mariadb", "shard1", 7), self.names("mariadb", "shard2", 7))

    def test_has_every_fault_of_a_farm(self):
        for kind in faults.ALL:
            known = {fault.name for fault in faults.FAULTS if kind in fault.farms}
            self.assertEqual(known, {name for name, _ in self.names(kind, "g", 1)})

    def test_names_differ(self):
        names = [fault.name for fault in faults.FAULTS]
        self.assertEqual(sorted(set(names)), sorted(names))


if __name__ == "__main__":
    unittest.main()
