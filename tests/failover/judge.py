"""What must be true after a run: the clients' journals against the rows that are there in the end.

Everything here is a function over values. An Attempt is one thing that a client tried, with what the
driver reported; Rows is what a group's final primary holds; a Violation is a promise that was broken.

| reported | must be in the end |
|---|---|
| ok | there, exactly once |
| failed | not there |
| unknown (40003, 08007, a timeout, or the client ended before it knew) | there once, or not there |
"""

import collections
import dataclasses
import json

OK, FAILED, UNKNOWN = "ok", "failed", "unknown"
UNKNOWN_STATES = ("40003", "08007", "HYT00", "HYT01")

SEQUENCE_STATES = ("HY010", "24000")  # no client calls out of order


def outcome_of(state):
    """What an error with this SQLSTATE says about the statement that it came from."""
    return UNKNOWN if state in UNKNOWN_STATES else FAILED


@dataclasses.dataclass(slots=True)  # half an hour makes more than a million
class Attempt:
    """`kind`: insert, keyed, transfer, count, read or stream; `name`: the token, or the row's id
    of count and read. `detail` holds what the kind needs beside."""

    kind: str
    group: str
    name: str
    outcome: str
    worker: str = ""
    state: str = ""
    server: str = ""
    began: float = 0.0
    ended: float = 0.0
    text: str = ""
    detail: dict = dataclasses.field(default_factory=dict)

    @property
    def home(self):
        """The group whose server it was for; a shard key decides that for each row."""
        return self.detail.get("home", self.group)

    def describe(self):
        said = f"{self.outcome} {self.state}".strip()
        where = f" on {self.server}" if self.server else ""
        return f"{self.name} of {self.worker} (reported {said}{where} at {self.ended:.3f})"


@dataclasses.dataclass
class Rows:
    """The final rows of one group: `tokens` as (token, size, checksum), `keyed` as (key, token),
    `transfers` as (token, source, target, amount), balances and counters by id."""

    tokens: list = dataclasses.field(default_factory=list)
    keyed: list = dataclasses.field(default_factory=list)
    transfers: list = dataclasses.field(default_factory=list)
    balances: dict = dataclasses.field(default_factory=dict)
    counters: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Violation:
    kind: str
    text: str
    group: str = ""
    at: float = 0.0  # when the client was told what turned out false; 0: not known


def judge(attempts, finals, strays, opening_balance, group_of_key):
    """All violations. `finals`: group -> Rows; `strays`: token -> server of the group, other than
    the final primary, on which it was found; `group_of_key` is where a key's rows belong."""
    found = []
    by_place = collections.defaultdict(list)
    for attempt in attempts:
        by_place[attempt.kind, attempt.group].append(attempt)
    for group, rows in finals.items():
        inserts = by_place["insert", group]
        found += judge_presence(inserts, [row[0] for row in rows.tokens], group, strays)
        found += judge_contents(inserts, rows.tokens, group)
        transfers = by_place["transfer", group]
        found += judge_presence(transfers, [row[0] for row in rows.transfers], group, strays)
        found += judge_balances(rows, opening_balance, group)
        found += judge_counters(by_place["count", group], rows.counters, group)
    found += judge_keyed(
        [attempt for attempt in attempts if attempt.kind == "keyed"], finals, strays, group_of_key
    )
    for attempt in attempts:
        found += judge_observation(attempt)
    return found


def judge_presence(attempts, present, group, strays=()):
    """Tokens that were lost, came twice, came though reported failed, or that nobody sent."""
    found = []
    counts = collections.Counter(present)
    strays = strays or {}
    for attempt in attempts:
        times = counts.pop(attempt.name, 0)
        if attempt.outcome == OK and times == 0:
            where = strays.get(attempt.name)
            kind = "acknowledged by a replaced server" if where else "lost"
            text = attempt.describe() + (f"; the row is on {where} alone" if where else "")
        elif times > 1:
            kind, text = "doubled", f"{attempt.describe()}: {times} rows"
        elif attempt.outcome == FAILED and times:
            kind, text = "failed, yet there", f"{attempt.describe()}: {attempt.text}"
        else:
            continue
        found.append(Violation(kind, text, attempt.home or group, attempt.ended))
    found += [
        Violation("nobody's row", f"{token}: {times} rows", group)
        for token, times in counts.items()
    ]
    return found


def judge_contents(attempts, rows, group):
    """Values that arrived otherwise than they were sent."""
    sent = {attempt.name: attempt for attempt in attempts if "size" in attempt.detail}
    return [
        Violation(
            "damaged value",
            f"{sent[token].describe()}: sent {sent[token].detail['size']} bytes with checksum "
            f"{sent[token].detail['crc']}, found {size} with {crc}",
            group,
            sent[token].ended,
        )
        for token, size, crc in rows
        if token in sent and (size, crc) != (sent[token].detail["size"], sent[token].detail["crc"])
    ]


def judge_balances(rows, opening, group):
    """The sum never changes, and every account has what the transfers that are there say."""
    expected = {account: opening for account in rows.balances}
    for _, source, target, amount in rows.transfers:
        expected[source] = expected.get(source, opening) - amount
        expected[target] = expected.get(target, opening) + amount
    found = [
        Violation(
            "half a transfer",
            f"account {account}: {balance}, its transfers make {expected[account]}",
            group,
        )
        for account, balance in rows.balances.items()
        if balance != expected[account]
    ]
    total = sum(rows.balances.values())
    if total != opening * len(rows.balances):
        found.append(
            Violation("wrong sum", f"{total} instead of {opening * len(rows.balances)}", group)
        )
    return found


def judge_counters(attempts, counters, group):
    """A counter lies between what was acknowledged and that with what is unknown."""
    tried = collections.defaultdict(collections.Counter)
    for attempt in attempts:
        tried[int(attempt.name)][attempt.outcome] += 1
    found = []
    for counter, value in counters.items():
        least = tried[counter][OK]
        most = least + tried[counter][UNKNOWN]
        if not least <= value <= most:
            kind = "lost" if value < least else "doubled"
            found.append(
                Violation(kind, f"counter {counter}: {value}, must be {least} to {most}", group)
            )
    return found


def judge_keyed(attempts, finals, strays, group_of_key):
    """Rows with a shard key: on their shard, and what holds for tokens."""
    found, present = [], []
    for group, rows in finals.items():
        for key, token in rows.keyed:
            present.append(token)
            if group_of_key(key) != group:
                text = f"{token} with key {key} belongs to {group_of_key(key)}"
                found.append(Violation("foreign shard", text, group))
    return found + judge_presence(attempts, present, "", strays)


def judge_observation(attempt):
    """What a client saw itself: reads that missed its own writes, results that ended early, handles
    that a failure left in the midst of something."""
    if attempt.state in SEQUENCE_STATES:
        text = f"{attempt.describe()}: {attempt.text}"
        return [Violation("handle out of step", text, attempt.home, attempt.ended)]
    if attempt.outcome != OK:
        return []
    detail = attempt.detail
    if attempt.kind == "read" and not detail["least"] <= detail["value"] <= detail["most"]:
        kind = "stale read" if detail["value"] < detail["least"] else "write seen twice"
        text = f"{detail['value']}, must be {detail['least']} to {detail['most']}"
    elif attempt.kind == "stream" and detail["rows"] != detail["expected"]:
        kind = "short result"
        text = f"{detail['rows']} of {detail['expected']} rows, then SQL_NO_DATA"
    elif attempt.kind == "rollback" and detail.get("refused"):
        kind, text = "ROLLBACK failed", attempt.text
    else:
        return []
    return [Violation(kind, f"{attempt.describe()}: {text}", attempt.home, attempt.ended)]


def set_outcomes(statuses, error_state, error_rows):
    """The outcome of each set of an array of parameters, from its SQL_PARAM_ status, the state of
    the call's error ("" without one) and the states that name a row (by number from 1)."""
    outcomes = []
    for number, status in enumerate(statuses, 1):
        if status in (0, 6):  # success, success with information
            outcomes.append(OK)
        elif status == 1:  # no diagnostic of its own: what the call says
            outcomes.append(outcome_of(error_state))
        elif status == 5:
            outcomes.append(outcome_of(error_rows.get(number, error_state)))
        else:
            outcomes.append(FAILED)  # unused: it was not sent
    return outcomes


def attempts_of(lines, worker):
    """The attempts in a journal: a line before each statement ({"b": time, "n": number, "k": kind,
    "g": group, "t": [names], "d": detail}) and one after ({"e": time, "n": number, "r": [outcomes],
    "c": state, "s": server, "m": text, "d": more detail}). Without the latter all is unknown."""
    begun, attempts = {}, []

    def note(begin, end):
        detail = {**begin.get("d", {}), **end.get("d", {})}
        outcomes = end.get("r") or [UNKNOWN] * len(begin["t"])
        for at, (name, outcome) in enumerate(zip(begin["t"], outcomes)):
            own = {**detail, **detail["each"][at]} if "each" in detail else detail
            attempts.append(
                Attempt(
                    begin["k"],
                    begin["g"],
                    name,
                    outcome,
                    worker,
                    end.get("c", ""),
                    end.get("s", ""),
                    begin["b"],
                    end.get("e", 0.0),
                    end.get("m", ""),
                    own,
                )
            )

    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue  # the last line of a client that was killed
        if "b" in entry:
            begun[entry["n"]] = entry
        elif entry["n"] in begun:
            note(begun.pop(entry["n"]), entry)
    for entry in begun.values():
        note(entry, {})
    return attempts
