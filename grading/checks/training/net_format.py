"""The agreed format of a net that is handed in: a JSON list of layers, and an npz file of plain arrays.

Both come from strangers. The list is text under a cap, of known layers with small whole numbers; the archive
is bytes under a cap, read member by member under the names and to the lengths that the list asks for. Nothing
is unpickled, no name in it is ever a path, and nothing is built before it was counted.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

from course_lib import nn
from grading.checks.measured import Refused

INPUT = (1, 28, 28)
CLASSES = 10
JSON_CHARACTERS = 10_000
LAYERS = 40
CHANNELS = 256
# Numbers that one layer may give out for one picture: memory, which multiply-adds do not bound.
ACTIVATIONS = 50_000
PARAMETERS = 100_000

# Of every kind of layer its options, with the smallest and largest value; "out" has no default.
OPTIONS: dict[str, dict[str, tuple[int, int, int | None]]] = {
    "conv": {
        "out": (1, CHANNELS, None),
        "kernel": (1, 11, None),
        "stride": (1, 4, 1),
        "padding": (0, 5, 0),
        "groups": (1, CHANNELS, 1),
    },
    "linear": {"out": (1, 1024, None)},
    "max_pool": {"kernel": (1, 28, None), "stride": (1, 28, 0)},
    "avg_pool": {"kernel": (1, 28, None), "stride": (1, 28, 0)},
    "global_avg_pool": {},
    "batch_norm": {},
    "relu": {},
    "flatten": {},
}


@dataclass(frozen=True)
class Built:
    """A net made from a list of layers, before any weights.

    Attributes
    ----------
    model : Sequential
        In evaluation mode.
    multiply_adds : int
        Of one picture's forward.
    """

    model: nn.Sequential
    multiply_adds: int


def read_layers(text: object) -> list[dict[str, object]]:
    """Read the list of layers.

    Parameters
    ----------
    text : object
        JSON, as a student's function returned it.

    Returns
    -------
    list of dict
        ``layer`` and all its options, defaults filled in.

    Raises
    ------
    Refused
        If it is no such list; says where.
    """
    if type(text) is not str:
        raise Refused(f"the layers must be JSON text, a str; got {_kind(text)}")
    if len(text) > JSON_CHARACTERS:
        raise Refused(f"the JSON text has {len(text):,} characters; at most {JSON_CHARACTERS:,} are read")
    try:
        layers = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Refused(f"the layers are not JSON: {type(problem).__name__}: {str(problem)[:120]}") from None
    if type(layers) is not list or not layers:
        raise Refused('the JSON must be a list of layers such as {"layer": "relu"}')
    if len(layers) > LAYERS:
        raise Refused(f"the net has {len(layers)} layers; at most {LAYERS} are built")
    return [_layer(place, layer) for place, layer in enumerate(layers)]


def build(layers: list[dict[str, object]], limit: int) -> Built:
    """Build the net, counting every layer before it is made.

    Parameters
    ----------
    layers : list of dict
        From `read_layers`.
    limit : int
        Most multiply-adds for one picture.

    Returns
    -------
    Built

    Raises
    ------
    Refused
        If layers do not fit each other, the net is too large, or does not end in ten scores.
    """
    shape: tuple[int, ...] = INPUT
    modules: list[nn.Module] = []
    spent = parameters = 0
    for place, layer in enumerate(layers):
        name = f"layer {place} ({layer['layer']})"
        shape, cost, size = _counted(name, layer, shape)
        spent, parameters = spent + cost, parameters + size
        if spent > limit:
            raise TooManyMultiplyAdds(spent, limit, name)
        if parameters > PARAMETERS:
            raise Refused(
                f"up to {name} the net has {parameters:,} weights; at most {PARAMETERS:,} are taken"
            )
        if math.prod(shape) > ACTIVATIONS:
            raise Refused(
                f"{name} gives out {math.prod(shape):,} numbers a picture; at most {ACTIVATIONS:,} are kept"
            )
        modules.append(_module(layer, shape, _before(layers, place)))
    if shape != (CLASSES,):
        raise Refused(f"the net must end in {CLASSES} scores a picture; yours ends in the shape {shape}")
    return Built(nn.Sequential(*modules).eval(), spent)


class TooManyMultiplyAdds(Refused):
    """A net that costs more than is allowed."""

    def __init__(self, spent: int, limit: int, name: str) -> None:
        super().__init__(
            f"up to {name} the net needs {spent:,} multiply-adds a picture; {limit:,} are allowed in all"
        )


def _layer(place: int, layer: object) -> dict[str, object]:
    where = f"layer {place}"
    if type(layer) is not dict or type(layer.get("layer")) is not str:
        raise Refused(f'{where} must be an object with a "layer", such as {{"layer": "relu"}}')
    kind = layer["layer"]
    if kind not in OPTIONS:
        raise Refused(f"{where} is {kind[:30]!r}; known are {', '.join(OPTIONS)}")
    known = OPTIONS[kind]
    unknown = [name for name in layer if name != "layer" and name not in known]
    if unknown:
        listed = ", ".join(known) or "nothing"
        raise Refused(f"{where} ({kind}) has {unknown[0][:30]!r}; it takes {listed}")
    read: dict[str, object] = {"layer": kind}
    for name, (least, most, default) in known.items():
        value = layer.get(name, default)
        if value is None:
            raise Refused(f'{where} ({kind}) lacks "{name}"')
        if name not in layer:
            read[name] = value
        elif type(value) is not int or not least <= value <= most:
            shown = str(value)[:20] if type(value) is not int or abs(value) < 10**9 else "a huge number"
            raise Refused(
                f'{where} ({kind}): "{name}" must be a whole number from {least} to {most}, got {shown}'
            )
        else:
            read[name] = value
    if "stride" in read and not read["stride"]:
        read["stride"] = read["kernel"]
    return read


def _counted(name: str, layer: dict[str, object], shape: tuple[int, ...]) -> tuple[tuple[int, ...], int, int]:
    """Return the shape after a layer, its multiply-adds and its weights."""
    kind = layer["layer"]
    if kind == "relu":
        return shape, 0, 0
    if kind == "flatten":
        return (math.prod(shape),), 0, 0
    if kind == "batch_norm":
        return shape, 0, 4 * shape[0]
    if kind == "linear":
        if len(shape) != 1:
            raise Refused(
                f'{name} takes a row of numbers and gets the shape {shape}: put {{"layer": "flatten"}} before'
            )
        out = layer["out"]
        return (out,), shape[0] * out, (shape[0] + 1) * out
    if len(shape) != 3:
        raise Refused(f"{name} takes pictures and gets the shape {shape}")
    if kind == "global_avg_pool":
        return (shape[0],), 0, 0
    kernel, stride, padding = layer["kernel"], layer["stride"], layer.get("padding", 0)
    height, width = ((side + 2 * padding - kernel) // stride + 1 for side in shape[1:])
    if min(height, width) < 1:
        raise Refused(f"{name}: a window of {kernel} does not fit into {shape[1]}×{shape[2]}")
    if kind != "conv":
        return (shape[0], height, width), 0, 0
    out, groups = layer["out"], layer["groups"]
    if shape[0] % groups or out % groups:
        raise Refused(
            f"{name}: {groups} groups divide not both {shape[0]} channels that come and {out} that go"
        )
    weights = out * (shape[0] // groups) * kernel**2
    return (out, height, width), weights * height * width, weights + out


def _before(layers: list[dict[str, object]], place: int) -> tuple[int, ...]:
    """Return the shape that comes into a layer."""
    shape: tuple[int, ...] = INPUT
    for layer in layers[:place]:
        shape = _counted("", layer, shape)[0]
    return shape


def _module(layer: dict[str, object], after: tuple[int, ...], before: tuple[int, ...]) -> nn.Module:
    kind = layer["layer"]
    if kind == "conv":
        return nn.Conv2d(
            before[0],
            layer["out"],
            layer["kernel"],
            stride=layer["stride"],
            padding=layer["padding"],
            groups=layer["groups"],
            rng=0,
        )
    if kind == "linear":
        return nn.Linear(before[0], layer["out"], rng=0)
    if kind == "max_pool":
        return nn.MaxPool2d(layer["kernel"], stride=layer["stride"])
    if kind == "avg_pool":
        return nn.AvgPool2d(layer["kernel"], stride=layer["stride"])
    if kind == "batch_norm":
        return nn.BatchNorm2d(before[0]) if len(before) == 3 else nn.BatchNorm1d(before[0])
    return {"relu": nn.ReLU, "flatten": nn.Flatten, "global_avg_pool": nn.GlobalAvgPool2d}[kind]()


def _kind(value: object) -> str:
    return "None" if value is None else f"a {type(value).__name__}"
