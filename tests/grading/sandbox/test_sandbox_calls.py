"""Calls across the boundary: values, mutated arguments, handles, exceptions, budgets."""

from dataclasses import replace

import numpy as np
import pytest

from grading.checker.sandbox_client import (
    Handle,
    Missing,
    SandboxDied,
    SandboxServer,
    Session,
    StudentRaised,
    Unsupported,
    Value,
)


def _define(session: Session, source: str) -> None:
    assert session.run_cell("import numpy as np\n" + source).error is None


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.uint8, np.bool_, np.complex128])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3, 4), (1, 0, 5)])
def test_arrays_keep_dtype_shape_and_content(session: Session, dtype: type, shape: tuple) -> None:
    _define(session, "def same(x):\n    return x")
    array = np.random.default_rng(1).integers(0, 2, shape).astype(dtype)
    result = session.call("same", (array,)).value
    assert type(result) is np.ndarray
    assert (result.dtype, result.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(result, array)
    assert result.flags.writeable


def test_strided_and_readonly_arrays_cross(session: Session) -> None:
    _define(session, "def same(x):\n    return x[::-1].T")
    array = np.arange(24.0).reshape(4, 6)[::2, ::3]
    array.flags.writeable = False
    np.testing.assert_array_equal(session.call("same", (array,)).value, array[::-1].T)


def test_keywords_and_defaults(session: Session) -> None:
    _define(session, "def f(a, b=2, *, c=3):\n    return a, b, c")
    assert session.call("f", (1,), {"c": 5}).value == (1, 2, 5)


def test_mutated_arguments_come_back_and_the_callers_stay(session: Session) -> None:
    _define(session, "def f(x, items, scale=None):\n    x += 1\n    items.append(7)\n    scale[0] = 9")
    array, items, scale = np.zeros(3), [1], [2]
    reply = session.call("f", (array, items), {"scale": scale})
    assert reply.value is None
    np.testing.assert_array_equal(reply.arguments[0], np.ones(3))
    assert reply.arguments[1:] == ([1, 7], [9])
    assert (array.sum(), items, scale) == (0, [1], [2])


def test_result_is_a_snapshot(session: Session) -> None:
    _define(session, "held = np.zeros(2)\ndef f():\n    global held\n    held += 1\n    return held")
    first, second = session.call("f").value, session.call("f").value
    assert (first.tolist(), second.tolist()) == ([1, 1], [2, 2])


def test_an_array_that_changes_per_access_is_read_once(session: Session) -> None:
    _define(
        session,
        "class Liar(np.ndarray):\n"
        "    @property\n    def shape(self): return (10**9,)\n"
        "    @property\n    def dtype(self): return np.dtype('O')\n"
        "    def __eq__(self, other): return True\n"
        "def f():\n    return np.arange(3.0).view(Liar)",
    )
    result = session.call("f").value
    assert type(result) is np.ndarray
    assert result.tolist() == [0, 1, 2]


def test_subclasses_are_resolved_to_plain_values(session: Session) -> None:
    _define(
        session,
        "class I(int):\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__\n"
        "class L(list):\n    def __iter__(self): return iter([1, 2, 3])\n"
        "class S(str):\n    def __str__(self): return 'lie'\n"
        "import collections, enum\nP = collections.namedtuple('P', 'a b')\n"
        "E = enum.IntEnum('E', 'X')\n"
        "O = collections.OrderedDict\n"
        "def f():\n    return [I(5), L([9]), S('a'), P(1, 2), E.X, O(a=1), np.str_('n')]",
    )
    value = session.call("f").value
    assert value == [5, [9], "a", (1, 2), 1, {"a": 1}, "n"]
    assert [type(item) for item in value] == [int, list, str, tuple, int, dict, str]


def test_numpy_scalars_stay_numpy_scalars(session: Session) -> None:
    _define(session, "def f():\n    return np.float32(1.5), np.bool_(True), np.int64(3)")
    value = session.call("f").value
    assert [type(item) for item in value] == [np.float32, np.bool_, np.int64]


def test_array_likes_are_resolved_in_the_sandbox(session: Session) -> None:
    _define(
        session,
        "class A:\n    def __array__(self, *args, **named): return np.ones(2)\ndef f(): return A()",
    )
    assert session.call("f").value.tolist() == [1, 1]


@pytest.mark.parametrize(
    "expression",
    [
        "(i for i in 'ab')",
        "np.array([object()])",
        "lambda: 1",
        "np",
        "object()",
        "open('f', 'w')",
        "np.array(['a'])",
    ],
)
def test_what_cannot_cross_becomes_a_handle(session: Session, expression: str) -> None:
    _define(session, f"def f():\n    return {expression}")
    assert type(session.call("f").value) is Handle


class TestHandles:
    SOURCE = """
class Layer:
    def __init__(self, w): self.w = w
    def forward(self, x): return x @ self.w, ('cache', self, x)
    def __add__(self, other): return 'sum'
    def __radd__(self, other): return 'rsum'
    def __getitem__(self, key): return self.w[key]
def make(w): return Layer(w)
def unwrap(cache): return cache[1].w.sum()
"""

    def test_can_be_used_and_passed_back(self, session: Session) -> None:
        _define(session, self.SOURCE)
        layer = session.call("make", (np.eye(2),)).value
        assert (layer.type_name, layer.callable) == ("Layer", False)
        value, cache = session.call(layer, (np.ones(2),), method="forward").value
        assert value.tolist() == [1, 1]
        assert session.call("unwrap", (cache,)).value == 2.0
        assert session.operate(layer, "getattr", "w").tolist() == [[1, 0], [0, 1]]
        assert session.operate(layer, "add", 1) == "sum"
        assert session.operate(layer, "radd", 1) == "rsum"
        assert session.operate(layer, "getitem", (0, 0)) == 1.0
        session.operate(layer, "setattr", "w", 5)
        assert session.operate(layer, "getattr", "w") == 5

    def test_prove_nothing(self, session: Session) -> None:
        _define(session, "class T:\n    def __eq__(self, o): return True\n    __hash__ = None\nt = T()")
        handle = session.lookup("t")
        for question in (
            lambda: handle == 1,
            lambda: handle != 1,
            lambda: bool(handle),
            lambda: handle < 1,
            lambda: 1 in handle,
            lambda: list(handle),
            lambda: len(handle),
            lambda: hash(handle),
            lambda: np.asarray(handle),
            lambda: float(handle),
            lambda: f"{handle}",
        ):
            with pytest.raises(Unsupported):
                question()

    def test_failing_operation_is_the_students(self, session: Session) -> None:
        _define(session, "class T:\n    def __getattr__(self, name): raise KeyError(name)\nt = T()")
        handle = session.lookup("t")
        with pytest.raises(StudentRaised, match="KeyError"):
            session.operate(handle, "getattr", "x")
        with pytest.raises(StudentRaised, match="KeyError"):
            session.call(handle, method="go")

    def test_unknown_operation_is_refused(self, session: Session) -> None:
        _define(session, "t = object()")
        with pytest.raises(ValueError, match="operation"):
            session.operate(session.lookup("t"), "eq", 1)


class TestNames:
    def test_values_and_functions_are_found(self, session: Session) -> None:
        _define(session, "x = [1, 2]\ndef f(x, w, b, stride=1, padding=0): ...")
        assert session.lookup("x") == Value([1, 2])
        found = session.lookup("f")
        assert (found.callable, found.signature) == (True, "(x, w, b, stride=1, padding=0)")

    @pytest.mark.parametrize(
        "name", ["nothing", "len", "print", "In", "Out", "exit", "get_ipython", "__name__"]
    )
    def test_what_the_notebook_did_not_bind_is_missing(self, session: Session, name: str) -> None:
        with pytest.raises(Missing):
            session.lookup(name)
        with pytest.raises(Missing):
            session.call(name)

    def test_a_builtin_that_the_notebook_rebinds_is_its_own(self, session: Session) -> None:
        _define(session, "def sum(x): return 'mine'")
        assert session.call("sum", ([1],)).value == "mine"

    def test_bind_and_unbind(self, session: Session) -> None:
        session.bind("x", np.arange(3))
        assert session.run_cell("int(x.sum())").outputs[0]["data"]["text/plain"] == "3"
        session.unbind("x")
        with pytest.raises(Missing):
            session.lookup("x")

    def test_signature_that_raises_is_none(self, session: Session) -> None:
        _define(
            session,
            "class F:\n    __signature__ = property(lambda s: 1 / 0)\n    def __call__(self): ...\nf = F()",
        )
        assert session.lookup("f").signature is None


class TestExceptions:
    @pytest.mark.parametrize(
        ("statement", "name"),
        [
            ("raise ValueError('bad')", "ValueError"),
            ("raise IndexError('bad')", "IndexError"),
            ("raise Exception('bad')", "Exception"),
            ("raise np.linalg.LinAlgError('bad')", "ValueError"),
            ("raise type('Mine', (KeyError,), {})('bad')", "KeyError"),
            ("raise NotImplementedError('bad')", "NotImplementedError"),
            ("raise StopIteration('bad')", "StudentError"),
            ("raise StopAsyncIteration('bad')", "StudentError"),
            ("raise AssertionError('bad')", "StudentError"),
            ("raise type('A', (AssertionError, ValueError), {})('bad')", "StudentError"),
            ("raise SystemExit('bad')", "StudentError"),
            ("raise KeyboardInterrupt('bad')", "StudentError"),
            ("raise GeneratorExit('bad')", "StudentError"),
            ("raise type('UnsatisfiedAssumption', (Exception,), {})('bad')", "StudentError"),
            ("raise type('ValueError', (BaseException,), {})('bad')", "StudentError"),
            ("raise ExceptionGroup('bad', [ValueError()])", "StudentError"),
        ],
    )
    def test_map_to_allowed_names(self, session: Session, statement: str, name: str) -> None:
        _define(session, f"def f():\n    {statement}")
        with pytest.raises(StudentRaised) as caught:
            session.call("f")
        assert caught.value.name == name
        assert "bad" in caught.value.text
        assert session.run_cell("1").error is None

    def test_traceback_names_the_students_lines(self, session: Session) -> None:
        _define(session, "def g(x):\n    return x[5]\ndef f(x):\n    return g(x)")
        with pytest.raises(StudentRaised) as caught:
            session.call("f", ([1],))
        assert caught.value.traceback.splitlines() == [
            "cell 1, line 5, in f",
            "    return g(x)",
            "cell 1, line 3, in g",
            "    return x[5]",
        ]

    def test_text_is_capped(self, session: Session) -> None:
        _define(session, "def f():\n    raise ValueError('x' * 10**6)")
        with pytest.raises(StudentRaised) as caught:
            session.call("f")
        assert len(caught.value.text) < 5000

    def test_text_that_fails_is_replaced(self, session: Session) -> None:
        _define(
            session,
            "class E(ValueError):\n    def __str__(self): raise RuntimeError\ndef f():\n    raise E()",
        )
        with pytest.raises(StudentRaised, match="text of a RuntimeError"):
            session.call("f")

    def test_prints_during_a_call_are_dropped(self, session: Session) -> None:
        _define(session, "def f(x):\n    print('hidden input', x)\n    return 1")
        session.call("f", (5,))
        assert session.run_cell("None").outputs == []


class TestBudgets:
    def test_number_of_requests(self, server: SandboxServer) -> None:
        with server.open(replace(server.limits, calls=5)) as session:
            _define(session, "def f(): return 1")
            for _ in range(4):
                session.call("f")
            with pytest.raises(SandboxDied, match="5 requests"):
                session.call("f")

    def test_bytes_of_a_session(self, server: SandboxServer) -> None:
        with server.open(replace(server.limits, traffic_bytes=1 << 20)) as session:
            _define(session, "def f(): return bytes(600_000)")
            session.call("f")
            with pytest.raises(SandboxDied, match="bytes of requests"):
                session.call("f")

    def test_bytes_of_a_reply(self, server: SandboxServer) -> None:
        with server.open(replace(server.limits, reply_bytes=1 << 20)) as session:
            _define(session, "def f(): return bytes(2 << 20)")
            with pytest.raises(Unsupported):
                session.call("f")
            assert session.run_cell("1").error is None

    @pytest.mark.parametrize(
        "expression",
        [
            "list(range(10**6))",
            "10**(10**6)",
            "{i: i for i in range(10**5)}",
            "set(range(10**5))",
            "'x' * (2 << 20)",
        ],
    )
    def test_values_that_are_too_large_are_unsupported(self, session: Session, expression: str) -> None:
        _define(session, f"def f(): return {expression}")
        with pytest.raises(Unsupported):
            session.call("f")
        assert session.run_cell("1").error is None

    def test_values_that_are_too_deep_are_unsupported(self, session: Session) -> None:
        _define(
            session,
            "def f():\n    x = []\n    for _ in range(100): x = [x]\n    return x\n"
            "loop = []; loop.append(loop)",
        )
        for action in (lambda: session.call("f"), lambda: session.lookup("loop")):
            with pytest.raises(Unsupported):
                action()

    def test_arguments_that_cannot_cross_are_refused_here(self, session: Session) -> None:
        with pytest.raises(Unsupported):
            session.call("f", (object(),))


def test_closing_twice_says_the_same(server: SandboxServer) -> None:
    session = server.open()
    assert session.close().reason == "finished"
    assert session.close().reason == "finished"


def test_sessions_share_nothing(server: SandboxServer) -> None:
    with server.open() as first, server.open() as second:
        first.run_cell("import numpy as np\nshared = 1\nnp.pi = 3\nnp.allclose = None")
        assert second.run_cell("shared").error[0] == "NameError"
        assert second.run_cell("import numpy as np\nnp.pi > 3.1, callable(np.allclose)").outputs[0][
            "data"
        ] == {"text/plain": "(True, True)"}
