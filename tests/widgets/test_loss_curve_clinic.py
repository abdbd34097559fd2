"""The clinic: injected faults, curves drawn with a pen, and what the doctor says of both."""

import numpy as np
import pytest

from course_lib.training import diagnose
from course_lib.training.faulty_runs import FAULTS, faulty_run
from course_lib.widgets import LossCurveClinic
from course_lib.widgets.loss_curve_picture import Curves
from course_lib.widgets.loss_curve_runs import (
    DRAWING,
    DRAWN,
    ClinicParameters,
    compute,
    ordinary_pair,
    resampled,
    stroke,
)


def flat(train=2.0, validation=2.1):
    return tuple((value,) * DRAWN for value in (train, validation))


def drawing(drawn=None, **settings):
    return compute(ClinicParameters(DRAWING, drawn=drawn or flat(), **settings))


@pytest.mark.parametrize("fault", ["rate too high", "dead units", "healthy"])
def test_an_injected_fault_is_a_real_run_and_gets_the_doctors_words(fault):
    result = compute(ClinicParameters(fault, dose=100, seed=1))
    run = faulty_run(fault, 1.0, seed=1)
    np.testing.assert_array_equal(result.steps, run.history.step_loss)
    np.testing.assert_array_equal(result.validation, run.history.validation_loss)
    assert result.diagnosis == diagnose(run.history, run.monitor, validation_examples=run.plan.validation)
    assert result.at[-1] == result.train.size


def test_without_the_monitor_dead_units_cannot_be_told():
    seen, hidden = (compute(ClinicParameters("dead units", 100, monitored=told)) for told in (True, False))
    assert seen.diagnosis.first == "dead units"
    assert hidden.diagnosis.first != "dead units"
    assert any("dead units" in line for line in hidden.diagnosis.unknown)


def test_a_drawing_is_judged_as_the_history_that_it_is():
    train, validation = ordinary_pair()
    result = drawing((train, validation))
    assert result.diagnosis == diagnose({"train_loss": list(train), "val_loss": list(validation)})
    assert drawing().diagnosis.first == "gradients not applied"
    rising = (tuple(2.0 * 0.9**n for n in range(DRAWN)), tuple(1.0 + 0.04 * n for n in range(DRAWN)))
    assert drawing(rising).diagnosis.first in ("overfitting", "memorising")


def found(*settings, **more):
    return [finding.problem for finding in compute(ClinicParameters(*settings, **more)).diagnosis.findings]


def test_the_lecture_answers_its_questions_on_faults_rightly():
    for dose in (50, 60):
        assert found("rate too high", dose) == ["overfitting"]
    assert found("rate too high", 70)[:2] == ["instability", "rate too high"]
    assert found("rate too high", 90)[0] == "rate too high"
    assert [found("wrong direction", dose)[0] for dose in (45, 50, 55)] == [
        "rate too low",
        "gradients not applied",
        "wrong direction",
    ]
    assert found("dead units", 100, monitored=False) == ["slow start"]
    assert found("saturated units", 100, monitored=False) == []


def test_the_lecture_answers_its_questions_on_drawings_rightly():
    train, validation = resampled(compute(ClinicParameters("overfitting", 100)))
    lowest = min(validation)
    best = validation.index(lowest)
    for rise, said in ((0.1, []), (0.2, ["overfitting"])):
        end = np.linspace(lowest, (1 + rise) * lowest, DRAWN - best)
        lowered = (train, (*validation[:best], *end.tolist()))
        assert [one.problem for one in drawing(lowered).diagnosis.findings] == said
    stairs = tuple(np.interp(np.arange(DRAWN), [0, 10, 28, DRAWN - 1], [2.4, 1.2, 1.2, 0.2]))
    assert drawing((stairs, stairs)).diagnosis.first == "plateau"
    for waves, oscillates in ((7, False), (8, True), (12, False), (16, False), (DRAWN / 2, True)):
        wave = tuple(1 + 0.5 * np.cos(2 * np.pi * waves * np.arange(DRAWN) / DRAWN + 0.3))
        assert (drawing((wave, wave)).diagnosis.first == "oscillation") == oscillates, waves


def test_a_stroke_is_a_straight_line_from_the_pen():
    at, (train, validation) = stroke(drawing(at=4), epoch=8.2, loss=1.0)
    assert at == 8
    np.testing.assert_allclose(train[3:8], [2.0, 1.75, 1.5, 1.25, 1.0])
    assert set(train[:3] + train[8:]) == {2.0}
    assert set(validation) == {2.1}


def test_a_stroke_goes_back_and_up_and_never_out_of_the_chart():
    result = drawing(at=5, pen="validation", height=3.5)
    at, (train, validation) = stroke(result, epoch=-3, loss=99)
    assert at == 1
    assert validation[0] == 3.5
    assert validation[4] == 2.1
    assert np.all(np.diff(validation[:5]) < 0)
    assert set(train) == {2.0}
    assert stroke(result, epoch=5, loss=1.0)[1][1][4] == 1.0


def test_a_run_that_is_taken_over_keeps_its_shape():
    result = compute(ClinicParameters("healthy", seed=2))
    train, _ = resampled(result)
    assert (train[0], train[-1]) == (result.train[0], result.train[-1])
    assert np.interp(0.5, [0, 1], result.train[:2]) >= min(train)
    broken = compute(ClinicParameters("not a number", 100))
    assert np.isfinite(resampled(broken)).all()


def test_the_height_leaps_so_that_it_seldom_changes():
    none = np.empty(0)
    assert Curves(none, none, np.array([2.0, 3.4]), none).height == 3.5
    assert Curves(none, none, np.array([2.0, 3.6]), none).height == 5
    assert Curves(none, none, np.array([np.nan, 1.0]), np.array([np.inf])).height == 1


def test_dragging_the_pen_makes_the_run_ones_own():
    widget = LossCurveClinic(source="healthy")
    before = widget._result
    chart = widget._artists["chart"].axes
    pen = widget.make_handles(widget._artists, before)["pen"]
    x, y = chart.transData.transform((pen.x, pen.y))
    widget._moved("pen", x + 60, y + 90, True)
    result = widget._result
    assert result.is_drawn
    assert widget.controls["source"].value == DRAWING
    assert all(widget.controls[name].disabled for name in ("dose", "seed", "monitored"))
    assert result.height == before.height
    assert result.train[result.parameters.at - 1] == pytest.approx(result.pen[1])
    np.testing.assert_array_equal(result.validation, resampled(before)[1])
    widget.controls["source"].value = "plateau"
    assert not widget._result.is_drawn
    assert not widget.controls["dose"].disabled


def test_keys_walk_the_pen_along_the_curve_without_drawing():
    widget = LossCurveClinic(source="healthy")
    pen = widget.make_handles(widget._artists, widget._result)["pen"]
    x, y = widget._artists["chart"].axes.transData.transform((pen.x, pen.y))
    picture = widget.picture.png
    widget._moved("pen", x + pen.step, y, False)
    assert widget.current_parameters().at == ClinicParameters().at + 1
    assert widget.current_parameters().source == "healthy"
    assert widget.picture.png != picture


def test_the_picture_shows_which_curve_the_pen_is_on():
    widget = LossCurveClinic(source="healthy")
    picture, chart = widget.picture.png, widget._artists["chart"]
    assert chart.train.get_linewidth() > chart.validation.get_linewidth()
    widget.controls["pen"].value = "validation"
    assert chart.train.get_linewidth() < chart.validation.get_linewidth()
    assert widget.picture.png != picture
    assert "validation loss: epoch" in widget.picture.handles[0]["label"]


def test_choosing_to_draw_begins_with_the_curves_that_are_there():
    widget = LossCurveClinic(source="plateau", dose=100)
    shape = resampled(widget._result)
    widget.controls["source"].value = DRAWING
    assert widget.current_parameters().drawn == shape
    assert widget.picture.alt.startswith("Loss-curve clinic. A drawing of 48 epochs")


def test_it_says_what_was_done_and_whether_it_was_found():
    said = LossCurveClinic.explain(compute(ClinicParameters("dead units", 100)))
    assert "initial biases of −6" in said
    assert "names it first" in said
    assert "agrees" in LossCurveClinic.explain(compute(ClinicParameters("healthy")))


@pytest.mark.parametrize("fault", FAULTS)
def test_every_patient_can_be_drawn(fault):
    figure = LossCurveClinic.figure(source=fault, dose=100)
    assert "nan" not in figure.alt.lower().replace("finance", "") or fault == "not a number"


@pytest.mark.parametrize(
    ("name", "value"),
    [("dose", 101), ("dose", 7.5), ("seed", True), ("at", 0), ("pen", "test"), ("drawn", ((1.0,), (2.0,)))],
)
def test_impossible_settings_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must"):
        ClinicParameters(**{name: value})
