"""Formulas become MathML with their numbers, and docstrings are read as they are meant."""

import json
import re

import pytest

pytest.importorskip("sphinx", reason="the extra `site` is not installed")

from tools.site.docstrings import as_meant
from tools.site.formulas import block_formula, inline_formula
from tools.site.staging import ROOT

FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\$\\])\$([^$\n]+?)\$", re.DOTALL)
NOTEBOOKS = sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("grading/source/*/*.ipynb")])


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("x : ndarray, shape (N, C, *)", r"x : ndarray, shape (N, C, \*)"),
        ("shape (*, *gamma.shape)", r"shape (\*, \*gamma.shape)"),
        ("the largest |theta| of all", r"the largest \|theta\| of all"),
        ("``a * b`` and `(*, in)` and `|x|`", "``a * b`` and `(*, in)` and `|x|`"),
        ("* **loss** (*float*) -- the mean", "* **loss** (*float*) -- the mean"),
        ("*very* much, **indeed**", "*very* much, **indeed**"),
        (r"\*\*settings", r"\*\*settings"),
    ],
)
def test_stars_and_bars_of_docstrings(line, meant):
    assert as_meant(line) == meant


def test_a_formulas_number_stands_beside_it_and_can_be_linked_to():
    markup = block_formula(r"a * b \tag{5.1}")
    assert 'id="formula-5.1" href="#formula-5.1">(5.1)</a>' in markup
    assert "5.1" not in markup[markup.index("<math") : markup.index("</math>")]
    assert 'aria-label="formula 5.1"' in markup


def test_a_formula_within_a_line_is_mathml():
    assert inline_formula(r"\frac{1}{2}").startswith('<span class="formula"><math')


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_formula_of_the_course_can_be_set(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    prose = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    prose = re.sub(r"```.*?```|`[^`]*`", "", prose, flags=re.DOTALL)
    for block, line in FORMULA.findall(prose):
        markup = block_formula(block) if block else inline_formula(line)
        assert 'class="tex"' not in markup, block or line
