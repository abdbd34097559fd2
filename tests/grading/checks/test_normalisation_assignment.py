"""The assignment on normalisation: true prompts, a true experiment, bugs that hide, and inputs that tell."""

import re
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest

import grading.checks
from grading.checks.student import LocalStudent

ROOT = Path(__file__).resolve().parents[3]
CHECKS = grading.checks.load("normalisation")
SEED = b"a class"


@pytest.fixture(scope="module")
def notebook():
    return nbformat.read(ROOT / "grading/source/normalisation/normalisation.ipynb", as_version=4)


@pytest.fixture(scope="module")
def names(notebook):
    """What the instructor's notebook binds."""
    matplotlib.use("agg")
    bound = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.source.startswith("check("):
            with np.errstate(over="ignore"):
                exec(cell.source, bound)
    return bound


@pytest.fixture(scope="module")
def prompts(notebook):
    cells = {c.metadata.nbgrader.grade_id: c.source for c in notebook.cells if "nbgrader" in c.metadata}
    return {name: cells[f"prompt_{name}"] for name in CHECKS}


def rounded(values, places=4):
    return ", ".join(f"{value:.{places}f}".rstrip("0").rstrip(".") for value in np.ravel(values))


def matrix(array):
    return (
        r"\begin{pmatrix}" + r"\\".join("&".join(f"{v:g}" for v in row) for row in array) + r"\end{pmatrix}"
    )


def numbers_in(text):
    return [float(word) for word in re.findall(r"-?\d+(?:\.\d+)?", text)]


def table_of(prompt):
    """The numbers in the cells of a prompt's last table, in four digits."""
    row = [line for line in prompt.splitlines() if line.startswith("| $(")][-1]
    return [numbers_in(cell) for cell in row.strip("|").split("|")]


def test_the_worked_activations_are_true(names, prompts):
    x, dy = np.array([-2.0, 0.0, 1.0]), np.array([3.0, 3.0])
    order = ["sigmoid", "tanh", "relu", "leaky_relu", "elu"]
    for name, shown in zip(order, table_of(prompts["activate"]), strict=True):
        np.testing.assert_allclose(shown, names["activate"](name, x), atol=5e-5)
    for name, shown in zip(order, table_of(prompts["activate_backward"]), strict=True):
        np.testing.assert_allclose(shown, names["activate_backward"](name, dy, x[[0, 2]]), atol=5e-5)


def test_the_worked_maxout_is_true(names, prompts):
    check = CHECKS["maxout_backward"]
    dy, x, w, b = check.parts[0].examples[0].args
    assert f"$y = {names['maxout_forward'](x, w, b)[0, 0]:g}$" in prompts["maxout_forward"]
    dx, dw, db = names["maxout_backward"](dy, x, w, b)
    for shown in (
        f"dx = ({rounded(dx)})",
        f"dw_0 = ({rounded(dw[0])})",
        f"dw_1 = ({rounded(dw[1])})",
        f"db = ({rounded(db)})",
    ):
        assert shown in prompts["maxout_backward"]


def test_the_worked_data_are_true(names, prompts):
    for x, shown in (([-2.0, 2.0], "answer is $4$"), ([1.0, 3.0], "answer is $33.97$")):
        number = names["condition_number"](np.array(x)[:, None])
        assert f"{number:.4g}" in shown
        assert shown in prompts["condition_number"]
    train, x = np.array([[1.0, 10.0], [3.0, 30.0]]), np.array([[4.0, 10.0]])
    assert f"becomes $({rounded(names['standardise'](train, x))})$" in prompts["standardise"]
    train, x, k = CHECKS["pca_reconstruct"].parts[0].examples[0].args
    assert f"becomes $({rounded(names['pca_reconstruct'](train, x, k))})$" in prompts["pca_reconstruct"]
    train, x, eps = CHECKS["whiten"].parts[1].examples[0].args
    assert f"becomes $({rounded(names['whiten'](train, x, eps))})$" in prompts["whiten"]


def test_the_worked_weights_and_profile_are_true(names, prompts):
    for rule, shown in (("xavier", "0.0795"), ("he", "0.1027")):
        assert f"{names['initial_weights'](rule, (2, 3), 0)[0, 0]:.4f}" == shown
        assert f"${shown}$" in prompts["initial_weights"]
    drawn = np.random.default_rng(4).standard_normal((2, 1, 3, 2))
    np.testing.assert_allclose(names["initial_weights"]("xavier", (2, 1, 3, 2), 4), drawn / 3)
    assert 'deviation of `"xavier"` is $1/3$' in prompts["initial_weights"]
    beginning = ", ".join(f"{value:.3f}" for value in names["depth_profile"]("he", "relu")[:3])
    assert f"begins with ${beginning}$" in prompts["depth_profile"]


def first_with_prompt(check):
    return next(e for part in check.parts for e in part.examples if "of the prompt" in e.note).args


def test_the_worked_normalisations_are_true(names, prompts):
    for name in ("batch_norm_forward", "layer_norm_forward"):
        y, _ = names[name](*first_with_prompt(CHECKS[name]))
        assert "y = " + matrix(y) in prompts[name]
    x, gamma, beta, mean, var, eps = first_with_prompt(CHECKS["batch_norm_test"])
    assert (
        f"= {names['batch_norm_test'](x, gamma, beta, mean, var, eps)[0, 0]:g}$" in prompts["batch_norm_test"]
    )
    mean, var = names["batch_norm_running"](*first_with_prompt(CHECKS["batch_norm_running"]))
    assert f"= {mean[0]:g}$" in prompts["batch_norm_running"]
    assert f"to ${var[0]:g}$" in prompts["batch_norm_running"]
    y = names["spatial_batch_norm"](*first_with_prompt(CHECKS["spatial_batch_norm"]))
    assert f"$({rounded(y[0, 0])})$ and $({rounded(y[0, 1])})$" in prompts["spatial_batch_norm"]
    y = names["group_norm"](*first_with_prompt(CHECKS["group_norm"]))
    assert f"y = ({rounded(y)})" in prompts["group_norm"]
    for kind in ("batch", "layer"):
        dy, *forward = first_with_prompt(CHECKS[f"{kind}_norm_backward"])
        _, cache = names[f"{kind}_norm_forward"](*forward)
        dx, dgamma, dbeta = names[f"{kind}_norm_backward"](dy, cache)
        prompt = prompts[f"{kind}_norm_backward"]
        assert f"dx = ({rounded(dx)})" in prompt
        for symbol, value in ((r"d\gamma", dgamma), (r"d\beta", dbeta)):
            shown = rounded(value) if value.size == 1 else f"({rounded(value)})"
            assert f"{symbol} = {shown}" in prompt
    new_w, new_b = names["fold_batch_norm"](*first_with_prompt(CHECKS["fold_batch_norm"]))
    assert f"weights are $({rounded(new_w)})$, the new bias is ${new_b[0]:g}$" in prompts["fold_batch_norm"]


def test_the_notebooks_digits_are_those_of_the_checks(names):
    from grading.checks.normalisation.preparation import digits

    np.testing.assert_array_equal(names["digits"], digits())


def test_the_experiment_shows_what_theory_says(names):
    lost, xavier_tanh, xavier_relu, he_relu = names["depth_readings"]()
    assert lost == 3
    assert xavier_relu == pytest.approx(1 / np.sqrt(2), rel=0.02)
    assert he_relu == pytest.approx(1, rel=0.02)
    assert xavier_relu < xavier_tanh < he_relu


def test_preparation_brings_down_the_condition_number_of_real_pixels(names):
    pixels = names["pixels"]
    found = [names["condition_number"](step()) for step in names["steps"].values()]
    assert pixels.shape[1] == 3
    assert found[0] > found[2] > found[3]
    assert found[3] == pytest.approx(1, abs=1e-3)


def test_the_planted_bugs_hide_before_training_and_show_after(names):
    rng = np.random.default_rng(3)
    w, b = rng.normal(size=(3, 4)), rng.normal(size=3)
    for statistics, agree in ((names["fresh"], True), (names["trained"], False)):
        buggy = names["fold_with_bugs"](w, b, *statistics)
        right = names["fold_batch_norm"](w, b, *statistics)
        for one, other in zip(buggy, right, strict=True):
            assert np.allclose(one, other, atol=1e-4) == agree


def test_the_planted_bugs_earn_nothing_as_they_are(names):
    verdict = CHECKS["fold_batch_norm"].judge(
        LocalStudent({"fold_batch_norm": names["fold_with_bugs"]}), seed=SEED
    )
    assert verdict.fraction == 0
    assert {part.misconception for part in verdict.parts} == {
        "fold-eps-still-outside-the-root",
        "fold-mean-still-not-scaled",
    }


def test_repaired_folding_computes_what_the_two_layers_do(names):
    rng = np.random.default_rng(5)
    w, b, x = rng.normal(size=(3, 4)), rng.normal(size=3), rng.normal(size=(6, 4))
    new_w, new_b = names["fold_batch_norm"](w, b, *names["trained"])
    apart = names["batch_norm_test"](x @ w.T + b, *names["trained"])
    np.testing.assert_allclose(x @ new_w.T + new_b, apart)


def inputs(name, *, drawn=True):
    """Positional arguments of what a check asks: the fixed examples, and drawn ones of a few seeds."""
    found = [e.args for part in CHECKS[name].parts for e in part.examples]
    if drawn:
        found += [
            e.args
            for part in CHECKS[name].parts
            if part.drawn is not None
            for seed in range(3)
            for e in part.drawn.draw(bytes([seed]))
        ]
    return found


@pytest.mark.parametrize("name", ["batch_norm_forward", "layer_norm_forward"])
@pytest.mark.parametrize("drawn", [True, False])
def test_inputs_of_normalisations_have_what_gives_mistakes_away(name, drawn):
    calls = inputs(name, drawn=drawn)
    axis = 0 if name.startswith("batch") else 1
    assert {args[0].dtype.name for args in calls} == {"float32", "float64"}
    assert any(len(args[0]) == 1 for args in calls)
    assert any(args[0].shape[0] == args[0].shape[1] > 1 for args in calls)
    assert any(args[0].shape[0] != args[0].shape[1] for args in calls)
    assert any(len(args) < 4 for args in calls)
    assert any(args[-1] >= 1 for args in calls if len(args) == 4)
    assert any((args[0].var(axis=axis) == 0).any() for args in calls)
    assert any(np.abs(args[0]).min() > 900 for args in calls)


@pytest.mark.parametrize("name", ["batch_norm_backward", "layer_norm_backward"])
def test_inputs_of_gradients_have_what_gives_mistakes_away(name):
    calls = inputs(name, drawn=False)
    assert {args[1].dtype.name for args in calls} == {"float32", "float64"}
    assert any(len(args[1]) == 1 for args in calls)
    assert any(args[1].shape[0] == args[1].shape[1] > 1 for args in calls)
    assert any(args[4] >= 1 for args in calls)
    assert any(args[4] < 1e-4 for args in calls)


def test_inputs_of_group_norm_reach_from_one_group_to_one_a_channel():
    calls = inputs("group_norm")
    kinds = {(args[3] == 1, args[3] == args[0].shape[1]) for args in calls}
    assert kinds == {(True, False), (False, True), (False, False), (True, True)}
    assert any(args[0].shape[2] != args[0].shape[3] for args in calls)
    assert any(args[0].shape[0] == 1 for args in calls)


def test_scores_are_large_enough_to_overflow_and_small_enough_not_to():
    calls = inputs("activate")
    largest = [np.abs(args[1]).max() for args in calls]
    assert max(largest) >= 1000
    assert min(largest) <= 1
    assert any((args[2] == 0).any() for args in inputs("activate_backward"))


def test_a_slope_at_the_kink_may_be_either_and_nothing_else():
    def answer(at_zero):
        return lambda name, dy, x: np.where(
            x == 0, at_zero * dy, CHECKS["activate_backward"].reference(name, dy, x)
        )

    relu = {
        at_zero: next(
            part.status
            for part in CHECKS["activate_backward"]
            .judge(LocalStudent({"activate_backward": answer(at_zero)}), seed=SEED)
            .parts
            if part.name == "relu"
        )
        for at_zero in (0.0, 0.5, 1.0, 2.0, -1.0)
    }
    assert relu == {0.0: "passed", 0.5: "passed", 1.0: "passed", 2.0: "failed", -1.0: "failed"}


def test_a_backward_is_judged_with_its_own_forwards_cache_even_where_that_is_wrong():
    right = CHECKS["batch_norm_backward"].right_functions()

    def wrong_forward(x, gamma, beta, eps=1e-5):
        return x * 0, (x, gamma, beta, eps)

    student = LocalStudent({**right, "batch_norm_forward": wrong_forward})
    assert CHECKS["batch_norm_backward"].judge(student, seed=SEED).fraction == 1.0
    assert CHECKS["batch_norm_forward"].judge(student, seed=SEED).fraction == 0.0


def test_a_gradient_right_for_a_wrong_forward_is_told():
    def twice_forward(x, gamma, beta, eps=1e-5):
        y = CHECKS["batch_norm_backward"].cache_of.reference(x, 2 * gamma, beta, eps)
        return y, (x, 2 * gamma, beta, eps)

    def twice_backward(dy, cache):
        dx, dgamma, dbeta = CHECKS["batch_norm_backward"].reference(dy, *cache)
        return dx, 2 * dgamma, dbeta

    student = LocalStudent({"batch_norm_forward": twice_forward, "batch_norm_backward": twice_backward})
    verdict = CHECKS["batch_norm_backward"].judge(student, seed=SEED)
    assert "right gradient of a wrong forward" in verdict.explanation


@pytest.mark.parametrize("kind", ["batch", "layer"])
def test_the_references_gradients_agree_with_finite_differences(kind):
    check = CHECKS[f"{kind}_norm_backward"]
    rng = np.random.default_rng(1)
    dy, x = rng.normal(size=(2, 4, 3))
    gamma, beta = rng.normal(size=(2, 3))
    forward = check.cache_of.reference
    for place, gradient in enumerate(check.reference(dy, x, gamma, beta, 0.3)):
        for where in np.ndindex(gradient.shape):
            ends = []
            for step in (1e-5, -1e-5):
                moved = [x.copy(), gamma.copy(), beta.copy()]
                moved[place][where] += step
                ends.append((forward(*moved, 0.3) * dy).sum())
            assert gradient[where] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-5, abs=1e-7)


def test_a_mistake_far_larger_than_the_right_answer_is_still_recognised():
    def starts_at_one(x, running_mean, running_var, momentum=0.1):
        ones = np.ones(x.shape[1])
        return (
            (1 - momentum) * running_mean + momentum * x.mean(axis=0),
            (1 - momentum) * ones + momentum * x.var(axis=0, ddof=1),
        )

    verdict = CHECKS["batch_norm_running"].judge(
        LocalStudent({"batch_norm_running": starts_at_one}), seed=SEED
    )
    assert verdict.misconception == "running-variance-starts-at-one"
