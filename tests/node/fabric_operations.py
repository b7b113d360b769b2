"""What changes a farm: promotions, demotions, failure reports, the failure detector.

Used by the Fabric node and by the keeper of a farm file alike. Errors are FabricError.
"""

import contextlib
import threading
import time

from fabric_model import (
    FAULTY,
    MODE_NAMES,
    OFFLINE,
    PRIMARY,
    READ_ONLY,
    READ_WRITE,
    SECONDARY,
    SPARE,
    STATUS_NAMES,
)
from replication import GLOBAL, ServerError


class FabricError(Exception):
    """An error as the node words it; `kind` (GroupError ...) is put before procedures' errors."""

    def __init__(self, text, kind=""):
        super().__init__(text)
        self.kind = kind

    def __str__(self):
        return f"{self.kind}: {self.args[0]}" if self.kind else self.args[0]


def group_error(text):
    return FabricError(text, "GroupError")


def server_error(text):
    return FabricError(text, "ServerError")


@contextlib.contextmanager
def unrecorded(_):
    """The step recorder of those who keep no history."""
    yield


class Operations:
    """Changes `model` and, through `replication`, the servers. A step recorder is a function that
    gives a context manager for the name of a step; see jobs in fabric_commands.py."""

    def __init__(self, model, replication, log=lambda text: None):
        self.model = model
        self.replication = replication
        self.log = log
        self.group_locks = {}

    def group_lock(self, group_id):
        with self.model.lock:
            return self.group_locks.setdefault(group_id, threading.RLock())

    def require_group(self, group_id, kind="GroupError"):
        group = self.model.groups.get(str(group_id))
        if group is None:
            raise FabricError(f"Group ({group_id}) does not exist.", kind)
        return group

    def require_server(self, server_id, kind="ServerError"):
        server = self.model.server(server_id)
        if server is None:
            raise FabricError(f"Server ({server_id}) does not exist.", kind)
        return server

    def require_member(self, group, server_id, kind="GroupError"):
        server = self.require_server(server_id, kind and "ServerError")
        if server.group != group.id:
            raise FabricError(f"Group ({group.id}) does not contain server ({server_id}).", kind)
        return server

    def promote(self, group_id, server_id=None, update_only=False, step=unrecorded):
        """Makes a secondary the primary: the given one or the most advanced. While the old primary
        is PRIMARY this is a planned switchover, else a failover."""
        with self.group_lock(str(group_id)):
            with step("_define_ha_operation"):
                group = self.require_group(group_id)
                old = self.model.primary(group.id)
                if server_id is not None:
                    candidate = self.require_member(group, server_id)
                    if candidate is old:
                        raise server_error(f"Candidate slave ({server_id}) is already master.")
                    if candidate.status != SECONDARY:
                        raise server_error(
                            f"Server ({candidate.uuid}) is not a secondary: its status is "
                            f"({STATUS_NAMES[candidate.status]})."
                        )
                else:
                    candidate = None
            if old and not update_only and not self.replication.reachable(old, 1.0):
                raise server_error(f"Error accessing server ({old.address}): report it as failed.")
            if old:
                self._switch(group, old, candidate, update_only, step)
            else:
                self._fail_over(group, candidate, update_only, step)

    def _find_candidate(self, group):
        """The most advanced secondary that answers."""
        secondaries = [
            server
            for server in self.model.members(group.id)
            if server.status == SECONDARY and server.mode != OFFLINE
        ]
        candidate = self.replication.most_advanced(secondaries)
        if candidate is None:
            raise group_error(
                "There is no valid candidate that can be automatically chosen in group "
                f"({group.id}). Please, choose one manually."
            )
        return candidate

    def _fail_over(self, group, candidate, update_only, step):
        """The group has no primary (any more): the candidate becomes it."""
        if candidate is None:
            with step("_find_candidate_fail"):
                candidate = self._find_candidate(group)
        with step("_check_candidate_fail"):
            if not update_only and not self.replication.reachable(candidate, 1.0):
                raise server_error(f"Error accessing server ({candidate.address}).")
        with step("_wait_slave_fail"):
            if not update_only:
                self._guarded(lambda: self.replication.catch_up(candidate))
        with step("_change_to_candidate"):
            self._open(group, candidate, update_only)

    def _switch(self, group, old, candidate, update_only, step):
        """A planned change from a live primary."""
        if candidate is None:
            with step("_find_candidate_switch"):
                candidate = self._find_candidate(group)
        with step("_check_candidate_switch"):
            if not update_only and not self.replication.reachable(candidate, 1.0):
                raise server_error(f"Error accessing server ({candidate.address}).")
        position = self._block_writes(group, old, update_only, step, "_block_write_switch")
        with step("_wait_slaves_switch"):
            if not update_only and position:
                try:
                    self._guarded(lambda: self.replication.catch_up(candidate, position))
                except FabricError:
                    self._open(group, old, update_only)  # back to what was
                    raise
        with step("_change_to_candidate"):
            self._open(group, candidate, update_only)

    def _block_writes(self, group, old, update_only, step, name):
        with step(name):
            position = (
                "" if update_only else self._guarded(lambda: self.replication.block_writes(old))
            )
            with self.model.changing():
                old.status, old.mode = SECONDARY, READ_ONLY
                group.master = None
            return position

    def _open(self, group, candidate, update_only):
        """Lets the others follow the candidate and opens it for writes; tells the model last."""
        if not update_only:
            feeder_group = self.model.global_group_of(group.id)
            feeder = self.model.primary(feeder_group) if feeder_group != group.id else None
            others = [
                server
                for server in self.model.members(group.id)
                if server is not candidate and server.status in (SECONDARY, SPARE)
            ]
            self._guarded(lambda: self.replication.attach(candidate, others))
            self._guarded(lambda: self.replication.open_primary(candidate, feeder))
        with self.model.changing():
            candidate.status, candidate.mode = PRIMARY, READ_WRITE
            group.master = candidate.uuid
            group.promotions += 1
        self.log(f"group {group.id}: {candidate.address} ({candidate.uuid}) is primary")
        if not update_only:
            self._feed_shards(group, candidate)

    def _feed_shards(self, group, primary):
        """The primaries of the shard groups fed by this (global) group follow its new primary."""
        for shard_group in self.model.groups_fed_by(group.id):
            target = self.model.primary(shard_group)
            if target and shard_group != group.id:
                try:
                    self.replication.follow(target, primary, GLOBAL)
                except (OSError, ServerError) as error:
                    self.log(
                        f"group {shard_group}: {target.address} cannot follow "
                        f"{primary.address}: {error}"
                    )

    @staticmethod
    def _guarded(action):
        try:
            return action()
        except (OSError, ServerError) as error:
            raise FabricError(str(error), "DatabaseError") from error

    def demote(self, group_id, update_only=False, step=unrecorded):
        """Leaves the group without a primary."""
        with self.group_lock(str(group_id)):
            group = self.require_group(group_id)
            old = self.model.primary(group.id)
            if old is None:
                raise group_error(f"Group ({group.id}) does not have a master.")
            position = self._block_writes(group, old, update_only, step, "_block_write_demote")
            with step("_wait_slaves_demote"):
                if position:
                    for server in self.model.members(group.id):
                        if server.status == SECONDARY and server is not old:
                            self._guarded(
                                lambda one=server: self.replication.catch_up(one, position)
                            )
            group.demotions += 1

    def report_failure(
        self, server_id, update_only=False, step=unrecorded, first_step="_report_failure"
    ):
        """Marks the server FAULTY, unasked whether it is, and fails over if it was the primary."""
        server = self.require_server(server_id)
        with self.group_lock(server.group):
            with step(first_step):
                was_primary = server.status == PRIMARY
                if server.status != FAULTY:
                    with self.model.changing():
                        server.status = FAULTY
                    self.log(f"group {server.group}: {server.address} ({server.uuid}) is FAULTY")
            if was_primary and not update_only:
                self.replication.fence(server)
                self._fail_over(self.model.groups[server.group], None, False, step)

    def set_status(self, server_id, status, update_only=False):
        """SECONDARY <-> SPARE and FAULTY -> SPARE; a returning server follows the primary again."""
        server = self.require_server(server_id)
        with self.group_lock(server.group):
            wanted = parse_code(status, STATUS_NAMES)
            if wanted is None:
                raise server_error(
                    f"Trying to use an invalid status ({status}). Possible values are "
                    f"{possible(STATUS_NAMES)}."
                )
            if wanted == PRIMARY:
                raise server_error(
                    f"If you want to make a server ({server.uuid}) primary, please, use the "
                    "group.promote function."
                )
            if wanted == FAULTY:
                raise server_error(
                    f"If you want to set a server ({server.uuid}) to faulty, please, use the "
                    "threat.report_faulty interface."
                )
            if (server.status, wanted) not in (
                (SECONDARY, SPARE),
                (SPARE, SECONDARY),
                (FAULTY, SPARE),
            ):
                raise server_error(
                    f"Cannot change server's ({server.uuid}) status from "
                    f"({STATUS_NAMES[server.status]}) to ({STATUS_NAMES[wanted]})."
                )
            primary = self.model.primary(server.group)
            if server.status == FAULTY and primary and not update_only:
                self._guarded(lambda: self.replication.follow(server, primary))
            with self.model.changing():
                server.status = wanted
                server.mode = OFFLINE if wanted == SPARE else READ_ONLY

    def set_mode(self, server_id, mode):
        server = self.require_server(server_id)
        wanted = parse_code(mode, MODE_NAMES)
        if wanted is None:
            raise server_error(
                f"Trying to use an invalid mode ({mode}). Possible values are: "
                f"{possible(MODE_NAMES)}."
            )
        allowed = {PRIMARY: (2, 3), SECONDARY: (0, 1), SPARE: (0, 1), FAULTY: ()}[server.status]
        if wanted not in allowed:
            raise server_error(
                f"Cannot set mode to ({MODE_NAMES[wanted]}) when the server's "
                f"({server.uuid}) status is ({STATUS_NAMES[server.status]})."
            )
        with self.model.changing():
            server.mode = wanted

    def set_weight(self, server_id, weight):
        server = self.require_server(server_id)
        try:
            value = float(weight)
        except (TypeError, ValueError):
            raise server_error(f"Value ({weight}) must be a float.") from None
        if not value > 0.0:
            raise server_error(
                f"Cannot set the server's weight ({value}) to a value lower than or equal " "to 0.0"
            )
        with self.model.changing():
            server.weight = value


def parse_code(value, names):
    """A status or mode given as a name in any case or as a code; None if it is neither."""
    text = str(value).upper()
    if text in names:
        return names.index(text)
    if text.isdigit() and int(text) < len(names):
        return int(text)
    return None


def possible(names):
    return ", ".join(str(pair) for pair in enumerate(names))


class Detector(threading.Thread):
    """The failure detector: checks every server of the active groups each interval / detections
    seconds; after `detections` failures in a row the server is FAULTY and its group fails over."""

    def __init__(self, operations, interval=6.0, detections=3, timeout=1.0):
        super().__init__(daemon=True)
        self.operations = operations
        self.pause = interval / detections
        self.detections = detections
        self.timeout = timeout
        self.failures = {}

    def run(self):
        watched = {}
        model = self.operations.model
        while True:
            with model.lock:
                due = [
                    server
                    for server in model.servers.values()
                    if server.status != FAULTY
                    and model.groups[server.group].active
                    and server.uuid not in watched
                ]
            for server in due:
                watched[server.uuid] = thread = threading.Thread(
                    target=self._watch, daemon=True, args=(server, watched)
                )
                thread.start()
            time.sleep(min(0.1, self.pause))

    def _watch(self, server, watched):
        """Checks one server until it is FAULTY, removed or its group is no longer active."""
        model = self.operations.model
        failures = 0
        while (
            server.status != FAULTY
            and model.servers.get(server.uuid) is server
            and model.groups[server.group].active
        ):
            began = time.monotonic()
            failures = (
                0 if self.operations.replication.reachable(server, self.timeout) else failures + 1
            )
            if failures >= self.detections:
                try:
                    self.operations.report_failure(server.uuid)
                except FabricError as error:
                    self.operations.log(f"failover of {server.address}: {error}")
                break
            time.sleep(max(0.0, self.pause - (time.monotonic() - began)))
        watched.pop(server.uuid, None)
