"""The way in points at what is there: links, the glossary's sections, the self-test's remedies."""

import re
from functools import cache

import nbformat
import pytest
from executed_lecture import FOLDER, LECTURES

LINK = re.compile(r"\[([^\]]+)\]\(([\w.]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"## (?:(\d+\.\d+) )?")
ROW = re.compile(r"^\| \*\*(.+?)\*\* \| (.*?) \| (.+) \| \[([\d.]+)\]\((\S+)\) \|$", re.MULTILINE)
SYMBOL = re.compile(r"^\| (\$.+?) \| (.+) \| \[([\d.]+)\]\((\S+)\) \|$", re.MULTILINE)

# What the curriculum is about, a line a lecture: none of it may be missing from the glossary.
CURRICULUM = """
    Hessian, curvature, eigenvalue, Taylor, convex, saddle, plateau, saturated, permutation, indefinite
    gradient, learning rate, condition number, ravine, momentum, damping, terminal velocity, Nesterov, Newton
    stochastic gradient descent, minibatch, epoch, unbiased, schedule, warm-up, range test, early stopping
    AdaGrad, RMSProp, Adam, AMSGrad, bias correction
    convolution, cross-correlation, kernel, padding, stride, dilation, channel, groups, im2col
    pooling, receptive field, equivariant, invariant, depthwise separable
    ReLU, ELU, maxout, dead unit, principal axes, whitening, fan-in, Xavier, He
    batch normalisation, layer norm, instance norm, group norm, running average
    L1, L2, weight decay, max-norm, dropout, DropConnect, ensemble, augmentation, overfitting
    finite differences, relative error, update-to-weight ratio, oscillation, monitor
    hyper-parameter, grid, random search, Bayesian search, evolutionary search, coarse to fine
    trunk, code, freezing, fine-tuning
    Network in Network, Inception, residual block, skip, bottleneck, ResNeXt, SENet, DenseNet
"""


def cells(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4).cells


@cache
def text():
    return "\n".join(cell.source for cell in cells("00_start_here") if cell.cell_type == "markdown")


def links():
    return [match.groups() for match in LINK.finditer(text())]


@cache
def sections(name):
    """Text of each numbered section, and the cell that begins with its heading."""
    number, found, begins = "", {}, {}
    for cell in cells(name):
        for row, line in enumerate(cell.source.splitlines()):
            heading = HEADING.match(line) if cell.cell_type == "markdown" else None
            if heading:
                number = heading[1] or ""
                if row == 0:
                    begins[number] = cell.id
            found[number] = found.get(number, "") + line + "\n"
    return found, begins


def test_there_is_something_to_point_with():
    assert len(links()) > 100
    assert len(ROW.findall(text())) > 80
    assert len(SYMBOL.findall(text())) > 10


def test_every_link_leads_to_a_notebook_and_a_cell_of_it():
    for label, file, anchor in links():
        name = file.removesuffix(".ipynb")
        assert (FOLDER / f"{name}.ipynb").is_file(), f"[{label}] leads to {file!r}, which is not there"
        if anchor:
            # JupyterLab finds a cell that it has not drawn yet; a heading only where it has.
            places = {f"cell-id={cell.id}" for cell in cells(name)}
            assert anchor in places, f"[{label}]: {file} has no cell for #{anchor}"


def test_a_link_that_says_a_section_leads_to_the_heading_of_this_section():
    numbered = [link for link in links() if re.fullmatch(r"\d+\.\d+", link[0])]
    assert len(numbered) > 100
    for label, file, anchor in numbered:
        assert int(file[:2]) == int(label.split(".")[0])
        _, begins = sections(file.removesuffix(".ipynb"))
        assert anchor == f"cell-id={begins.get(label)}", f"[{label}] leads to {file}#{anchor}"


@pytest.mark.parametrize("name", LECTURES)
def test_every_section_begins_its_cell(name):
    told, begins = sections(name)
    assert set(told) - {""} == set(begins) - {""}


def test_a_term_of_the_glossary_is_spoken_of_in_its_section():
    for term, _, meaning, number, link in ROW.findall(text()):
        told, _ = sections(link.split(".ipynb")[0])
        assert term.lower() in told[number].lower(), f"section {number} does not speak of “{term}”"
        assert len(meaning) > 10


def test_the_glossary_is_in_order_and_complete():
    terms = [row[0] for row in ROW.findall(text())]
    assert terms == sorted(terms, key=str.lower)
    assert len(set(terms)) == len(terms)
    wanted = {term.strip() for line in CURRICULUM.strip().splitlines() for term in line.split(",")}
    assert sorted(wanted - set(terms)) == []


@pytest.mark.parametrize("name", LECTURES)
def test_every_lecture_defines_terms_of_the_glossary(name):
    defined = [row for row in ROW.findall(text()) if row[4].startswith(f"{name}.ipynb#")]
    assert len(defined) >= 3


def test_each_question_has_an_answer_and_a_remedy():
    part = text()[text().index("## 0.6 Self-test") :]
    asked = [int(number) for number in re.findall(r"^\*\*(\d+)\.\*\*", part, re.MULTILINE)]
    code = "\n".join(cell.source for cell in cells("00_start_here") if cell.cell_type == "code")
    printed = [int(number) for number in re.findall(r'print\(f?"(\d+)\.', code)]
    answered = [int(number) for number in re.findall(r"^- \*\*(\d+)\.\*\*", part, re.MULTILINE)]
    assert asked == list(range(1, 12))
    assert answered == list(range(12, 18))
    assert printed == asked + answered
    remedies = part[part.index("| you missed |") : part.index("## 0.7")]
    first = " ".join(row.split("|")[1] for row in remedies.splitlines() if row.startswith("| "))
    assert sorted(map(int, re.findall(r"\d+", first))) == asked + answered
    assert part.count("<details>") == part.count("</details>") == len(asked) + 1
