"""The map draws what it is given: a row a lecture, an arrow a need that does not follow from others."""

import pytest
from matplotlib.patches import FancyArrowPatch

from course_lib import plots
from course_lib.plots.course_map import without_shortcuts

TITLES = {1: "First", 2: "Second", 3: "Third", 4: "Fourth"}
NEEDS = {1: (), 2: (1,), 3: (1, 2), 4: ()}
ASSIGNMENTS = {"early": {1: 2, 2: 7}, "late": {3: 5, 9: 1}}


def test_what_follows_from_other_needs_is_left_out():
    assert without_shortcuts(NEEDS) == {1: (), 2: (1,), 3: (2,), 4: ()}
    assert without_shortcuts({1: (), 2: (1,), 3: (), 4: (1, 2, 3)}) == {1: (), 2: (1,), 3: (), 4: (2, 3)}


def test_titles_counts_and_arrows_are_drawn():
    (axes,) = plots.show_course_map(TITLES, NEEDS, ASSIGNMENTS).axes
    words = [text.get_text() for text in axes.texts]
    for word in ("First", "04", "1 early", "2 late", "2", "7", "5"):
        assert word in words
    assert sum(isinstance(patch, FancyArrowPatch) for patch in axes.patches) == 2


def test_what_is_drawn_lies_inside_the_picture_and_apart():
    figure = plots.show_course_map(TITLES, NEEDS, ASSIGNMENTS)
    figure.canvas.draw()
    (axes,) = figure.axes
    boxes = [text.get_window_extent() for text in axes.texts]
    for text, box in zip(axes.texts, boxes):
        assert figure.bbox.contains(box.x0, box.y0), text.get_text()
        assert figure.bbox.contains(box.x1, box.y1), text.get_text()
    for patch in axes.patches:
        assert isinstance(patch, FancyArrowPatch) is False or patch.get_window_extent().x0 >= 0
    level = [(text, box) for text, box in zip(axes.texts, boxes) if not text.get_rotation()]
    for number, (text, box) in enumerate(level):
        for other, place in level[number + 1 :]:
            assert not box.overlaps(place), f"{text.get_text()} lies on {other.get_text()}"


def test_the_alt_text_says_what_is_drawn():
    alt = plots.show_course_map(TITLES, NEEDS, ASSIGNMENTS).alt
    assert "4 lectures from 01 to 04" in alt
    assert "Without any other lecture one can read 01 and 04." in alt
    assert "Arrows: 02 needs 01; 03 needs 02." in alt
    assert "early on 01 and 02; late on 03." in alt


def test_impossible_maps_are_refused():
    with pytest.raises(ValueError, match="titles must hold at least one lecture"):
        plots.show_course_map({}, {}, {})
    with pytest.raises(ValueError, match=r"needs\[1\] must be lectures that come before it, got \[2\]"):
        plots.show_course_map({1: "a", 2: "b"}, {1: (2,)}, {})
