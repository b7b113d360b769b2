#!/usr/bin/env python3
"""The operator's tool of a farm without a Fabric node: watches the servers, promotes a secondary
when a primary died and rewrites the farm file.

    promote_and_rewrite_file.py FARM-FILE [--interval SECONDS] [--detections N]

Requests come as files <farm file>.request with {"id", "command", "arguments"}, a command being one
of COMMANDS; the answer is <farm file>.answer with {"id", "error"}.
"""

import argparse
import contextlib
import json
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "node"), os.path.join(HERE, "..", "servers")]
from fabric_model import Model, write_atomically  # noqa: E402
from fabric_node import log  # noqa: E402
from fabric_operations import Detector, FabricError, Operations  # noqa: E402
from replication import Replication  # noqa: E402

COMMANDS = ("promote", "report_failure", "set_status", "set_mode", "set_weight")


def serve(operations, path):
    """Carries out the requests, one at a time, for ever."""
    while True:
        request = None
        with contextlib.suppress(OSError, ValueError):
            with open(f"{path}.request", encoding="utf-8") as file:
                request = json.load(file)
            os.unlink(f"{path}.request")
        if request is None:
            time.sleep(0.05)
            continue
        error = ""
        try:
            if request["command"] not in COMMANDS:
                raise FabricError(f"unknown command {request['command']}")
            getattr(operations, request["command"])(*request["arguments"])
        except (FabricError, TypeError) as failure:
            error = str(failure)
        write_atomically(f"{path}.answer", {"id": request["id"], "error": error})


def main(arguments):
    parser = argparse.ArgumentParser(description="failover for a farm described by a file")
    parser.add_argument("farm_file")
    parser.add_argument(
        "--interval", type=float, default=0.3, help="seconds between the checks of a server"
    )
    parser.add_argument(
        "--detections", type=int, default=3, help="failed checks in a row that count as death"
    )
    parser.add_argument(
        "--timeout", type=float, default=0.5, help="seconds a server may take to greet"
    )
    parser.add_argument("--server-user", default="fabric")
    parser.add_argument("--server-password", default="fabric")
    options = parser.parse_args(arguments)
    model = Model(options.farm_file)
    for group in model.groups.values():
        group.active = True
    operations = Operations(model, Replication(options.server_user, options.server_password), log)
    Detector(
        operations, options.interval * options.detections, options.detections, options.timeout
    ).start()
    print("watching", flush=True)
    serve(operations, options.farm_file)


if __name__ == "__main__":
    main(sys.argv[1:])
