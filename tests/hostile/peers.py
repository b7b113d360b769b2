#!/usr/bin/env python3
"""Runs peers for a test. Each line of the standard input is a command as JSON, and has one line of
JSON as its answer:

    {"mysql": SCENARIO}   starts a server, see mysql_peer.py: {"port": ...}
    {"node": SCENARIO}    starts a node, see node_peer.py: {"port": ...}
    {"malformed": KIND, "name": NAME} a server that answers BAD so, see malformed.py: {"port": ...}
    {"names": KIND}       the names of that kind
    {"told": PORT, "wait": SECONDS}   what that one has to tell

Ends with the standard input.
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import malformed  # noqa: E402
import mysql_peer  # noqa: E402
import node_peer  # noqa: E402


def main():
    peers = {}
    for line in sys.stdin:
        command = json.loads(line)
        if "told" in command:
            answer = peers[command["told"]].told(command.get("wait", 2.0))
        elif "names" in command:
            answer = malformed.names(command["names"])
        else:
            kind, scenario = next(iter(command.items()))
            if kind == "malformed":
                # This version executes what it has not yet said that it has prepared.
                version = "5.5.5-10.11.99-MariaDB-peer" if scenario == "at once" else "8.0.99-peer"
                answers = malformed.scenario(scenario, command["name"])
                kind, scenario = "mysql", {"answers": answers, "version": version}
            peer = {"mysql": mysql_peer, "node": node_peer}[kind].Peer(scenario)
            peers[peer.port] = peer
            answer = {"port": peer.port}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
