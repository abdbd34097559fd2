"""A sandbox session without walls: cells run right here, with the replies that a real session gives."""

import operator

import numpy as np

from grading.checker.callbacks import Callback
from grading.checker.sandbox_client import (
    CallReply,
    CellReply,
    Handle,
    Missing,
    SandboxDied,
    SandboxTimeout,
    StudentRaised,
    Unsupported,
    Value,
)
from grading.sandbox.values import Decoder, Encoder

PLAIN = (type(None), bool, int, float, complex, str, bytes, np.ndarray)


class Death(BaseException):
    """Raised by the cells of a test in place of os._exit."""


class Hang(BaseException):
    """Raised in place of a loop that never ends."""


class FakeSession:
    """Runs cells in one namespace; `opened` counts how many sessions there were."""

    opened = 0

    def __init__(self):
        type(self).opened += 1
        self.namespace = {"Death": Death, "Hang": Hang, "__name__": "__main__"}
        self.ours = set(self.namespace)
        self.objects = {}
        self.dead = False
        self.ran = []

    def run_cell(self, source, timeout=None):
        self._alive()
        self.ran.append(source)
        outputs = []
        error = None
        try:
            exec(compile(source, "<student>", "exec"), self.namespace)
        except (Death, Hang) as end:
            self._end(end)
        except Exception as raised:  # noqa: BLE001 - whatever a cell raises
            error = (type(raised).__name__, str(raised))
            outputs.append(
                {"output_type": "error", "ename": error[0], "evalue": error[1], "traceback": [str(raised)]}
            )
        return CellReply(outputs, error, 0.0)

    def lookup(self, name):
        self._alive()
        if name not in self.namespace or name in self.ours:
            raise Missing(name)
        found = self._crossing(self.namespace[name])
        return found if type(found) is Handle else Value(found)

    def call(self, target, args=(), kwargs=None, timeout=None, *, method=None, budget=None, injected=None):
        self._alive()
        function = self.objects[target.id] if type(target) is Handle else self.namespace[target]
        if method is not None:
            function = getattr(function, method)
        copies = [self._arriving(argument) for argument in args]
        named = {name: self._arriving(argument) for name, argument in (kwargs or {}).items()}
        before = dict(self.namespace)
        self.namespace.update({name: self._arriving(other) for name, other in (injected or {}).items()})
        try:
            value = self._guarded(lambda: function(*copies, **named))
        finally:
            for name in injected or {}:
                del self.namespace[name]
            self.namespace.update({name: before[name] for name in injected or {} if name in before})
        return CallReply(
            self._crossing(value), tuple(self._crossing(copy) for copy in [*copies, *named.values()])
        )

    def operate(self, handle, operation, *operands, timeout=None):
        self._alive()
        subject = self.objects[handle.id]
        operands = [self._arriving(operand) for operand in operands]
        simple = {"getattr": getattr, "setattr": setattr, "delattr": delattr}
        function = simple.get(operation) or getattr(operator, operation, None)
        if function is None:
            function = getattr(operator, f"__{operation}__")
        return self._crossing(self._guarded(lambda: function(subject, *operands)))

    def bind(self, name, value):
        self._alive()
        if callable(value) or type(value) is Callback:
            raise Unsupported("a function can be an argument of a call, and nothing else")
        self.namespace[name] = self._arriving(value)

    def unbind(self, name):
        self._alive()
        if name not in self.namespace:
            raise Missing(name)
        del self.namespace[name]

    def close(self):
        self.dead = True

    abandon = close

    def _guarded(self, action):
        try:
            return action()
        except (Death, Hang) as end:
            self._end(end)
        except Exception as raised:  # noqa: BLE001 - whatever a cell raises
            name = type(raised).__name__
            raise StudentRaised(name, str(raised), "cell 1, line 1") from None

    def _end(self, end):
        self.dead = True
        if isinstance(end, Hang):
            raise SandboxTimeout("no reply") from None
        raise SandboxDied("the process ended itself") from None

    def _alive(self):
        if self.dead:
            raise SandboxDied("the session has ended")

    def _crossing(self, value):
        encoder = Encoder(resolve=True, opaque=self._hold)
        node = encoder.encode(value)
        raw = b"".join(bytes(buffer) for buffer in encoder.buffers)
        return Decoder(raw, handle=lambda number: self._handle(number)).decode(node)

    def _arriving(self, value):
        encoder = Encoder(opaque=lambda handle: handle.id)
        functions = []
        encoder.callback = lambda value: (
            functions.append(value.compute) or len(functions) - 1 if type(value) is Callback else None
        )
        node = encoder.encode(value)
        raw = b"".join(bytes(buffer) for buffer in encoder.buffers)
        decoder = Decoder(raw, handle=lambda number: self.objects[number])
        decoder.callback = functions.__getitem__
        return decoder.decode(node)

    def _hold(self, value):
        number = len(self.objects) + 1
        self.objects[number] = value
        return number

    def _handle(self, number):
        value = self.objects[number]
        return Handle(number, type(value).__name__, callable(value), "(x)" if callable(value) else None)
