"""Opens notebooks of a JupyterLab in headless Chromium, and tells what happened."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from urllib.parse import quote

from own_jupyterlab import START_SECONDS, JupyterLab
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request
from playwright.sync_api import TimeoutError as NothingChanged

LOCAL = ("data:", "blob:", "http://127.0.0.1:", "ws://127.0.0.1:")
LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
# Milliseconds: a page that is asked at every frame makes all of them, and takes time from what is watched.
_POLLING = 100
# What JupyterLab and its server say of themselves, by the words and the address that is spoken of: the widget
# manager's question, where a kernel that restarts answers too late; and the lists of kernels and sessions,
# which each page asks for now and then, and which the server fails to give while another kernel is starting.
_OWN_ERRORS = (
    ("Comm not found for comm id", "/static/"),
    ("Failed to load resource: the server responded with a status of 500", "/api/kernels?"),
    ("Failed to load resource: the server responded with a status of 500", "/api/sessions?"),
)


@dataclass
class CellError:
    """An error output: which cell, and what it says."""

    cell: str
    name: str
    text: str


@dataclass
class RunReport:
    """What a run of a whole notebook gave: how long it took, and the kernel's own time on the processors."""

    seconds: float
    processor_seconds: float
    cells: int
    errors: list[CellError] = field(default_factory=list)


class LabNotebook:
    """One notebook, open in JupyterLab; console errors and requests to other machines are kept throughout.

    Parameters
    ----------
    browser : Browser
    lab : JupyterLab
    path : str
        Path of the notebook inside the lab's root.
    width, height : int
        Size of the window.
    """

    def __init__(
        self, browser: Browser, lab: JupyterLab, path: str, *, width: int = 1280, height: int = 800
    ) -> None:
        self.lab = lab
        self.page: Page = browser.new_page(viewport={"width": width, "height": height})
        self.console_errors: list[str] = []
        self.foreign_requests: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.console_errors.append(str(error)))
        self.page.on("request", self._requested)
        self.page.goto(f"{lab.address}/lab/tree/{quote(path)}?token={lab.token}&reset")
        self.page.wait_for_function(
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session"
            "?.kernel?.status === 'idle'",
            timeout=START_SECONDS * 1000,
            polling=_POLLING,
        )

    def _heard(self, message: ConsoleMessage) -> None:
        address = message.location["url"]
        if message.type == "error" and not any(
            message.text.startswith(words) and part in address for words, part in _OWN_ERRORS
        ):
            self.console_errors.append(f"{message.text} ({address})")

    def _requested(self, request: Request) -> None:
        if not request.url.startswith(LOCAL):
            self.foreign_requests.append(request.url)

    def close(self) -> None:
        """Close the page."""
        self.page.close()

    def restart_and_run_all(self, *, seconds: float = 300) -> RunReport:
        """Do what the menu entry does, confirm its dialogue, and wait for the last cell."""
        earlier = self.lab.kernels().keys()
        started = time.monotonic()
        self.page.evaluate(
            "() => { window.wholeRun = 'running';"
            "  jupyterapp.commands.execute('notebook:restart-run-all').then("
            "    () => { window.wholeRun = 'done'; }, error => { window.wholeRun = String(error); }); }"
        )
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.page.wait_for_function(
            "() => window.wholeRun !== 'running'", timeout=seconds * 1000, polling=_POLLING
        )
        outcome = self.page.evaluate("window.wholeRun")
        if outcome != "done":
            raise RuntimeError(f"the notebook did not run to its end: {outcome}")
        kernels = self.lab.kernels()
        (own,) = kernels.keys() - earlier
        report = RunReport(time.monotonic() - started, kernels[own], 0)
        for cell in self.page.evaluate(_READ_CELLS):
            report.cells += 1
            report.errors += [CellError(cell["id"], e["ename"], e["evalue"]) for e in cell["errors"]]
            if cell["count"] is None:
                report.errors.append(CellError(cell["id"], "NotRun", "the cell has no execution count"))
        return report

    def cell(self, cell_id: str) -> Locator:
        """Scroll to a cell by its id and return it."""
        index = self.page.evaluate(
            "async id => { const content = jupyterapp.shell.currentWidget.content;"
            "  const index = content.widgets.findIndex(cell => cell.model.id === id);"
            "  if (index >= 0) { content.activeCellIndex = index;"
            "    await content.scrollToCell(content.widgets[index], 'start'); }"
            "  return index; }",
            cell_id,
        )
        if index < 0:
            raise LookupError(f"the notebook has no cell with the id {cell_id!r}")
        return self.page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}']")

    def use_theme(self, theme: str) -> None:
        """Change between `LIGHT` and `DARK`, and wait until the page has changed."""
        self.page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
        self.page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)

    def settle(self) -> None:
        """Wait until all moves of handles are answered, pictures decoded, and two frames have been drawn."""
        self.page.wait_for_function(_NO_HANDLE_MOVES)
        self.page.evaluate(
            "async () => {"
            "  await Promise.all([...document.images].map(image => image.decode().catch(() => {})));"
            "  for (let n = 0; n < 2; n++) await new Promise(done => requestAnimationFrame(done)); }"
        )

    def contrast(self, words: Locator) -> float:
        """Return the contrast of a text with what lies behind it, as web accessibility rules define it."""
        return words.evaluate(_CONTRAST)

    def repaint_times(self, painted: str | Locator, act: object, *, times: int = 15) -> list[float]:
        """Measure from a key or pointer event to the frame after the picture has changed, in milliseconds.

        Parameters
        ----------
        painted : str or Locator
            The element (or a CSS selector of it) whose ``data-paints`` counts its pictures, or whose
            ``data-moves`` counts its moves.
        act : callable
            ``act(number)`` uses a control once, through keyboard or mouse.
        times : int
            How often.
        """
        target = self.page.locator(painted).first if isinstance(painted, str) else painted
        found = []
        for number in range(times):
            target.evaluate(_WATCH_PAINT)
            act(number)
            # One answer, when it is there: a page that is asked again and again is busy with that.
            milliseconds = self.page.evaluate("window.painted")
            if milliseconds is None:
                raise NothingChanged("no picture within 10 s")
            found.append(milliseconds)
        return found


_READ_CELLS = """() => [...jupyterapp.shell.currentWidget.content.model.cells]
  .filter(cell => cell.type === 'code' && cell.sharedModel.getSource().trim())
  .map(cell => ({ id: cell.id, count: cell.executionCount,
                  errors: cell.outputs.toJSON().filter(output => output.output_type === 'error') }))"""

_NO_HANDLE_MOVES = "() => document.querySelector('.course-handles[data-moving]') === null"

_WATCH_PAINT = """target => {
  let started = null;
  const start = event => { started = event.timeStamp; };
  const kinds = ['keydown', 'pointerdown', 'pointermove', 'change'];
  kinds.forEach(kind => window.addEventListener(kind, start, { capture: true }));
  window.painted = new Promise(done => {
    const end = milliseconds => {
      done(milliseconds);
      clearTimeout(late);
      kinds.forEach(kind => window.removeEventListener(kind, start, { capture: true }));
      observer.disconnect();
    };
    const late = setTimeout(() => end(null), 10000);
    const observer = new MutationObserver(() => requestAnimationFrame(() => {
      if (started === null) return;  // the picture of something earlier came late
      end(performance.now() - started);
    }));
    observer.observe(target, { attributes: true, attributeFilter: ['data-paints', 'data-moves'] });
  });
}"""

_CONTRAST = """element => {
  const channels = text => { const canvas = document.createElement('canvas').getContext('2d');
    canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  let behind = [255, 255, 255, 255];
  for (let node = element; node; node = node.parentElement) {
    const colour = channels(getComputedStyle(node).backgroundColor);
    if (colour[3] === 255) { behind = colour; break; }
  }
  const luminance = colour => { const [r, g, b] = colour.slice(0, 3).map(value => value / 255)
    .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(behind)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""
