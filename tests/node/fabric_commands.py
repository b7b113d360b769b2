"""The frame of the node's commands: registry, argument checks, replies, procedures and jobs."""

import contextlib
import inspect
import threading
import time
import traceback
import uuid

import fabric_xmlrpc
from fabric_operations import FabricError
from fabric_xmlrpc import result_set

FORMAT_VERSION = 1
FABRIC_UUID = "5ca1ab1e-a007-feed-f00d-cab3fe13249e"
CREATED, PROCESSING, COMPLETE = 3, 4, 5
ERROR, SUCCESS = 1, 2

COMMANDS = {}


class Command:
    """A command: `function(node, *arguments)` gives its result sets; of a procedure
    `function(node, job, *arguments)` gives the result."""

    def __init__(self, function, procedure):
        self.function = function
        self.procedure = procedure
        parameters = list(inspect.signature(function).parameters.values())[2 if procedure else 1 :]
        self.required = sum(1 for one in parameters if one.default is one.empty)
        self.total = len(parameters)
        self.parameters = parameters

    def positional(self, arguments, keywords):
        """All arguments by their places."""
        arguments = list(arguments)
        for name in keywords:
            if name not in [one.name for one in self.parameters]:
                raise FabricError(f"execute() got an unexpected keyword argument '{name}'")
        for one in self.parameters[len(arguments) :]:
            if not keywords:
                break
            if one.name not in keywords and one.default is one.empty:
                break
            arguments.append(keywords.pop(one.name, one.default))
        return arguments

    def check(self, arguments):
        """Refuses a wrong number of arguments as the node's language would, hidden one included."""
        least, most = self.required + 1, self.total + 1 + int(self.procedure)
        given = len(arguments) + 1
        if least <= given <= most:
            return
        kind = "exactly" if least == most else "at least" if given < least else "at most"
        limit = least if given < least else most
        noun = "argument" if limit == 1 else "arguments"
        raise FabricError(f"execute() takes {kind} {limit} {noun} ({given} given)")


def command(name):
    """Registers a command that only looks."""

    def register(function):
        COMMANDS[name] = Command(function, procedure=False)
        return function

    return register


def procedure(name):
    """Registers a command that changes something; it takes a trailing argument `synchronous`."""

    def register(function):
        COMMANDS[name] = Command(function, procedure=True)
        return function

    return register


class Job:
    """One run of a procedure and its history."""

    def __init__(self):
        self.uuid = str(uuid.uuid4())
        self.history = []
        self.done = threading.Event()
        self.result = True
        self.error = None

    @contextlib.contextmanager
    def step(self, name):
        """Records a step: created, processing, complete."""
        origin = f"<mysql.fabric.events.Event object at 0x{id(self) & 0xffffffffffff:x}>"
        self.history.append([CREATED, SUCCESS, time.time(), f"Triggered by {origin}."])
        self.history.append([PROCESSING, SUCCESS, time.time(), f"Executing action ({name})."])
        try:
            yield
        except FabricError:
            self.history.append(
                [COMPLETE, ERROR, time.time(), f"Tried to execute action ({name})."]
            )
            raise
        self.history.append([COMPLETE, SUCCESS, time.time(), f"Executed action ({name})."])

    def run(self, function, node, arguments):
        try:
            result = function(node, self, *arguments)
            self.result = True if result is None else result
        except FabricError as error:
            self.error = error
        except Exception as error:
            self.error = error
            node.log(traceback.format_exc())
        finally:
            self.done.set()

    def result_sets(self):
        if self.error:
            raise self.error
        return [
            result_set(
                ["uuid", "finished", "success", "result"], [[self.uuid, True, True, self.result]]
            ),
            result_set(["state", "success", "when", "description"], self.history),
        ]


class Dispatcher:
    """Turns calls into replies for the HTTP server. `node` offers model, operations, log ..."""

    def __init__(self, node):
        self.node = node

    def __call__(self, method, parameters):
        if method == "system.listMethods":
            return fabric_xmlrpc.response(sorted([*COMMANDS, method]))
        if method not in COMMANDS:
            return fabric_xmlrpc.fault(
                f"<type 'exceptions.Exception'>:method \"{method}\" is not supported"
            )
        return fabric_xmlrpc.response([FORMAT_VERSION, FABRIC_UUID, *self.run(method, parameters)])

    def run(self, method, parameters, keywords=()):
        """A known command's (ttl, error text, result sets)."""
        ttl, error, sets = self.node.model.ttl, "", []
        try:
            entry = COMMANDS[method]
            parameters = entry.positional(parameters, dict(keywords))
            sets = self._run(method, entry, parameters) or []
        except FabricError as failure:
            error = str(failure)
        except Exception as failure:
            self.node.log(traceback.format_exc())
            ttl, error = 0, f"Exception raised - {str(failure)!r}\n{traceback.format_exc()}"
        self.node.count_call(method, bool(error))
        return ttl, error, sets

    def _run(self, method, entry, parameters):
        entry.check(parameters)
        if not entry.procedure:
            return entry.function(self.node, *parameters)
        synchronous = True
        if len(parameters) > entry.total:
            synchronous = str(parameters[-1]).lower() not in ("false", "0")
            parameters = parameters[:-1]
        job = Job()
        self.node.jobs[job.uuid] = job
        if synchronous:
            job.run(entry.function, self.node, parameters)
            return job.result_sets()
        threading.Thread(
            target=job.run, args=(entry.function, self.node, parameters), daemon=True, name=method
        ).start()
        return [result_set(["uuid"], [[job.uuid]])]
