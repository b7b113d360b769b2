#!/usr/bin/env python3
"""fabric-sql on real servers: does it answer as a node does, and refuse what is wrong?

Column names and texts are compared with what a real node 1.5.5 sent (recordings.json).
"""

import json
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "node"), os.path.join(HERE, "..", "servers")]
import fabric_keys  # noqa: E402
from fabric_sql_refusals import AS_RECORDED, REFUSALS  # noqa: E402
from fabric_sql import A, B, C, D, TABLES, FabricSqlCase, ServerError, quote, recorded  # noqa: E402

STATUS = ["fabric_uuid", "ttl", "message"]
FABRIC_UUID = "5ca1ab1e-a007-feed-f00d-cab3fe13249e"

with open(
    os.path.join(HERE, "..", "unit", "data", "sharding-vectors.json"), encoding="utf-8"
) as file:
    VECTORS = json.load(file)


class FabricSql(FabricSqlCase):
    """The tests, for each kind of server."""

    def test_result_sets_have_the_columns_of_a_node(self):
        self.make_farm()
        for recording, command, *arguments in self.READS + self.CHANGES:
            with self.subTest(command, arguments=arguments):
                results = self.fabric.call(command, *arguments)
                self.assertEqual((STATUS, [[FABRIC_UUID, "5", None]]), results[0])
                expected = [found["info"]["names"] for found in recorded(recording)[4]]
                self.assertEqual(expected, [names for names, _ in results[1:]])

    def test_changes_answer_with_outcome_and_history(self):
        for command, arguments, result in (
            ("group.create", ["g", None], "1"),
            ("sharding.create_definition", ["HASH", "g"], "1"),
            ("sharding.create_definition", ["RANGE", "g"], "2"),
        ):
            _, (_, outcome), (_, history) = self.fabric.call(command, *arguments)
            self.assertRegex(outcome[0][0], "^[0-9a-f]{8}-")
            self.assertEqual(["1", "1", result], outcome[0][1:])
            self.assertEqual([["3", "2"], ["4", "2"], ["5", "2"]], [row[:2] for row in history])
            self.assertGreater(float(history[0][2]), 1.7e9)

    def test_ping_answers_with_the_status_row_alone(self):
        self.assertEqual([(STATUS, [[FABRIC_UUID, "5", None]])], self.fabric.call("manage.ping"))

    SERVERS = {
        "a": [A, "global", "127.0.0.1", "13301", "3", "3", "1"],
        "b": [B, "ha1", "127.0.0.1", "13302", "3", "3", "1"],
        "c": [C, "ha1", "127.0.0.1", "13303", "1", "2", "1"],
        "d": [D, "ha2", "127.0.0.1", "13304", "3", "3", "1"],
    }

    def test_patterns_of_groups_are_parts_of_their_names(self):
        self.make_farm()
        for patterns, expected in (
            (None, "abcd"),
            ("", "abcd"),
            ("ha1", "bc"),
            ("HA", "bcd"),
            ("h_1", "bc"),
            ("g%l", "a"),
            ("ha1,global", "bca"),
            ("ha2 , global", "da"),
            (" ha2", ""),
            ("ha1,1", "bcbc"),
            ("nope", ""),
            (",".join(["ha2"] * 1000), "d" * 1000),
        ):
            with self.subTest(patterns=str(patterns)[:30]):
                expected = [self.SERVERS[letter] for letter in expected]
                self.assertEqual(expected, self.fabric.rows("dump.servers", "0", patterns))
        self.refused("1001 patterns", "dump.servers", "0", "," * 1000)

    def test_patterns_of_tables_are_whole_names_and_of_mappings_parts_of_their_ids(self):
        self.make_farm()
        for patterns, expected in (
            ("shop.orders", ["1", "2"]),
            ("Shop.ORDERS", ["1", "2"]),
            ("shop.%", ["1", "2", "3", "4"]),
            ("orders", []),
            ("", ["1", "2", "3", "4"]),
            ("shop.sessions,shop.orders", ["3", "4", "1", "2"]),
        ):
            rows = self.fabric.rows("dump.sharding_information", "0", patterns)
            self.assertEqual(expected, [row[4] for row in rows], patterns)
        for command, column in (("shard_maps", 0), ("shard_tables", 3), ("shard_index", 1)):
            for patterns, expected in (
                ("1", {"1"}),
                ("1,2", {"1", "2"}),
                ("3", set()),
                ("", {"1", "2"}),
            ):
                rows = self.fabric.rows(f"dump.{command}", "0", patterns)
                self.assertEqual(expected, {row[column] for row in rows}, f"{command} {patterns}")

    def test_dumps_tell_the_farm_as_a_connector_needs_it(self):
        self.make_farm()
        rows = self.fabric.rows
        self.assertEqual(
            [
                ["shop", "orders", "customer_id", "1", "1", "RANGE", "ha1", "global"],
                ["shop", "orders", "customer_id", "1001", "2", "RANGE", "ha2", "global"],
            ],
            rows("dump.sharding_information", None, "shop.orders"),
        )
        self.assertEqual(
            [["shop", "orders", "customer_id", "1"]], rows("dump.shard_tables", None, "1")
        )
        self.assertEqual([["2", "HASH", "global"]], rows("dump.shard_maps", None, "2"))
        hashed = fabric_keys.hash_bound("ha1")
        self.assertEqual([hashed, "2", "3", "ha1"], rows("dump.shard_index", None, "2")[0])
        self.fabric.call("sharding.disable_shard", "3")
        self.assertEqual(["4"], [row[2] for row in rows("dump.shard_index", None, "2")])
        self.fabric.call("threat.report_failure", B, None, None, None)
        self.assertEqual([self.SERVERS["c"]], rows("dump.servers", None, "ha1"))

    def test_nodes_are_this_server_or_those_that_were_named(self):
        here = self.admin.query("SELECT @@hostname, CAST(@@port AS CHAR)")
        self.assertEqual(here, self.fabric.rows("dump.fabric_nodes", None))
        self.fabric.call("manage.set_option", "nodes", "one.example:3306, two.example:3307")
        named = [["one.example", "3306"], ["two.example", "3307"]]
        self.assertEqual(named, self.fabric.rows("dump.fabric_nodes", "protocol.mysql"))
        self.assertEqual([], self.fabric.rows("dump.fabric_nodes", "protocol.xmlrpc"))
        self.refused("Protocol (x) is not supported.", "dump.fabric_nodes", "x")

    def test_keys_lead_to_the_shards_that_a_client_of_a_node_chooses(self):
        groups = {shard["group"] for table in VECTORS["tables"] for shard in table["shards"]}
        for group in sorted(groups | {"global"}):
            self.fabric.call("group.create", group, None)
            self.fabric.call("group.add", group, f"{group}:3306", None)
        for number, table in enumerate(VECTORS["tables"], 1):
            self.fabric.call("sharding.create_definition", table["type"], "global")
            self.fabric.call("sharding.add_table", str(number), table["table"], table["column"])
            shards = ",".join(
                f"{shard['group']}/{shard['lower_bound']}" for shard in table["shards"]
            )
            self.fabric.call("sharding.add_shard", str(number), shards, "ENABLED")
        wrong = []
        for vector in VECTORS["vectors"]:
            key = "" if vector["key"] is None else str(vector["key"])
            try:
                found = self.fabric.rows("sharding.lookup_servers", vector["table"], key, None)
                found = found[0][1].partition(":")[0]
            except ServerError as error:
                self.assertEqual("45000", error.sqlstate, error.text)
                found = None
            expected = vector["client_group"]
            if vector["type"] in ("RANGE", "RANGE_INTEGER") and key in ("abc", "1001abc"):
                expected = None  # a node reads a number into it; here it is refused, as by clients
            if found != expected:
                wrong.append((vector["table"], key, found, expected))
        self.assertEqual([], wrong)

    def test_hashes_do_not_need_the_servers_md5(self):
        texts = [
            "",
            "abc",
            "hello",
            "\u20ac\U0001f600",
            *("x" * size for size in range(50, 70)),
            "y" * 1000,
        ]
        for text in texts:
            for procedure in ("md5_by_hand", "hash_of"):
                self.admin.query(f"CALL fabric_store.{procedure}({quote(text)}, @hash)")
                self.assertEqual(
                    fabric_keys.hash_bound(text), self.admin.value("SELECT @hash"), text
                )

    # ---- changes

    def test_a_failed_primary_leaves_its_group_without_one_until_a_promotion(self):
        self.make_farm()
        self.fabric.call("threat.report_failure", "127.0.0.1:13302", "orchestrator", "dead", None)
        self.assertEqual(
            {B: ("FAULTY", "READ_WRITE"), C: ("SECONDARY", "READ_ONLY")}, self.statuses("ha1")
        )
        self.assertIsNone(self.master("ha1"))
        issues = [row[0] for row in self.fabric.call("group.health", "ha1")[2][1]]
        self.assertEqual(2, len(issues), issues)
        self.assertIn("has no primary", issues[0])
        self.fabric.call("group.promote", "ha1", "127.0.0.1:13303")
        self.assertEqual(C, self.master("ha1"))
        self.assertEqual(
            {B: ("FAULTY", "READ_WRITE"), C: ("PRIMARY", "READ_WRITE")}, self.statuses("ha1")
        )
        self.refused(f"ServerError: Server ({B}) is FAULTY", "group.promote", "ha1", B)
        self.fabric.call("server.set_status", B, "SPARE")
        self.refused(f"ServerError: Server ({B}) is SPARE", "group.promote", "ha1", B)
        self.fabric.call("server.set_status", B, "SECONDARY")
        self.assertEqual(("SECONDARY", "READ_ONLY"), self.statuses("ha1")[B])
        self.fabric.call("group.promote", "ha1", None)
        self.assertEqual(B, self.master("ha1"))

    def test_a_planned_switch_takes_one_call(self):
        self.make_farm()
        self.fabric.call("group.promote", "ha1", C)
        self.assertEqual(
            {B: ("SECONDARY", "READ_ONLY"), C: ("PRIMARY", "READ_WRITE")}, self.statuses("ha1")
        )

    def test_votes_of_different_reporters_make_a_server_faulty(self):
        self.make_farm()
        for reporter in ("one", "one", "two", "one", "x" * 100, "x" * 70):
            if reporter == "x" * 100:
                self.assertEqual("PRIMARY", self.statuses("ha1")[B][0])
            self.fabric.call("threat.report_error", B, reporter, "2003", None)
        self.assertEqual("FAULTY", self.statuses("ha1")[B][0])
        self.assertEqual([], self.admin.query("SELECT * FROM fabric_store.votes"))

    def test_votes_count_only_within_their_window(self):
        self.make_farm()
        self.fabric.call("threat.report_error", B, "one", "2003", None)
        self.fabric.call("threat.report_error", B, "two", None, None)
        self.assertEqual(3 - 1, len(self.fabric.call("group.health", "ha1")[2][1]))
        self.admin.query(
            "UPDATE fabric_store.votes SET reported_at = reported_at - INTERVAL 61 SECOND"
        )
        self.fabric.call("threat.report_error", B, "three", None, None)
        self.assertEqual("PRIMARY", self.statuses("ha1")[B][0])
        self.assertEqual([["three"]], self.admin.query("SELECT reporter FROM fabric_store.votes"))

    def test_failures_can_be_made_to_count_as_votes(self):
        self.make_farm()
        self.fabric.call("manage.set_option", "trust_failures", "0")
        self.fabric.call("manage.set_option", "votes", "2")
        self.fabric.call("threat.report_failure", B, "one", "2003", None)
        self.assertEqual("PRIMARY", self.statuses("ha1")[B][0])
        self.fabric.call("threat.report_failure", B, "two", "2003", None)
        self.assertEqual("FAULTY", self.statuses("ha1")[B][0])
        self.fabric.call("threat.report_failure", B, "three", "2003", None)

    def test_weights_are_numbers_of_any_spelling(self):
        self.make_farm()
        for given, weight in (("2", 2), ("0.5", 0.5), ("1e-3", 0.001), (".25", 0.25), (" 3.0 ", 3)):
            self.fabric.call("server.set_weight", B, given)
            self.assertEqual(
                weight, float(self.fabric.rows("dump.servers", None, "ha1")[0][6]), given
            )

    def test_addresses_may_name_ipv6_and_leave_out_the_port(self):
        self.fabric.call("group.create", "g", None)
        for given, host, port, shown in (
            ("DB.example.com", "db.example.com", "3306", "db.example.com:3306"),
            ("db.example.com:3307", "db.example.com", "3307", "db.example.com:3307"),
            ("[::1]:3308", "::1", "3308", "[::1]:3308"),
            ("fe80::2", "fe80::2", "3306", "[fe80::2]:3306"),
        ):
            self.fabric.call("group.add", "g", given, None)
            uuid = self.fabric.rows("server.lookup_uuid", given)[0][0]
            self.assertIn(
                [uuid, "g", host, port, "1", "2", "1"], self.fabric.rows("dump.servers", None, "g")
            )
            self.assertEqual(
                shown, self.fabric.rows("group.lookup_servers", "g", uuid, None, None)[0][1]
            )

    def test_bounds_are_kept_in_one_spelling(self):
        self.make_farm()
        for kind, given, kept in (
            (
                "RANGE",
                "ha1/-9223372036854775808, ha1/ 007 ,ha2/+9223372036854775807",
                ["-9223372036854775808", "7", "9223372036854775807"],
            ),
            (
                "RANGE_DATETIME",
                "ha1/2014-1-1,ha2/2015-06-30 12:30,ha1/2016-07-01T12:30:05,ha1/2017-01-01 00:00",
                ["2014-01-01", "2015-06-30 12:30:00", "2016-07-01 12:30:05", "2017-01-01"],
            ),
            ("RANGE_STRING", "ha1/a,ha2/m/n,ha1/\u00e9", ["a", "m/n", "\u00e9"]),
            ("HASH", "ha1/00000000000000000000000000000abc", ["00000000000000000000000000000ABC"]),
        ):
            number = self.fabric.rows("sharding.create_definition", kind, "global")[0][3]
            self.fabric.call("sharding.add_shard", number, given, "ENABLED")
            self.assertEqual(
                kept, [row[0] for row in self.fabric.rows("dump.shard_index", None, number)]
            )

    def test_further_shards_can_be_added(self):
        self.make_farm()
        self.fabric.call("sharding.add_shard", "1", "ha1/5001", None)
        self.refused("Shard not enabled", "sharding.lookup_servers", "shop.orders", "6000", None)
        self.fabric.call("sharding.enable_shard", "5")
        found = self.fabric.rows("sharding.lookup_servers", "shop.orders", "6000", None)
        self.assertEqual({B, C}, {row[0] for row in found})

    def test_a_shard_can_be_split(self):
        self.make_farm()
        self.fabric.call("sharding.split_shard", "2", "ha1", "05000", None)
        self.assertEqual(
            [["1", "1", "1", "ha1"], ["1001", "1", "2", "ha2"], ["5000", "1", "5", "ha1"]],
            self.fabric.rows("dump.shard_index", None, "1"),
        )
        for key, group in (("4999", "ha2"), ("5000", "ha1")):
            found = self.fabric.rows("sharding.lookup_servers", "shop.orders", key, None)
            self.assertEqual(D if group == "ha2" else B, found[0][0])
        self.fabric.call("sharding.create_definition", "HASH", "global")
        for low, high, middle in (
            ("0" * 32, "F" * 32, "7" + "F" * 31),
            ("2C1743A391305FBF367DF8E4F069F9F9", "987BCAB01B929EB2C07877B224215C92", None),
            ("F" * 31 + "D", "F" * 32, "F" * 31 + "E"),
            ("0" * 16 + "F" * 16, "0" * 15 + "2" + "F" * 16, "0" * 15 + "1" + "F" * 16),
        ):
            self.admin.query("DELETE FROM fabric_store.shards WHERE mapping_id = 3")
            self.fabric.call("sharding.add_shard", "3", f"ha1/{low},ha2/{high}", None)
            rows = self.admin.query(
                "SELECT MIN(shard_id) FROM fabric_store.shards WHERE mapping_id = 3"
            )
            self.fabric.call("sharding.split_shard", rows[0][0], "global", None, None)
            expected = middle or f"{(int(low, 16) + int(high, 16)) // 2:032X}"
            sql = "SELECT lower_bound FROM fabric_store.shards WHERE mapping_id = 3 ORDER BY 1"
            self.assertEqual([low, expected, high], [row[0] for row in self.admin.query(sql)])

    def test_a_farm_can_be_taken_apart(self):
        self.make_farm()
        for shard in "1234":
            self.fabric.call("sharding.disable_shard", shard)
            self.fabric.call("sharding.remove_shard", shard)
        for table in ("orders", "sessions"):
            self.fabric.call("sharding.remove_table", f"shop.{table}")
        for mapping in "12":
            self.fabric.call("sharding.remove_definition", mapping)
        for group, members in (("global", [A]), ("ha1", [B, C]), ("ha2", [D])):
            self.fabric.call("group.demote", group)
            for uuid in members:
                self.fabric.call("group.remove", group, uuid)
            self.fabric.call("group.destroy", group)
        for table in TABLES:
            self.assertEqual([], self.admin.query(f"SELECT * FROM fabric_store.{table}"))
        number = self.fabric.call("group.create", "g", None) and self.fabric.rows(
            "sharding.create_definition", "HASH", "g"
        )
        self.assertEqual("3", number[0][3], "ids are not used again")

    # ---- refusals

    def test_what_cannot_be_is_refused_and_changes_nothing(self):
        self.make_farm()
        for recording, command, *arguments in AS_RECORDED:
            with self.subTest(recording):
                self.refused(recorded(recording)[3].strip()[:100], command, *arguments)
        for text, command, *arguments in REFUSALS:
            with self.subTest(text):
                self.refused(text, command, *arguments)

    def test_dates_that_are_none_are_no_bounds(self):
        self.make_farm()
        self.fabric.call("sharding.create_definition", "RANGE_DATETIME", "global")
        for bound in (
            "notadate",
            "2015-02-30",
            "2015-13-01",
            "2015",
            "2015-01-01 25:00",
            "",
            "0000-00-00",
        ):
            self.refused(
                f"ShardingError: Invalid lower_bound value {bound} for RANGE_DATETIME",
                "sharding.add_shard",
                "3",
                f"ha1/2014-01-01,ha2/{bound}",
                "ENABLED",
            )

    def test_long_values_are_shortened_in_messages(self):
        self.refused("GroupError: Group (xxx", "group.demote", "x" * 300)
        self.refused("Table name yyy", "sharding.lookup_servers", "y" * 300, "1", None)
        self.refused(
            "ServerError: Server (\u20ac", "threat.report_error", "\u20ac" * 300, None, None, None
        )

    def test_values_are_values_whatever_they_look_like(self):
        for group in (
            "a'b",
            'a"b',
            "a\\b",
            "a`b",
            "bad group!",
            "gr\u00fcn\u2603\U0001f600",
            "--x",
            "%",
        ):
            self.fabric.call("group.create", group, group)
            self.assertEqual(
                [[group, group, "0", None]], self.fabric.rows("group.lookup_groups", group)
            )
            self.fabric.call("group.destroy", group)


class OnMariaDb(FabricSql, unittest.TestCase):
    kind = "mariadb"


class OnMySql56(FabricSql, unittest.TestCase):
    kind = "mysql56"


if __name__ == "__main__":
    unittest.main(verbosity=1)
