"""What the explorer computes, against closed forms, and what the hand can do with it."""

import numpy as np
import pytest

from course_lib.widgets import SurfaceExplorer
from course_lib.widgets.surface_slices import (
    NAMES,
    OWN,
    SurfaceParameters,
    compute,
    critical_points,
    key_of,
    surface_of,
)

# (surface, point) -> verdict, known from the formulas
VERDICTS = [
    ({"surface": "bowl", "theta1": 0.0, "theta2": 0.0}, "minimum"),
    ({"surface": "saddle", "theta1": 0.0, "theta2": 0.0}, "saddle"),
    ({"surface": "Himmelblau", "theta1": 3.0, "theta2": 2.0}, "minimum"),
    ({"surface": "Rosenbrock", "theta1": 1.0, "theta2": 1.0}, "minimum"),
    ({"surface": "Rosenbrock", "theta1": 1.0, "theta2": 1.001}, "not critical"),
    ({"surface": "plateau", "theta1": 4.0, "theta2": 4.0}, "not critical"),
    ({"surface": OWN, "theta1": 0.0, "theta2": 0.0, "h11": -2, "h12": 0, "h22": -1}, "maximum"),
    ({"surface": OWN, "theta1": 1.0, "theta2": -1.0, "h11": 1, "h12": 1, "h22": 1}, "degenerate"),
    ({"surface": OWN, "theta1": 1.0, "theta2": 1.0, "h11": 0, "h12": 0, "h22": 0}, "degenerate"),
]


@pytest.mark.parametrize(("settings", "kind"), VERDICTS)
def test_the_verdict_is_the_known_one(settings, kind):
    assert compute(SurfaceParameters(**settings)).kind == kind


def test_himmelblau_has_four_minima_four_saddles_and_a_maximum():
    found = critical_points(("Himmelblau",))
    kinds = [kind for kind, *_ in found]
    assert {kind: kinds.count(kind) for kind in kinds} == {"minimum": 4, "saddle": 4, "maximum": 1}
    surface = surface_of(("Himmelblau",))
    for _, *place in found:
        np.testing.assert_allclose(surface.gradient(np.array(place)), 0, atol=1e-9)


@pytest.mark.parametrize("angle", [0, 30, 90, 180])
def test_curvature_of_a_quadratic_along_an_angle(angle):
    result = compute(SurfaceParameters("ravine", 1.0, 0.5, angle=angle))
    c, s = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    assert result.curvature == pytest.approx(c**2 + 25 * s**2)
    assert result.slope == pytest.approx(1.0 * c + 25 * 0.5 * s)
    np.testing.assert_allclose(result.slice, result.model, atol=1e-9, err_msg="a quadratic is its own model")


@pytest.mark.parametrize("name", NAMES)
def test_the_model_touches_the_slice_to_second_order(name):
    near = compute(SurfaceParameters(name, 0.7, 0.9, angle=70, reach=0.05))
    t = near.t
    closest = np.abs(t) < 0.02
    here = float(surface_of(key_of(near.parameters)).value(near.point))
    np.testing.assert_allclose(
        near.model, here + near.slope * t + near.curvature * t**2 / 2, atol=1e-9 * max(1, abs(here))
    )
    # what is left out begins with the cube of the step; no third derivative here exceeds 5000
    assert np.all(np.abs(near.slice - near.model)[closest] <= 5000 / 6 * np.abs(t[closest]) ** 3 + 1e-12)


def test_eigenvectors_of_the_own_hessian():
    result = compute(SurfaceParameters(OWN, 0.0, 0.0, h11=1, h12=2, h22=1))
    np.testing.assert_allclose(result.eigenvalues, [-1, 3])
    np.testing.assert_allclose(np.abs(result.eigenvectors), np.sqrt(0.5))
    assert result.definiteness == "indefinite"


@pytest.mark.parametrize("angle", [0, 17, 90, 135, 180])
def test_the_slice_ends_at_the_rim(angle):
    result = compute(SurfaceParameters("bowl", 1.5, -0.5, angle=angle))
    ends = result.point + np.outer(result.t[[0, -1]], result.direction)
    np.testing.assert_allclose(np.abs(ends).max(axis=1), 2)


def test_the_map_shows_the_cost_where_it_is():
    result = compute(SurfaceParameters("Rosenbrock", 0.0, 0.0))
    row, column = 150, 40
    x, y = -2 + 4 * (column + 0.5) / 200, -1 + 4 * (row + 0.5) / 200
    assert result.values[row, column] == pytest.approx((1 - x) ** 2 + 100 * (y - x**2) ** 2)


def test_dragging_moves_the_point_and_keeps_the_artists():
    explorer = SurfaceExplorer(surface="bowl", theta1=1.0, theta2=1.0)
    figure, artist, before = explorer._figure, explorer._artists["slice"], explorer.picture.png
    handle = explorer.picture.handles[0]
    left, top, right, bottom = handle["box"]
    explorer.picture._heard(
        None, {"kind": "move", "name": "point", "left": left, "top": bottom, "held": True}, []
    )
    assert (explorer.controls["theta1"].value, explorer.controls["theta2"].value) == pytest.approx((-2, -2))
    assert explorer._figure is figure
    assert explorer._artists["slice"] is artist
    assert explorer.picture.png != before
    assert explorer.picture.handles[0]["left"] == pytest.approx(left)


def test_the_point_stays_in_the_map():
    explorer = SurfaceExplorer(surface="bowl", theta1=1.0, theta2=1.0)
    explorer._moved("point", -500.0, 9000.0, True)
    assert explorer.current_parameters().theta1 == -2
    assert explorer.current_parameters().theta2 == 2


def test_let_go_of_close_to_a_critical_point_it_falls_onto_it():
    explorer = SurfaceExplorer(surface="saddle", theta1=1.0, theta2=1.0)
    left, top, right, bottom = explorer.picture.handles[0]["box"]
    x, y = (left + right) / 2 + 3, explorer.picture.height - (top + bottom) / 2
    explorer._moved("point", x, y, True)
    assert "Not critical" in explorer.message.value
    explorer._moved("point", x, y, False)
    assert "Saddle" in explorer.message.value
    assert "saddle" in explorer.picture.handles[0]["label"]


def test_a_step_of_the_keyboard_leaves_a_critical_point():
    explorer = SurfaceExplorer(surface="saddle", theta1=0.0, theta2=0.0)
    handle = explorer.picture.handles[0]
    explorer._moved("point", handle["left"] + handle["step"], explorer.picture.height - handle["top"], False)
    assert explorer.current_parameters().theta1 > 0


def test_go_to_takes_the_point_exactly_there_and_says_what_it_is():
    explorer = SurfaceExplorer()
    for kind, *place in critical_points(("Himmelblau",)):
        explorer.controls["visit"].value = tuple(place)
        assert kind.capitalize() in explorer.message.value
    explorer.controls["theta1"].value = 0.5
    assert explorer.controls["visit"].label == "choose …"
    assert "Not critical" in explorer.message.value


def test_at_the_start_neither_bar_hides_below_the_ring_of_the_point():
    explorer = SurfaceExplorer()
    start = explorer.current_parameters()
    ring = 13 / 360 * (explorer._artists["axes"].get_xlim()[1] - explorer._artists["axes"].get_xlim()[0])
    for name in ("first", "second"):
        assert np.ptp(explorer._artists[name].get_xydata(), axis=0).max() > 4 * ring
    explorer.controls["surface"].value = "bowl"
    explorer.controls["surface"].value = "Himmelblau"
    assert explorer.current_parameters() == start


def test_another_surface_brings_its_own_limits_and_map():
    explorer = SurfaceExplorer(surface="bowl", theta1=1.0, theta2=1.0)
    lines = explorer._artists["map"].lines.get_segments()
    for name in NAMES:
        explorer.controls["surface"].value = name
        extent = surface_of(key_of(explorer.current_parameters())).extent
        sliders = explorer.controls["theta1"], explorer.controls["theta2"]
        assert tuple(limit for slider in sliders for limit in (slider.min, slider.max)) == extent
        assert explorer.current_parameters().surface == name
        assert explorer.controls["h11"].disabled == (name != OWN)
    assert len(explorer._artists["map"].lines.get_segments()) != len(lines)


def test_the_own_hessian_is_edited_number_by_number():
    explorer = SurfaceExplorer(surface=OWN, theta1=0.0, theta2=0.0)
    assert "Saddle" in explorer.message.value
    explorer.controls["h12"].value = 0
    assert "Minimum" in explorer.message.value
    explorer.controls["h22"].value = -1
    assert "eigenvalues −1 and 1" in explorer.picture.alt
