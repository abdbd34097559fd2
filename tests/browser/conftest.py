"""A JupyterLab on a copy of the lectures, once for all browser tests."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    from jupyterlab_driver import JupyterLab

    root = tmp_path_factory.mktemp("lectures") / "notebooks"
    shutil.copytree(ROOT / "notebooks", root, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    with JupyterLab(root, tmp_path_factory.mktemp("private")) as server:
        yield server


@pytest.fixture(scope="session")
def artifacts():
    folder = ROOT / ".artifacts"
    folder.mkdir(exist_ok=True)
    return folder
