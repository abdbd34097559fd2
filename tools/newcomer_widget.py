"""Opens the first lecture in a JupyterLab that is starting, and moves its widget; says how long that took.

    python -m tools.newcomer_widget http://127.0.0.1:8899 TOKEN

A part of `newcomer.sh`: Chromium of the host drives it, since the bare system has no browser. The server has
to be started with `LabApp.expose_app_in_browser`.
"""

from __future__ import annotations

import shutil
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))
from jupyterlab_driver import LabNotebook  # noqa: E402
from widget_controls import Widget  # noqa: E402

PATIENCE = 120.0


def wait_for_server(address: str, token: str) -> None:
    """Wait until a Jupyter server answers.

    Raises
    ------
    TimeoutError
        If it does not within two minutes.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/api?token={token}", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"no Jupyter server answers at {address} after {PATIENCE:g} s")


def move_first_widget(address: str, token: str) -> None:
    """Run the cells of lecture 00 and drag the point of its widget.

    Raises
    ------
    RuntimeError
        If the widget does not move.
    """
    begun = time.monotonic()

    def after(what: str) -> None:
        print(f">>> {time.monotonic() - begun:.1f} s after course lab: {what}", flush=True)

    wait_for_server(address, token)
    after("the server answers")
    system = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system, args=["--no-sandbox"], headless=True)
        server = SimpleNamespace(address=address, token=token)
        notebook = LabNotebook(browser, server, "lectures/00_start_here.ipynb")
        after("its first page is open, the kernel waits")
        notebook.page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        after("the first lecture has run")
        widget = Widget(notebook, "widget")
        point = next(control for control in widget.controls() if control.kind == "handle")
        if not widget.move_by_pointer(point):
            raise RuntimeError("the point of the first widget does not move")
        after("a widget has moved")
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m tools.newcomer_widget ADDRESS TOKEN")
    move_first_widget(sys.argv[1], sys.argv[2])
