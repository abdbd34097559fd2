"""Grading on a cluster: the same scores as on one machine, whatever becomes of the workers."""

import gc
import pickle
import shutil
import tracemalloc

import pytest
from fake_checker import FAKE_CHECKER
from interrupted_runs import recorded
from own_cluster import GRACE, OwnCluster
from typer.testing import CliRunner

import grading.cli
from grading.engine import cluster_address
from grading.engine.checker_process import COMMAND, CheckerSettings
from grading.engine.cluster_address import ClusterAddressError, checked_address, refuse_open_workers
from grading.engine.cluster_pool import ClusterPool, portable
from grading.engine.cluster_worker import unlike
from grading.engine.job import Job

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def cluster():
    with OwnCluster() as started:
        started.add_worker()
        started.add_worker()
        yield started


@pytest.fixture
def twin(classroom, open_classroom, tmp_path):
    """Return what copies the class as it is now, key and all."""

    def copied():
        shutil.copytree(classroom.directory.root, tmp_path / "twin")
        return open_classroom(tmp_path / "twin")

    return copied


def test_scores_and_everything_else_equal_those_of_this_machine(cluster, classroom, twin, monkeypatch):
    monkeypatch.setattr("grading.engine.job._GRACE_SECONDS", GRACE)
    for behaviour in ("", "half", "none", "hostile", "die", "hang", "garbage", "nonsense", "forgets", "over"):
        classroom.hand_in(f"student-{behaviour}", behaviour)
    classroom.hand_in("broken", raw=b"{")
    classroom.hand_in("with-files", "half").joinpath("data.csv").write_text("1,2\n")
    here = twin()
    seen = []
    there = classroom.grade(cluster=cluster.address, seconds=4.0, on_progress=seen.append)
    here.grade(seconds=4.0)
    assert recorded(classroom.directory.root) == recorded(here.directory.root)
    assert there.fresh == 12
    assert [(progress.done, progress.total) for progress in seen] == [(done, 12) for done in range(1, 13)]
    late = next(result for result in there.results if result.student == "student-hang")
    assert (late.status, late.score) == ("error", 0.0)
    assert "longer than 4.5 s" in late.reason


def test_what_was_graded_there_is_not_graded_again_here(cluster, classroom):
    classroom.hand_in("ada", "half")
    assert classroom.grade(cluster=cluster.address).fresh == 1
    again = classroom.grade()
    assert (again.fresh, again.results[0].score) == (0, 2.75)


def test_a_submission_whose_worker_is_lost_is_graded_by_another(classroom, twin, tmp_path):
    for number in range(6):
        classroom.hand_in(f"student{number}", "half")
    here = twin()
    flag = tmp_path / "lost"
    with OwnCluster() as own:
        own.add_worker()
        own.add_worker()
        classroom.hand_in("student2", f"lose the worker, once {flag}")
        graded = classroom.grade(cluster=own.address)
        lost = [worker for worker in own.workers if worker.poll() is not None]
    assert flag.exists()
    assert [worker.returncode for worker in lost] == [-9]
    assert (graded.fresh, graded.grader_errors) == (6, ())
    here.grade()
    assert {result.student: result.score for result in graded.results} == {
        result.student: result.score for result in here.directory.results("sums")
    }


def test_what_was_sent_is_not_kept(cluster):
    settings = CheckerSettings("sums", "sums", '{"cells": []}', command=FAKE_CHECKER)
    data = b'BEHAVE:nonsense"' + bytes(400_000)
    with ClusterPool(settings, cluster.address, print) as pool:
        tracemalloc.start()
        try:
            answers = list(pool.run(Job(str(number), "00", data) for number in range(40)))
            gc.collect()
            kept, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert [answer.verdict for answer in answers] == ["what?"] * 40
    assert kept < 10 * len(data)


def test_no_path_of_the_class_leaves_the_machine(classroom):
    own = classroom.directory.extra_checks / "sums"
    own.mkdir(parents=True)
    (own / "add.py").write_text("check = None\n")
    settings = CheckerSettings(
        "sums", "sums", "{}", extra_checks=classroom.directory.own_checks("sums"), command=COMMAND
    )
    sent = portable(settings)
    assert dict(sent.sent_checks.files) == {"add.py": b"check = None\n"}
    assert str(classroom.directory.root).encode() not in pickle.dumps(sent)
    assert sent.command == ()
    assert portable(CheckerSettings("sums", "sums", "{}", command=FAKE_CHECKER)).command == FAKE_CHECKER


@pytest.mark.parametrize(
    "address",
    ["tls://grading.example.org:8786", "tcp://127.0.0.1:8786", "tcp://localhost:1", "tcp://[::1]:8786"],
)
def test_what_cannot_be_overheard_is_allowed(address):
    assert checked_address(address) == address
    refuse_open_workers([address])


@pytest.mark.parametrize(
    "address", ["tcp://192.0.2.7:8786", "tcp://grading.example.org:8786", "tcp://[2001:db8::1]:1"]
)
def test_what_could_be_overheard_is_refused(address):
    with pytest.raises(ClusterAddressError, match="another machine and not encrypted.*protocol tls"):
        checked_address(address)
    with pytest.raises(ClusterAddressError, match="another machine and not encrypted.*protocol tls"):
        refuse_open_workers(["tls://192.0.2.8:1", address])


@pytest.mark.parametrize(
    "address",
    ["", "grading.example.org:8786", "http://127.0.0.1:8786", "tcp://127.0.0.1", "inproc://x:1", "tcp://a:b"],
)
def test_what_is_no_address_of_a_scheduler_is_refused(address):
    with pytest.raises(ClusterAddressError, match="expected the address of a Dask scheduler"):
        checked_address(address)


def test_a_worker_with_another_version_is_told_apart():
    expected = {"course": "0.1.0+aaa", "numpy": "2.4.6", "python": "3.11"}
    assert unlike(expected, dict(expected)) is None
    said = unlike(expected, expected | {"numpy": "2.0.0"})
    assert said == "it has numpy 2.0.0 instead of 2.4.6. Install there what is installed here"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--cluster", "tcp://192.0.2.7:8786"), "not encrypted"),
        (("--cluster", "tcp://127.0.0.1:8786", "--workers", "2"), "--workers is for this machine"),
    ],
)
def test_the_command_refuses_with_a_reason(options, said, classroom):
    classroom.hand_in("ada")
    run = CliRunner().invoke(
        grading.cli.app, ["grade", "sums", "--dir", str(classroom.directory.root), *options]
    )
    assert run.exit_code == 2
    assert said in run.stderr


def test_where_nobody_answers_the_command_says_so(classroom, monkeypatch):
    monkeypatch.setattr(cluster_address, "_CONNECT_SECONDS", 0.2)
    classroom.hand_in("ada")
    command = ["grade", "sums", "--dir", str(classroom.directory.root), "--cluster", "tcp://127.0.0.1:9"]
    run = CliRunner().invoke(grading.cli.app, command)
    assert run.exit_code == 1
    assert "there is no Dask scheduler to talk to at tcp://127.0.0.1:9" in run.stderr
