"""A JupyterLab on a copy of the lectures, anew for each file of tests: what one moves, no other sees."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    from own_jupyterlab import JupyterLab

    root = tmp_path_factory.mktemp("lectures") / "notebooks"
    shutil.copytree(ROOT / "notebooks", root, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    with JupyterLab(root, tmp_path_factory.mktemp("private")) as server:
        yield server


@pytest.fixture(scope="session")
def artifacts():
    folder = ROOT / ".artifacts"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def open_lecture(chromium, lab):
    """Return a function from a lecture's name to its notebook, open and run from top to bottom."""
    from jupyterlab_driver import LabNotebook

    opened = {}

    def open_one(name):
        if name not in opened:
            opened[name] = LabNotebook(chromium, lab, f"{name}.ipynb")
            opened[name].report = opened[name].restart_and_run_all(seconds=240)
        return opened[name]

    yield open_one
    for notebook in opened.values():
        notebook.close()
