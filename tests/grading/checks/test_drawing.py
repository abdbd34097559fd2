"""Drawn inputs: the same from the same seed in any process, and shrunk within a budget."""

import os
import subprocess
import sys
import time

import numpy as np
import pytest
from assignment_students import CHECKS

from grading.checks.drawing import Drawn, StopShrinking, example
from grading.checks.small_numbers import KINDS, fill

PARTS = [(check.name, part) for check in CHECKS.values() for part in check.parts if part.drawn is not None]
PRINT_KEYS = """
import sys
sys.path.insert(0, sys.argv[1])
{imports}
import grading.checks
for check in grading.checks.load("convolution").values():
    for part in check.parts:
        for drawn in part.drawn.draw(b"seed") if part.drawn else ():
            print(check.name, drawn.key.hex())
"""


def line(rng, length, offset):
    return example(np.arange(float(length)) + rng.integers(0, 9), offset)


NUMBERS = Drawn(line, {"length": tuple(range(1, 9)), "offset": (0, 1, 2, 3)})


@pytest.mark.parametrize(("name", "part"), PARTS, ids=lambda value: getattr(value, "name", value))
def test_the_seed_decides_what_is_drawn(name, part):
    keys = [e.key for e in part.drawn.draw(b"one")]
    assert keys == [e.key for e in part.drawn.draw(b"one")]
    assert keys != [e.key for e in part.drawn.draw(b"two")]
    assert len(set(keys)) == len(keys) >= part.drawn.cases // 2


def test_other_loaded_modules_and_processes_draw_the_same(tmp_path):
    (tmp_path / "full_of_constants.py").write_text(
        "\n".join(f"A{i} = {i}\nB{i} = 'b{i}'" for i in range(300))
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PRINT_KEYS.format(imports=imports), str(tmp_path)],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
        ).stdout
        for imports, hash_seed in (("", "0"), ("import full_of_constants", "0"), ("import random, json", "7"))
    }
    assert len(outputs) == 1
    assert outputs.pop().count("\n") > 50
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "__pycache__") == [
        "full_of_constants.py"
    ]


@pytest.mark.parametrize("name", ["conv2d_forward", "conv2d_backward"])
def test_drawn_inputs_have_what_gives_mistakes_away(name):
    drawn = [e for part in CHECKS[name].parts for seed in range(5) for e in part.drawn.draw(bytes([seed]))]
    fixed = [e for part in CHECKS[name].parts for e in part.examples]
    x, w = (0, 1) if name == "conv2d_forward" else (1, 2)
    for examples in (drawn, fixed):
        assert {e.args[x].dtype.name for e in examples} == {"float32", "float64"}
        assert any(e.args[x].shape[0] == 1 for e in examples)
        assert any(e.args[x].shape[2] != e.args[x].shape[3] for e in examples)
        assert any(e.args[w].shape[2] != e.args[w].shape[3] for e in examples)
        assert {0, 2} <= {e.kwargs.get("padding", 0) for e in examples}
        assert any((e.args[x].shape[2] - e.args[w].shape[2]) % e.kwargs.get("stride", 1) for e in examples)
        assert any(np.abs(e.args[x]).max() > 1e5 for e in examples)


def test_inputs_stay_tiny():
    for _, part in PARTS:
        for e in [*part.examples, *part.drawn.draw(b"x")]:
            assert e.size[0] <= 600


def test_shrinking_finds_the_smallest_failure():
    smallest = NUMBERS.shrink(b"s", lambda e: len(e.args[0]) >= 3 and e.args[1] >= 2)
    assert (len(smallest.args[0]), smallest.args[1]) == (3, 2)


def test_shrinking_gives_nothing_where_nothing_fails():
    assert NUMBERS.shrink(b"s", lambda e: False) is None


def test_shrinking_keeps_to_its_calls():
    asked = []
    NUMBERS.shrink(b"s", lambda e: asked.append(e) or len(e.args[0]) >= 4, calls=5)
    assert len(asked) == 5


def test_shrinking_keeps_to_its_seconds():
    asked = []

    def slow(e):
        asked.append(e)
        time.sleep(0.05)
        return True

    assert NUMBERS.shrink(b"s", slow, seconds=0.2) is not None
    assert len(asked) <= 5


def test_shrinking_can_be_stopped_and_keeps_what_it_found():
    seen = []

    def wrong(e):
        if len(seen) == 3:
            raise StopShrinking
        seen.append(e)
        return len(seen) == 2

    assert NUMBERS.shrink(b"s", wrong).key == seen[1].key
    assert len(seen) == 3


def test_the_smallest_is_our_own_record_although_the_answers_change():
    answers = iter([True] + [False] * 500)
    first = []

    def flaky(e):
        first.append(e)
        return next(answers)

    assert NUMBERS.shrink(b"s", flaky).key == first[0].key


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numbers_are_few_and_exact(kind, dtype):
    values = fill(np.random.default_rng(1), (3, 4), kind, dtype)
    assert (values.shape, values.dtype) == ((3, 4), dtype)
    assert np.array_equal(values * 2, np.round(values * 2))
    if kind in ("distinct", "counting"):
        assert len(np.unique(values)) == 12
    if kind == "tied":
        assert len(np.unique(values)) < 12


def test_an_unknown_kind_of_numbers_is_refused():
    with pytest.raises(ValueError, match="kind must be one of"):
        fill(np.random.default_rng(1), (3,), "pretty")


def test_lists_of_numbers_are_smaller_the_less_they_hold():
    sizes = [example(layers).size for layers in ([], [(2, 1)], [(3, 1)], [(2, 1), (1, 1)])]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 4
