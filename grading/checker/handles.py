"""Stand-ins for a student's objects in test cells: they can be used, and never prove anything.

Calls, attributes, items and arithmetic run in the sandbox and give plain values or further stand-ins.
Whatever would let the object itself decide a test (its truth, equality, order, hash, iteration, conversion,
type) raises, and closes the latch of the test cell, so that swallowing the exception does not help.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

# What only the object itself could answer, with the words for the instructor.
REFUSED = {
    "the truth value": "__bool__",
    "a comparison": "__eq__ __ne__ __lt__ __le__ __gt__ __ge__",
    "the hash": "__hash__",
    "containment": "__contains__",
    "iteration": "__iter__ __next__ __reversed__ __aiter__ __anext__",
    "the text": "__str__ __repr__ __format__ __bytes__ __fspath__",
    "an array": "__array__ __array_interface__ __array_struct__ __array_priority__ __array_function__ "
    "__array_wrap__ __array_finalize__ __dlpack__ __dlpack_device__ __buffer__",
    "the type": "__class__ __instancecheck__ __subclasscheck__ __subclasshook__ __mro_entries__ __mro__ "
    "__bases__",
    "a copy": "__copy__ __deepcopy__ __reduce__ __reduce_ex__ __getstate__ __getnewargs__ __getnewargs_ex__",
    "the list of attributes": "__dir__",
}
REFUSED_NAMES = {name: what for what, names in REFUSED.items() for name in names.split()}
# NumPy asks the class for this one before any operator; None tells it to leave the operator to the stand-in.
ARRAY_OPERATORS = "__array_ufunc__"
_OPERATORS = (
    "neg pos abs invert getitem delitem add sub mul matmul truediv floordiv mod pow lshift rshift and or xor "
    "radd rsub rmul rmatmul rtruediv rfloordiv rmod rpow rlshift rrshift rand ror rxor"
)
OPERATORS = tuple(_OPERATORS.split())
# Carried out by the method of that name on the object.
METHODS = ("len", "int", "float", "complex", "index", "round", "divmod", "rdivmod", "enter", "exit")


class Owner(Protocol):
    """What a stand-in needs of the bridge that made it."""

    def refuse(self, subject: object, what: str) -> BaseException:
        """Close the latch and return the exception to raise."""
        ...

    def is_callable(self, subject: object) -> bool:
        """Tell what the sandbox said about the object."""
        ...

    def call(self, subject: object, args: tuple, kwargs: dict) -> object:
        """Call the student's object."""
        ...

    def operate(self, subject: object, operation: str, *operands: object) -> object:
        """Run one operation on the student's object, in the sandbox."""
        ...


@dataclass(frozen=True)
class HandleState:
    """What the checker knows of a student's object.

    Attributes
    ----------
    handle : object
        The sandbox client's handle; None where `fault` says why there is none.
    epoch : int
        Number of the sandbox run that the handle belongs to.
    type_name : str
        The class name as the sandbox told it.
    is_callable : bool
        Whether it can be called, as the sandbox told it.
    fault : str or None
        Why the object cannot be used at all.
    """

    handle: object
    epoch: int
    type_name: str
    is_callable: bool = False
    fault: str | None = None


class _Kind(type):
    """Class of the stand-ins' class: its type is refused as the stand-in itself is."""

    def __getattribute__(cls, name: str) -> object:
        if name == ARRAY_OPERATORS:
            return None
        raise type.__getattribute__(cls, "_owner").refuse(cls, REFUSED_NAMES.get(name, "the type"))


def _refusing_class_method(what: str) -> Callable:
    def method(cls: type, *_: object, **__: object) -> object:
        raise type.__getattribute__(cls, "_owner").refuse(cls, what)

    return method


_KIND_REFUSES = (
    "__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __hash__ __bool__ __iter__ __contains__ __repr__ __dir__ "
    "__instancecheck__ __subclasscheck__ __call__ __or__ __ror__"
)
for _name in _KIND_REFUSES.split():
    setattr(_Kind, _name, _refusing_class_method("the type"))


def make_kind(owner: Owner) -> type:
    """Make the class of one bridge's stand-ins.

    Parameters
    ----------
    owner : Owner
        The bridge; every operation ends in one of its methods.

    Returns
    -------
    type
        To be instantiated with `new_stand_in` only.
    """
    namespace: dict[str, object] = {"__slots__": ("_state",), "_owner": owner, ARRAY_OPERATORS: None}
    for name, what in REFUSED_NAMES.items():
        namespace[name] = _refusing_method(owner, what)
    namespace["__class__"] = property(_refusing_method(owner, "the type"))
    for name in OPERATORS:
        namespace[f"__{name}__"] = _operating_method(owner, name)
    for name in METHODS:
        namespace[f"__{name}__"] = _operating_method(owner, f"__{name}__")
    namespace["__setitem__"] = lambda self, key, value: _nothing(owner.operate(self, "setitem", key, value))
    namespace["__setattr__"] = lambda self, name, value: _nothing(owner.operate(self, "setattr", name, value))
    namespace["__delattr__"] = lambda self, name: _nothing(owner.operate(self, "delattr", name))
    namespace["__getattribute__"] = _attribute_method(owner)
    namespace["__call__"] = lambda self, /, *args, **kwargs: owner.call(self, args, kwargs)
    return type.__new__(_Kind, "StudentObject", (), namespace)


def new_stand_in(kind: type, state: HandleState) -> object:
    """Make one stand-in of a class from `make_kind`."""
    made = object.__new__(kind)
    _slot(kind).__set__(made, state)
    return made


def is_stand_in(value: object) -> bool:
    """Tell whether a value stands for a student's object, or is the class of such values."""
    return type(value) is _Kind or type(type(value)) is _Kind


def state_of(stand_in: object) -> HandleState:
    """Return what is known of a stand-in."""
    return _slot(type(stand_in)).__get__(stand_in)


def _slot(kind: type) -> object:
    return type.__dict__["__dict__"].__get__(kind)["_state"]


def _refusing_method(owner: Owner, what: str) -> Callable:
    def method(self: object, *_: object, **__: object) -> object:
        raise owner.refuse(self, what)

    return method


def _operating_method(owner: Owner, name: str) -> Callable:
    def method(self: object, *operands: object) -> object:
        return owner.operate(self, name, *operands)

    return method


def _attribute_method(owner: Owner) -> Callable:
    def method(self: object, name: str) -> object:
        if name in REFUSED_NAMES:
            raise owner.refuse(self, REFUSED_NAMES[name])
        return owner.operate(self, "getattr", name)

    return method


def _nothing(_: object) -> None:
    return None
