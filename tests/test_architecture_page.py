"""docs/architectures.md says what was counted and measured, and the tool that writes it keeps the rest."""

import re

import numpy as np
import pytest
from PIL import Image

from course_lib.nn import models
from course_lib.training import GradientNorms
from course_lib.training.depth import DepthRun
from tools.measure_architectures import PAGE, PARTS, alt_text, replaced


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text("utf-8")


def part_of(page, name):
    return page.split(f"<!-- {name}: begin -->")[1].split(f"<!-- {name}: end -->")[0]


def test_the_counts_are_those_of_the_library(page):
    rows = re.findall(
        r"^\| ([^|]+?) \| ([\d,]+) \| ([\d,]+) \| [^|]+ \| ([^|]+?) \|$", part_of(page, "counts"), re.M
    )
    found = [(name, int(own.replace(",", "")), source) for name, own, _, source in rows]
    assert found == [(net.name, net.parameters, net.source) for net in models.PUBLISHED]
    assert all(own == published for _, own, published, _ in rows)


def test_every_part_was_measured(page):
    for name in PARTS:
        assert part_of(page, name).count("\n|") >= 6, name


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
    runs = [DepthRun("plain", 20, [2.0, 1.234], 1.1, 0.5, [0.4, 0.5], 3.0)]
    text = alt_text(runs, {"plain": GradientNorms(np.array([1, 5]), np.array([50.0, 2.0]))})
    assert "2 epochs" in text
    assert "plain 20 layers 1.23" in text
    assert "plain 25" in text
