"""The measurement of the response surface writes what single runs and searches give."""

import numpy as np

from course_lib import get_num_threads, set_num_threads
from course_lib.training import kept_searches
from course_lib.training import response_surface as study
from tools import measure_search_surface


def test_the_surface_holds_the_run_of_each_point(monkeypatch):
    monkeypatch.setattr(study, "RATES", study.RATES[[6, 12]])
    monkeypatch.setattr(study, "DECAYS", study.DECAYS[[0, 8]])
    monkeypatch.setattr(study, "WIDTHS", study.WIDTHS[1:2])
    monkeypatch.setattr(study, "SEEDS", 1)
    found = measure_search_surface.surface()
    assert found["validation_losses"].shape == (2, 2, 1, 1, study.EPOCHS)
    run = study.digit_run(float(study.RATES[0]), float(study.DECAYS[1]), 4)
    np.testing.assert_allclose(found["validation_losses"][0, 1, 0, 0], run.validation_losses, rtol=1e-3)


def test_searches_are_written_and_the_rest_of_the_file_stays(monkeypatch, tmp_path):
    monkeypatch.setattr(kept_searches, "KEPT", ("random",))
    monkeypatch.setattr(kept_searches, "SEARCHES", 2)
    file, before = tmp_path / "kept.npz", get_num_threads()
    np.savez(file, test_losses=np.arange(3))
    monkeypatch.setattr("sys.argv", ["measure", "--only", "searches", "--file", str(file)])
    try:
        measure_search_surface.main()
    finally:
        set_num_threads(before)
    with np.load(file) as kept:
        assert kept["test_losses"].tolist() == [0, 1, 2]
        assert kept["points"].shape == (1, 2, kept_searches.TRIALS, 3)
        np.testing.assert_allclose(kept["points"][0, 1], kept_searches.run_search("random", 1), rtol=1e-6)
