"""Gathers what the site is made of in one folder that Sphinx reads: nothing is written beside the sources."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from pathlib import Path

import nbformat

from tools.site.anchors import with_places
from tools.site.executing import executed_lectures, library_fingerprint
from tools.site.page_outputs import PageFiles, fit_for_a_page
from tools.site.prompts import prompts
from tools.site.reference_pages import write_reference

ROOT = Path(__file__).resolve().parents[2]
# In the order of reading; the other pages of docs/ follow in alphabetical order, as design and measurements.
GUIDES = ("students", "self_study", "instructors", "writing_assignments", "contributors")


def stage(
    source: Path,
    kept: Path,
    lectures: Collection[str] | None = None,
    tell: Callable[[str], None] = print,
) -> None:
    """Write the folder that Sphinx reads, anew.

    Parameters
    ----------
    source : Path
        The folder; what it held is removed.
    kept : Path
        Where executed lectures are kept from one build to the next.
    lectures : collection of str, optional
        Names of the lectures to execute, all of them if not given; the others are shown without outputs.
    tell : callable, optional
        Is told what is being done.

    Raises
    ------
    ValueError
        If one of `lectures` does not exist.
    """
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(ROOT / "docs" / "site", source)
    shutil.copytree(ROOT / "docs" / "images", source / "guides" / "images")
    present = sorted((ROOT / "notebooks").glob("*.ipynb"))
    unknown = set(lectures or ()) - {path.stem for path in present}
    if unknown:
        raise ValueError(
            f"lectures must be names of notebooks in notebooks/, got {sorted(unknown)}; "
            f"there are {', '.join(path.stem for path in present)}"
        )
    chosen = [path for path in present if lectures is None or path.stem in lectures]
    runs = executed_lectures(chosen, library_fingerprint(ROOT / "course_lib"), kept, tell)
    files = PageFiles(source / "static", "../")
    for path, notebook in zip(chosen, runs, strict=True):
        fit_for_a_page(notebook, files)
        _write(with_places(notebook, path.stem), source / "lectures" / path.name)
    for path in present:
        if path not in chosen:
            notebook = nbformat.read(path, as_version=4)
            _write(with_places(notebook, path.stem), source / "lectures" / path.name)
    _list(source / "lectures", "Lectures", [path.stem for path in present], _LECTURES)

    assignments = sorted(path for path in (ROOT / "grading" / "source").glob("*/*.ipynb"))
    for path in assignments:
        _write(prompts(path), source / "assignments" / path.name)
    _list(source / "assignments", "Assignments", [path.stem for path in assignments], _ASSIGNMENTS)

    guides = sorted((path.stem for path in (ROOT / "docs").glob("*.md")), key=str.lower)
    for name in guides:
        shutil.copy(ROOT / "docs" / f"{name}.md", source / "guides")
    first = [name for name in GUIDES if name in guides]
    _list(source / "guides", "Guides", [*first, *(name for name in guides if name not in GUIDES)], "")
    _list(source / "reference", "Reference", write_reference(source / "reference"), _REFERENCE)


_LECTURES = """
Each page shows a lecture as it runs, with figures and widgets at their default settings. Where a widget is
all JavaScript it works here, too; for the others open the notebook with `course lab`.
"""
_ASSIGNMENTS = """
The questions, as students get them. The notebooks themselves come with `course release` (for a class) or
from `course lab` (for self-study), together with the checks.
"""
_REFERENCE = """
What notebooks import, from the docstrings. Arrays are NumPy arrays; float32 stays float32,
float64 stays float64.
"""


def _write(notebook: nbformat.NotebookNode, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def _list(folder: Path, title: str, names: list[str], introduction: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    entries = "\n".join(names)
    (folder / "index.md").write_text(
        f"# {title}\n{introduction}\n```{{toctree}}\n:maxdepth: 1\n\n{entries}\n```\n", "utf-8"
    )
