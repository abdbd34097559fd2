"""The assignment on optimisers: prompts tell true numbers; its experiment and planted faults are real."""

from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest
from assignment_students import CHECKS, SEED, right, verdict_on

import grading.checks
from course_lib.data import load_digits
from grading.checks.optimisers import digits_experiment
from grading.checks.optimisers.minibatches import traits
from grading.checks.student import LocalStudent

SOURCE = Path(__file__).resolve().parents[3] / "grading" / "source" / "optimisers" / "optimisers.ipynb"


@pytest.fixture(scope="module")
def names():
    matplotlib.use("agg")
    bound = {}
    for cell in nbformat.read(SOURCE, as_version=4).cells:
        if cell.cell_type == "code" and not cell.source.startswith("check("):
            exec(cell.source, bound)
    return bound


@pytest.fixture(scope="module")
def prompts():
    cells = nbformat.read(SOURCE, as_version=4).cells
    return {
        c.metadata.nbgrader.grade_id.removeprefix("prompt_"): c.source
        for c in cells
        if c.cell_type == "markdown"
    }


def walk(step, theta, grads, lr, **options):
    """Thetas after each step."""
    state, path = {}, []
    for grad in grads:
        theta, state = step(np.atleast_1d(theta), np.atleast_1d(grad), state, lr, **options)
        path.append(theta)
    return np.array(path)


def written(numbers):
    return ", ".join(f"{number:.4f}".rstrip("0").rstrip(".") for number in numbers)


@pytest.mark.parametrize(
    ("name", "theta", "grads", "lr", "options"),
    [
        ("momentum_step", 1.0, [2.0, 2.0, 2.0], 0.5, {"rho": 0.5}),
        ("damped_momentum_step", 1.0, [2.0, 2.0, 2.0], 0.5, {"beta": 0.5}),
        ("adagrad_step", 1.0, [3.0, 4.0, 12.0], 1.0, {}),
        ("amsgrad_step", 1.0, [4.0, 0.0, 1.0], 1.0, {"beta1": 0.0, "beta2": 0.75}),
    ],
)
def test_the_walks_of_the_prompts_are_true(names, prompts, name, theta, grads, lr, options):
    path = walk(names[name], theta, grads, lr, **options)[:, 0]
    assert f"$\\theta$ goes to ${written(path)}$" in prompts[name]


def test_the_other_worked_examples_are_true(names, prompts):
    assert written(names["sgd_step"](np.array([1.0, -2.0]), np.array([0.5, 4.0]), 0.1)) in prompts["sgd_step"]
    bowl = np.array([[2.0]]), np.array([2.0]), np.array([5.0]), 0.25, 0.5, 2
    path, velocities = names["nesterov_path"](*bowl)
    assert (written(path[:, 0]), written(velocities[:, 0])) == ("5, 3, 1.5", "0, -2, -1.5")
    shifted = walk(names["nesterov_step"], 5.0, [8.0, 2.0], 0.25, rho=0.5)
    assert written(shifted[:, 0]) == "2, 0.75"
    assert names["nesterov_gaps"](*bowl) == pytest.approx((0, 1))
    assert "`same` is 0 and `apart` is 1" in prompts["nesterov_gaps"]
    mean, variance = names["gradient_noise"](np.array([[1.0, 0], [3, 4], [2, 2]]), 4)
    assert f"the mean is $({written(mean)})$" in prompts["gradient_noise"]
    assert f"{variance:.4f}" in prompts["gradient_noise"]
    theta = names["sgd_pass"](np.array([[1.0], [2.0]]), np.array([3.0, 1.0]), np.array([1, 0]), 1, 0.5)
    assert f"so $\\theta = {theta[0]:g}$." in prompts["sgd_pass"]
    rates = {
        name: names["learning_rate"](name, 6, 0.8, 4, factor=0.5, warmup=2)
        for name in ("step", "exponential", "1/t", "hold", "triangular", "cosine")
    }
    said = ", ".join(f"{name} {written([rate])}" for name, rate in rates.items())
    assert said in prompts["learning_rate"]
    assert [len(batch) for batch in names["minibatches"](10, 4, 2, 0)] == [4, 4, 2, 4, 4, 2]
    assert written(walk(names["rmsprop_step"], 1.0, [2.0, 4.0], 1.0, rho=0.75)[:, 0]) == "-1, -2.8353"
    assert "$-1 - 4/\\sqrt{4.75} = -2.8353$" in prompts["rmsprop_step"]
    first = np.array([1.0, -2.0]), [np.array([3.0, -0.5])], 0.5
    for corrected in (True, False):
        (step,) = walk(names["adam_step"], *first, bias_correction=corrected)
        assert f"$({written(step)})$" in prompts["adam_step"]
    run = names["mended_adam"](np.array([[1.0]]), np.array([1.0]), np.array([3.0]), 0.5, 2)
    assert f"the path is ${written(run[:, 0])}$" in prompts["mended_adam"]


def test_the_experiment_of_the_notebook_is_the_one_that_is_judged(names):
    X, y, order = digits_experiment.digits()
    data = load_digits(dtype=np.float64)
    np.testing.assert_array_equal(X[:, :64], data.images.reshape(1797, 64))
    np.testing.assert_array_equal(y, np.where(data.labels % 2 == 1, 1, -1))
    assert sorted(order) == list(range(1797))
    for mine, theirs in ((X, "X"), (y, "y"), (order, "order")):
        np.testing.assert_array_equal(mine, names[theirs])
    assert (names["sizes"], names["rates"]) == (list(digits_experiment.SIZES), list(digits_experiment.RATES))
    for (size, rate), loss in names["table"].items():
        again = digits_experiment.loss_after_a_pass(size, rate)
        assert loss == pytest.approx(again) or (np.isnan(loss) and np.isinf(again))


def test_the_answers_of_the_experiment_are_not_close_calls():
    best, rate, quiet = digits_experiment.answers()
    losses = sorted(digits_experiment.loss_after_a_pass(size, 0.1) for size in digits_experiment.SIZES)
    assert losses[1] > 1.2 * losses[0]
    assert digits_experiment.loss_after_a_pass(64, rate) < 0.25
    assert digits_experiment.loss_after_a_pass(64, 3 * rate) > 1e6
    X, y, _ = digits_experiment.digits()
    mean, variance = right("gradient_noise")(-X * y[:, None], 1)
    exact = variance / np.square(np.linalg.norm(mean) / 2)
    assert (best, quiet) == (8, 256)
    assert 1.1 * quiet / 2 < exact < quiet / 1.1


def test_the_planted_faults_are_both_there(names):
    source = next(
        cell.source for cell in nbformat.read(SOURCE, as_version=4).cells if cell.id == "faulty-adam"
    )
    planted = source.replace("faulty_adam", "mended_adam")

    def judged(text):
        bound = dict(names)
        exec(text, bound)
        return CHECKS["mended_adam"].judge(LocalStudent(bound), seed=SEED)

    averages = planted.replace('state["m"] = state["m"] /', "m = state['m'] /").replace(
        'state["v"] = state["v"] /', "v = state['v'] /"
    )
    averages = averages.replace('lr * state["m"] / (np.sqrt(state["v"])', "lr * m / (np.sqrt(v)")
    fresh = '    state = {"t": 0, "m": 0.0, "v": 0.0}\n    path = [theta]'
    assert judged(planted).misconception == "state-stays-between-calls"
    assert judged(averages).misconception == "state-stays-between-calls"
    assert (
        judged(planted.replace("    path = [theta]", fresh)).misconception == "mended-still-stores-corrected"
    )
    assert judged(averages.replace("    path = [theta]", fresh)).fraction == 1


def test_right_minibatches_pass_whatever_they_draw():
    for count, size, epochs in ((1, 1, 1), (2, 1, 3), (12, 3, 3), (16, 20, 3), (30, 7, 3)):
        for seed in range(300):
            _, _, order = traits(right("minibatches"), count, size, epochs, seed)
            assert order.all(), (count, size, epochs, seed)


def test_a_step_that_ends_at_zero_is_judged_by_what_cancelled():
    def another_rounding(theta, grad, lr):
        return (theta / 3 - lr * grad / 3) * 3

    assert verdict_on("sgd_step", another_rounding).status == "passed"
    course = np.array([0.3]), np.array([[3.0]]), 0.1
    check = CHECKS["momentum_step"]
    assert check.magnitude(*course) == pytest.approx(0.3)


def test_steps_are_tried_where_mistakes_show():
    for name in ("adagrad_step", "rmsprop_step", "adam_step", "amsgrad_step"):
        fixed = [e for part in CHECKS[name].parts for e in part.examples]
        assert {e.args[0].dtype.name for e in fixed} == {"float32", "float64"}
        assert any(np.abs(e.args[1]).max() < 1e-7 for e in fixed), "tiny gradients"
        assert any(e.kwargs.get("eps", 0) >= 1 for e in fixed), "a large eps"
        assert any(len(e.args[1]) >= 5 for e in fixed)
        assert any(len(e.args[1]) == 1 for e in fixed)


def test_the_digits_can_be_read_and_the_library_cannot():
    policy = grading.checks.sandbox_policy("optimisers")
    assert policy.files == (
        "course_lib/__init__.py",
        "course_lib/version.py",
        "course_lib/data/files/digits.npz",
    )
