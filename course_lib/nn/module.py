"""The base of every layer: what is trained, what is remembered, and how both are found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from course_lib.nn.parameter import FLOATS, Parameter
from course_lib.nn.reuse import ReusesArrays


@dataclass(frozen=True)
class Window:
    """What one output of a layer sees of the input (infinite: all of it), and the step to the next output."""

    extent: tuple[float, float]
    stride: tuple[int, int]


class Module(ReusesArrays):
    """A function with parameters that can run backward.

    A layer writes `forward(x)`, which keeps in `self.cache` what backward needs, and `backward(dy)`, which
    adds to the parameters' gradients and returns the gradient by x. Parameters, buffers and inner modules are
    ordinary attributes; modules may also stand in a list. `backward` belongs to the latest forward; the input
    must not be changed in between.
    """

    training: bool = True
    #: Names of attributes that are part of the state but are not trained, such as running averages.
    buffer_names: tuple[str, ...] = ()
    cache: object = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return the layer's output for the input `x`."""
        raise NotImplementedError(f"{type(self).__name__} has no forward")

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Add the parameters' gradients to `.grad` and return the gradient by the latest input."""
        raise NotImplementedError(f"{type(self).__name__} has no backward")

    def backward_to_parameters(self, dy: np.ndarray) -> None:
        """Add the parameters' gradients as `backward` does, where nobody needs the gradient by the input.

        A model's first layer sees data, and leaves that gradient out here if it can: for images it is much
        work.
        """
        self.backward(dy)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Return `forward(x)`."""
        return self.forward(x)

    # What a module holds

    def children(self) -> Iterator[tuple[str, Module]]:
        """Yield (name, module) of the modules directly inside, in the order in which they were set."""
        for name, value in vars(self).items():
            if isinstance(value, Module):
                yield name, value
            elif isinstance(value, list | tuple):
                for position, item in enumerate(value):
                    if isinstance(item, Module):
                        yield f"{name}.{position}", item

    def modules(self) -> Iterator[Module]:
        """Yield this module and all inside it, each once."""
        seen: set[int] = set()
        for _, module in self._named_modules(""):
            if id(module) not in seen:
                seen.add(id(module))
                yield module

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """Yield (name, module) of this module, "", and of all inside it, at every place where they stand."""
        for prefix, module in self._named_modules(""):
            yield prefix[:-1], module

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Yield (name, parameter) as `state_dict` names them; a shared parameter comes once."""
        seen: set[int] = set()
        for prefix, module in self._named_modules(""):
            for name, value in vars(module).items():
                if isinstance(value, Parameter) and id(value) not in seen:
                    seen.add(id(value))
                    yield prefix + name, value

    def parameters(self) -> list[Parameter]:
        """Return all parameters, each once."""
        return [parameter for _, parameter in self.named_parameters()]

    def _named_modules(self, prefix: str) -> Iterator[tuple[str, Module]]:
        yield prefix, self
        for name, child in self.children():
            yield from child._named_modules(f"{prefix}{name}.")

    # Modes

    def train(self, mode: bool = True) -> Module:
        """Switch to training (or with False to evaluation), inner modules too; return self."""
        for module in self.modules():
            module.training = bool(mode)
        return self

    def eval(self) -> Module:
        """Switch to evaluation, inner modules too; return self."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget all gradients."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def astype(self, dtype: type) -> Module:
        """Convert parameters and buffers to float32 or float64, forget the gradients; return self.

        Raises
        ------
        TypeError
            If `dtype` is neither.
        """
        dtype = np.dtype(dtype)
        if dtype not in FLOATS:
            raise TypeError(f"dtype must be float32 or float64, got {dtype}")
        for parameter in self.parameters():
            parameter.data = parameter.data.astype(dtype)
            parameter.zero_grad()
        for module in self.modules():
            for name in module.buffer_names:
                setattr(module, name, getattr(module, name).astype(dtype))
        return self

    # State

    def state_dict(self) -> dict[str, np.ndarray]:
        """Return copies of all parameters and buffers by name, such as "0.weight" or "1.running_mean"."""
        state = {}
        for prefix, module in self._named_modules(""):
            for name, value in vars(module).items():
                if isinstance(value, Parameter):
                    state[prefix + name] = value.data.copy()
                elif name in module.buffer_names:
                    state[prefix + name] = value.copy()
        return state

    def load_state_dict(self, state: Mapping[str, np.ndarray], *, strict: bool = True) -> None:
        """Set parameters and buffers to copies of the arrays in `state`, keeping this module's dtypes.

        Parameters
        ----------
        state : mapping of str to ndarray
            As `state_dict` gives it.
        strict : bool
            If False, names on one side only are passed over; shapes must agree all the same.

        Raises
        ------
        ValueError
            If names are missing or unknown, or a shape differs. Then nothing has been changed.
        """
        own = self.state_dict()
        missing = [name for name in own if name not in state]
        unknown = [name for name in state if name not in own]
        if strict and (missing or unknown):
            raise ValueError(
                f"state must have this module's names, but lacks {missing or 'nothing'} and has "
                f"{unknown or 'nothing'} besides: strict=False loads what fits"
            )
        shapes = {name: np.shape(state[name]) for name in own if name in state}
        wrong = [
            f"{name} {shape} for {own[name].shape}"
            for name, shape in shapes.items()
            if shape != own[name].shape
        ]
        if wrong:
            raise ValueError(f"state must have this module's shapes, got {', '.join(wrong)}")
        for prefix, module in self._named_modules(""):
            for name, value in list(vars(module).items()):
                key = prefix + name
                if key not in shapes:
                    continue
                array = np.array(state[key], dtype=own[key].dtype)
                if isinstance(value, Parameter):
                    value.data = array
                else:
                    setattr(module, name, array)

    # For layers

    def cached(self) -> object:
        """Return what the latest forward kept.

        Raises
        ------
        RuntimeError
            If there was no forward yet.
        """
        if self.cache is None:
            raise RuntimeError(
                f"{type(self).__name__}.backward before any forward: call the layer on an input first"
            )
        return self.cache

    def in_compute_dtype(self, x: np.ndarray, *parameters: Parameter | None) -> tuple[np.ndarray | None, ...]:
        """Return x and the parameters' values in one dtype, the widest of the parameters (None stays None).

        A layer computes in float64 as soon as one of its parameters is float64, whatever comes in.
        """
        dtype = np.result_type(*(parameter.dtype for parameter in parameters if parameter is not None))
        values = (
            None if parameter is None else parameter.data.astype(dtype, copy=False)
            for parameter in parameters
        )
        return as_floats(x, dtype), *values

    # For the summary

    def multiply_adds(self, input_shape: tuple[int, ...], output_shape: tuple[int, ...]) -> int:
        """Return the multiply-adds of this layer alone for one example; shapes are without the batch."""
        return 0

    def window(self) -> Window | None:
        """Return what one output sees of the layer's input, None if that is not known.

        Elementwise layers see one position; a module of modules must say so itself.
        """
        return None if any(True for _ in self.children()) else Window((1, 1), (1, 1))

    def extra_repr(self) -> str:
        """Return the arguments that the representation shows."""
        return ""

    def __repr__(self) -> str:
        children = "".join(
            f"\n  ({name}): " + repr(child).replace("\n", "\n  ") for name, child in self.children()
        )
        return f"{type(self).__name__}({self.extra_repr()}{children}{chr(10) if children else ''})"


def as_floats(x: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return floating input in the dtype that a layer computes in; leave other input for its check."""
    return x.astype(dtype, copy=False) if isinstance(x, np.ndarray) and x.dtype in FLOATS else x
