"""Processes of the tests: free ports, starting, ending by id, watching a parent."""

import os
import random
import signal
import socket
import subprocess
import sys
import time

STARTED = []  # children that may outlive this process; kept because Popen warns about leaving them


def free_port():
    """A loopback port nobody listens on, below the range of outgoing connections."""
    for _ in range(1000):
        port = random.randint(12000, 32000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free loopback port between 12000 and 32000")


def reap(pid):
    """Takes the exit status of an own child that has ended: it must not stay as a zombie."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except (ChildProcessError, PermissionError):
        pass


def process_state(pid):
    """(state letter, start time in clock ticks) of the process, None when there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return None
    return fields[0], int(fields[19])


def alive(pid, mark=None):
    """True while `pid` runs (zombies do not count) and, with `mark`, has it in its command line."""
    if not pid:
        return False
    reap(pid)
    state = process_state(pid)
    if state is None or state[0] in "ZX":
        return False
    if mark is None:
        return True
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as line:
            return os.fsencode(mark) in line.read()
    except OSError:
        return False


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def stopped(pid):
    """Whether every thread of the process stands still."""
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/stat", encoding="utf-8") as file:
                if file.read().rpartition(")")[2].split()[0] not in "Tt":
                    return False
    except FileNotFoundError:  # a thread that ended meanwhile
        return False
    return True


def wait_until(condition, timeout, what, pause=0.02):
    """Waits until condition() is true and gives its value; RuntimeError after `timeout` seconds."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise RuntimeError(f"{what} did not happen within {timeout} s")
        time.sleep(pause)


def end(pid, mark=None, graceful=0.0):
    """Ends the process: SIGTERM and up to `graceful` seconds, then SIGKILL; waits for it."""
    if not alive(pid, mark):
        return
    if graceful:
        send(pid, signal.SIGTERM)
        send(pid, signal.SIGCONT)
        limit = time.monotonic() + graceful
        while time.monotonic() < limit:
            if not alive(pid, mark):
                return
            time.sleep(0.02)
    send(pid, signal.SIGKILL)
    wait_until(lambda: not alive(pid, mark), 30, f"the end of process {pid}")


def start(arguments, log, environment=None):
    """Starts a program in a session of its own, output appended to `log`; gives its process id."""
    with open(log, "ab") as output:
        child = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=environment,
        )
    STARTED.append(child)
    return child.pid


def start_watcher(program, pid, directory, log):
    """Starts `program watch PID START DIR`, which tidies DIR up when process `pid` is gone."""
    state = process_state(pid)
    if state is None:
        raise RuntimeError(f"process {pid}, which is to be watched, does not exist")
    return start([sys.executable, program, "watch", str(pid), str(state[1]), directory], log)


def watch(pid, started, still_needed, tidy_up, pause=0.3):
    """Calls tidy_up() once the process `pid` that started at `started` ticks is gone; returns
    without it when still_needed() becomes false before."""
    while still_needed():
        state = process_state(pid)
        if state is None or state[0] in "ZX" or state[1] != started:
            tidy_up()
            return
        time.sleep(pause)
