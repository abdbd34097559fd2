"""The child's side of one session: confined, it reads requests, runs cells, calls functions, replies."""

from __future__ import annotations

import gc
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .callbacks import Callbacks, RunningCall
from .confinement import confine
from .frames import Channel, EndOfStream
from .hiding import hide_project
from .landlock import Rule
from .limits import Limits
from .objects import OPERATIONS, Missing, Objects, ReplyEncoder, describe_exception
from .outputs import clean
from .reading import ReadPlan
from .scratch import UNREADABLE, quota_violation
from .shell import RECORDER, CapturingShell, Stopwatch, redirect_streams, run_cell
from .values import Decoder, Unsupported

REQUEST_JSON_BYTES = 1 << 20
_REPLY_FD = 4
_REQUEST_FD = 3
# The supervisor looks ten times a second; on a busy machine it may be late.
_SETTLING_SECONDS = 5.0


@dataclass(frozen=True)
class Start:
    """What a child needs to begin: descriptors, limits, and where it may read and write."""

    request_fd: int
    reply_fd: int
    limits: Limits
    scratch: str
    plan: ReadPlan
    rules: tuple[Rule, ...]
    uid: int | None
    uid_reason: str
    seed: bytes


def run_session(start: Start, shell: CapturingShell, parent: int) -> None:
    """Confine this freshly forked process and serve requests until the other end closes; never returns."""
    os.chdir(start.scratch)
    _own_environment(start.scratch)
    # Low numbers first, since everything else is closed; the copies may lie on one another's place.
    request, reply = os.dup(start.request_fd), os.dup(start.reply_fd)
    layers = confine(
        read=start.rules,
        write=[start.scratch],
        limits=start.limits,
        uid=start.uid,
        uid_reason=start.uid_reason,
        parent=parent,
        keep=(request, reply),
    )
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)
    channel = Channel(request, reply, max_json=REQUEST_JSON_BYTES, max_raw=start.limits.reply_bytes)
    channel.send({"hello": layers})
    redirect_streams()
    hide_project(start.plan)
    _reseed(start.seed)
    sys.path.insert(0, "")
    sys.dont_write_bytecode = True
    gc.enable()
    Service(channel, shell, start.limits, start.scratch).serve()
    os._exit(0)


def _own_environment(scratch: str) -> None:
    kept = {name: os.environ[name] for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MPLBACKEND")}
    os.environ.clear()
    # As nbgrader tells notebooks that they are graded.
    os.environ.update(
        kept, HOME=scratch, TMPDIR=scratch, MPLCONFIGDIR=scratch, NBGRADER_EXECUTION="autograde"
    )


def _reseed(seed: bytes) -> None:
    # A fork copies the generators' states, so that every session of a server would draw the same numbers.
    random.seed(seed)
    np.random.seed(np.frombuffer(seed, np.uint32))  # noqa: NPY002 - notebooks use it


class Service:
    """Answers the requests of one session, one at a time."""

    def __init__(self, channel: Channel, shell: CapturingShell, limits: Limits, scratch: str) -> None:
        self._channel = channel
        self._shell = shell
        self._limits = limits
        self._scratch = scratch
        self._patience = _SETTLING_SECONDS
        self._watch = Stopwatch()
        # The shell's own names (In, Out, exit, …) are no work of the notebook.
        self._objects = Objects(shell.user_ns, dict(shell.user_ns))
        self._callbacks = Callbacks(channel, self._answer, self._objects.handled)
        self._operations = {
            "run": self._run,
            "lookup": self._lookup,
            "bind": self._bind,
            "unbind": self._unbind,
            "place": self._place,
            "call": self._call,
            "operate": self._operate,
        }

    def serve(self) -> None:
        """Read and answer requests until the other end closes."""
        while True:
            try:
                request, raw = self._channel.receive()
            except EndOfStream:
                return
            self._answer(request, raw)

    def _answer(self, request: dict, raw: bytes) -> None:
        with self._callbacks.serving(request["nonce"]):
            try:
                reply, buffers = self._operations[request["do"]](request, raw)
            except Missing as error:
                reply, buffers = {"missing": clean(error.args[0], 200)}, []
            except Unsupported as error:
                reply, buffers = {"unsupported": clean(error, 1000)}, []
        with self._callbacks.speaking():
            self._reply(request["nonce"], reply, buffers)

    def _reply(self, nonce: str, reply: dict, buffers: list) -> None:
        try:
            self._channel.send({"nonce": nonce, **reply}, buffers)
        except ValueError as error:
            self._channel.send({"nonce": nonce, "unsupported": f"a result that is too large: {error}"})

    def _run(self, request: dict, raw: bytes) -> tuple[dict, list]:
        RECORDER.silent = False
        reply = run_cell(self._shell, raw.decode("utf-8"), self._limits, request["seconds"], self._watch)
        reply["outputs"], buffers = RECORDER.packed()
        self._settle()
        return reply, buffers

    def _lookup(self, request: dict, raw: bytes) -> tuple[dict, list]:
        value = self._objects.named(request["name"])
        return self._guarded(lambda: self._result(value))

    def _bind(self, request: dict, raw: bytes) -> tuple[dict, list]:
        decoder = Decoder(raw, handle=self._objects.handled)
        self._objects.bind(request["name"], decoder.decode(request["value"]))
        return {"done": True}, []

    def _unbind(self, request: dict, raw: bytes) -> tuple[dict, list]:
        self._objects.unbind(request["name"])
        return {"done": True}, []

    def _place(self, request: dict, raw: bytes) -> tuple[dict, list]:
        name = os.path.normpath(request["name"])
        if os.path.isabs(name) or name.startswith("..") or name == ".":
            raise Unsupported(f"a file at {request['name']!r}, outside the notebook's directory")
        try:
            os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
            with open(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444), "wb") as file:
                file.write(raw)
        except (OSError, ValueError) as error:
            raise Unsupported(f"the file {name!r}: {error}") from None
        return {"done": True}, []

    def _call(self, request: dict, raw: bytes) -> tuple[dict, list]:
        target = request["target"]
        function = self._objects.named(target) if type(target) is str else self._objects.handled(target)
        with self._callbacks.during_call() as running:
            decoder = Decoder(raw, handle=self._objects.handled)
            decoder.callback = lambda number: self._callbacks.received(running, number)
            args = [decoder.decode(node) for node in request["args"]]
            kwargs = {name: decoder.decode(node) for name, node in request["kwargs"]}
            injected = {name: decoder.decode(node) for name, node in request["injected"]}
            method = request["method"]

            def call() -> tuple[dict, list]:
                bound = function if method is None else getattr(function, method)
                with self._objects.bound(injected):
                    value = bound(*args, **kwargs)
                return self._result(value, [*args, *kwargs.values()], running)

            answer = self._guarded(call)
        self._settle()
        return answer

    def _settle(self) -> None:
        """Where too much was written, wait to be ended: what runs next must not get the blame."""
        end = time.monotonic() + self._patience
        while self._wrote_too_much():
            if time.monotonic() > end:  # seen from outside it is within its quota, and will be the next time
                self._patience = 0.0
                return
            time.sleep(0.02)

    def _wrote_too_much(self) -> bool:
        try:
            found = quota_violation(self._scratch, self._limits.scratch_bytes, self._limits.scratch_files)
        except OSError:  # student code keeps every descriptor: only from outside can it be measured
            return False
        # What this process cannot read may be readable from outside.
        return found not in (None, UNREADABLE)

    def _operate(self, request: dict, raw: bytes) -> tuple[dict, list]:
        decoder = Decoder(raw, handle=self._objects.handled)
        operands = [decoder.decode(node) for node in request["operands"]]
        value = self._objects.handled(request["handle"])
        return self._guarded(lambda: self._result(OPERATIONS[request["operation"]](value, *operands)))

    def _guarded(self, action: Callable[[], tuple[dict, list]]) -> tuple[dict, list]:
        """Run student code: what it prints is dropped, and what it raises is reported."""
        RECORDER.silent = True
        try:
            return action()
        except Unsupported:
            raise
        except BaseException as error:  # noqa: BLE001 - student code may raise anything
            return {"raised": describe_exception(error)}, []

    def _result(
        self, value: object, arguments: list | None = None, running: RunningCall | None = None
    ) -> tuple[dict, list]:
        encoder = ReplyEncoder(self._objects)
        reply: dict = {"value": encoder.encode(value)}
        if arguments is not None:
            reply["arguments"] = encoder.encode_arguments(arguments, running.number)
        reply["handles"] = encoder.handles
        return reply, encoder.buffers
