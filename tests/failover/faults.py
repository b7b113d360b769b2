"""The faults, and the seeded schedule in which they come.

A fault is a function of a Case; it breaks something, waits, and leaves the rest to farm.heal(). The
schedule and every random number of a fault follow from the seed alone, so a run can be repeated; what
cannot be repeated is which statements are under way at that moment.
"""

import contextlib
import dataclasses
import random
import signal
import time

import processes
import servers

NODES = ("mariadb", "mysql56")  # with a Fabric node
REPLICATION = (*NODES, "replication")
GALERA = ("galera", "galera_source")
ALL = (*REPLICATION, *GALERA)
DESCRIBED = (*NODES, "galera")  # by somebody who may lie
# A replaced primary comes back writable only when no snapshot that a write may go by names it any more:
# FabricMaxAge (5 s) after the farm has shown the new one. What is written earlier is the farm's loss.
OLD_SNAPSHOTS = 6.5
MOVE_TIMEOUT = 60.0
APP = servers.USER


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str
    run: object
    farms: tuple
    whole_farm: bool = False  # concerns the node: no other fault runs beside it
    weight: int = 1


FAULTS = []


def fault(name, farms=ALL, **more):
    def register(function):
        FAULTS.append(Fault(name, function, farms, **more))
        return function

    return register


def schedule(kind, group, seed):
    """The faults of one group, without end: every kind once in a random order, then all again; with
    each a generator for the numbers that it needs."""
    chooser = random.Random(f"{seed}/{kind}/{group}")
    while True:
        bag = [one for one in FAULTS if kind in one.farms for _ in range(one.weight)]
        chooser.shuffle(bag)
        for one in bag:
            yield one, random.Random(chooser.getrandbits(64))


class Case:
    """One occurrence of a fault. Times are seconds since the epoch, 0 where it did not happen."""

    def __init__(self, farm, group, name, rng, stop):
        self.farm = farm
        self.group = group
        self.name = name
        self.rng = rng
        self.stop = stop
        self.began = self.shown = self.ended = 0.0
        self.note = ""
        self.primary = farm.primary(group)

    def begin(self):
        self.began = time.time()

    def wait(self, seconds):
        time.sleep(seconds)

    def between(self, least, most):
        return self.rng.uniform(least, most)

    def secondary(self):
        return self.rng.choice(self.farm.secondaries(self.group))

    def mostly_primary(self):
        return self.rng.choice([self.primary, self.primary, self.secondary()])

    def await_move(self):
        """Waits until the farm shows another primary, and notes when that was."""

        def moved():
            port = self.farm.shown_primary(self.group)
            return port is not None and port != self.primary["port"]

        processes.wait_until(moved, MOVE_TIMEOUT, f"a new primary of {self.group}", 0.005)
        self.shown = time.time()

    def proxy(self, command, *arguments, member=None, **more):
        self.farm.proxies(command, (member or self.primary)["name"], *arguments, **more)


# ---- servers ------------------------------------------------------------------------------------


@fault("kill -9 of the primary", weight=2)
def kill_primary(case):
    case.begin()
    case.farm.kill(case.primary)
    case.await_move()
    case.wait(case.between(0.5, 1.5))


@fault("old primary returns writable", REPLICATION)
def return_writable(case):
    case.begin()
    case.farm.kill(case.primary)
    case.await_move()
    case.wait(OLD_SNAPSHOTS)
    case.farm.restart(case.primary, writable=True)
    case.wait(3.0)


@fault("SIGSTOP of the primary", weight=2)
def stop_primary(case):
    with case.farm.open_to_all(case.primary):
        case.begin()
        case.farm.send(case.primary, signal.SIGSTOP)
        case.await_move()
        case.wait(OLD_SNAPSHOTS)
    case.farm.send(case.primary, signal.SIGCONT)
    case.wait(2.0)


@fault("short pause of the primary")
def blink(case):
    case.begin()
    case.farm.send(case.primary, signal.SIGSTOP)
    case.wait(case.between(0.1, 0.8))
    case.farm.send(case.primary, signal.SIGCONT)


@fault("kill -9 of a secondary")
def kill_secondary(case):
    member = case.secondary()
    case.begin()
    case.farm.kill(member)
    case.wait(case.between(0.2, 2.0))


@fault("SIGSTOP of a secondary")
def stop_secondary(case):
    member = case.secondary()
    case.begin()
    case.farm.send(member, signal.SIGSTOP)
    case.wait(case.between(0.3, 3.0))
    case.farm.send(member, signal.SIGCONT)


@fault("planned shutdown (1053)")
def shut_down(case):
    case.begin()
    case.farm.send(case.primary, signal.SIGTERM)
    case.await_move()
    with contextlib.suppress(RuntimeError):
        processes.wait_until(lambda: not case.farm.runs(case.primary), 10, "the shutdown")
    if case.farm.runs(case.primary):
        case.farm.kill(case.primary)


@fault("planned switchover", weight=2)
def switch_over(case):
    case.begin()
    case.farm.switch_over(case.group)
    case.await_move()
    case.wait(0.5)


@fault("primary read-only for a moment", REPLICATION)
def read_only(case):
    case.begin()
    case.farm.set_read_only(case.primary, True)
    case.wait(case.between(0.2, 1.5))
    case.farm.set_read_only(case.primary, False)


@fault("node not ready for a moment (1047)", GALERA)
def not_ready(case):
    with case.farm.session(case.primary) as session:
        case.begin()
        session.query("SET GLOBAL wsrep_reject_queries = 'ALL'")
        case.wait(case.between(0.2, 1.5))
        session.query("SET GLOBAL wsrep_reject_queries = 'NONE'")


@fault("healthy primary reported, later writable", REPLICATION)
def report(case):
    case.begin()
    case.farm.report(case.primary)
    case.await_move()
    case.wait(OLD_SNAPSHOTS)
    case.farm.set_read_only(case.primary, False)
    case.wait(3.0)


def sessions(session):
    """The application's sessions on a server."""
    return [
        int(number)
        for (number,) in session.query(
            f"SELECT id FROM information_schema.processlist WHERE user = '{APP}'"
        )
    ]


def end_sessions(session, numbers, how):
    for number in numbers:
        with contextlib.suppress(servers.mysql_text.ServerError):  # it has ended by itself
            session.query(f"KILL {how} {number}")


@fault("KILL of sessions")
def kill_sessions(case):
    with case.farm.session(case.primary) as session:
        found = sessions(session)
        case.rng.shuffle(found)
        half = len(found) // 2
        case.begin()
        end_sessions(session, found[:half], "CONNECTION")
        end_sessions(session, found[half:], "QUERY")
    case.wait(0.5)


@fault("too many connections (1040)")
def too_many(case):
    with case.farm.session(case.primary) as session:
        usual = session.value("SELECT @@global.max_connections")
        case.begin()
        session.query("SET GLOBAL max_connections = 10")
        try:
            found = sessions(session)
            end_sessions(session, found[: len(found) // 2], "CONNECTION")
            case.wait(case.between(0.3, 0.9))
        finally:
            session.query(f"SET GLOBAL max_connections = {usual}")


# ---- links --------------------------------------------------------------------------------------


@fault("reply cut after some bytes", weight=2)
def cut_reply(case):
    case.begin()
    for _ in range(case.rng.randint(1, 8)):
        size = case.rng.choice([0, 0, 1, 3, 4, 5, 7, 10, 11, 40, 64, 110, 500, 20000])
        case.proxy("cut", size, member=case.mostly_primary(), user=APP)
    case.wait(case.between(0.5, 1.5))


@fault("request cut after some bytes")
def cut_request(case):
    case.begin()
    for _ in range(case.rng.randint(1, 6)):
        case.proxy("cut-request", case.rng.choice([1, 3, 4, 5, 10, 30]), user=APP)
    case.wait(case.between(0.5, 1.0))


@fault("silence for a moment")
def silence(case):
    member = case.mostly_primary()
    case.begin()
    case.proxy("hold", member=member, user=APP)
    case.wait(case.between(0.2, 1.5))
    case.proxy("pass", member=member)


@fault("replies swallowed, then reset")
def swallow(case):
    member = case.mostly_primary()
    case.begin()
    case.proxy("swallow", member=member, user=APP)
    case.wait(case.between(0.1, 0.6))
    case.proxy("pass", member=member)


@fault("resets of all links")
def resets(case):
    case.begin()
    for member in case.farm.of_group(case.group):
        case.proxy("reset", member=member, user=APP)
    case.wait(0.5)


@fault("partition of the primary")
def partition(case):
    with case.farm.open_to_all(case.primary):
        case.begin()
        case.proxy("hold")
        case.await_move()
        case.wait(OLD_SNAPSHOTS)
    case.proxy("pass")
    case.wait(2.0)


# ---- what the farm says -------------------------------------------------------------------------


def rows_of(farm, group):
    return farm["groups"][group]["servers"]


def swap_primary(group, rng):
    """The farm's description with one of the secondaries in the primary's place."""

    def change(farm):
        rows = rows_of(farm, group)
        primary = next(row for row in rows if row["status"] == "PRIMARY")
        other = rng.choice([row for row in rows if row["status"] == "SECONDARY"])
        for name in ("status", "mode"):
            if name in primary:
                primary[name], other[name] = other[name], primary[name]

    return change


@fault("farm names a secondary as primary", DESCRIBED, whole_farm=True)
def lie(case):
    with case.farm.lying(swap_primary(case.group, case.rng)):
        case.begin()
        case.wait(case.between(1.5, 3.5))


@fault("farm names two primaries", DESCRIBED, whole_farm=True)
def two_primaries(case):
    def change(farm):
        rows = rows_of(farm, case.group)
        primary = next(row for row in rows if row["status"] == "PRIMARY")
        for row in rows:
            row["status"] = "PRIMARY"
            row["mode"] = primary.get("mode", "READ_WRITE")

    with case.farm.lying(change):
        case.begin()
        case.wait(case.between(1.5, 3.5))


@fault("farm is empty", DESCRIBED, whole_farm=True)
def empty(case):
    with case.farm.lying(lambda farm: farm.update(groups={}, shard_maps=[])):
        case.begin()
        case.wait(case.between(1.5, 3.5))


@fault("node goes and comes", NODES, whole_farm=True)
def flap(case):
    case.begin()
    for _ in range(case.rng.randint(2, 6)):
        case.farm.node_proxy("refuse")
        case.farm.node_proxy("reset")
        case.wait(case.between(0.1, 0.5))
        case.farm.node_proxy("pass")
        case.wait(case.between(0.1, 0.5))


@fault("node is silent", NODES, whole_farm=True)
def silent_node(case):
    case.begin()
    case.farm.node_proxy("hold")
    case.wait(case.between(1.0, 8.0))
    case.farm.node_proxy("pass")


@fault("node is down", NODES, whole_farm=True)
def node_down(case):
    case.begin()
    case.farm.kill_node()
    case.wait(case.between(1.0, 8.0))
    case.farm.restart_node()


@fault("farm file is broken", ("galera",), whole_farm=True)
def broken_file(case):
    with open(case.farm.farm_file, encoding="utf-8") as file:
        text = file.read()
    text = case.rng.choice(["", "{}", text[: len(text) // 2], text.replace('"port"', '"prt"')])
    with case.farm.broken_file(text):
        case.begin()
        case.wait(case.between(1.5, 8.0))
