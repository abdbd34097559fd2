"""fashion_net(): a net that was trained before and is handed in as plain data, built and evaluated here."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from grading.checks.definition import Misconception, Part, example
from grading.checks.measured import Measured, Measurement, Refused, Shortfall
from grading.checks.training import net_evaluation, sections
from grading.checks.training.net_format import TooManyMultiplyAdds, build, read_layers
from grading.checks.training.net_weights import read_weights

MULTIPLY_ADDS = 500_000
# Accuracy on perturbed pictures, and the weight of the part.
LEVELS = ((0.75, 8), (0.80, 4), (0.83, 4), (0.85, 4))
HERE = Path(__file__).parent

TOO_COSTLY = Misconception(
    "net-too-costly",
    "the net needs too many multiply-adds",
    "A convolution costs C/groups·K² multiply-adds for each of its outputs. Fewer channels where pictures "
    "are large, a stride, pooling earlier or groups save most.",
    sections.SIZE,
    (lambda: ('[{"layer": "conv", "out": 64, "kernel": 5}]', b""),),
)
PIXELS_NOT_SCALED = Misconception(
    "net-of-other-pixels",
    "the net was trained on other pixels",
    "Its accuracy is that of guessing here, but not on the same pictures with values from 0 to 255. The "
    "checker's pictures have values from 0 to 1, as load_fashion_mnist_subset gives them.",
    sections.SIZE,
    (lambda: of_pixels_to_255(),),
)


@cache
def reference() -> tuple[str, bytes]:
    """Return the course's own net, as a student would hand it in."""
    layers = (HERE / "fashion_net.json").read_text(encoding="utf-8")
    return layers, (HERE / "fashion_net.npz").read_bytes()


def part_of(level: float) -> str:
    """Return the name of a level's part."""
    return f"an accuracy of {level:.2f}"


def measure(value: object, seed: bytes) -> Measurement:
    """Build, count and evaluate what a student's function returned.

    Raises
    ------
    Refused
        If it is no such net, or needs too much.
    """
    if type(value) not in (tuple, list) or len(value) != 2:
        raise Refused("expected two values, the JSON text of the layers and the bytes of the npz file")
    try:
        built = build(read_layers(value[0]), MULTIPLY_ADDS)
    except TooManyMultiplyAdds as problem:
        raise Refused(str(problem), TOO_COSTLY) from None
    wanted = {name: array.shape for name, array in built.model.state_dict().items()}
    built.model.load_state_dict(read_weights(value[1], wanted))
    images, labels = net_evaluation.pictures()
    images = net_evaluation.perturbed(images, seed)
    found = net_evaluation.accuracy(built.model, images, labels)
    told = f"{found:.1%} of 1,000 perturbed test pictures, {built.multiply_adds:,} multiply-adds a picture."
    mistake = None
    if found < LEVELS[0][0]:
        mistake = PIXELS_NOT_SCALED if _knows_other_pixels(built.model, images, labels) else None
    short = {
        part_of(level): Shortfall(
            f"the net recognises {found:.1%} of the perturbed test pictures; {level:.0%} are asked for",
            mistake,
        )
        for level, _ in LEVELS
        if found < level
    }
    return Measurement(short, told)


def of_pixels_to_255() -> tuple[str, bytes]:
    """Return the course's net as if it had been trained on values from 0 to 255."""
    import io

    import numpy as np

    layers, weights = reference()
    with np.load(io.BytesIO(weights), allow_pickle=False) as archive:
        arrays = {name: archive[name].astype(np.float32) for name in archive.files}
    first = min(
        (name for name in arrays if name.endswith("weight")), key=lambda name: int(name.split(".")[0])
    )
    arrays[first] = arrays[first] / 255
    written = io.BytesIO()
    np.savez(written, **arrays)
    return layers, written.getvalue()


def _knows_other_pixels(model: object, images: object, labels: object) -> bool:
    return net_evaluation.accuracy(model, images * 255, labels) >= LEVELS[0][0]


check = Measured(
    name="fashion_net",
    signature="()",
    section=sections.SIZE,
    reference=reference,
    outputs=("layers", "weights"),
    parts=tuple(Part(part_of(level), weight, (example(),)) for level, weight in LEVELS),
    misconceptions=(TOO_COSTLY, PIXELS_NOT_SCALED),
    measure=measure,
)
