"""A JupyterLab on a copy of the lectures and a headless Chromium, once for all browser tests."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def chromium():
    playwright_api = pytest.importorskip("playwright.sync_api")
    from jupyterlab_driver import launch_chromium

    with playwright_api.sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        yield browser
        browser.close()


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
