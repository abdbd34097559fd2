"""The four cases of transfer: what is drawn, what is measured, and what the table says."""

import dataclasses

import numpy as np
import pytest

from course_lib.data import load_textures
from course_lib.training import TransferCell, TransferTable, transfer_table
from course_lib.training.transfer_cases import FINE_TUNED, PIXELS, RANDOM, SCRATCH, SOFTMAX, SVM, judge
from course_lib.training.transfer_tasks import clothes, textures


def smaller(task, examples, **changes):
    """Fewer images to judge by, mixed over the classes."""
    chosen = np.random.default_rng(0).permutation(len(task.test.labels))[:examples]
    return dataclasses.replace(task, test=task.test.subset(chosen), **changes)


def test_patches_to_train_on_and_to_test_on_come_from_different_halves():
    photographs, _ = load_textures()
    task = textures()
    left = np.lib.stride_tricks.sliding_window_view(photographs[0, :, :256], (32, 32))
    for image in task.draw(5, np.random.default_rng(0)).images[:5, 0]:
        assert (left == np.rint(image * 255)).all(axis=(-2, -1)).any()
    assert task.test.images.shape == (3 * 16 * 8, 1, 32, 32)
    tile = np.rint(task.test.images[9, 0] * 255)
    np.testing.assert_array_equal(tile, photographs[0, 32:64, 256 + 32 : 256 + 64])


@pytest.mark.parametrize("make", [textures, clothes])
def test_a_draw_has_so_many_of_each_class_and_depends_on_the_seed_alone(make):
    task = make()
    first, again, other = (task.draw(4, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.bincount(first.labels).tolist() == [4] * task.classes
    np.testing.assert_array_equal(first.images, again.images)
    assert not np.array_equal(first.images, other.images)
    assert first.images.dtype == np.float32
    assert first.images.min() >= 0
    assert first.images.max() <= 1


@pytest.fixture(scope="module")
def small_table():
    tasks = smaller(textures(), 150, few=2, many=5), smaller(clothes(), 100, few=2, many=5, size=32, grid=2)
    return transfer_table(tasks, methods=(PIXELS, SOFTMAX, SVM), draws=2, large_draws=1)


def test_every_cell_has_an_accuracy_a_draw_and_method(small_table):
    assert [(cell.task, cell.examples) for cell in small_table.cells] == [
        ("textures", 2),
        ("clothes", 2),
        ("textures", 5),
        ("clothes", 5),
    ]
    for cell in small_table.cells:
        assert list(cell.accuracies) == [PIXELS, SOFTMAX, SVM]
        draws = 2 if cell.examples == 2 else 1
        assert all(len(values) == draws for values in cell.accuracies.values())
        assert all(0 <= value <= 1 for values in cell.accuracies.values() for value in values)
    assert small_table.cell(large=True, similar=False) is small_table.cells[3]
    assert small_table.cell(large=False, similar=True) is small_table.cells[0]


def test_codes_of_the_trunk_tell_textures_apart_where_pixels_do_not(small_table):
    for large in (False, True):
        cell = small_table.cell(large=large, similar=True)
        for method in (SOFTMAX, SVM):
            assert cell.mean(method) > 0.85 > 0.6 > cell.mean(PIXELS)
        assert cell.gain > 0.25


@pytest.mark.parametrize("method", [SCRATCH, RANDOM, FINE_TUNED])
def test_the_other_methods_learn_textures_too_and_a_seed_decides_all(method):
    task = smaller(textures(), 90)
    first, again = (judge(task, 10, [method], seed=3, updates=60) for _ in range(2))
    assert first == again
    assert first[method] > 0.6


def test_the_gain_is_the_best_with_the_trunk_less_the_best_without():
    found = {SCRATCH: [0.9, 0.7], PIXELS: [0.5, 0.5], SOFTMAX: [0.6, 0.8], SVM: [0.7, 0.7]}
    cell = TransferCell("clothes", False, 3, found)
    assert cell.mean(SCRATCH) == pytest.approx(0.8)
    assert cell.gain == pytest.approx(-0.1)


def test_the_table_names_the_cases_and_shows_means_and_spreads():
    cells = [
        TransferCell("textures", True, 3, {PIXELS: [0.5, 0.7], SOFTMAX: [0.9, 0.9]}),
        TransferCell("clothes", False, 500, {PIXELS: [0.8, 0.8], SOFTMAX: [0.75, 0.75]}),
    ]
    assert str(TransferTable(tuple(cells))).splitlines() == [
        "| | like ImageNet, 3 a class (textures) | unlike ImageNet, 500 a class (clothes) |",
        "|---|---|---|",
        "| pixels, softmax | 0.600 ± 0.100 | 0.800 ± 0.000 |",
        "| trunk, softmax | 0.900 ± 0.000 | 0.750 ± 0.000 |",
        "| **gain by transfer** | +0.300 | -0.050 |",
    ]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"methods": ("magic", SCRATCH, SVM)}, "methods must be some of"),
        ({"methods": (SVM,)}, "methods must be some of"),
        ({"methods": (SCRATCH,)}, "methods must be some of"),
        ({"draws": 0}, "draws must be at least 1"),
        ({"large_draws": 0}, "large_draws must be at least 1"),
    ],
)
def test_what_cannot_be_is_told(options, reason):
    with pytest.raises(ValueError, match=reason):
        transfer_table((), **options)


@pytest.mark.slow
def test_transfer_does_not_help_with_codes_that_forget_the_place():
    forgetful, mindful = (dataclasses.replace(clothes(), grid=grid) for grid in (1, 4))
    pixels = judge(forgetful, 30, [PIXELS], seed=0, updates=1)[PIXELS]
    assert judge(forgetful, 30, [SOFTMAX], seed=0, updates=1)[SOFTMAX] < pixels
    assert judge(mindful, 30, [SOFTMAX], seed=0, updates=1)[SOFTMAX] > pixels + 0.05
