"""The sample data of the farm: schema `shop`, its sharding and which row lives where."""

from fabric_keys import hash_bound, shard_for
from fabric_model import Mapping, Shard
from mysql_text import quote

DATABASE = "shop"
GLOBAL = "global"
SHARD_GROUPS = ["shard1", "shard2"]
LOCAL_TABLES = ["journal", "whereami"]  # not fed from the global group to the shards

GLOBAL_SCHEMA = [
    "CREATE DATABASE shop CHARACTER SET utf8mb4",
    "CREATE TABLE shop.countries (code CHAR(2) PRIMARY KEY, name VARCHAR(60) NOT NULL)",
    "CREATE TABLE shop.orders (order_id INT PRIMARY KEY, customer_id INT NOT NULL, "
    "item VARCHAR(40) NOT NULL, amount DECIMAL(8,2) NOT NULL, KEY by_customer (customer_id))",
    "CREATE TABLE shop.sessions (session_key VARCHAR(64) COLLATE utf8mb4_bin PRIMARY KEY, "
    "hits INT NOT NULL)",
    "CREATE TABLE shop.events (event_id INT PRIMARY KEY, created_at DATETIME NOT NULL, "
    "what VARCHAR(40) NOT NULL)",
    "CREATE TABLE shop.users (login VARCHAR(32) COLLATE utf8mb4_bin PRIMARY KEY, "
    "name VARCHAR(60) NOT NULL)",
    "INSERT INTO shop.countries VALUES ('AT', 'Österreich'), ('DE', 'Deutschland'), "
    "('FR', 'France'), ('JP', '日本'), ('NO', 'Norge'), ('US', 'United States')",
]
LOCAL_SCHEMA = [
    "CREATE TABLE shop.journal (id BIGINT PRIMARY KEY, writer INT, body VARCHAR(64))",
    "CREATE TABLE shop.whereami (group_id VARCHAR(64) PRIMARY KEY, note VARCHAR(80) NOT NULL)",
]

# table: (column, type, rows as {key: further columns})
SHARDED = {
    "orders": (
        "customer_id",
        "RANGE",
        {
            customer: (f"item {customer}", f"{customer * 1.25:.2f}")
            for customer in [*range(1, 6), *range(1001, 1006)]
        },
    ),
    "sessions": (
        "session_key",
        "HASH",
        {
            key: (len(key),)
            for key in [
                "abc",
                "0",
                "3",
                "hello",
                "user42",
                "größe",
                "😀",
                " blank",
                *(f"s{number}" for number in range(1, 25)),
            ]
        },
    ),
    "events": (
        "created_at",
        "RANGE_DATETIME",
        {
            "2014-01-01 00:00:00": ("first",),
            "2014-06-30 12:00:00": ("middle",),
            "2014-12-31 23:59:59": ("last of the year",),
            "2015-01-01 00:00:00": ("new year",),
            "2015-07-04 09:30:00": ("summer",),
            "2020-02-29 00:00:00": ("leap day",),
        },
    ),
    "users": (
        "login",
        "RANGE_STRING",
        {
            "a": ("A",),
            "anna": ("Anna",),
            "bert": ("Bert",),
            "mzz": ("Mzz",),
            "n": ("N",),
            "nina": ("Nina",),
            "otto": ("Otto",),
            "zoe": ("Zoë",),
        },
    ),
}
BOUNDS = {
    "RANGE": ["1", "1001"],
    "RANGE_DATETIME": ["2014-01-01", "2015-01-01"],
    "RANGE_STRING": ["a", "n"],
    "HASH": [hash_bound(group) for group in SHARD_GROUPS],
}


def mappings():
    """The four shard mappings as Mapping objects; ids count from 1."""
    made, shard_id = [], 0
    for number, (table, (column, kind, _)) in enumerate(SHARDED.items(), 1):
        mapping = Mapping(number, kind, GLOBAL, [(f"{DATABASE}.{table}", column)])
        for group, bound in zip(SHARD_GROUPS, BOUNDS[kind]):
            shard_id += 1
            mapping.shards.append(Shard(shard_id, bound, group))
        made.append(mapping)
    return made


def local_statements(group):
    """What makes the tables and rows that are the group's own."""
    statements = [
        *LOCAL_SCHEMA,
        f"INSERT INTO shop.whereami VALUES ({quote(group)}, {quote('rows of group ' + group)})",
    ]
    for mapping in mappings():
        table = mapping.tables[0][0]
        rows = []
        for number, (key, others) in enumerate(SHARDED[table.partition(".")[2]][2].items(), 1):
            if shard_for_client(mapping, key).group == group:
                cells = [quote(cell) for cell in (key, *others)]
                if mapping.type in ("RANGE", "RANGE_DATETIME"):
                    cells.insert(0, str(number))
                rows.append(f"({', '.join(cells)})")
        if rows:
            statements.append(f"INSERT INTO {table} VALUES {', '.join(rows)}")
    return statements


def shard_for_client(mapping, key):
    """As shard_for(), but without the node's defect for dates."""
    if mapping.type != "RANGE_DATETIME":
        return shard_for(mapping, key)
    return max(
        (shard for shard in mapping.shards if shard.lower_bound <= key),
        key=lambda shard: shard.lower_bound,
    )
