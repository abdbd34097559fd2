"""What can go wrong on a cluster: killed, frozen and missing workers, a lost scheduler, no encryption."""

import json
import shutil
import signal
import subprocess

import dask
import pytest
from interrupted_runs import await_ends, family, recorded
from own_cluster import OwnCluster

from grading.engine import cluster_pool
from grading.engine.checker_process import COMMAND, CheckerUnavailable
from grading.engine.cluster_address import connect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

STUDENTS = 12
_ANSWERS = (
    ("return a + b", "return 2 * a"),
    ("return a - b", "return 2 * a"),
    ("raise ValueError(a)", "return a * 2"),
)
_OWN_CHECK = """from grading.checks.definition import Check, Part, example

check = Check("twice", "(a)", lambda a: 2 * a, (Part("values", 1, (example(3), example(-2))),), "none")
"""


@pytest.fixture
def room(classroom):
    """A class of twelve, with a check of the instructor's own for the second question."""
    from grading.engine.release import release_assignment

    source = classroom.directory.assignment("source", "sums") / "sums.ipynb"
    notebook = json.loads(source.read_text())
    notebook["cells"][-1]["source"] = 'from grading import check\ncheck("twice")'
    source.write_text(json.dumps(notebook))
    own = classroom.directory.extra_checks / "sums"
    own.mkdir(parents=True)
    (own / "twice.py").write_text(_OWN_CHECK)
    release_assignment(classroom.directory, "sums")
    hand_in(classroom)
    return classroom


def hand_in(classroom, behaviour=""):
    for number in range(STUDENTS):
        one, two = _ANSWERS[number % len(_ANSWERS)]
        classroom.hand_in(f"student{number:02d}", behaviour, answers=(f"{one}  # {number}", two))


@pytest.fixture
def expected(room, open_classroom, tmp_path):
    """What the same class comes to on this machine."""
    shutil.copytree(room.directory.root, tmp_path / "here")
    here = open_classroom(tmp_path / "here")
    assert here.grade(command=COMMAND).grader_errors == ()
    return recorded(tmp_path / "here")


def test_a_worker_killed_half_way_changes_nothing(room, expected):
    """The real checkers: kill -9 of one of two workers, and all scores equal those of this machine."""
    with OwnCluster() as cluster:
        doomed, left = cluster.add_worker(), cluster.add_worker()
        belongings = set()

        def kill_half_way(progress):
            if progress.done == STUDENTS // 2:
                belongings.update(family(doomed.pid))
                doomed.send_signal(signal.SIGKILL)

        graded = room.grade(command=COMMAND, cluster=cluster.address, on_progress=kill_half_way)
        assert doomed.wait() == -signal.SIGKILL
        assert left.poll() is None
        assert await_ends(belongings) == [], "what a killed worker had started must end"
    assert graded.fresh == STUDENTS
    assert graded.grader_errors == ()
    assert recorded(room.directory.root) == expected
    assert {check.status for result in graded.results for check in result.checks} == {"passed", "failed"}


def test_a_frozen_worker_stalls_nobody(classroom, open_classroom, tmp_path):
    hand_in(classroom, "half")
    shutil.copytree(classroom.directory.root, tmp_path / "here")
    here = open_classroom(tmp_path / "here")
    with OwnCluster(distributed__scheduler__worker_ttl="8s") as cluster:
        frozen, _ = cluster.add_worker(), cluster.add_worker()

        def freeze(progress):
            if progress.done == 4:
                frozen.send_signal(signal.SIGSTOP)

        graded = classroom.grade(cluster=cluster.address, on_progress=freeze)
    here.grade()
    assert graded.grader_errors == ()
    assert recorded(classroom.directory.root) == recorded(here.directory.root)


def test_after_too_long_a_silence_a_submission_is_given_up_and_graded_by_the_next_run(classroom, monkeypatch):
    classroom.hand_in("early bird", "half")
    with OwnCluster() as cluster:
        frozen = cluster.add_worker()
        # Patience is for a worker that has joined.
        assert classroom.grade(cluster=cluster.address).fresh == 1
        monkeypatch.setattr(cluster_pool, "_patience", lambda limits: 4.0)
        hand_in(classroom, "half")

        def freeze(progress):
            if progress.done == 5:
                frozen.send_signal(signal.SIGSTOP)
            elif progress.result.status == "error":
                frozen.send_signal(signal.SIGCONT)

        first = classroom.grade(cluster=cluster.address, on_progress=freeze)
        given_up = [result for result in first.results if result.status == "error"]
        assert given_up
        assert all("no worker of the cluster answered for 4 s" in result.reason for result in given_up)
        assert all(result.score == 0.0 for result in given_up)
        second = classroom.grade(cluster=cluster.address)
    assert second.fresh == len(given_up) < STUDENTS
    assert {result.score for result in second.results} == {2.75}


def test_what_costs_too_many_workers_waits_for_the_instructor(classroom, tmp_path):
    """Dask gives up what it lost a number of workers with; the class goes on, and so does the next run."""
    hand_in(classroom, "half")
    classroom.hand_in("student05", f"lose the worker, once {tmp_path / 'lost'}")
    with OwnCluster(distributed__scheduler__allowed_failures="0") as cluster:
        cluster.add_worker()
        cluster.add_worker()
        first = classroom.grade(cluster=cluster.address)
        given_up = {result.student: result for result in first.grader_errors}
        assert "student05" in given_up
        assert {result.reason for result in given_up.values()} == {
            "1 worker(s) of the cluster were lost while they graded this submission"
        }
        second = classroom.grade(cluster=cluster.address)
    assert second.fresh == len(given_up) < STUDENTS
    assert {result.score for result in second.results} == {2.75}


def test_a_cluster_without_workers_is_waited_for_and_then_named(classroom, monkeypatch):
    monkeypatch.setattr(cluster_pool, "_patience", lambda limits: 1.0)
    classroom.hand_in("ada")
    told = []
    with OwnCluster() as cluster:
        with pytest.raises(CheckerUnavailable, match="had no workers for .* what was graded is kept"):
            classroom.grade(cluster=cluster.address, notify=told.append)
        monkeypatch.undo()
        cluster.add_worker()
        assert classroom.grade(cluster=cluster.address).results[0].score == 5.5
    assert told == [f"the cluster {cluster.address} has no workers now; waiting for one to join"]


def test_a_lost_scheduler_ends_the_run_and_the_next_goes_on(classroom):
    hand_in(classroom, "half")
    with OwnCluster() as cluster:
        cluster.add_worker()

        def lose(progress):
            if progress.done == 4:
                cluster.scheduler.kill()

        with pytest.raises(CheckerUnavailable, match="was lost: its scheduler .*What was graded is kept"):
            classroom.grade(cluster=cluster.address, on_progress=lose)
    kept = len(classroom.directory.results("sums"))
    assert 4 <= kept < STUDENTS
    assert classroom.grade().fresh == STUDENTS - kept


def test_a_cluster_with_certificates(classroom, tmp_path):
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subject = ["-subj", "/CN=own cluster", "-days", "2", "-keyout", key, "-out", certificate]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject],
        check=True,
        capture_output=True,
    )
    classroom.hand_in("ada", "half")
    with OwnCluster(certificates=(certificate, key)) as cluster:
        cluster.add_worker()
        assert cluster.address.startswith("tls://127.0.0.1:")
        with pytest.raises(CheckerUnavailable, match="no Dask scheduler to talk to.*CA_FILE"):
            connect(cluster.address)
        tls = "distributed.comm.tls"
        own = {f"{tls}.ca-file": certificate, f"{tls}.client.cert": certificate, f"{tls}.client.key": key}
        with dask.config.set({name: str(path) for name, path in own.items()}):
            assert classroom.grade(cluster=cluster.address).results[0].score == 2.75
