import collections.abc
import contextlib
import copy
import math
import operator
import pickle

import numpy as np
import pytest

from grading.checker.cell_code import compile_cell, guarded_builtins
from grading.checker.faults import Latch, Latched
from grading.checker.handles import REFUSED_NAMES, HandleState, is_stand_in, make_kind, new_stand_in, state_of


class Recorder:
    """An owner that remembers what was asked of the sandbox."""

    def __init__(self):
        self.latch = Latch()
        self.asked = []
        # No fixture of its own: pytest shows the fixtures of a failed test, and showing is refused.
        self.thing = new_stand_in(make_kind(self), HandleState("handle", 1, "Foo", True))

    def refuse(self, subject, what):
        return self.latch.close("failed", what)

    def is_callable(self, subject):
        return state_of(subject).is_callable

    def call(self, subject, args, kwargs):
        self.asked.append(("call", args, kwargs))
        return "called"

    def operate(self, subject, operation, *operands):
        self.asked.append((operation, *operands))
        return {"__len__": 3, "__float__": 2.5, "__int__": 2, "__index__": 2}.get(operation, "answer")


@pytest.fixture
def owner():
    return Recorder()


PROVING = {
    "bool": bool,
    "not": operator.not_,
    "if": lambda h: 1 if h else 0,
    "and": lambda h: h and 1,
    "any": lambda h: any([h]),
    "all": lambda h: all([h]),
    "assert": lambda h: exec("assert h", {"h": h}),
    "equal": lambda h: h == 1,
    "equal reflected": lambda h: 1 == h,  # noqa: SIM300
    "not equal": lambda h: h != 1,
    "equal to None": lambda h: h == None,  # noqa: E711
    "less": lambda h: h < 1,
    "greater reflected": lambda h: 1 < h,  # noqa: SIM300
    "at most": lambda h: h <= 1,
    "at least": lambda h: h >= 1,
    "between": lambda h: 0 < h < 1,
    "sorted": lambda h: sorted([h, 1]),
    "max": lambda h: max(h, 1),
    "hash": hash,
    "in a set": lambda h: {h},
    "as a key": lambda h: {h: 1},
    "in a list": lambda h: h in [1, 2],
    "not in a list": lambda h: h not in [1, 2],
    "in a tuple reflected": lambda h: 1 in (h,),
    "contains": lambda h: 1 in h,
    "not contains": lambda h: 1 not in h,
    "list equality": lambda h: [h] == [1],
    "dict equality": lambda h: {"a": h} == {"a": 1},
    "index of": lambda h: [1, 2].index(h),
    "count of": lambda h: [1, 2].count(h),
    "iter": iter,
    "next": next,
    "for": lambda h: [x for x in h],  # noqa: C416
    "unpack": lambda h: (lambda a, b: 0)(*h),
    "list": list,
    "tuple": tuple,
    "set": set,
    "sum": sum,
    "zip": lambda h: list(zip(h, [1])),
    "enumerate": lambda h: list(enumerate(h)),
    "reversed": reversed,
    "str": str,
    "repr": repr,
    "ascii": ascii,
    "format": lambda h: f"{h}",
    "format width": lambda h: f"{h:5}",
    "percent": lambda h: "%s" % h,  # noqa: UP031
    "str.format": lambda h: "{}".format(h),  # noqa: UP032
    "join": lambda h: "".join(h),
    "bytes": bytes,
    "isinstance": lambda h: isinstance(h, int),
    "isinstance of several": lambda h: isinstance(h, (int, float)),
    "isinstance of abc": lambda h: isinstance(h, collections.abc.Sized),
    "isinstance of array": lambda h: isinstance(h, np.ndarray),
    "as class": lambda h: isinstance(1, h),
    "issubclass": lambda h: issubclass(int, h),
    "subclass": lambda h: type("Sub", (h,), {}),
    "__class__": lambda h: h.__class__,
    "type equal": lambda h: type(h) == int,  # noqa: E721
    "type not equal": lambda h: type(h) != int,  # noqa: E721
    "type in": lambda h: type(h) in (int, float),
    "type name": lambda h: type(h).__name__,
    "type as key": lambda h: {int: 1}.get(type(h)),
    "type called": lambda h: type(h)(),
    "dir": dir,
    "array": np.array,
    "asarray": np.asarray,
    "allclose": lambda h: np.allclose(h, 1.0),
    "allclose reflected": lambda h: np.allclose(1.0, h),
    "array_equal": lambda h: np.array_equal(h, [1]),
    "assert_allclose": lambda h: np.testing.assert_allclose(h, 1.0),
    "assert_array_equal": lambda h: np.testing.assert_array_equal(np.ones(2), h),
    "isclose": lambda h: np.isclose(h, 1),
    "np.sum": lambda h: np.sum(np.asarray(h)),
    "array equal": lambda h: np.ones(3) == h,
    "array not equal": lambda h: np.ones(3) != h,
    "array less": lambda h: np.ones(3) < h,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": pickle.dumps,
}


@pytest.mark.parametrize("asking", PROVING.values(), ids=PROVING.keys())
def test_a_stand_in_never_proves_anything_and_closes_the_latch(owner, asking):
    with pytest.raises(BaseException):  # noqa: B017 - what is raised depends on who swallows it on the way
        asking(owner.thing)
    assert owner.latch.status == "failed"


@pytest.mark.parametrize("asking", PROVING.values(), ids=PROVING.keys())
def test_swallowing_the_refusal_does_not_open_the_latch(owner, asking):
    with contextlib.suppress(BaseException):
        asking(owner.thing)
    assert owner.latch.status == "failed"


@pytest.mark.parametrize("name", sorted(REFUSED_NAMES))
def test_refused_methods_cannot_be_reached_by_name(owner, name):
    with pytest.raises(Latched):
        getattr(owner.thing, name)
    assert owner.latch.status == "failed"


GUARDED = [
    "x is None",
    "x is not None",
    "None is not x",
    "1 < 2 is x",
    "type(x) is int",
    "type(x) is not int",
    "isinstance(x, object)",
    "isinstance(x, (int, object))",
    "isinstance(1, type(x))",
    "issubclass(type(x), object)",
    "id(x)",
    "(lambda: x is not False)()",
    "[y is not None for y in [x]]",
]


@pytest.mark.parametrize("source", GUARDED)
def test_identity_and_type_questions_of_a_cell_are_refused(owner, source):
    namespace = {"__builtins__": guarded_builtins(owner), "x": owner.thing}
    compiled = compile_cell(source, "<cell>")
    with pytest.raises(Latched):
        eval(compiled.statements[0].code, namespace)
    assert owner.latch.status == "failed"


@pytest.mark.parametrize("pattern", ["None", "int()", "1", "_", "[*_]", "name"])
def test_matching_a_stand_in_is_refused(owner, pattern):
    compiled = compile_cell(f"match x:\n    case {pattern}:\n        found = True", "<cell>")
    with pytest.raises(Latched):
        exec(compiled.statements[0].code, {"__builtins__": guarded_builtins(owner), "x": owner.thing})


def test_identity_of_plain_values_works_as_ever(owner):
    namespace = {"__builtins__": guarded_builtins(owner), "x": None, "y": 5}
    source = "x is None and y is not None and isinstance(y, int) and not isinstance(y, (str, list))"
    assert eval(compile_cell(source, "<cell>").statements[0].code, namespace) is True
    assert owner.latch.status is None


def test_calls_attributes_items_and_arithmetic_are_asked_of_the_sandbox(owner):
    assert owner.thing(1, a=2) == "called"
    assert owner.thing.weights == "answer"
    owner.thing.weights = 3
    del owner.thing.weights
    assert owner.thing[0] == "answer"
    owner.thing[1] = 4
    del owner.thing[2]
    assert owner.thing + 1 == "answer"
    assert 1 - owner.thing == "answer"
    assert owner.thing @ 2 == "answer"
    assert np.ones(2) * owner.thing == "answer"
    assert -owner.thing == "answer"
    assert len(owner.thing) == 3
    assert float(owner.thing) == math.floor(owner.thing) + 0.5 == 2.5
    names = [asked[0] for asked in owner.asked]
    assert names == [
        "call",
        "getattr",
        "setattr",
        "delattr",
        "getitem",
        "setitem",
        "delitem",
        "add",
        "rsub",
        "matmul",
        "rmul",
        "neg",
        "__len__",
        "__float__",
        "__float__",
    ]
    assert owner.latch.status is None


def test_stand_ins_and_their_classes_are_recognised_without_asking_them(owner):
    assert is_stand_in(owner.thing)
    assert is_stand_in(type(owner.thing))
    assert not any(is_stand_in(value) for value in (1, int, None, np.ones(2), owner, Recorder))
    assert owner.latch.status is None


def test_callable_tells_what_the_sandbox_said(owner):
    silent = new_stand_in(make_kind(owner), HandleState("handle", 1, "Foo", False))
    ask = guarded_builtins(owner)["callable"]
    assert (ask(owner.thing), ask(silent), ask(len), ask(5)) == (True, False, True, False)
