"""Links of the way in, clicked in JupyterLab: the section that a link names is what is then on the screen."""

import re

import pytest
from jupyterlab_driver import LabNotebook
from playwright.sync_api import TimeoutError as NotSeen

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

START = "00_start_here"


@pytest.fixture(scope="module")
def start(open_lecture):
    notebook = open_lecture(START)
    notebook.page.evaluate("() => jupyterapp.shell.collapseLeft()")
    return notebook


# JupyterLab only guesses the height of what it has not laid out yet: it may miss, and a reader clicks again.
CLICKS = 4
_IS_SEEN = """number => [...jupyterapp.shell.currentWidget.node.querySelectorAll('h2')].some(heading =>
  heading.textContent.startsWith(number + ' ') &&
  heading.getBoundingClientRect().top > 0 && heading.getBoundingClientRect().bottom < innerHeight)"""


def click(start: LabNotebook, cell_id, label, number=None):
    """Follow a link of the notebook and wait until the heading of the section is to be seen."""
    for left in reversed(range(CLICKS)):
        start.page.evaluate(
            "name => jupyterapp.shell.activateById([...jupyterapp.shell.widgets('main')]"
            ".find(one => one.context?.path === name).id)",
            f"{START}.ipynb",
        )
        cell = start.cell(cell_id)
        hidden = cell.locator("details:not([open]) > summary")
        hidden.evaluate_all("all => all.forEach(one => one.click())")
        cell.get_by_role("link", name=re.compile(rf"^{re.escape(label)}")).first.click()
        try:
            start.page.wait_for_function(_IS_SEEN, arg=number or label, timeout=30_000, polling=100)
            break
        except NotSeen:
            if not left:
                raise
    return start.page.evaluate("() => jupyterapp.shell.currentWidget.context.path")


def close(start, path):
    """Close a notebook, and its kernel with it."""
    start.page.evaluate(
        "async path => { const one = [...jupyterapp.shell.widgets('main')]"
        ".find(one => one.context?.path === path);"
        " await one.context.sessionContext.shutdown(); one.dispose(); }",
        path,
    )


@pytest.mark.parametrize(
    ("cell_id", "label", "lecture"),
    [
        ("glossary-a-to-d", "2.5", "02_gradient_descent_and_momentum"),
        ("glossary-e-to-l", "10.1", "10_monitoring"),
    ],
)
def test_the_glossary_leads_to_the_section_whether_its_lecture_is_open_or_not(start, cell_id, label, lecture):
    assert click(start, cell_id, label) == f"{lecture}.ipynb"
    assert click(start, cell_id, label) == f"{lecture}.ipynb"
    close(start, f"{lecture}.ipynb")


def test_the_list_of_sections_leads_to_them(start):
    assert click(start, "contents-shown", "1.6 What", "1.6") == "01_cost_surfaces.ipynb"
    close(start, "01_cost_surfaces.ipynb")


def test_a_link_to_a_section_of_the_same_notebook_leads_there(start):
    assert click(start, "title", "Section 0.6", "0.6") == f"{START}.ipynb"
