"""The benchmark of the kernels runs, and says what it measured; how fast things are is no test's business."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import kernels
from benchmarks.interleaved import interleave
from benchmarks.pytorch import HIDE
from benchmarks.table import met
from benchmarks.work import NUMPY, OURS, TORCH, TORCH_CHANNELS_LAST, TORCH_FUSED

ROOT = Path(__file__).resolve().parents[2]


def test_one_row_is_measured_printed_written_and_drawn(tmp_path):
    command = ["-m", "benchmarks.kernels", "--only", "cross-entropy and gradient, 256×10", "--rounds", "2"]
    outcome = subprocess.run(
        [sys.executable, *command, "--results", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, HIDE: "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert outcome.returncode == 0, outcome.stderr
    report = json.loads((tmp_path / "kernels.json").read_text())
    assert [(row["work"], row["threads"]) for row in report["rows"]] == [
        (f"cross-entropy and gradient, 256×{classes}", threads)
        for threads in (1, 2)
        for classes in (10, 1000)
    ]
    first = report["rows"][0]
    low, middle, high = first[OURS]["ms"]
    assert 0 < low <= middle <= high
    assert set(first["others"]) == {NUMPY} and first["others"][NUMPY]["ratio"][1] > 0
    assert report["machine"]["torch"] == "not installed" and report["machine"]["cpu"] in outcome.stdout
    assert "cross-entropy and gradient, 256×10" in outcome.stdout
    assert (tmp_path / "kernels.png").read_bytes().startswith(b"\x89PNG")


def test_rows_have_names_of_their_own_and_goals_for_known_opponents():
    works = kernels.all_work()
    names = [(work.group, work.name) for work in works]
    assert len(set(names)) == len(names) > 50
    for work in works:
        assert set(work.goals) <= {TORCH, TORCH_FUSED, TORCH_CHANNELS_LAST}
        for goal in work.goals.values():
            assert goal.must is None or goal.aim is None or goal.must < goal.aim


@pytest.mark.parametrize(
    "work",
    kernels.chosen(["8×1×8²", "linear", "layer norm", "256×10", "17 000"]),
    ids=lambda work: work.name,
)
def test_every_contender_of_a_small_row_can_be_called(work):
    contenders = work.contenders()
    assert OURS in contenders
    with kernels.on_threads(1):
        for call in contenders.values():
            call()


def test_an_unknown_row_is_refused(capsys):
    with pytest.raises(SystemExit):
        kernels.main(["--only", "no such row"])
    assert "no row contains no such row" in capsys.readouterr().err


def test_turns_alternate_and_slow_contenders_have_few():
    prepared = []
    timing = interleave(
        {"a": lambda: None, "b": lambda: None},
        rounds=4,
        round_seconds=1e-5,
        few={"b": 2},
        prepare=prepared.append,
    )
    assert prepared == ["a", "b", "b", "a", "a", "a"]
    assert len(timing.seconds["a"]) == 4 and len(timing.seconds["b"]) == 2
    low, middle, high = timing.ratio("b", "a")
    assert low <= middle <= high


def test_rows_hold_within_five_percent():
    assert met(0.96, 1) and not met(0.94, 1) and met(2, None) is None
