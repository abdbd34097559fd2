"""Files beside the notebooks are taken as data of strangers, and laid where they belong."""

import os

import pytest

from grading.engine import extra_files
from grading.engine.class_directory import ClassDirectoryError
from grading.engine.class_files import released_files, students_own
from grading.engine.extra_files import (
    NOTHING,
    ExtraFiles,
    fitting,
    lay_beside,
    submitted_files,
)

IGNORED = ("__pycache__", "*.pyc")


def taken(folder):
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        return submitted_files(descriptor, IGNORED)
    finally:
        os.close(descriptor)


def put(folder, **files):
    for name, data in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_plain_files_come_with_their_places(tmp_path):
    put(tmp_path, data_txt=b"1", deep__er__x_csv=b"2", sums_ipynb=b"{}", timestamp_txt=b"now")
    put(tmp_path, helper_pyc=b"x")
    (tmp_path / ".hidden").write_bytes(b"x")
    assert taken(tmp_path) == ExtraFiles({"data.txt": b"1", "deep/er/x.csv": b"2"})


def test_links_fifos_and_odd_names_are_left_out_and_said(tmp_path):
    (tmp_path / "passwd").symlink_to("/etc/passwd")
    (tmp_path / "etc").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a\nb").write_bytes(b"x")
    found = taken(tmp_path)
    assert found.files == {}
    assert len(found.left_out) == 4
    assert "FIFO" in " ".join(found.left_out)


def test_size_number_and_depth_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(extra_files, "FILE_BYTES", 10)
    monkeypatch.setattr(extra_files, "SUBMITTED_BYTES", 15)
    monkeypatch.setattr(extra_files, "FILES", 3)
    monkeypatch.setattr(extra_files, "DEPTH", 2)
    put(tmp_path / "size", a=b"x" * 11, b=b"x" * 10, c=b"x" * 6, d=b"x" * 5)
    assert list(taken(tmp_path / "size").files) == ["b", "d"]
    put(tmp_path / "many", a=b"", b=b"", c=b"", d=b"", e=b"")
    assert list(taken(tmp_path / "many").files) == ["a", "b", "c"]
    assert taken(tmp_path / "many").left_out == ("more than 3 files",)
    put(tmp_path / "deep", a__b=b"x", a__c__d=b"x")
    assert list(taken(tmp_path / "deep").files) == ["a/b"]


def test_the_hash_tells_names_and_contents_apart():
    assert NOTHING.hash == ""
    hashes = {ExtraFiles(files).hash for files in ({"a": b"b"}, {"ab": b""}, {"a": b"c"}, {"b": b"b"})}
    assert len(hashes) == 4


def test_a_place_that_the_class_needs_is_not_a_students():
    released = ExtraFiles({"data/train.csv": b"", "notes": b""})
    submitted = ExtraFiles({"data": b"", "notes/mine": b"", "data/own.csv": b"", "notes": b"theirs"})
    found = fitting(submitted, released)
    assert set(found.files) == {"data/own.csv", "notes"}
    assert len(found.left_out) == 2


def test_the_classes_files_win_and_nothing_of_an_earlier_submission_stays(tmp_path):
    graded = put(tmp_path / "graded", sums_ipynb=b"{}", timestamp_txt=b"now")
    released = ExtraFiles({"data.txt": b"class", "edit.py": b"stub"})
    lay_beside(graded, released, ExtraFiles({"data.txt": b"mine", "old/x": b"", "edit.py": b"mine"}))
    assert (graded / "data.txt").read_bytes() == b"class"
    assert (graded / "edit.py").read_bytes() == b"stub"
    lay_beside(graded, released, ExtraFiles({"old": b"a file now", "edit.py": b"mine"}), ["edit.py"])
    assert (graded / "old").read_bytes() == b"a file now"
    assert (graded / "edit.py").read_bytes() == b"mine"
    assert (graded / "sums.ipynb").read_bytes() == b"{}"
    assert (graded / "timestamp.txt").read_bytes() == b"now"


@pytest.mark.parametrize(
    "name", ["x.html", "x.HTM", "a/x.svg", "x.svgz", "x.js", "x.xhtml", "x.xml", "x.pdf"]
)
def test_what_a_browser_runs_is_not_laid_where_formgrader_serves_it(tmp_path, name):
    (tmp_path / "graded").mkdir()
    lay_beside(tmp_path / "graded", NOTHING, ExtraFiles({name: b"<script>", "plot.png": b"", "x.csv": b""}))
    found = {path.name for path in (tmp_path / "graded").rglob("*") if path.is_file()}
    assert found == {"plot.png", "x.csv"}


def test_released_files_come_from_the_release_and_are_bounded(classroom, monkeypatch):
    room = classroom.directory
    put(room.assignment("source", "sums"), secret_txt=b"of the instructor")
    put(room.assignment("release", "sums"), data_txt=b"for all", __pycache____x_pyc=b"")
    assert released_files(room, "sums").files == {"data.txt": b"for all"}
    monkeypatch.setattr(extra_files, "RELEASED_BYTES", 3)
    with pytest.raises(ClassDirectoryError, match="beside its notebooks"):
        released_files(room, "sums")


def test_what_students_are_to_edit_is_nbgraders_setting(classroom):
    config = classroom.directory.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.Autograde.exclude_overwriting = {'sums': ['edit.py']}\n")
    assert students_own(classroom.directory, "sums") == ("edit.py",)
    assert students_own(classroom.directory, "other") == ()


def test_a_changed_file_is_graded_again_and_an_unchanged_is_not(classroom):
    folder = classroom.hand_in("ada")
    (folder / "data.txt").write_text("1")
    assert classroom.grade().fresh == 1
    assert classroom.grade().fresh == 0
    (folder / "data.txt").write_text("2")
    graded = classroom.grade()
    assert graded.fresh == 1
    beside = classroom.directory.assignment("autograded", "sums", "ada") / "data.txt"
    assert beside.read_text() == "2"
    (folder / "huge.bin").write_bytes(b"")
    os.truncate(folder / "huge.bin", extra_files.FILE_BYTES + 1)
    [result] = classroom.grade(force=True).results
    assert "huge.bin" in result.notes[-1]
