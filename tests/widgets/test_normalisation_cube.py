"""The normalisation cube: its boxes and numbers beside the library's operations, and what the hand can do."""

import numpy as np
import pytest

from course_lib import functional as F
from course_lib.widgets import NormalisationCube
from course_lib.widgets.normalisation_cube_sets import (
    BATCH,
    EPS,
    EVALUATION,
    GROUP,
    INSTANCE,
    LAYER,
    METHODS,
    VALUES,
    CubeParameters,
    compute,
    shared,
)

ONES, ZEROS = np.ones(4), np.zeros(4)
LIBRARY = {
    BATCH: lambda x: F.batch_norm(x, ONES, ZEROS, training=True, eps=EPS)[0],
    LAYER: lambda x: F.layer_norm(x, np.ones((4, 2, 2)), np.zeros((4, 2, 2)), eps=EPS)[0],
    INSTANCE: lambda x: F.instance_norm(x, ONES, ZEROS, eps=EPS)[0],
    GROUP: lambda x: F.group_norm(x, 2, ONES, ZEROS, eps=EPS)[0],
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("images", [1, 2, 4])
def test_numbers_are_the_librarys(method, images):
    result = compute(CubeParameters(method, images))
    assert result.x.shape == (images, 4, 2, 2)
    np.testing.assert_allclose(result.y, LIBRARY[method](result.x), atol=1e-12)


@pytest.mark.parametrize(("method", "count"), [(BATCH, 12), (LAYER, 16), (INSTANCE, 4), (GROUP, 8)])
def test_so_many_numbers_share_a_mean(method, count):
    result = compute(CubeParameters(method))
    assert result.count == count
    assert np.unique(np.bincount(result.sets.ravel())).tolist() == [count]


def test_who_shares_a_mean_with_whom():
    batch, layer, instance, group = (shared(method, 2)[:, :, 0, 0] for method in METHODS)
    assert (batch == [[0, 1, 2, 3], [0, 1, 2, 3]]).all()
    assert (layer == [[0, 0, 0, 0], [1, 1, 1, 1]]).all()
    assert len(np.unique(instance)) == 8
    assert (group == [[0, 0, 1, 1], [2, 2, 3, 3]]).all()


def test_running_averages_are_those_of_so_many_updates():
    p = CubeParameters(seen=7, momentum=0.3)
    mean, variance = np.zeros(4), np.ones(4)
    x = compute(p).x
    for _ in range(7):
        F.batch_norm(x, ONES, ZEROS, mean, variance, training=True, momentum=0.3)
    result = compute(p)
    np.testing.assert_allclose(result.running_mean, mean)
    np.testing.assert_allclose(result.running_var, variance)
    used = compute(CubeParameters(mode=EVALUATION, seen=7, momentum=0.3))
    np.testing.assert_allclose(used.y, F.batch_norm(x, ONES, ZEROS, mean, variance, training=False)[0])


def test_before_any_batch_evaluation_does_nothing():
    result = compute(CubeParameters(mode=EVALUATION, seen=0))
    np.testing.assert_allclose(result.y, result.x, rtol=1e-5)


def test_only_batch_norm_depends_on_the_company_and_on_the_mode():
    for method in METHODS:
        small, large = (compute(CubeParameters(method, images)).y[0] for images in (3, 4))
        assert np.allclose(small, large) == (method != BATCH)
        used = compute(CubeParameters(method, mode=EVALUATION))
        assert used.outside == (method == BATCH)
        assert np.allclose(used.y, compute(CubeParameters(method)).y) == (method != BATCH)


def test_the_lecture_answers_its_questions_rightly():
    changed = list(VALUES)
    changed[CubeParameters().cell] = 12.0
    moved = {}
    for method in METHODS:
        before, after = (
            compute(CubeParameters(method)),
            compute(CubeParameters(method, values=tuple(changed))),
        )
        moved[method] = int((~np.isclose(before.y, after.y, atol=1e-9)).sum())
    assert moved == {BATCH: 12, LAYER: 16, INSTANCE: 4, GROUP: 8}
    np.testing.assert_allclose(
        compute(CubeParameters(BATCH, 1)).y, compute(CubeParameters(INSTANCE, 1)).y, atol=1e-12
    )
    # A batch that was seen often: all deviations are too small by √((M − 1)/M), M = 4 for one image.
    for images, factor in ((3, np.sqrt(11 / 12)), (1, np.sqrt(3 / 4))):
        trained, used = (
            compute(CubeParameters(BATCH, images, mode, 60)).y for mode in ("training", EVALUATION)
        )
        np.testing.assert_allclose(used[:, :3], factor * trained[:, :3], atol=0.03)
    assert (compute(CubeParameters(BATCH)).y[:, 3] == 0).all()
    assert (np.abs(compute(CubeParameters(LAYER)).y[:, 3]) > 0.5).all()


def test_the_ring_chooses_and_comes_to_rest_in_the_middle():
    widget = NormalisationCube()
    # The handle lies half a cell to the right and below.
    assert widget.dragged("cell", 3.7, 5.4, held=True) == pytest.approx({"across": 3.2, "down": 4.9})
    assert widget.dragged("cell", 3.7, 5.4, held=False) == {"across": 3.5, "down": 4.5}
    (handle,) = widget.make_handles(widget._artists, widget._result).values()
    p = widget.current_parameters()
    back = widget.dragged("cell", handle.x, handle.y, held=False)
    assert back == {"across": p.across, "down": p.down}
    # Three images are there: the ring does not leave them.
    assert widget.dragged("cell", 99, 99, held=False) == {"across": 7.5, "down": 5.5}
    assert CubeParameters(across=3.2, down=4.9).place == (2, 1, 0, 1)
    assert CubeParameters(across=8.0, down=6.0).place == (2, 3, 1, 1)


def test_the_handle_hides_no_number():
    widget = NormalisationCube(across=5.5, down=2.5)
    (handle,) = widget.make_handles(widget._artists, widget._result).values()
    middles = np.stack(np.meshgrid(np.arange(8) + 0.5, np.arange(6) + 0.5), axis=-1).reshape(-1, 2)
    pixels = handle.axes.transData.transform
    apart = np.abs(pixels(middles) - pixels((handle.x, handle.y)))
    # A number is about 22 by 9 pixels, or 28 with its sign; the handle has a radius of 12.
    assert np.hypot(np.maximum(apart[:, 0] - 12.5, 0), np.maximum(apart[:, 1] - 4.5, 0)).min() > 12


def test_the_slider_changes_the_chosen_number_alone():
    widget = NormalisationCube()
    artists, before = dict(widget._artists), widget.picture.png
    widget.controls["value"].value = 11.0
    p = widget.current_parameters()
    assert p.values[p.cell] == 11.0
    assert sum(a != b for a, b in zip(p.values, VALUES)) == 1
    assert widget.picture.png != before
    assert all(widget._artists[name] is artist for name, artist in artists.items())
    assert "11" in widget.picture.alt


def test_a_smaller_batch_keeps_the_choice_inside():
    widget = NormalisationCube(images=4, down=7.5, across=0.5)
    widget.controls["images"].value = 1
    assert widget.current_parameters().place == (0, 0, 1, 0)
    assert widget.controls["value"].value == widget.current_parameters().values[2]
    assert "A batch of one: the same as instance norm." in widget.message.value


def test_only_pictures_of_the_batch_have_names():
    cube = NormalisationCube(images=4)
    # Left of the cells is nothing but the names.
    dark = [(cube.picture._shown[:270, :60, :3] < 128).any(axis=2).sum()]
    for images in (1, 3, 4):
        cube.controls["images"].value = images
        labels = cube._artists["before"].get_yticklabels()
        assert [label.get_text() for label in labels] == [f"picture {n + 1}" for n in range(images)]
        dark.append((cube.picture._shown[:270, :60, :3] < 128).any(axis=2).sum())
    assert dark[1] < dark[2] < dark[3] == dark[0]


def test_a_norm_without_memory_says_that_evaluation_is_the_same():
    trained, used = (compute(CubeParameters(GROUP, mode=mode)) for mode in ("training", EVALUATION))
    np.testing.assert_array_equal(trained.y, used.y)
    said = "In evaluation the same: nothing is kept."
    assert said not in NormalisationCube.explain(trained)
    assert said in NormalisationCube.explain(used)
    assert said not in NormalisationCube.explain(compute(CubeParameters(mode=EVALUATION)))


@pytest.mark.parametrize("method", METHODS)
def test_every_slider_step_is_seen_whatever_the_method(method):
    widget = NormalisationCube(method=method)
    for name, value in (
        ("seen", 21),
        ("momentum", 0.15),
        ("mode", EVALUATION),
        ("images", 2),
        ("value", 6.5),
    ):
        before = widget.picture.png
        widget.controls[name].value = value
        assert widget.picture.png != before, name


def test_it_does_the_sum():
    said = NormalisationCube.explain(compute(CubeParameters(LAYER, across=0.5)))
    result = compute(CubeParameters(LAYER))
    assert "16 numbers share a mean, those of all of picture 1" in said
    assert f"(1 − {result.means[0, 0, 0, 0]:.2f}".rstrip("0") in said
    constant = NormalisationCube.explain(compute(CubeParameters(across=6.5)))
    assert "without ε this is 0/0" in constant


@pytest.mark.parametrize(
    ("name", "value"),
    [("images", 5), ("images", True), ("seen", -1), ("momentum", 1.5), ("down", 7.0), ("values", (1.0,))],
)
def test_impossible_settings_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        CubeParameters(**{name: value})
