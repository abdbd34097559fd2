"""A widget whose arithmetic takes longer than a hand waits: it shows parts, and a new wish cancels it."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable, Iterator
from typing import ClassVar

import ipywidgets

from course_lib.widgets.figure_panel import FigurePanel

# Between two pictures of a run, so that the page can show them and the run goes on.
_PAUSE = 0.08


class StreamedPanel(FigurePanel):
    """Controls and a figure, where a change begins a run that is shown while it goes on.

    Besides what `FigurePanel` asks for, a subclass defines `stream`, from parameters to an iterator of
    results: the first is there at once, the last is what `compute` returns. The first view is complete; from
    then on a change shows the first result and leaves the others to a thread of its own. Whatever the
    hand does next cancels that thread between two results. The buttons "Train again" and "Stop" belong among
    the controls: see `run_buttons`.

    Parameters
    ----------
    **settings
        Fields of `Parameters` to start with.
    """

    stream: ClassVar[Callable[[object], Iterator[object]]]

    def __init__(self, **settings: object) -> None:
        self._ticket = 0
        self._run: threading.Thread | None = None
        super().__init__(**settings)
        # What `FigurePanel` calls when a control has changed.
        self.compute = self._begin

    def run_buttons(self) -> dict[str, ipywidgets.Widget]:
        """Make the buttons that begin the run again and end it."""
        again = ipywidgets.Button(description="Train again", layout=ipywidgets.Layout(width="110px"))
        halt = ipywidgets.Button(description="Stop", layout=ipywidgets.Layout(width="70px"))
        again.on_click(lambda _: self.run_again())
        halt.on_click(lambda _: self.stop())
        return {"again": again, "stop": halt}

    def run_again(self) -> None:
        """Begin the run of the present settings anew."""
        with self.picture.lock:
            self._show(self._begin(self._parameters))

    def stop(self) -> None:
        """End the run where it is; its latest picture stays."""
        with self.picture.lock:
            if self.is_running():
                self._ticket += 1
                self._say(f"Stopped. {self.explain(self._result)}")

    def is_running(self) -> bool:
        """Say whether a run goes on that nothing has cancelled."""
        return self._run is not None and self._run.is_alive() and self._run.name == self._name()

    def finish(self, timeout: float | None = None) -> None:
        """Wait until the present run has come to its end, at most `timeout` seconds."""
        if self._run is not None:
            self._run.join(timeout)

    def _name(self) -> str:
        return f"{type(self).__name__} run {self._ticket}"

    def _begin(self, parameters: object) -> object:
        """Cancel the run that goes on, begin another, and return its first result."""
        self._ticket += 1
        parts = self.stream(parameters)
        first = next(parts)
        # The thread speaks for the cell that made the widget: it takes the context of this call with it.
        context = contextvars.copy_context()
        self._run = threading.Thread(
            target=context.run, args=(self._go_on, parts, self._ticket), name=self._name(), daemon=True
        )
        # It begins when the change lets go of the lock.
        self._run.start()
        return first

    def _go_on(self, parts: Iterator[object], ticket: int) -> None:
        try:
            # The change that began the run holds the lock until its picture is on its way: the arithmetic
            # that comes next is not to take turns with it.
            with self.picture.lock:
                pass
            waiting, shown_at = None, time.monotonic()
            for waiting in parts:
                if ticket != self._ticket:
                    return
                if time.monotonic() - shown_at >= _PAUSE:
                    self._show(waiting, ticket)
                    waiting, shown_at = None, time.monotonic()
            if waiting is not None:
                self._show(waiting, ticket)
        except Exception as error:
            # Nobody reads what a thread raises. The lock: what began the run speaks of its first part before.
            told = f"The widget failed, please report it: {type(error).__name__}: {error}"
            with self.picture.lock:
                self._say(told, problem=True)
            raise

    def _show(self, result: object, ticket: int | None = None) -> None:
        with self.picture.lock:
            if ticket is not None and ticket != self._ticket:
                return
            self.update_figure(self._figure, self._artists, result)
            everything = self.still_part(result) != self.still_part(self._result)
            self._result = result
            self._say(self.explain(result))
            self.write_beside(result)
            self.picture.repaint(everything=everything)
            self.picture.handles = self._placed_handles()
