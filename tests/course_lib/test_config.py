"""Choosing and showing the backend, and what importing the library loads."""

import os
import subprocess
import sys

import numpy as np
import pytest

import course_lib
import course_lib.functional as F
from course_lib import kernels


@pytest.fixture(autouse=True)
def restored():
    threads = course_lib.get_num_threads()
    yield
    course_lib.set_backend("auto")
    course_lib.set_num_threads(threads)
    course_lib.set_winograd(True)


def loaded_by(statement):
    code = f"{statement}\nimport sys; print(*sys.modules)"
    return set(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
    )


def test_importing_the_package_loads_no_part_of_it():
    assert {name for name in loaded_by("import course_lib") if name.startswith("course_lib.")} == {
        "course_lib.version"
    }


def test_importing_the_operations_loads_no_backend():
    parts = loaded_by("import course_lib.functional")
    assert not any(
        name.startswith(("course_lib.kernels", "course_lib.reference", "scipy", "sklearn")) for name in parts
    )


def test_the_kernels_alone_do_not_load_the_reference():
    if kernels.problem():
        pytest.skip(kernels.problem())
    parts = loaded_by("import numpy, course_lib.functional as F; F.relu(numpy.ones(3))")
    assert "course_lib.kernels" in parts and not any(
        name.startswith("course_lib.reference") for name in parts
    )


def test_the_choice_of_backend_decides_who_computes():
    course_lib.set_backend("reference")
    assert course_lib.show_config("dicts")["backend"] == "reference"
    slow = F.conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)))
    course_lib.set_backend("auto")
    expected = "reference" if kernels.problem() else "kernels"
    assert course_lib.show_config("dicts")["backend"] == expected
    np.testing.assert_allclose(F.conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2))), slow)


def test_a_result_of_one_backend_can_go_backward_on_the_other():
    if kernels.problem():
        pytest.skip(kernels.problem())
    x = np.random.default_rng(0).standard_normal((4, 6, 3, 2))
    scale = np.ones(6), np.zeros(6)
    gradients = []
    for forward, backward in [("kernels", "reference"), ("reference", "kernels")]:
        course_lib.set_backend(forward)
        caches = F.batch_norm(x, *scale, training=True)[1], F.group_norm(x, 3, *scale)[1]
        course_lib.set_backend(backward)
        gradients.append((F.batch_norm_backward(x, caches[0])[0], F.group_norm_backward(x, caches[1])[0]))
    for one, other in zip(*gradients):
        np.testing.assert_allclose(one, other, atol=1e-12)


def test_show_config_prints_what_it_returns(capsys):
    facts = course_lib.show_config("dicts")
    assert course_lib.show_config() is None
    printed = capsys.readouterr().out
    assert facts["backend"] in printed and f"threads          {facts['threads']}" in printed


def test_threads_are_set_for_kernels_loaded_before_and_after():
    if kernels.problem() or not kernels.has_openmp():
        pytest.skip("the kernels have no threads")
    course_lib.set_num_threads(3)
    assert course_lib.get_num_threads() == 3 == course_lib.show_config("dicts")["threads"]


def test_winograd_is_on_until_it_is_switched_off():
    if kernels.problem():
        pytest.skip(kernels.problem())
    assert course_lib.show_config("dicts")["winograd"] is True
    course_lib.set_winograd(False)
    assert course_lib.show_config("dicts")["winograd"] is False


@pytest.mark.parametrize(
    ("value", "shown"), [("off", "False"), ("on", "True"), ("", "True"), ("no", "error")]
)
def test_the_environment_can_switch_winograd_off(value, shown):
    if kernels.problem():
        pytest.skip(kernels.problem())
    code = "import course_lib; print(course_lib.show_config('dicts')['winograd'])"
    environment = {**os.environ, "COURSE_LIB_WINOGRAD": value}
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    if shown == "error":
        assert "COURSE_LIB_WINOGRAD must be on or off, got 'no'" in outcome.stderr
    else:
        assert outcome.stdout.strip() == shown


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: course_lib.set_winograd(0), TypeError, "^allowed .*True or False.*0"),
        (lambda: course_lib.set_backend("gpu"), ValueError, "^name .*'auto', 'kernels', 'reference'.*'gpu'"),
        (lambda: course_lib.set_num_threads(0), ValueError, "^n .*0"),
        (lambda: course_lib.set_num_threads(1.5), TypeError, r"^n .*1\.5"),
        (lambda: course_lib.show_config("json"), ValueError, "^mode .*'json'"),
    ],
)
def test_a_bad_setting_is_refused_by_name(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


def test_unknown_parts_are_no_attributes():
    with pytest.raises(AttributeError, match="nothing_here"):
        course_lib.nothing_here  # noqa: B018
    assert {"functional", "nn", "show_config"} <= set(dir(course_lib))
