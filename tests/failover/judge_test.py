#!/usr/bin/env python3
"""The judge must be able to find guilty: samples of journals and rows with what is wrong in them."""

import json
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import judge  # noqa: E402
from judge import FAILED, OK, UNKNOWN, Attempt, Rows  # noqa: E402

OPENING = 100


def home(key):
    return "east" if key < 1000 else "west"


def verdict(attempts, rows=None, strays=None, more=None):
    """The kinds of violation, sorted."""
    finals = {"east": rows or Rows(), **(more or {})}
    found = judge.judge(attempts, finals, strays or {}, OPENING, home)
    return sorted(violation.kind for violation in found)


def insert(name, outcome, **detail):
    return Attempt("insert", "east", name, outcome, detail=detail)


PRESENCE = [
    # reported, rows that are there, what is wrong
    (OK, 1, []),
    (OK, 0, ["lost"]),
    (OK, 2, ["doubled"]),
    (FAILED, 0, []),
    (FAILED, 1, ["failed, yet there"]),
    (FAILED, 2, ["doubled"]),
    (UNKNOWN, 0, []),
    (UNKNOWN, 1, []),
    (UNKNOWN, 2, ["doubled"]),
]
BALANCES = [
    # accounts, transfers that are there, what is wrong
    ({1: 100, 2: 100}, [], []),
    ({1: 90, 2: 110}, [("t", 1, 2, 10)], []),
    ({1: 90, 2: 100}, [("t", 1, 2, 10)], ["half a transfer", "wrong sum"]),
    ({1: 90, 2: 110}, [], ["half a transfer", "half a transfer"]),
    ({1: 100, 2: 100}, [("t", 1, 2, 10)], ["half a transfer", "half a transfer"]),
]
COUNTERS = [
    # acknowledged, failed, unknown, value, what is wrong
    (3, 0, 0, 3, []),
    (3, 2, 0, 3, []),
    (3, 0, 2, 3, []),
    (3, 0, 2, 5, []),
    (3, 0, 2, 6, ["doubled"]),
    (3, 2, 0, 4, ["doubled"]),
    (3, 0, 2, 2, ["lost"]),
]
SETS = [
    # statuses, state of the call's error, states of rows, outcomes
    ([0, 6], "", {}, [OK, OK]),
    ([0, 5, 0], "", {2: "23000"}, [OK, FAILED, OK]),
    ([0, 5, 7], "40003", {2: "40003"}, [OK, UNKNOWN, FAILED]),
    ([0, 1, 1, 7], "40003", {}, [OK, UNKNOWN, UNKNOWN, FAILED]),
    ([1, 1], "40001", {}, [FAILED, FAILED]),
    ([5, 7], "08007", {}, [UNKNOWN, FAILED]),
]


class JudgeTest(unittest.TestCase):
    def test_presence(self):
        for outcome, times, wrong in PRESENCE:
            for kind, rows in (
                ("insert", Rows(tokens=[("t", 0, 0)] * times)),
                ("keyed", Rows(keyed=[(5, "t")] * times)),
            ):
                with self.subTest(kind=kind, outcome=outcome, times=times):
                    self.assertEqual(wrong, verdict([Attempt(kind, "east", "t", outcome)], rows))

    def test_row_that_nobody_sent(self):
        self.assertEqual(["nobody's row"], verdict([], Rows(tokens=[("t", 0, 0)])))
        self.assertEqual(["nobody's row"], verdict([], Rows(keyed=[(5, "t")])))

    def test_row_that_a_replaced_server_took(self):
        found = judge.judge([insert("t", OK)], {"east": Rows()}, {"t": "db1:3306"}, OPENING, home)
        self.assertEqual("acknowledged by a replaced server", found[0].kind)
        self.assertIn("db1:3306", found[0].text)
        self.assertEqual([], verdict([insert("t", UNKNOWN)], strays={"t": "db1:3306"}))

    def test_contents(self):
        sent = insert("t", OK, size=5, crc=77)
        self.assertEqual([], verdict([sent], Rows(tokens=[("t", 5, 77)])))
        self.assertEqual(["damaged value"], verdict([sent], Rows(tokens=[("t", 4, 77)])))
        self.assertEqual(["damaged value"], verdict([sent], Rows(tokens=[("t", 5, 78)])))

    def test_balances(self):
        for balances, transfers, wrong in BALANCES:
            with self.subTest(balances=balances, transfers=transfers):
                attempts = [Attempt("transfer", "east", row[0], OK) for row in transfers]
                rows = Rows(balances=balances, transfers=transfers)
                self.assertEqual(wrong, verdict(attempts, rows))

    def test_counters(self):
        for acknowledged, failed, unknown, value, wrong in COUNTERS:
            with self.subTest(value=value, unknown=unknown):
                attempts = [
                    Attempt("count", "east", "7", outcome)
                    for outcome, times in ((OK, acknowledged), (FAILED, failed), (UNKNOWN, unknown))
                    for _ in range(times)
                ]
                self.assertEqual(wrong, verdict(attempts, Rows(counters={7: value})))

    def test_foreign_shard(self):
        attempts = [Attempt("keyed", "", "t", OK)]
        there = {"west": Rows(keyed=[(5, "t")])}
        self.assertEqual(["foreign shard"], verdict(attempts, more=there))
        self.assertEqual([], verdict(attempts, more={"west": Rows(keyed=[(1000, "t")])}))

    def test_what_clients_see(self):
        for value, wrong in ((3, ["stale read"]), (4, []), (5, []), (6, ["write seen twice"])):
            seen = Attempt("read", "east", "7", OK, detail={"least": 4, "most": 5, "value": value})
            self.assertEqual(wrong, verdict([seen]), value)
        for outcome, rows, wrong in ((OK, 9, []), (OK, 8, ["short result"]), (FAILED, 8, [])):
            seen = Attempt("stream", "east", "", outcome, detail={"rows": rows, "expected": 9})
            self.assertEqual(wrong, verdict([seen]), rows)
        for refused, wrong in ((True, ["ROLLBACK failed"]), (False, [])):
            seen = Attempt("rollback", "east", "", OK, detail={"refused": refused})
            self.assertEqual(wrong, verdict([seen]))

    def test_handles_out_of_step(self):
        for state, wrong in (("HY010", ["handle out of step"]), ("24000", ["handle out of step"]),
                             ("40001", []), ("", [])):
            seen = Attempt("insert", "east", "t", FAILED, state=state)
            self.assertEqual(wrong, verdict([seen]), state)

    def test_outcomes_of_arrays(self):
        for statuses, state, rows, outcomes in SETS:
            with self.subTest(statuses=statuses, state=state):
                self.assertEqual(outcomes, judge.set_outcomes(statuses, state, rows))

    def test_journal(self):
        lines = [
            json.dumps({"b": 1.0, "n": 1, "k": "insert", "g": "east", "t": ["a"]}),
            json.dumps({"e": 2.0, "n": 1, "r": [OK], "s": "db1:1"}),
            json.dumps({"b": 2.0, "n": 2, "k": "insert", "g": "east", "t": ["b", "c"]}),
            json.dumps({"e": 3.0, "n": 2, "r": [OK, FAILED], "c": "23000"}),
            json.dumps({"b": 3.0, "n": 3, "k": "insert", "g": "east", "t": ["d"]}),
            '{"e": 4.0, "n": 3, "r": ["o',
        ]
        found = judge.attempts_of(lines, "w")
        self.assertEqual(
            [("a", OK), ("b", OK), ("c", FAILED), ("d", UNKNOWN)],
            [(attempt.name, attempt.outcome) for attempt in found],
        )
        self.assertEqual("db1:1", found[0].server)


if __name__ == "__main__":
    unittest.main()
