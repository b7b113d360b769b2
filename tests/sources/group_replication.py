"""Three members of MySQL 9 with Group Replication."""

import contextlib
import os
import signal
import uuid

import processes
import servers
from mysql_text import ServerError, quote

STATES = (
    "SELECT MEMBER_PORT, MEMBER_STATE, MEMBER_ROLE "
    "FROM performance_schema.replication_group_members"
)


class Group:
    """members[0] begins it, and is the primary then."""

    def __init__(self, folder, count=3):
        self.name = str(uuid.uuid4())
        self.members = [
            servers.Server("mysql9", os.path.join(folder, f"member{number}"))
            for number in range(count)
        ]
        addresses = [f"127.0.0.1:{processes.free_port()}" for _ in self.members]
        for member, address in zip(self.members, addresses):
            member.options = [
                "--plugin-load-add=group_replication.so",
                "--report-host=127.0.0.1",
                f"--report-port={member.port}",
                f"--group-replication-group-name={self.name}",
                f"--group-replication-local-address={address}",
                f"--group-replication-group-seeds={','.join(addresses)}",
                "--group-replication-start-on-boot=OFF",
                "--group-replication-recovery-get-public-key=ON",
                "--group-replication-member-expel-timeout=1",
            ]

    def start(self):
        for member in self.members:
            member.start()
        self.begin(self.members[0])
        for member in self.members[1:]:
            self.join(member)
            self.await_state(member, "ONLINE")

    def stop(self):
        for member in self.members:
            member.stop()
            member.remove()

    @staticmethod
    def session(member, **more):
        return member.connect(servers.ADMIN, servers.ADMIN_PASSWORD, **more)

    def begin(self, member):
        with self.session(member) as session:
            session.query("SET GLOBAL group_replication_bootstrap_group = ON")
        self.join(member)
        with self.session(member) as session:
            session.query("SET GLOBAL group_replication_bootstrap_group = OFF")
        self.await_state(member, "ONLINE")

    def join(self, member):
        with self.session(member, timeout=90.0) as session:
            session.query(
                f"START GROUP_REPLICATION USER={quote(servers.ADMIN)}, "
                f"PASSWORD={quote(servers.ADMIN_PASSWORD)}"
            )

    def leave(self, member):
        with self.session(member, timeout=90.0) as session:
            session.query("STOP GROUP_REPLICATION")

    def view(self, member):
        """Port -> (state, role) as this member sees it."""
        with self.session(member) as session:
            return {int(port): (state, role) for port, state, role in session.query(STATES) if port}

    def state(self, member, by=None):
        return self.view(by or member).get(member.port, ("", ""))[0]

    def await_state(self, member, state, by=None, seconds=60):
        processes.wait_until(
            lambda: self.state(member, by) == state, seconds, f"member {member.port} {state}", 0.1
        )

    def primaries(self, by):
        view = self.view(by)
        return [
            member for member in self.members if view.get(member.port) == ("ONLINE", "PRIMARY")
        ]

    def await_primary(self, by, other_than=None, seconds=60):
        def found():
            primaries = self.primaries(by)
            return len(primaries) == 1 and primaries[0] is not other_than and primaries[0]

        return processes.wait_until(found, seconds, "another primary", 0.1)

    def run(self, member, sql):
        with self.session(member, timeout=90.0) as session:
            return session.query(sql)

    def uuid(self, member):
        return self.run(member, "SELECT @@server_uuid")[0][0]

    def heal(self):
        """All run, are ONLINE, with member 0 as the only primary."""
        for member in self.members:
            if not member.running():
                member.start()
        for member in self.members:
            member.signal(signal.SIGCONT)
        alive = [one for one in self.members if self.state(one) == "ONLINE"]
        if not alive:
            for member in self.members:
                self.leave(member)
            self.begin(self.members[0])
            alive = self.members[:1]
        # A member that starts anew believes in one primary, and may not join where there are more.
        if len(self.primaries(alive[0])) > 1:
            one = quote(self.uuid(alive[0]))
            self.run(
                alive[0], f"SELECT group_replication_switch_to_single_primary_mode({one})"
            )
        for member in self.members:
            if self.state(member) == "ONLINE":
                continue
            with contextlib.suppress(ServerError):
                self.leave(member)
            self.join(member)
            self.await_state(member, "ONLINE")
        first = self.members[0]
        if self.primaries(first) != [first]:
            self.run(first, f"SELECT group_replication_set_as_primary({quote(self.uuid(first))})")
        self.await_primary(first)
