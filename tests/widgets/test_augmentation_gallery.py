"""The gallery's changes against the library's steps, and its warnings against labels that are known."""

import dataclasses

import numpy as np
import pytest

from course_lib import data
from course_lib.widgets import AugmentationGallery
from course_lib.widgets.augmentation_labels import (
    CHANGED,
    COLOUR_NAMES,
    DIGITS,
    KEPT,
    ONE_SIDED,
    SETS,
    TILES,
    GalleryParameters,
    colour_of,
    compute,
    neighbours_say,
)

STILL = {"flip": 0.0, "rotate": 0, "brightness": 0.0, "contrast": 0.0}
STRENGTHS = ("flip", "shift", "crop", "rotate", "elastic", "brightness", "contrast", "cast", "jitter")


def settings(**changes):
    return GalleryParameters(**(STILL | changes))


@pytest.mark.parametrize("pictures", SETS)
def test_without_a_change_pictures_and_labels_stay(pictures):
    result = compute(settings(pictures=pictures))
    for row in result.changed:
        np.testing.assert_allclose(row, result.originals, atol=1e-6)
    assert (result.verdicts == KEPT).all()


def test_the_pictures_are_those_of_the_data_sets():
    for pictures, source in ((DIGITS, data.load_digits()), ("clothes", data.load_fashion_mnist_subset()[0])):
        result = compute(settings(pictures=pictures))
        for picture, label in zip(result.originals, result.labels):
            same = (source.images == picture).all(axis=(1, 2, 3))
            assert source.labels[same].tolist() == [label]
        assert len(set(result.labels.tolist())) == 8


@pytest.mark.parametrize("name", STRENGTHS)
def test_every_strength_changes_pictures(name):
    parameters = settings(pictures=TILES)
    value = {"shift": 1, "rotate": 20, "elastic": 10.0}.get(name, 0.4)
    before, after = compute(parameters), compute(dataclasses.replace(parameters, **{name: value}))
    assert (before.changed != after.changed).any()
    np.testing.assert_array_equal(before.originals, after.originals)


@pytest.mark.parametrize("moved", ["rotate", "brightness", "crop"])
def test_moving_one_strength_leaves_the_other_draws_alone(moved):
    # The mirror images are the same ones, whatever else is done.
    mirrored = compute(settings(flip=0.5))
    both = compute(settings(flip=0.5, **{moved: {"rotate": 5}.get(moved, 0.1)}))
    alone = compute(settings(**{moved: {"rotate": 5}.get(moved, 0.1)}))
    turned = (mirrored.changed != mirrored.originals).any(axis=(2, 3, 4))
    np.testing.assert_array_equal(both.changed[~turned], alone.changed[~turned])


def test_all_mirrored():
    result = compute(settings(pictures="clothes", flip=1.0))
    for row in result.changed:
        np.testing.assert_allclose(row, result.originals[..., ::-1], atol=1e-6)


def test_a_mirrored_digit_is_none_where_it_has_a_side():
    result = compute(settings(flip=1.0))
    sided = np.isin(result.labels, ONE_SIDED)
    assert (result.verdicts[:, sided] == CHANGED).all()
    assert (result.seen_as[:, sided] == -1).all()
    zero = result.labels == 0
    assert (result.verdicts[:, zero] == KEPT).all()


def test_a_six_upside_down_looks_like_a_nine():
    digits = data.load_digits()
    for six, expected in ((6, 9), (9, 6)):
        upside_down = digits.images[digits.labels == six][:40, :, ::-1, ::-1]
        verdicts, seen_as = neighbours_say(DIGITS, upside_down, np.full(40, six))
        assert (seen_as == expected).mean() > 0.5
        assert (verdicts == KEPT).mean() < 0.1
        assert (verdicts == CHANGED).mean() > 0.5


def test_unchanged_pictures_are_hardly_ever_called_changed():
    digits = data.load_digits()
    # The judge knows some of them: a third is more alike than new pictures would be.
    others = np.arange(len(digits.labels)) % 3 == 0
    verdicts, _ = neighbours_say(DIGITS, digits.images[others], digits.labels[others])
    assert (verdicts == CHANGED).mean() < 0.01
    _, clothes = data.load_fashion_mnist_subset()
    verdicts, _ = neighbours_say("clothes", clothes.images, clothes.labels)
    assert (verdicts == CHANGED).mean() < 0.12


def test_brightness_and_contrast_alone_do_not_deceive_the_judge():
    digits = data.load_digits()
    paler = 0.3 + 0.4 * digits.images[:300]
    before = neighbours_say(DIGITS, digits.images[:300], digits.labels[:300])
    after = neighbours_say(DIGITS, paler, digits.labels[:300])
    assert (before[0] == after[0]).mean() > 0.99


def test_colours_by_hand():
    plain = np.zeros((4, 3, 2, 2), np.float32)
    plain[0] = 0.5
    for channel in range(3):
        plain[channel + 1, channel] = 0.6
    assert [COLOUR_NAMES[c] for c in colour_of(plain)] == ["grey", "red", "green", "blue"]


def test_only_a_cast_changes_a_colour():
    for name, value in (("flip", 1.0), ("jitter", 0.05), ("brightness", 0.1)):
        assert (compute(settings(pictures=TILES, **{name: value})).verdicts == KEPT).all(), name
    assert (compute(settings(pictures=TILES, cast=0.6)).verdicts == CHANGED).any()


def test_a_warning_names_what_became_of_the_label():
    widget = AugmentationGallery(**STILL)
    assert "All 24 labels seem to be kept" in widget.message.value
    figure, picture = widget._figure, widget._artists["all"]
    widget.controls["flip"].value = 1.0
    assert widget._figure is figure
    assert widget._artists["all"] is picture
    assert "no longer true" in widget.message.value
    assert "3 → mirror image" in widget.picture.alt
    frames = widget._artists[CHANGED].get_segments()
    assert len(frames) == (widget._result.verdicts == CHANGED).sum() >= 18


def test_every_slider_has_room_for_its_steps():
    controls = AugmentationGallery().controls
    widths = {name: int(controls[name].layout.width.removesuffix("px")) for name in STRENGTHS}
    assert min(widths.values()) >= 250
    assert max(widths.values()) <= 300


def test_grey_pictures_have_no_cast():
    widget = AugmentationGallery()
    assert widget.controls["cast"].layout.visibility == "hidden"
    widget.controls["pictures"].value = TILES
    assert widget.controls["cast"].layout.visibility == "visible"
    before = widget.picture.png
    widget.controls["cast"].value = 0.5
    assert widget.picture.png != before
