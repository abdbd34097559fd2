"""The tool that runs the grid of fine-tuning: what it keeps, on a grid small enough for a test."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from course_lib.training import transfer_study as study
from tools import measure_transfer


@pytest.fixture()
def small(monkeypatch):
    for name, value in (
        ("SIZES", (2, 3)),
        ("EARLY_RATES", (0.0,)),
        ("LATE_RATES", (0.0, 1e-3)),
        ("DRAWS", 1),
        ("NEW_UPDATES", 2),
    ):
        monkeypatch.setattr(study, name, value)
    whole = study.study_task("textures")
    little = replace(whole, test=whole.test.subset(np.arange(20)))
    monkeypatch.setattr(study, "study_task", lambda name: replace(little, name=name))
    # The measuring points are a default of the function: they stay as they are.
    tune = study.fine_tune
    monkeypatch.setattr(study, "fine_tune", lambda *a, **k: tune(*a, **k, updates=study.UPDATES[:2]))
    monkeypatch.setattr(study, "UPDATES", study.UPDATES[:2])


def test_it_keeps_each_run_in_its_place_and_other_tasks_as_they_are(small, tmp_path, monkeypatch):
    file = tmp_path / "runs.npz"
    np.savez_compressed(file, clothes_tuned=np.ones(3))
    monkeypatch.setattr(sys, "argv", ["measure", "textures", "--file", str(file)])
    measure_transfer.main()
    with np.load(file) as kept:
        assert set(kept.files) == {"clothes_tuned", "textures_tuned", "textures_baselines"}
        np.testing.assert_array_equal(kept["clothes_tuned"], np.ones(3))
        tuned, baselines = kept["textures_tuned"], kept["textures_baselines"]
    assert tuned.shape == (2, 1, 2, 1, 2)
    assert baselines.shape == (2, 2, 1)
    expected = study.fine_tune(study.study_task("textures"), 3, 1e-3, 0.0, 1e-3, seed=0)
    np.testing.assert_allclose(tuned[1, 0, 1, 0], expected, rtol=1e-6)
