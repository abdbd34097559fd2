"""The assignment on transfer: true prompts, the trunk and data that are judged, claims that count nothing."""

import re

import nbformat
import numpy as np
import pytest
from assignment_students import CHECKS, SEED, right, verdict_on
from transfer_notebook import GIVEN, SOURCE

import grading.checks
from course_lib.training.transfer_tasks import textures as texture_task
from grading.checks.student import LocalStudent
from grading.checks.transfer import (
    blocks,
    features,
    flow_readings,
    table_readings,
    texture_tuning,
    training_runs,
)


@pytest.fixture(scope="module")
def notebook():
    return nbformat.read(SOURCE, as_version=4)


@pytest.fixture(scope="module")
def names(notebook):
    """What the instructor's notebook binds, without its experiments."""
    bound = dict(GIVEN)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            exec(cell.source, bound)
    return bound


@pytest.fixture(scope="module")
def prompts(notebook):
    cells = {c.metadata.nbgrader.grade_id: c.source for c in notebook.cells if "nbgrader" in c.metadata}
    return {name: cells[f"prompt_{name}"] for name in grading.checks.load("transfer")}


def written(values):
    return ", ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in np.ravel(values))


def of_prompt(name, place=0):
    """The arguments of the example in a prompt, which is the first of a part."""
    return CHECKS[name].parts[place].examples[0].args


def test_the_worked_heads_are_true(names, prompts):
    assert f"$({written(names['map_codes'](*of_prompt('map_codes')))})$" in prompts["map_codes"]
    halves = names["map_codes"](np.arange(1.0, 9).reshape(1, 1, 2, 4), 2)
    assert f"has the code $({written(halves)})$" in prompts["map_codes"]
    V, v = names["softmax_head"](*of_prompt("softmax_head"))
    assert f"$V = ({written(V)})$ and $v = ({written(v)})$" in prompts["softmax_head"]
    cost, dV, dv = names["svm_cost"](*of_prompt("svm_cost"))
    assert f"= {cost:g}$, $dV = ({written(dV)})$ and $dv = ({written(dv)})$" in prompts["svm_cost"]
    V, v = names["unscaled_head"](*of_prompt("unscaled_head"))
    assert f"new $V$ is $({written(V)})$ and the new $v$ is $({written(v)})$" in prompts["unscaled_head"]
    dW, db, dV, dv = names["tuned_gradients"](*of_prompt("tuned_gradients"))
    told = f"$dW = {written(dW)}$, $db = {written(db)}$, $dV = dv = ({written(dV)})$"
    assert told in prompts["tuned_gradients"]
    np.testing.assert_allclose(dV[0], dv)
    gain = names["transfer_gain"](*of_prompt("transfer_gain"))
    assert f"the gain is ${gain:g}$" in prompts["transfer_gain"]


def test_the_worked_steps_are_true(names, prompts):
    check = CHECKS["group_step"]
    example = check.parts[0].examples[0]
    path = check.dialogue.ask(names["group_step"], *example.args, **example.kwargs)
    trunk, head = (written(path[:, group, 0]) for group in (0, 1))
    assert f"the first goes to ${trunk}$, the second to ${head}$" in prompts["group_step"]


def test_the_worked_blocks_are_true(names, prompts):
    y, cache = names["residual_forward"](*of_prompt("residual_forward"))
    assert f"$y = ({written(y)})$" in prompts["residual_forward"]
    dx, dw1, dw2 = names["residual_backward"](np.ones((1, 1, 1, 2)), cache)
    assert f"$dx = ({written(dx)})$" in prompts["residual_backward"]
    assert (dw2[0, 0, 1, 1], np.abs(dw2).sum()) == (6, 6)
    assert (dw1[0, 0, 1, 1], dw1[0, 0, 1, 2]) == (1, -0.5)
    y, cache = names["preactivation_forward"](*of_prompt("preactivation_forward"))
    assert f"$y = ({written(y)})$" in prompts["preactivation_forward"]
    dx, dw1, dw2 = names["preactivation_backward"](np.ones((1, 1, 1, 2)), cache)
    assert f"$dx = ({written(dx)})$" in prompts["preactivation_backward"]
    assert (dw1[0, 0, 1, 1], dw2[0, 0, 1, 1], dw2[0, 0, 1, 0]) == (1, 6, 6)
    for place in (0, 1):
        norms = names["gradient_flow"](*of_prompt("gradient_flow", place))
        assert f"${written(norms)}$" in prompts["gradient_flow"]
    y = names["inception_forward"](*of_prompt("inception_forward"))
    pairs = [f"$({written(channel)})$" for channel in y[0]]
    assert f"{', '.join(pairs[:3])} and {pairs[3]}" in prompts["inception_forward"]
    sizes = names["inception_size"](*of_prompt("inception_size"))
    assert "is ${}$, ${}$ and ${}$".format(*sizes) in prompts["inception_size"]


def test_the_trunk_of_the_notebook_is_the_librarys():
    patches = texture_task().test.images[::60]
    before, added, maps = GIVEN["trunk"](patches)
    seen = features.features_of(patches)
    size = np.abs(seen.maps).max()
    np.testing.assert_allclose(maps, seen.maps, atol=1e-5 * size)
    np.testing.assert_allclose(before.mean(axis=(2, 3)), seen.u, atol=1e-5 * size)
    np.testing.assert_allclose(added.mean(axis=(2, 3)), seen.s, atol=1e-5 * size)
    for mine, theirs in zip(GIVEN["last_layer"](), features.last_layer(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-5)


def test_a_code_is_exactly_what_the_last_layer_makes_of_the_means():
    seen, _ = training_runs.few()
    codes = training_runs.codes_of(seen, *features.last_layer())
    np.testing.assert_allclose(codes, seen.maps.mean(axis=(2, 3)), atol=1e-4)


def test_the_data_of_the_notebook_are_those_that_are_judged():
    data = GIVEN["textures"]("few")
    seen, labels = training_runs.few()
    np.testing.assert_array_equal(data["labels"], labels)
    np.testing.assert_allclose(data["maps"], seen.maps, atol=1e-3)
    test, test_labels = features.texture_test(0, 0, 1.0)
    np.testing.assert_array_equal(data["test_labels"], test_labels)
    np.testing.assert_allclose(data["test_maps"], test.maps, atol=1e-3)
    pixels, digit_labels, rows = features.digit_images()
    data = GIVEN["digits"]("many")
    train = len(data["labels"])
    np.testing.assert_array_equal(data["pixels"], pixels[:train])
    np.testing.assert_array_equal(data["test_pixels"], pixels[train:])
    np.testing.assert_array_equal(np.append(data["labels"], data["test_labels"]), digit_labels)
    assert len(set(rows)) == len(rows), "no digit is trained on and tested on"


def test_no_texture_patch_is_trained_on_and_tested_on():
    assert max(column for _, column in features.training_places()) + features.PATCH <= 256
    rows, columns = max(training_runs.ROWS), max(training_runs.COLUMNS)
    # The last of the test's places, 120 · 3 down and 28 · 7 to the right of the first.
    assert rows + 360 + features.PATCH <= 512
    assert 256 + columns + 196 + features.PATCH <= 512


def test_the_readings_are_no_close_calls_and_hold_a_case_where_transfer_does_not_help():
    assert min(abs(abs(gain) - table_readings.WORTH) for gain in table_readings.gains()[:4]) > 0.04
    few_textures, many_textures, few_digits, many_digits = table_readings.gains()[:4]
    assert min(few_textures, many_textures) > 0.3
    assert max(few_digits, many_digits) < -0.1
    assert table_readings.gains()[4] > few_digits + 0.1


def test_the_deep_net_of_the_notebook_is_the_one_that_is_judged(names):
    for skip in (False, True):
        mine = names["gradient_flow"](GIVEN["deep_x"], GIVEN["deep_weights"], GIVEN["deep_dy"], skip)
        np.testing.assert_allclose(mine, flow_readings.deep_norms(skip))
    plain, skip, lost = flow_readings.reference()
    assert plain < 1e-20
    assert 1 < skip < 100
    norms = flow_readings.deep_norms(False) / flow_readings.deep_norms(False)[-1]
    assert norms[-1 - lost] < 0.01 <= norms[-lost]


def test_weights_pass_the_levels_on_all_patches_that_may_be_drawn():
    worst = {"head": 1.0, "tuned": 1.0}
    V, v = training_runs.trained_head()
    W, b, *head = training_runs.tuned_weights()
    for place in [(row, column) for row in training_runs.ROWS for column in training_runs.COLUMNS]:
        seen, labels = features.texture_test(*place, min(training_runs.CONTRASTS))
        codes = training_runs.codes_of(seen, *features.last_layer())
        worst["head"] = min(worst["head"], training_runs.accuracy(codes, labels, V, v))
        tuned = training_runs.accuracy(training_runs.codes_of(seen, W, b), labels, *head)
        worst["tuned"] = min(worst["tuned"], tuned)
    assert worst["head"] >= 0.9
    assert worst["tuned"] >= texture_tuning.LEVEL


@pytest.mark.parametrize(
    ("name", "answer", "why"),
    [
        ("texture_head", 1.0, "An accuracy is measured here"),
        ("texture_head", {"accuracy": 1.0}, "An accuracy is measured here"),
        (
            "texture_head",
            (np.zeros((1024, 3)), np.zeros(3)),
            re.escape("V must have real numbers in the shape (40, 3)"),
        ),
        ("texture_head", (np.full((40, 3), np.nan), np.zeros(3)), "not finite"),
        ("texture_tuning", (0.99, 1.0, 1.0), "got 3 values"),
        ("texture_tuning", (*features.last_layer()[::-1], np.zeros((40, 3)), np.zeros(3)), "W must have"),
    ],
)
def test_claims_and_weights_of_other_nets_earn_nothing_and_are_told_why(name, answer, why):
    verdict = verdict_on(name, lambda: answer)
    assert (verdict.status, verdict.fraction) == ("failed", 0)
    assert re.search(why, verdict.message)


def test_a_head_by_chance_earns_nothing():
    assert verdict_on("texture_head", lambda: (np.zeros((40, 3)), np.zeros(3))).fraction == 0
    rng = np.random.default_rng(0)
    assert verdict_on("texture_head", lambda: (rng.normal(size=(40, 3)), rng.normal(size=3))).fraction == 0


def test_fine_tuning_is_more_than_a_head():
    frozen = verdict_on("texture_tuning", lambda: (*features.last_layer(), *training_runs.trained_head()))
    assert frozen.misconception == "tuning-left-the-trunk-frozen"
    assert frozen.fraction == 0.5
    far = verdict_on(
        "texture_tuning", lambda: (features.last_layer()[0] * 1.05, *training_runs.tuned_weights()[1:])
    )
    assert [part.status for part in far.parts][1] == "failed"


def test_weights_are_asked_for_few_times():
    """Who trains inside the function must not train dozens of times."""
    for name, answer in (
        ("texture_head", training_runs.trained_head),
        ("texture_tuning", training_runs.tuned_weights),
    ):
        calls = []

        def counted(calls=calls, answer=answer):
            calls.append(1)
            return answer()

        assert verdict_on(name, counted).status == "passed"
        assert len(calls) <= 5


def test_steps_that_cancel_are_judged_by_their_length():
    codes, labels = np.array([[1.0], [-1.0], [3.0]]), np.array([0, 1, 0])
    V, v = right("softmax_head")(codes, labels, 2, 0.0, 0.5, 3)

    def another_rounding(codes, labels, classes, penalty, lr, steps):
        V, v = right("softmax_head")(codes, labels, classes, penalty, lr, steps)
        return V + 1e-15, v - 1e-15

    assert np.isfinite(V).all()
    assert verdict_on("softmax_head", another_rounding).status == "passed"


@pytest.mark.parametrize("kind", ["residual", "preactivation"])
def test_the_references_gradients_agree_with_finite_differences(kind):
    rng = np.random.default_rng(1)
    arrays = [rng.normal(size=shape) for shape in ((2, 2, 3, 4), (3, 2, 3, 3), (2, 3, 3, 3))]
    dy = rng.normal(size=(2, 2, 3, 4))
    forward, backward = getattr(blocks, kind), getattr(blocks, f"{kind}_backward")
    for place, gradient in enumerate(backward(dy, *arrays)):
        for where in [tuple(rng.integers(n) for n in gradient.shape) for _ in range(12)]:
            ends = []
            for step in (1e-6, -1e-6):
                moved = [array.copy() for array in arrays]
                moved[place][where] += step
                ends.append((forward(*moved) * dy).sum())
            assert gradient[where] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-4, abs=1e-6)


def test_the_convolution_and_the_pool_are_the_librarys():
    from course_lib import functional as F

    rng = np.random.default_rng(2)
    x, w = rng.normal(size=(2, 3, 5, 4)), rng.normal(size=(4, 3, 5, 5))
    dy = rng.normal(size=(2, 4, 5, 4))
    for given in (blocks.__dict__, GIVEN):
        np.testing.assert_allclose(given["conv2d"](x, w), F.conv2d(x, w, padding=2), atol=1e-12)
        for mine, theirs in zip(given["conv2d_backward"](dy, x, w), F.conv2d_backward(dy, x, w, padding=2)):
            np.testing.assert_allclose(mine, theirs, atol=1e-12)
        np.testing.assert_array_equal(given["max_pool3"](x), F.max_pool2d(x, 3, stride=1, padding=1)[0])


def test_the_reference_inception_module_counts_as_googlenets_first():
    assert CHECKS["inception_size"].reference(192, 64, (96, 128), (16, 32), 32, 28)[0] == 163328


def test_inputs_of_blocks_have_what_gives_mistakes_away():
    for name in ("residual_forward", "preactivation_forward", "residual_backward", "preactivation_backward"):
        calls = [e.args[-3:] for part in CHECKS[name].parts for e in part.examples]
        assert any(x.shape[2] != x.shape[3] for x, _, _ in calls)
        assert any(w1.shape[0] != w1.shape[1] for _, w1, _ in calls)
        assert any((x == 0).any() and (x < 0).any() for x, _, _ in calls)
        assert {x.dtype.name for x, _, _ in calls} == {"float32", "float64"}


def test_a_backward_is_judged_with_its_own_forwards_cache_even_where_that_is_wrong():
    functions = CHECKS["residual_backward"].right_functions()

    def wrong_forward(x, w1, w2):
        return 0 * x, (x, w1, w2)

    student = LocalStudent({**functions, "residual_forward": wrong_forward})
    assert CHECKS["residual_backward"].judge(student, seed=SEED).fraction == 1
    assert CHECKS["residual_forward"].judge(student, seed=SEED).fraction == 0


def test_the_library_cannot_be_read_but_for_data():
    files = grading.checks.sandbox_policy("transfer").files
    assert [file for file in files if not file.endswith(".npz")] == [
        "course_lib/__init__.py",
        "course_lib/version.py",
    ]
