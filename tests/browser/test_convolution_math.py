"""The arithmetic in the reader's browser is the arithmetic in Python: every number and every sentence."""

import json

import numpy as np
import pytest

from course_lib.widgets.assets import script
from course_lib.widgets.convolution_arithmetic import LIMITS, StepperParameters, compute, window

pytestmark = pytest.mark.browser
FIELDS = ("padded", "laid", "output", "dx", "dw", "matrix")


def drawn_parameters(rng):
    moves = {name: int(rng.integers(low, high + 1)) for name, (low, high) in LIMITS.items()}
    return StepperParameters(
        image=rng.integers(0, 10, rng.integers(1, 9, 2)),
        kernel=rng.integers(-3, 4, rng.integers(1, 4, 2)) / 4,
        operation=str(rng.choice(["convolution", "cross-correlation"])),
        **moves,
    )


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page()
    module = script("convolution_math.js").replace("export ", "")
    page.add_script_tag(content=f"{module}\nwindow.math = {{ compute, fedOutputs, windowCells }};")
    yield page
    page.close()


@pytest.mark.parametrize("seed", range(40))
def test_browser_and_python_agree(page, seed):
    rng = np.random.default_rng(seed)
    parameters = drawn_parameters(rng)
    shape = compute(parameters).output.shape
    upstream = rng.integers(-5, 6, shape).astype(float)
    expected = compute(
        StepperParameters(**{**vars(parameters), "upstream": upstream if upstream.size else None})
    )
    settings = {
        **vars(parameters),
        "image": parameters.image.tolist(),
        "kernel": parameters.kernel.tolist(),
        "upstream": None,
    }
    found = page.evaluate(
        "([settings, upstream]) => math.compute(settings, upstream)", [settings, upstream.tolist()]
    )
    assert (found["problem"], found["remainder"]) == (expected.problem, expected.remainder), json.dumps(
        settings
    )
    for name in FIELDS:
        values = np.array(found[name], dtype=float)
        wanted = getattr(expected, name)
        assert values.size == wanted.size, name
        np.testing.assert_allclose(values.reshape(wanted.shape), wanted, atol=1e-9, err_msg=name)


def test_windows_and_fed_outputs_are_each_others_inverse(page):
    parameters = StepperParameters(stride=2, padding=1, dilation=2)
    rows, columns = compute(parameters).output.shape
    settings = {**vars(parameters), "image": parameters.image.tolist(), "kernel": parameters.kernel.tolist()}
    settings["upstream"] = None
    pairs = set()
    for row, column in np.ndindex(rows, columns):
        cells = page.evaluate("([s, r, c]) => math.windowCells(s, r, c)", [settings, row, column])
        r, c = window(parameters, row, column)
        np.testing.assert_array_equal(np.array(cells), np.stack(np.meshgrid(r, c, indexing="ij"), axis=-1))
        pairs |= {(row, column, y, x) for line in cells for y, x in line}
    found = set()
    for y, x in np.ndindex(9, 9):
        fed = page.evaluate("([s, ...rest]) => math.fedOutputs(s, ...rest)", [settings, rows, columns, y, x])
        found |= {(place["row"], place["column"], y, x) for place in fed}
    assert found == pairs
