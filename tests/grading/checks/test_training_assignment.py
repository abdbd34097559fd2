"""The assignment on training: prompts tell true numbers, bugs and illnesses are real, a cure cures."""

import contextlib
import json
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import nbformat
import numpy as np
import pytest
from assignment_students import CHECKS, SEED, right, verdict_on

import grading.checks
from course_lib.data.embedded import read_embedded
from course_lib.training import EarlyStopping
from course_lib.training.doctor import diagnose
from course_lib.training.gradient_check import numerical_gradient, relative_error
from course_lib.training.monitor import Monitor
from grading.checks.student import LocalStudent
from grading.checks.training import cured_settings, diagnoses, ninth_run, planted
from grading.checks.training.net_format import build, read_layers
from tools.record_ill_runs import ILLNESSES

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "grading" / "source" / "training" / "training.ipynb"
CELLS = nbformat.read(SOURCE, as_version=4).cells


@pytest.fixture(scope="module")
def names():
    matplotlib.use("agg")
    bound = {}
    # Where the files of the right answer lie: nothing is trained.
    with contextlib.chdir(Path(grading.checks.__file__).parent / "training"):
        for cell in CELLS:
            if cell.cell_type == "code" and not cell.source.startswith("check("):
                exec(cell.source, bound)
    return bound


@pytest.fixture(scope="module")
def prompts():
    return {
        c.metadata.nbgrader.grade_id.removeprefix("prompt_"): c.source
        for c in CELLS
        if c.cell_type == "markdown"
    }


def test_the_worked_examples_are_true(names, prompts):
    def cubes(x):
        return np.sum(x**3)

    slopes = names["numerical_gradient"](cubes, np.array([1.0, 2.0]), 0.5)
    assert f"$({slopes[0]:g}, {slopes[1]:g})$" in prompts["numerical_gradient"]
    error = names["relative_error"](np.array([1.0, 2.0, -4.0]), np.array([1.0, 2.5, -3.0]))
    assert f"the result is ${error:g}$" in prompts["relative_error"]
    worst, kinks = names["gradient_check"](
        lambda x: np.sum(np.abs(x) * x), lambda x: 2 * np.abs(x) + 0.5 * (x > 2), np.array([1.0, 4.0])
    )
    assert f"{worst:.4f}$ and `kinks` is {kinks}" in prompts["gradient_check"]
    y = np.array([1.0, 3.0, 8.0])
    path = names["training_loop"](
        lambda theta, rows: theta - y[rows].mean(),
        np.array([0.0]),
        np.array([[2, 0, 1], [1, 0, 2]]),
        2,
        lambda t: 1 / (t + 1),
    )
    assert f"the result is ${', '.join(f'{value:g}' for value in path[:, 0])}$" in prompts["training_loop"]
    best, last = names["early_stopping"](np.array([9.0, 7, 8, 6, 7, 8, 9, 5]), 2, 1.5)
    assert f"the result is `{best}, {last}`" in prompts["early_stopping"]
    losses, largest, suggestion = names["range_test"](
        lambda x: np.sum(x**2) / 2, lambda x: x, np.array([4.0]), np.array([0.25, 0.5, 1.5, 4.0, 6.0])
    )
    assert f"the losses are {', '.join(f'{loss:g}' for loss in losses)}," in prompts["range_test"]
    assert f"`largest` is {largest:g} and `suggestion` {suggestion:.4f}" in prompts["range_test"]
    ratio, dead, saturated = names["layer_health"](
        np.array([3.0, 4.0]),
        np.array([0.003, -0.004]),
        np.array([[0.0, 1.0], [0.0, 0.0], [0.0, 2.0]]),
        np.array([[-1.0, 0.5], [0.995, 0.99]]),
    )
    told = prompts["layer_health"]
    assert f"the ratio is ${ratio:g}$" in told
    assert f"`dead` is ${dead:g}$" in told
    assert f"`saturated` is ${saturated:g}$" in told


def test_the_example_of_a_net_is_counted_rightly(names, prompts):
    text = prompts["fashion_net"].split("**In numbers.** `")[1].split("` needs")[0]
    net = build(read_layers(text), 10**6)
    assert f"= {net.multiply_adds:,} multiply-adds" in prompts["fashion_net"]
    for name, array in net.model.state_dict().items():
        shape = str(array.shape)
        assert f"`{name}` {shape}" in prompts["fashion_net"]


def test_the_notebook_builds_the_net_that_the_checker_builds(names):
    lists = [
        json.loads((Path(grading.checks.__file__).parent / "training/fashion_net.json").read_text()),
        [
            {"layer": "conv", "out": 6, "kernel": 3, "stride": 2, "groups": 1},
            {"layer": "avg_pool", "kernel": 3, "stride": 2},
            {"layer": "conv", "out": 6, "kernel": 3, "padding": 1, "groups": 3},
            {"layer": "global_avg_pool"},
            {"layer": "batch_norm"},
            {"layer": "linear", "out": 10},
        ],
    ]
    x = np.random.default_rng(0).random((3, 1, 28, 28), dtype=np.float32)
    for layers in lists:
        checked = build(read_layers(json.dumps(layers)), 10**6).model
        own = names["build_net"](layers)
        own.load_state_dict(checked.state_dict())
        np.testing.assert_array_equal(own.eval()(x), checked(x))


def test_what_the_notebook_saves_is_what_the_checker_reads(names, tmp_path):
    with contextlib.chdir(tmp_path):
        layers = json.loads(right("fashion_net")()[0])
        names["save_net"](layers, names["build_net"](layers).state_dict())
        verdict = verdict_on("fashion_net", names["fashion_net"])
    # It can be built; it was never trained.
    assert "recognises" in verdict.message
    assert verdict.fraction == 0


def test_the_planted_bugs_are_exactly_those(names):
    for number, (cost, gradient, x) in planted.PARTS.items():
        theirs = names["derived"][number]
        assert cost(x) == theirs[0](theirs[2])
        np.testing.assert_array_equal(gradient(x), theirs[1](theirs[2]))
        moved = x + 0.01
        slopes = numerical_gradient(lambda cost=cost, moved=moved: cost(moved), moved)
        worst = relative_error(gradient(moved), slopes).max()
        assert (worst > 1e-4) == (number in planted.WRONG), (number, worst)
    # The rectifier at its kink moves with both weights.
    assert right("gradient_check")(*planted.PARTS[3]) == (0.0, 2)


def test_early_stopping_is_the_librarys():
    rng = np.random.default_rng(0)
    for _ in range(200):
        losses = rng.integers(1, 9, 12).astype(float)
        patience, growth = int(rng.integers(1, 4)), float(rng.choice([1.0, 1.5, 2.0]))
        stopper = EarlyStopping(patience, growth=growth, restore_best=False)
        history = SimpleNamespace(validation_loss=[])
        run = SimpleNamespace(history=history, epoch=0, stop=False)
        while not run.stop and run.epoch < len(losses):
            history.validation_loss.append(float(losses[run.epoch]))
            run.epoch += 1
            stopper.after_epoch(run)
        assert right("early_stopping")(losses, patience, growth) == (stopper.best_epoch, run.epoch)


def as_monitored(run):
    """What was recorded of a run, as history and monitor of the training doctor."""
    monitor = Monitor()
    monitor.steps = run["monitored_steps"].astype(int).tolist()
    monitor.update_ratio = {f"{i}.weight": ratio.tolist() for i, ratio in enumerate(run["update_ratio"])}
    monitor.activations = {
        f"{i}": SimpleNamespace(silent=share.tolist(), layer="ReLU", std=[1.0] * len(share))
        for i, share in enumerate(run["silent"])
    }
    names = ("step_loss", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy")
    return {name: run[name].tolist() for name in names}, monitor


def test_the_recorded_runs_are_ill_of_what_the_answers_say():
    recorded = read_embedded("recorded_runs")
    assert diagnoses.ANSWERS == ILLNESSES
    for number, illness in enumerate(ILLNESSES, start=1):
        prefix = f"{number}/"
        run = {k.removeprefix(prefix): v for k, v in recorded.items() if k.startswith(prefix)}
        history, monitor = as_monitored(run)
        # How widely outputs spread is not recorded: a slow start is told from the losses alone.
        said = diagnose(history, None if illness == "slow start" else monitor)
        assert illness in [finding.problem for finding in said.findings[:2]], (number, said.first)


def test_the_prompt_lists_every_name_that_is_known(prompts):
    for name in (*diagnoses.REMEDIES, *diagnoses.REMEDY_NAMES):
        assert f"`{name}`" in prompts["diagnoses"]
    for illness in diagnoses.ANSWERS:
        assert diagnoses.REMEDIES[illness]


def test_a_remedy_counts_beside_its_illness_alone():
    answer = right("diagnoses")()
    assert verdict_on("diagnoses", lambda: [(a, "train longer") for a, _ in answer]).fraction == 0
    assert verdict_on("diagnoses", lambda: [answer[0], *answer[:0:-1]]).fraction == pytest.approx(2 / 8)
    same = verdict_on("diagnoses", lambda: [answer[0]] * 8)
    assert (same.fraction, same.status) == (0, "failed")
    unknown = verdict_on("diagnoses", lambda: [("flu", "tea"), *answer[1:]])
    assert unknown.fraction == 0
    assert "'flu' is none of the illnesses" in unknown.message


def test_the_ninth_run_is_the_notebooks_and_is_ill(names):
    assert names["ill"] == ninth_run.ILL
    for settings in (ninth_run.ILL, right("cured_settings")()):
        with np.errstate(all="ignore"):
            assert names["ninth_run"](**settings, seed=3) == ninth_run.ninth_run(**settings, seed=3)
    assert verdict_on("cured_settings", lambda: dict(ninth_run.ILL)).fraction == 0


def test_the_cure_holds_from_every_start_and_standing_still_is_none():
    for number in range(12):
        verdict = CHECKS["cured_settings"].judge(
            LocalStudent({"cured_settings": right("cured_settings")}), seed=b"class %d" % number
        )
        assert verdict.fraction == 1, str(verdict)
    still = verdict_on("cured_settings", lambda: {"rate": 1e-5, "momentum": 0.0, "start": 1.0, "batch": 64})
    assert (still.fraction, still.misconception) == (0, "cure-rate-too-low-now")
    half = verdict_on("cured_settings", lambda: {**right("cured_settings")(), "start": 10.0})
    assert 0 < half.fraction < 1


@pytest.mark.parametrize(
    "value",
    [
        {"rate": 0.05},
        {"rate": "0.05", "momentum": 0.9, "start": 1.0, "batch": 16},
        {"rate": float("nan"), "momentum": 0.9, "start": 1.0, "batch": 16},
        {"rate": 10**400, "momentum": 0.9, "start": 1.0, "batch": 16},
        {"rate": 0.05, "momentum": 0.9, "start": 1.0, "batch": 16.5},
        {"rate": 0.05, "momentum": 0.9, "start": 1.0, "batch": 1},
        {"rate": True, "momentum": 0.9, "start": 1.0, "batch": 16},
        {"rate": 0.05, "momentum": 0.9, "start": 1.0, "batch": 16, "accuracy": 1.0},
    ],
)
def test_settings_that_are_none_are_refused(value):
    with pytest.raises(cured_settings.Refused):
        cured_settings.read_settings(value)


def test_a_search_is_judged_by_what_it_asked_and_not_by_what_it_says():
    def boasts(evaluate, low, high, budget, seed):
        rate, _ = right("random_search")(evaluate, low, high, budget, seed)
        return rate, 0.0

    def never_asks(evaluate, low, high, budget, seed):
        return low, 0.0

    verdict = verdict_on("random_search", boasts)
    assert {part.name: part.status for part in verdict.parts}["the best trial"] == "failed"
    assert verdict_on("random_search", never_asks).fraction == 0


def test_right_searches_pass_whatever_they_draw():
    check = CHECKS["random_search"]
    for number in range(60):
        student = LocalStudent({"random_search": right("random_search")})
        assert check.judge(student, seed=b"%d" % number).fraction == 1


def test_training_tools_are_out_of_reach_and_layers_are_not():
    files = grading.checks.sandbox_policy("training").files
    assert not any(f.startswith("course_lib/training") or f == "course_lib" for f in files)
    assert {"course_lib/nn", "course_lib/optim", "course_lib/data", "course_lib/kernels"} <= set(files)


def test_a_measured_check_that_breaks_is_the_graders_fault():
    from grading.checks.definition import Part, example
    from grading.checks.measured import Measured

    check = Measured("f", "()", lambda: 1, (Part("all", 1, (example(),)),), "Lecture 10")
    verdict = check.judge(LocalStudent({"f": lambda: 1}), seed=SEED)
    assert (verdict.status, verdict.fraction) == ("error", 0.0)
    assert "not your fault" in verdict.message
