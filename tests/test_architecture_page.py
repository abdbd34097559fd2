"""docs/architectures.md says what was counted and measured, and the tool that writes it keeps the rest."""

import re

import numpy as np
import pytest
from PIL import Image

from course_lib.nn import models
from course_lib.training import GradientNorms
from tools.measure_architectures import PAGE, PARTS, alt_text, replaced


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text("utf-8")


def part_of(page, name):
    return page.split(f"<!-- {name}: begin -->")[1].split(f"<!-- {name}: end -->")[0]


def test_the_counts_are_those_of_the_library(page):
    rows = re.findall(
        r"^\| ([^|]+?) \| ([\d,]+) \| ([^|]+?) \| [^|]+ \| ([^|]+?) \|$", part_of(page, "counts"), re.M
    )
    found = [(name, int(own.replace(",", "")), source) for name, own, _, source in rows]
    assert found == [(net.name, net.parameters, net.source) for net in models.PUBLISHED]
    stated = {net.name: net.stated for net in models.PUBLISHED if net.stated}
    assert {name: published for name, own, published, _ in rows if own != published} == stated


def test_every_part_was_measured(page):
    for name in PARTS:
        assert part_of(page, name).count("\n|") >= 6, name


def test_what_is_said_of_depth_was_measured(page):
    """Means and ranges of training losses: deeper plain nets end higher, deeper residual ones do not."""
    rows = re.findall(r"^\| (\w+) \| (\d+) \| ([\d.]+) \(([\d.]+)–([\d.]+)\)", part_of(page, "depth"), re.M)
    mean = {(kind, int(layers)): float(loss) for kind, layers, loss, _, _ in rows}
    low, high = ({(row[0], int(row[1])): float(row[at]) for row in rows} for at in (3, 4))
    assert len(rows) == 6
    for shallow, deep in ((8, 20), (20, 44)):
        assert low["plain", deep] > high["plain", shallow]
        assert mean["residual", deep] <= mean["residual", shallow]
    assert high["residual", 44] < low["residual", 8]


def test_the_figure_is_there_and_its_alt_text_is_the_pages(page):
    alt, picture = re.search(r"!\[(.+?)\]\((images/.+?)\)", part_of(page, "depth")).groups()
    with Image.open(PAGE.parent / picture) as image:
        assert image.info["Description"] == alt
        assert np.asarray(image.convert("L")).std() > 5


def test_the_tool_exchanges_one_part_and_leaves_the_rest():
    counts, depth = (f"<!-- {name}: begin -->\nold\n<!-- {name}: end -->" for name in ("counts", "depth"))
    text = f"head\n{counts}\ntail {depth}"
    expected = text.replace("old", "new | table", 1)
    assert replaced(text, "counts", "new | table") == expected
    with pytest.raises(ValueError, match="the page must have <!-- transfer: begin -->"):
        replaced(text, "transfer", "new")


def test_the_alt_text_tells_the_measured_numbers():
    losses = {"plain": {20: np.array([2.0, 1.234])}}
    text = alt_text(losses, {"plain": GradientNorms(np.array([1, 5]), np.array([50.0, 2.0]))})
    assert "2 epochs" in text
    assert "plain 20 layers 1.23" in text
    assert "plain 25" in text
