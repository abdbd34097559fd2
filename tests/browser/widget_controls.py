"""Moves every control of a widget as a reader would, by key and by pointer, and watches the picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jupyterlab_driver import LabNotebook
from playwright.sync_api import Locator
from playwright.sync_api import TimeoutError as NothingChanged

ROOTS = ".course-panel, .course-widget"
PAINTED = "canvas.course-figure, .course-widget[data-paints]"
PATIENCE = 10_000  # milliseconds; a machine may be busy with other tests
POLLING = 50  # milliseconds; comparing pictures takes longer than a frame has
STRIDE = 12  # pixels
ROOM = 50  # pixels: as far as any drag goes

# What can be seen of a widget: its picture, or the cells and words that it is made of.
_SEEN = """root => [...root.querySelectorAll('canvas.course-figure')].map(it => it.toDataURL()).join() + (
  root.matches('.course-widget') ? root.innerText + [...root.querySelectorAll('[style]')].map(
    cell => cell.getAttribute('style')).join() + [...root.querySelectorAll('input')].map(
    input => [input.value, input.checked]).join() : '')"""
# A button may also change what the controls, or the words beside the picture, say.
_STATE = f"""root => ({_SEEN})(root) + root.innerText + [...root.querySelectorAll('input, select')].map(
  control => [control.value, control.checked, control.disabled]).join() + [...root.querySelectorAll(
  '[aria-valuenow]')].map(slider => slider.getAttribute('aria-valuenow')).join()"""
# There is something, and what Python paints has been painted for the page's theme.
_IS_PAINTED = """cell => {
  const dark = String(document.body.dataset.jpThemeLight === 'false');
  const painted = [...cell.querySelectorAll('canvas.course-figure, .course-widget[data-paints]')];
  return painted.length > 0 && painted.every(one =>
    Number(one.dataset.paints) > 0 && (one.tagName !== 'CANVAS' || one.dataset.dark === dark)); }"""
# The rim of a box itself: a control's own may lie further out.
_GAP = """root => {
  const boxes = [...root.querySelectorAll('select, input[type=text], input[type=number]')];
  return Math.min(1000, ...boxes.map(box => {
    const [control, rim] = [box.closest('.jupyter-widgets'), box.getBoundingClientRect()];
    const next = control?.nextElementSibling?.getBoundingClientRect();
    return next && next.top < rim.bottom && next.bottom > rim.top ? next.left - rim.right : 1000;
  })); }"""
_FOCUSED = "document.activeElement?.outerHTML.slice(0, 200)"
_HEIGHT = f"""([cell, roots]) =>
  ({_IS_PAINTED})(cell) && cell.querySelector(roots).getBoundingClientRect().height"""

# kind -> which elements, the keys that move it (there and back again), and what a pointer does
_KINDS = {
    "list": ("select", ("ArrowDown", "ArrowUp")),
    "box": ("input[type=checkbox]", ("Space", "Space")),
    "choice": ("input[type=radio]:checked", ("ArrowRight", "ArrowLeft")),
    "range": ("input[type=range]", ("ArrowRight", "ArrowLeft")),
    "slider": (".noUi-handle", ("ArrowRight", "ArrowLeft")),
    "number": ("input[type=number]", ("ArrowUp", "ArrowDown")),
    "handle": (".course-handle", ("ArrowRight", "ArrowLeft")),
}
_BUTTONS = "button.jupyter-button, button.course-button"


@dataclass
class Control:
    """One control of a widget: what kind it is, what it is called, and where."""

    kind: str
    name: str
    place: Locator


class Widget:
    """A widget in a notebook that is open in the browser, painted for the theme that the page has.

    Parameters
    ----------
    notebook : LabNotebook
    cell_id : str
        The cell that shows it.
    """

    def __init__(self, notebook: LabNotebook, cell_id: str) -> None:
        self.notebook = notebook
        self.page = notebook.page
        # JupyterLab lays out only what is in sight: the first scroll may miss a cell among unknown heights.
        for _ in range(5):
            self.cell = notebook.cell(cell_id)
            self.root = self.cell.locator(ROOTS).first
            self.painted = self.cell.locator(PAINTED).first
            try:
                self.painted.wait_for(timeout=4000)
                break
            except NothingChanged:
                continue
        # Pictures are asked for anew each time: a change of the theme may have the cell shown anew.
        self.page.wait_for_function(_IS_PAINTED, arg=self.cell.element_handle())

    def height(self) -> float:
        """Return its height in pixels, once all its pictures are there."""
        found = self.page.wait_for_function(_HEIGHT, arg=[self.cell.element_handle(), ROOTS])
        return found.json_value()

    def standing(self) -> str:
        """Say what the widget says, and which element has the focus: for the message of a failed test."""
        words = self.root.locator(".course-message").all_inner_texts()
        return f"the widget says {words}, the focus is on {self.page.evaluate(_FOCUSED)}"

    def gap_behind_boxes(self) -> float:
        """Return the least number of pixels between a box in a row of controls and the next control."""
        return self.root.evaluate(_GAP)

    def scroll_to_top(self) -> None:
        """Bring the widget's upper rim to the upper rim of the notebook."""
        self.root.evaluate("root => root.scrollIntoView({ block: 'start' })")

    def controls(self) -> Iterator[Control]:
        """Give the controls that can be seen and used now."""
        for kind, (selector, _) in _KINDS.items():
            for place in self.root.locator(selector).all():
                if place.is_visible() and place.is_enabled():
                    yield Control(kind, place.evaluate(_NAME), place)

    def changes(self, act: Callable[[], None], *, seen: str = _SEEN, patience: int = PATIENCE) -> bool:
        """Do something and tell whether the picture (or what else is `seen`) is another one afterwards."""
        before = self.root.evaluate(seen)
        has_changed = f"([root, before]) => ({seen})(root) !== before"
        act()
        try:
            self.page.wait_for_function(
                has_changed, arg=[self.root.element_handle(), before], timeout=patience, polling=POLLING
            )
        except NothingChanged:
            return False
        return True

    def buttons(self) -> list[Control]:
        """Give the buttons that can be seen and used now: neither handles nor the cells of a grid."""
        places = self.root.locator(_BUTTONS).all()
        return [Control("button", p.evaluate(_NAME), p) for p in places if p.is_visible() and p.is_enabled()]

    def press(self, button: Control, by: Callable[[], None]) -> bool:
        """Press a button and tell whether anything changes, where need be after each other control has moved.

        A button that goes to the best setting has nothing to do where that is what is set.
        """
        if self.changes(by, seen=_STATE, patience=PATIENCE // 4):
            return True
        for control in list(self.controls()):
            moved = self.move_by_key(control) and button.place.is_enabled()
            if moved and self.changes(by, seen=_STATE, patience=PATIENCE // 4):
                return True
        # Most buttons answer at once, and to wait long for each would take minutes; this one may be slow.
        return self.changes(by, seen=_STATE)

    def move_by_key(self, control: Control) -> str | None:
        """Move a control by the first of its keys that changes the picture; gives that key."""
        for key in _KINDS[control.kind][1]:
            control.place.focus()
            if self.changes(lambda key=key: self.page.keyboard.press(key)):
                return key
        return None

    def move_by_pointer(self, control: Control) -> bool:
        """Move a control by pressing, dragging or choosing."""
        if control.kind == "list":
            entries = control.place.locator("option").count()
            choices = [n for n in (1, 2, 0) if n < entries]
            return any(self.changes(lambda n=n: control.place.select_option(index=n)) for n in choices)
        if control.kind == "box":
            # There and back: what is switched off may leave other controls without effect.
            return self.changes(control.place.click) and self.changes(control.place.click)
        if control.kind == "choice":
            name = control.place.get_attribute("name")
            others = self.root.locator(f"input[name='{name}']:not(:checked)")
            return self.changes(lambda: others.last.click())
        if control.kind == "number":
            control.place.click(click_count=3)
            return self.changes(lambda: (self.page.keyboard.type("2"), self.page.keyboard.press("Tab")))
        if control.kind == "handle":
            right, down = self._ways_with_room(control.place)
            return self.changes(lambda: self.drag(control.place, 40 * right, 25 * down))
        track = control.place if control.kind == "range" else control.place.locator("xpath=../..")
        return any(self.changes(lambda share=share: self._press(track, share)) for share in (0.3, 0.7))

    def drag(self, place: Locator, right: float, down: float, *, steps: int = 4) -> None:
        """Take hold of something, move it, and let go."""
        x, y = self._middle(place)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + right, y + down, steps=steps)
        self.page.mouse.up()

    def _ways_with_room(self, handle: Locator) -> tuple[int, int]:
        """Try whether a handle can be dragged to the right and up; gives the signs of ways that it can."""
        self.notebook.settle()
        handle.scroll_into_view_if_needed()
        x, y = self._middle(handle)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + ROOM, y - ROOM)
        across, height = self._middle(handle)
        self.page.mouse.move(x, y)
        self.page.mouse.up()
        self.notebook.settle()
        return 1 if across > x + 0.9 * ROOM else -1, -1 if height < y - 0.9 * ROOM else 1

    @staticmethod
    def _middle(place: Locator) -> tuple[float, float]:
        box = place.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def _press(self, track: Locator, share: float) -> None:
        box = track.bounding_box()
        self.page.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)

    def repaint_times(self, control: Control, key: str, *, times: int) -> list[float]:
        """Measure repaints while a control goes there and back by key; `key` moves it now."""
        there, back = _KINDS[control.kind][1]
        first, second = (back, there) if key == there else (there, back)
        found = []
        for number in range(times):
            # The pictures of a run that goes on would pass for the answer to this key.
            for halt in self.root.get_by_role("button", name="Stop", exact=True).all():
                halt.click()
            control.place.focus()
            press = (first, second)[number % 2]
            try:
                found += self.notebook.repaint_times(
                    self.painted, lambda _, press=press: self.page.keyboard.press(press), times=1
                )
            except NothingChanged:
                # A list whose first entry only says "choose" moves the picture one way.
                break
        return found

    def drag_times(self, control: Control, *, times: int) -> tuple[list[float], list[float]]:
        """Measure a drag: from the pointer's move to the handle's, and to the picture's repaint.

        Each move goes `STRIDE` pixels or more: a handle that snaps to places closer than that shows another
        one each time. All go where it has room: beyond a rim there is no other picture.
        """
        found = []
        right, down = self._ways_with_room(control.place)
        for target in (control.place, self.painted):
            # Where it is now: a drag may have ended on a point that attracts the handle.
            self.notebook.settle()
            x, y = self._middle(control.place)
            self.page.mouse.move(x, y)
            self.page.mouse.down()
            try:
                found.append(
                    self.notebook.repaint_times(
                        target,
                        lambda number, x=x, y=y: self.page.mouse.move(
                            x + right * STRIDE * (1 + number % 3), y + down * 3 * (number + 1)
                        ),
                        times=times,
                    )
                )
            finally:
                self.page.mouse.move(x, y)
                self.page.mouse.up()
        return found[0], found[1]


_NAME = """element => {
  const label = element.closest('.widget-inline-hbox, .widget-hbox, label, .course-control, fieldset')
    ?.querySelector('.widget-label, label, .course-label, legend, span');
  const names = [element.getAttribute('aria-label'), element.labels?.[0]?.innerText, label?.innerText,
    element.tagName === 'BUTTON' && element.innerText];
  return (names.find(Boolean) ?? '').trim().split('\\n')[0];
}"""
