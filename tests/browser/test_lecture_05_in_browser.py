"""Lecture 05 in a real browser: what its widgets in particular show, say and refuse."""

import json
import statistics

import pytest
from jupyterlab_driver import LIGHT

pytestmark = pytest.mark.browser

STEPPER = ".stepper"
PICTURE = "canvas.course-figure"
SLOWEST_MEDIAN = 1000  # milliseconds; the goal, 100, is reported and not asserted: this machine may be busy


@pytest.fixture(scope="module")
def lecture(open_lecture):
    return open_lecture("05_convolution")


@pytest.fixture
def stepper(lecture):
    lecture.use_theme(LIGHT)
    cell = lecture.cell("stepper")
    cell.locator(STEPPER).wait_for()
    return cell


@pytest.fixture
def gallery(lecture):
    lecture.use_theme(LIGHT)
    cell = lecture.cell("gallery")
    cell.locator(f"{PICTURE}[data-paints]").wait_for()
    pick(lecture, cell, "Kernel", "blur (sums to 8)")
    pick(lecture, cell, "Photo", "pavilion")
    return cell


def pick(lecture, gallery, control, option):
    # The picture says what it shows: that is the sign that Python has answered.
    gallery.get_by_label(control, exact=True).select_option(option)
    lecture.page.wait_for_function(
        "([selector, option]) => document.querySelector(selector).ariaLabel.includes(option)",
        arg=[PICTURE, option],
    )


@pytest.fixture(scope="module")
def timings(artifacts):
    found = {}
    yield found
    medians = {name: round(statistics.median(times), 1) for name, times in found.items()}
    (artifacts / "lecture_05_repaint.json").write_text(json.dumps(medians, indent=1) + "\n")


def outputs(cell):
    return cell.locator("button[aria-label^='output row']").all_inner_texts()


def choose(cell, view):
    cell.get_by_label(view, exact=True).check()


def test_arrow_keys_move_the_window(lecture, stepper, timings):
    slider = stepper.get_by_label("Output cell", exact=True)
    slider.focus()
    before = stepper.locator(".stepper-sum").inner_text()
    timings["stepper: slide by key"] = times = lecture.repaint_times(
        STEPPER, lambda number: lecture.page.keyboard.press("ArrowRight")
    )
    assert stepper.locator(".stepper-sum").inner_text() != before
    assert statistics.median(times) < SLOWEST_MEDIAN
    assert lecture.page.evaluate("document.activeElement.type") == "range", "the notebook took the focus away"


def test_an_output_cell_shows_its_window_and_an_input_cell_its_outputs(lecture, stepper, timings):
    cells = stepper.locator("button[aria-label^='output row']")
    timings["stepper: press an output cell"] = lecture.repaint_times(
        STEPPER, lambda number: cells.nth(6 + number % 2).click(), times=8
    )
    assert stepper.locator("input[aria-label^='input row']").count() == 49
    marked = stepper.locator(".course-linked:has(input[aria-label^='input row'])")
    assert marked.count() == 9
    stepper.get_by_label("input row 0 column 0", exact=True).click()
    fed = stepper.locator(".course-linked:has(button[aria-label^='output row'])")
    assert fed.count() == 1
    assert "feeds 1 output: y[0, 0] with weight 1" in stepper.locator(".stepper-sum").inner_text()


def test_arrow_keys_walk_through_a_grid(lecture, stepper):
    stepper.get_by_label("kernel row 0 column 0", exact=True).focus()
    lecture.page.keyboard.press("ArrowDown")
    lecture.page.keyboard.press("ArrowRight")
    assert (
        lecture.page.evaluate("document.activeElement.getAttribute('aria-label')") == "kernel row 1 column 1"
    )


def test_an_edited_weight_changes_the_output(lecture, stepper):
    before = outputs(stepper)
    weight = stepper.get_by_label("kernel row 1 column 1", exact=True)
    weight.fill("10")
    weight.press("Enter")
    assert outputs(stepper) != before
    stepper.get_by_label("Kernel w").select_option("vertical edge (Sobel)")
    assert outputs(stepper) == before


def test_what_is_no_number_is_refused_in_words(stepper):
    weight = stepper.get_by_label("kernel row 0 column 0", exact=True)
    weight.fill("much")
    weight.press("Enter")
    assert "“much” is not a number; the cell keeps 1" in stepper.get_by_role("status").inner_text()
    assert weight.input_value() == "1"


def test_settings_without_a_place_for_the_kernel_are_explained(stepper):
    dilation = stepper.get_by_label("Dilation")
    dilation.fill("4")
    dilation.press("Enter")
    assert "There is no place for the kernel" in stepper.get_by_role("status").inner_text()
    assert outputs(stepper) == []
    dilation.fill("9")
    dilation.press("Enter")
    assert (
        "Dilation must be a whole number from 1 to 4; it stays 4."
        in stepper.get_by_role("status").inner_text()
    )
    dilation.fill("1")
    dilation.press("Enter")
    assert len(outputs(stepper)) == 25


@pytest.mark.parametrize(
    ("cell_id", "view"),
    [("stepper", "forward"), ("backward-stepper-widget", "backward"), ("matrix-stepper-widget", "matrix")],
)
def test_steppers_on_one_page_keep_their_own_choices(lecture, cell_id, view):
    cell = lecture.cell(cell_id)
    chosen = cell.locator("input[type=radio]:checked")
    chosen.first.wait_for()
    assert [box.get_attribute("value") for box in chosen.all()] == ["cross-correlation", view]


def test_nothing_jumps_when_the_view_changes(stepper):
    heights = set()
    for view in ("backward", "as a matrix", "forward"):
        choose(stepper, view)
        heights.add(stepper.locator(STEPPER).bounding_box()["height"])
    assert len(heights) == 1


@pytest.mark.parametrize(("control", "option"), [("Kernel", "edge"), ("Photo", "flower")])
def test_gallery_repaints_and_says_so(lecture, gallery, control, option):
    picture = gallery.locator(PICTURE)
    before, alt = picture.evaluate("canvas => canvas.toDataURL()"), picture.get_attribute("aria-label")
    pick(lecture, gallery, control, option)
    lecture.page.wait_for_function(
        "([selector, before]) => document.querySelector(selector).toDataURL() !== before",
        arg=[PICTURE, before],
    )
    assert option in picture.get_attribute("aria-label")
    assert picture.get_attribute("aria-label") != alt


def test_gallery_answers_the_keyboard(lecture, gallery, timings):
    box = gallery.get_by_label("divide by the sum")
    box.focus()
    timings["gallery: tick by key"] = by_key = lecture.repaint_times(
        PICTURE, lambda number: lecture.page.keyboard.press("Space")
    )
    timings["gallery: tick by pointer"] = by_pointer = lecture.repaint_times(
        PICTURE, lambda number: box.click()
    )
    assert statistics.median(by_key + by_pointer) < SLOWEST_MEDIAN
