"""Finite differences of the student's own forward explain a wrong backward, and never score."""

import numpy as np
from assignment_students import CHECKS, right, verdict_on

FORWARD, BACKWARD = right("conv2d_forward"), right("conv2d_backward")


def twice_forward(x, w, b, stride=1, padding=0):
    return 2 * FORWARD(x, w, b, stride, padding)


def twice_backward(dy, x, w, stride=1, padding=0):
    return tuple(2 * gradient for gradient in BACKWARD(dy, x, w, stride, padding))


def test_right_gradient_of_a_wrong_forward_is_told_and_scores_nothing():
    verdict = verdict_on("conv2d_backward", twice_backward, conv2d_forward=twice_forward)
    assert "right gradient of a wrong forward" in verdict.explanation
    assert "Repair conv2d_forward first" in verdict.explanation
    assert verdict.fraction == 0


def test_wrong_gradient_of_a_right_forward_is_measured():
    verdict = verdict_on("conv2d_backward", twice_backward, conv2d_forward=FORWARD)
    assert (
        "Finite differences of your own conv2d_forward, which is right here, say dx[0, 0, 0, 0] ="
        in verdict.explanation
    )


def test_right_gradient_passes_whatever_the_forward_does():
    assert verdict_on("conv2d_backward", BACKWARD, conv2d_forward=twice_forward).status == "passed"


def test_wrong_gradient_of_a_wrong_forward_is_not_explained():
    def thrice(dy, x, w, stride=1, padding=0):
        return tuple(3 * gradient for gradient in BACKWARD(dy, x, w, stride, padding))

    assert verdict_on("conv2d_backward", thrice, conv2d_forward=twice_forward).explanation is None


def test_without_a_usable_forward_nothing_is_said():
    def crash(*args, **kwargs):
        raise ValueError

    for others in ({}, {"conv2d_forward": crash}, {"conv2d_forward": lambda *a, **k: "no"}):
        assert verdict_on("conv2d_backward", twice_backward, **others).explanation is None


def test_a_recognised_mistake_is_explained_by_its_name_instead():
    def averaged(dy, x, w, stride=1, padding=0):
        dx, dw, db = BACKWARD(dy, x, w, stride, padding)
        return dx, dw / len(x), db

    verdict = verdict_on("conv2d_backward", averaged, conv2d_forward=FORWARD)
    assert verdict.misconception == "dw-averaged-over-batch"
    assert "Finite differences" not in verdict.explanation


def test_gradient_of_the_wrong_shape_is_explained_too():
    def flat(dy, x, kernel_size, stride):
        return right("max_pool2d_backward")(dy, x, kernel_size, stride).ravel()

    verdict = verdict_on("max_pool2d_backward", flat, max_pool2d_forward=right("max_pool2d_forward"))
    assert "give shape (1, 1," in verdict.explanation


def test_the_references_agree_with_finite_differences():
    rng = np.random.default_rng(3)
    x, w, b = rng.normal(size=(2, 2, 5, 4)), rng.normal(size=(3, 2, 3, 2)), rng.normal(size=3)
    dy = rng.normal(size=FORWARD(x, w, b, 2, 1).shape)
    gradients = BACKWARD(dy, x, w, 2, 1)
    for values, gradient in zip((x, w, b), gradients):
        for where in np.ndindex(values.shape):
            kept = values[where]
            ends = []
            for step in (1e-6, -1e-6):
                values[where] = kept + step
                ends.append((FORWARD(x, w, b, 2, 1) * dy).sum())
            values[where] = kept
            assert abs((ends[0] - ends[1]) / 2e-6 - gradient[where]) < 1e-6


def test_every_backward_is_explained_by_its_forward():
    backward = {name: check for name, check in CHECKS.items() if name.endswith("_backward")}
    assert {"conv2d_backward", "max_pool2d_backward", "batch_norm_backward"} <= backward.keys()
    for name, check in backward.items():
        forward = check.gradient_of.forward
        assert forward.removesuffix("_forward") == name.removesuffix("_backward")
        assert forward in CHECKS
