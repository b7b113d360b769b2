"""What clients do while servers break, each with a connection and a journal of its own.

    workloads.py SPEC.json        runs the threads of the specification until standard input ends

The specification: {"driver", "manager": bool, "string": the connection string without a target,
"journals": folder, "threads": [{"name", "workload", "group", "seed", ...}]}.
"""

import json
import os
import random
import sys
import threading
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)
import odbc  # noqa: E402
from judge import FAILED, OK, UNKNOWN, outcome_of, set_outcomes  # noqa: E402

DATABASE = "proof"
ACCOUNTS = range(1, 11)
NUMBERS = 4000  # rows of the table that streams read
KEYS = range(1, 2001)
FIRST_OF_SECOND_SHARD = 1001
PAUSE = 0.1  # seconds, at most, between two statements of one client


def shard_of(key):
    """The group where a key's rows belong."""
    return "shard1" if key < FIRST_OF_SECOND_SHARD else "shard2"


class Journal:
    """Lines before and after each statement, given to the kernel at once; see judge.attempts_of."""

    def __init__(self, path):
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.number = 0

    def _write(self, entry):
        os.write(self.file, json.dumps(entry, separators=(",", ":")).encode() + b"\n")

    def begin(self, kind, group, names, **detail):
        self.number += 1
        entry = {"b": time.time(), "n": self.number, "k": kind, "g": group, "t": names}
        self._write({**entry, "d": detail} if detail else entry)
        return self.number

    def end(self, number, outcomes, error=None, server="", **detail):
        entry = {"e": time.time(), "n": number, "r": outcomes, "s": server}
        if error:
            entry.update(c=error.state, m=str(error)[:600])
        self._write({**entry, "d": detail} if detail else entry)


class Client(threading.Thread):
    """One thread: `step` is called again and again. Subclasses are the workloads."""

    target = "Group={group};"
    pause = (0.0, PAUSE)

    def __init__(self, library, spec, string, folder, stop):
        super().__init__(daemon=True, name=spec["name"])
        self.library = library
        self.spec = spec
        self.group = spec["group"]
        self.string = string + self.target.format(**spec)
        self.random = random.Random(spec["seed"])
        self.journal = Journal(os.path.join(folder, f"{spec['name']}.journal"))
        self.stop = stop
        self.connection = None
        self.counter = 0

    def token(self):
        self.counter += 1
        return f"{self.name}-{self.counter}"

    def run(self):
        while not self.stop.is_set():
            if self.connection is None and not self.connect():
                self.stop.wait(0.2)
                continue
            self.step()
            self.stop.wait(self.random.uniform(*self.pause))

    def connect(self):
        number = self.journal.begin("connect", self.group, [""])
        try:
            connection = odbc.Connection(self.library, self.string)
            self.journal.end(number, [OK], server=connection.server())
        except odbc.OdbcError as error:
            self.journal.end(number, [FAILED], error)
            return False
        self.connection = connection
        self.statement = connection.statement()
        try:
            self.prepare()
        except odbc.OdbcError:
            self.connection = None
            connection.close()
            return False
        return True

    def prepare(self):
        pass

    def attempt(self, kind, names, action, group=None, **detail):
        """Runs action() between the two lines of the journal; gives its outcome."""
        number = self.journal.begin(kind, self.group if group is None else group, names, **detail)
        more, error = {}, None
        try:
            more = action() or {}
            outcome = OK
        except odbc.OdbcError as caught:
            error, outcome = caught, outcome_of(caught.state)
        self.journal.end(
            number, [outcome] * len(names), error, self.connection.server(), **more
        )
        return outcome


class TextInserts(Client):
    """Autocommit INSERTs with the token in the text."""

    def step(self):
        token = self.token()
        sql = f"INSERT INTO tokens (token) VALUES ('{token}')"
        self.attempt("insert", [token], lambda: self.statement.direct(sql) and None)


class IdleInserts(TextInserts):
    """The same with pauses, long enough for what the driver knows to become old."""

    pause = (1.0, 8.0)


class PreparedInserts(Client):
    """An INSERT prepared once, for the whole life of the connection."""

    def prepare(self):
        self.statement.prepare("INSERT INTO tokens (token) VALUES (?)")
        self.buffer = self.statement.bind_text(1)

    def step(self):
        token = self.token()
        self.buffer.value = token.encode()
        self.attempt("insert", [token], lambda: self.statement.execute() and None)


class LateInserts(Client):
    """A long value in pieces at execution."""

    pause = (0.02, 0.3)

    def prepare(self):
        self.statement.prepare("INSERT INTO tokens (token, body) VALUES (?, ?)")
        self.buffer = self.statement.bind_text(1)
        self.statement.bind_late(2)

    def step(self):
        token = self.token()
        self.buffer.value = token.encode()
        piece = (token.encode() + b"-") * 40
        pieces = [piece] * self.random.randint(1, 30)
        body = b"".join(pieces)

        def insert():
            try:
                self.statement.execute_late(pieces)
            except odbc.OdbcError as error:
                if error.state == "HY010":  # a violation, told once
                    self.statement.cancel()
                raise

        self.attempt("insert", [token], insert, size=len(body), crc=zlib.crc32(body))


class ArrayInserts(Client):
    """Arrays of parameters, a token a set; autocommit on, or off with a COMMIT by SQLEndTran."""

    SETS = 12
    pause = (0.01, 0.15)

    def prepare(self):
        self.manual = self.spec.get("manual", False)
        if self.manual:
            self.connection.autocommit(False)
        self.statement.prepare("INSERT INTO tokens (token) VALUES (?)")
        self.buffers = self.statement.bind_texts(1, self.SETS)
        self.statuses = self.statement.sets(self.SETS)

    def step(self):
        tokens = [self.token() for _ in range(self.SETS)]
        for buffer, token in zip(self.buffers, tokens):
            buffer.value = token.encode()
        number = self.journal.begin("insert", self.group, tokens)
        error, rows = None, {}
        for at in range(self.SETS):
            self.statuses[at] = odbc.PARAM_UNUSED
        try:
            if self.statement.execute() == odbc.INFO:
                for state, _, _ in self.library.records(odbc.STMT, self.statement.handle):
                    rows.setdefault(0, state)
        except odbc.OdbcError as caught:
            error = caught
        outcomes = set_outcomes(self.statuses, error.state if error else "", {})
        if self.manual:
            outcomes, error = self.finish(outcomes, error)
        self.journal.end(number, outcomes, error, self.connection.server())

    def finish(self, outcomes, error):
        """Commits; the outcome of each set is then that of the transaction."""
        if error:
            if error.state != "40001":
                rollback(self)
            unknown = outcome_of(error.state)
            return [unknown] * len(outcomes), error
        try:
            self.connection.end(odbc.COMMIT)
            return outcomes, None
        except odbc.OdbcError as caught:
            return [outcome_of(caught.state)] * len(outcomes), caught


def rollback(client):
    """A ROLLBACK must succeed, whatever happened to the server."""
    number = client.journal.begin("rollback", client.group, [""])
    try:
        client.connection.end(odbc.ROLLBACK)
        client.journal.end(number, [OK])
    except odbc.OdbcError as error:
        client.journal.end(number, [OK], error, refused=True)


class Transfers(Client):
    """Transactions of three statements; COMMIT by SQLEndTran or, with "text", as a statement."""

    pause = (0.0, 0.15)

    def prepare(self):
        self.connection.autocommit(False)

    def step(self):
        token = self.token()
        source, target = sorted(self.random.sample(ACCOUNTS, 2))
        amount = self.random.randint(-50, 50)
        number = self.journal.begin("transfer", self.group, [token])
        try:
            for sql in (
                f"UPDATE accounts SET balance = balance - {amount} WHERE id = {source}",
                f"UPDATE accounts SET balance = balance + {amount} WHERE id = {target}",
                "INSERT INTO transfers (token, source, target, amount) "
                f"VALUES ('{token}', {source}, {target}, {amount})",
            ):
                self.statement.direct(sql)
            if self.spec.get("text"):
                self.statement.direct("COMMIT")
            else:
                self.connection.end(odbc.COMMIT)
            error, outcome = None, OK
        except odbc.OdbcError as caught:
            error, outcome = caught, outcome_of(caught.state)
        self.journal.end(number, [outcome], error, self.connection.server())
        if error and error.state != "40001":
            rollback(self)


class Counters(Client):
    """UPDATE ... SET n = n + 1 in autocommit: one that ran twice shows."""

    def step(self):
        name = str(self.spec["id"])
        sql = f"UPDATE counters SET n = n + 1 WHERE id = {name}"
        self.attempt("count", [name], lambda: self.statement.direct(sql) and None)


class Chains(Client):
    """Mode=AUTO: a write, then a plain read that may go to a secondary and must show the write."""

    target = "Group={group};Mode=AUTO;"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.least = self.most = 0

    def step(self):
        name = str(self.spec["id"])
        sql = f"UPDATE counters SET n = n + 1 WHERE id = {name}"
        outcome = self.attempt("count", [name], lambda: self.statement.direct(sql) and None)
        self.least += outcome == OK
        self.most += outcome != FAILED
        self.attempt("read", [name], self.read, least=self.least, most=self.most)

    def read(self):
        value = int(self.statement.value(f"SELECT n FROM counters WHERE id = {self.spec['id']}"))
        if value < self.least:  # told once: what was lost stays lost
            self.least = self.most = value
        return {"value": value}


class KeyedInserts(Client):
    """Rows of a sharded table; the key changes by attribute, by CALL or by a hint."""

    target = "Tables=" + DATABASE + ".keyed;ShardKey=1;"

    def step(self):
        token, key = self.token(), self.random.choice(KEYS)
        way = self.counter % 3
        hint = f"/*fabric: tables={DATABASE}.keyed key={key}*/ " if way == 2 else ""
        sql = f"{hint}INSERT INTO keyed (k, token) VALUES ({key}, '{token}')"

        def insert():
            if way == 0:
                self.connection.set_text(odbc.FABRIC_SHARD_KEY, str(key))
            elif way == 1:
                self.statement.direct(f"CALL fabric.use_shard('{DATABASE}.keyed', {key})")
                self.statement.close_cursor()
            self.statement.direct(sql)

        self.attempt("keyed", [token], insert, group="", home=shard_of(key))


class Several(Client):
    """Two INSERTs of one execution, by a procedure that gives rows between them or as two statements of
    one text. Once the execution has begun to answer, an error says nothing about the rest."""

    target = "Group={group};Multi_Statements=1;"
    pause = (0.02, 0.2)
    NOTHING_RAN = ("08001", "08004", "08S01", "40001")
    ROWS = {"call": [60, 3], "text": [None, None]}  # of each result; None: a count

    def step(self):
        way = self.spec["way"]
        first, second = self.token(), self.token()
        if way == "call":
            sql = f"CALL two_inserts('{first}', '{second}')"
        else:
            insert = "INSERT INTO tokens (token) VALUES"
            sql = f"{insert} ('{first}'); {insert} ('{second}')"
        number = self.journal.begin("insert", self.group, [first, second])
        error, rows = None, []
        try:
            outcome = FAILED
            self.statement.direct(sql)
            outcome = UNKNOWN
            self.read(rows)
            outcome = OK
        except odbc.OdbcError as caught:
            error = caught
            if outcome == FAILED and caught.state not in self.NOTHING_RAN:
                outcome = UNKNOWN  # the server's own error may come after the first INSERT
        self.statement.close_cursor()
        self.journal.end(number, [outcome] * 2, error, self.connection.server())
        if outcome == OK:
            number = self.journal.begin("stream", self.group, [first])
            expected = self.ROWS[way]
            got = rows[: len(expected)]  # behind the rows of a procedure comes its own count
            self.journal.end(number, [OK], rows=got, expected=expected)

    def read(self, rows):
        while True:
            if self.statement.columns():
                rows.append(0)
                while self.statement.fetch():
                    rows[-1] += 1
            else:
                rows.append(None)
            if not self.statement.more():
                return


class Streams(Client):
    """Reads a table to its end: either all rows, or an error; on the primary or a secondary."""

    target = "Group={group};Mode={mode};"

    pause = (0.1, 0.6)

    def step(self):
        self.attempt("stream", [""], self.read, expected=NUMBERS)

    def read(self):
        rows = 0
        try:
            self.statement.direct("SELECT n, pad FROM numbers")
            while self.statement.fetch():
                rows += 1
        finally:
            self.statement.close_cursor()
        return {"rows": rows}


WORKLOADS = {
    "text": TextInserts,
    "idle": IdleInserts,
    "prepared": PreparedInserts,
    "late": LateInserts,
    "array": ArrayInserts,
    "transfer": Transfers,
    "count": Counters,
    "chain": Chains,
    "keyed": KeyedInserts,
    "several": Several,
    "stream": Streams,
}


def threads_of(groups, sharded, seed):
    """Two processes' lists of threads: by the driver manager, and with the driver loaded alone."""
    processes = ([], [])
    counters = 0
    for group in groups:
        for at, (workload, more) in enumerate(
            [
                ("text", {}),
                ("prepared", {}),
                ("transfer", {}),
                ("transfer", {"text": True}),
                ("array", {"manual": True}),
                ("array", {}),
                ("count", {}),
                ("chain", {}),
                ("chain", {}),
                ("late", {}),
                ("idle", {}),
                ("idle", {}),
                ("several", {"way": "call"}),
                ("several", {"way": "text"}),
                ("stream", {"mode": "READWRITE"}),
                ("stream", {"mode": "READONLY"}),
                *([("keyed", {})] if sharded else []),
            ]
        ):
            name = f"{group}-{workload}{at}"
            spec = {"name": name, "workload": workload, "group": group, "seed": seed * 1000 + at}
            spec.update(more)
            if workload in ("count", "chain"):
                counters += 1
                spec["id"] = counters
            processes[at % 2].append(spec)
    return processes, counters


def main(path):
    with open(path, encoding="utf-8") as file:
        spec = json.load(file)
    library = odbc.Library(spec["driver"], spec["manager"])
    stop = threading.Event()
    clients = [
        WORKLOADS[one["workload"]](library, one, spec["string"], spec["journals"], stop)
        for one in spec["threads"]
    ]
    for client in clients:
        client.start()
    print("running", flush=True)
    sys.stdin.read()
    stop.set()
    limit = time.monotonic() + spec.get("patience", 20)
    for client in clients:
        client.join(max(0.0, limit - time.monotonic()))
    print(json.dumps([client.name for client in clients if client.is_alive()]), flush=True)
    os._exit(0)  # a call that hangs must not keep the process


if __name__ == "__main__":
    main(sys.argv[1])
