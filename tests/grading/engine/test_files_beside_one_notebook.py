"""One notebook graded by itself takes along what its assignment reads, and nothing else of its folder."""

from grading.engine import single
from grading.engine.master import read_master
from grading.engine.shipped import shipped_master


def read(folder, assignment="training"):
    path = folder / f"{assignment}.ipynb"
    path.write_text("{}")
    return single._read(path, read_master(shipped_master(assignment), assignment))


def test_files_that_the_assignment_names_come_along(tmp_path):
    (tmp_path / "fashion_net.npz").write_bytes(b"weights")
    (tmp_path / "fashion_net.json").write_text("[]")
    (tmp_path / "diary.txt").write_text("private")
    assert read(tmp_path).extra.files == {"fashion_net.json": b"[]", "fashion_net.npz": b"weights"}
    assert read(tmp_path, "descent").extra.files == {}


def test_links_and_oversized_files_do_not(tmp_path, monkeypatch):
    monkeypatch.setattr(single, "FILE_BYTES", 100)
    (tmp_path / "fashion_net.npz").symlink_to("/etc/passwd")
    (tmp_path / "fashion_net.json").write_bytes(bytes(101))
    submission = read(tmp_path)
    assert (submission.problem, submission.extra.files) == (None, {})


def test_other_weights_make_another_submission(tmp_path):
    (tmp_path / "fashion_net.npz").write_bytes(b"one")
    first = read(tmp_path).hash
    (tmp_path / "fashion_net.npz").write_bytes(b"two")
    assert read(tmp_path).hash != first
