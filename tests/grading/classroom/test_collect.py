"""Collecting what Canvas, Moodle and Gradescope export: matched or said so, and read as strangers' data."""

import stat
import zipfile

import pytest
from typer.testing import CliRunner

from grading.engine.archives import ArchiveError, read_export
from grading.engine.class_directory import ClassDirectory, ClassDirectoryError
from grading.engine.collect import collect

# Canvas, "Download Submissions": flat, <lastfirst>[_LATE]_<user id>_<submission id>_<file>[-<attempt>].
CANVAS = {
    "lovelaceada_1234_900_sums.ipynb": b"ada",
    "mullerzoe_LATE_1235_901_sums-2.ipynb": b"zoe",
    "smithsam_1237_902_sums (1).ipynb": b"sam2",
    "strangerdoctor_9999_903_sums.ipynb": b"who",
    "lovelaceada_1234_904_holiday.jpg": b"picture",
}
# Moodle, "Download all submissions" in folders: <full name>_<participant>_assignsubmission_file_/<file>.
MOODLE = {
    "Ada Lovelace_55001_assignsubmission_file_/sums.ipynb": b"ada",
    "Zoë Müller_55002_assignsubmission_file_/sums.ipynb": b"zoe",
    "Sam Smith_55003_assignsubmission_file_/sums.ipynb": b"which sam",
}
# Gradescope, "Export submissions": a folder a submission, and who they are in submission_metadata.yml.
GRADESCOPE_METADATA = b"""---
submission_301:
  :submitters:
  - :name: Ada Lovelace
    :sid: u100
    :email: ada@example.edu
  :created_at: 2026-10-01 09:30:00.123456 Z
  :score: 0.0
submission_302:
  :submitters:
  - :name: Sam Smith
    :sid:
    :email: SAM1@example.edu
  :created_at: 2026-10-02 09:30:00 Z
"""
GRADESCOPE = {
    "assignment_77_export/submission_metadata.yml": GRADESCOPE_METADATA,
    "assignment_77_export/submission_301/sums.ipynb": b"ada",
    "assignment_77_export/submission_302/sums.ipynb": b"sam1",
    "assignment_77_export/submission_303/sums.ipynb": b"nobody",
}


def zipped(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def unpacked(path, members):
    for name, data in members.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


@pytest.mark.parametrize("packed", [zipped, unpacked])
@pytest.mark.parametrize(
    ("members", "students", "reasons"),
    [
        (CANVAS, {"ada": b"ada", "zoe": b"zoe", "sam2": b"sam2"}, ["strangerdoctor is not in the roster"]),
        (MOODLE, {"ada": b"ada", "zoe": b"zoe"}, ["2 students of the roster are called Sam Smith"]),
        (GRADESCOPE, {"ada": b"ada", "sam1": b"sam1"}, ["its name is not of the kind"]),
    ],
    ids=["canvas", "moodle", "gradescope"],
)
def test_an_export_is_taken_and_the_rest_is_named(
    packed, members, students, reasons, room, submitted, tmp_path
):
    source = packed(tmp_path / "export", members)
    found = collect(room, "sums", [source])
    assert submitted() == students
    assert set(found.new) == set(students)
    assert len(found.problems) == len(reasons)
    for item, reason in zip(found.problems, reasons, strict=True):
        assert item.reason.startswith(reason)
    assert set(found.missing) == {"ada", "zoe", "sam1", "sam2", "eve"} - set(students)
    again = collect(room, "sums", [source])
    assert (again.new, again.changed) == ((), ())
    assert set(again.unchanged) == set(students)


def test_gradescope_tells_when(room, tmp_path):
    collect(room, "sums", [zipped(tmp_path / "export.zip", GRADESCOPE)])
    stamp = room.assignment("submitted", "sums", "ada") / "timestamp.txt"
    assert stamp.read_text() == "2026-10-01 09:30:00 UTC"


@pytest.mark.parametrize("backwards", [False, True])
def test_the_latest_attempt_counts_whatever_the_order(backwards, room, submitted, tmp_path):
    attempts = {
        "lovelaceada_1234_900_sums.ipynb": b"first",
        "lovelaceada_1234_950_sums-1.ipynb": b"second",
    }
    names = sorted(attempts, reverse=backwards)
    found = collect(room, "sums", [zipped(tmp_path / "e.zip", {name: attempts[name] for name in names})])
    assert submitted() == {"ada": b"second"}
    assert found.superseded == 1


def test_another_file_is_not_taken_for_the_notebook(room, submitted, tmp_path):
    source = zipped(tmp_path / "e.zip", {"lovelaceada_1234_900_summary.ipynb": b"x"})
    found = collect(room, "sums", [source])
    assert submitted() == {}
    assert "summary.ipynb is not a notebook of the assignment (sums.ipynb)" in found.problems[0].reason


def test_members_that_lead_out_are_refused(room, submitted, tmp_path):
    source = tmp_path / "e.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../lovelaceada_1234_900_sums.ipynb", b"out")
        archive.writestr("/etc/lovelaceada_1234_900_sums.ipynb", b"out")
        archive.writestr("a\\..\\lovelaceada_1234_900_sums.ipynb", b"out")
        link = zipfile.ZipInfo("mullerzoe_1235_901_sums.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("smithsam_1236_902_sums.ipynb", b"\0" * 15_000_000)
        archive.writestr("smithsam_1237_903_sums.ipynb", b"\0" * 25_000_000)
    found = collect(room, "sums", [source])
    assert submitted() == {}
    reasons = " | ".join(item.reason for item in found.problems)
    assert len(found.problems) == 6
    assert reasons.count("leads out of the archive") == 3
    assert "a link or a special file" in reasons
    assert "more than 200 times its size" in reasons
    assert "larger than 20 MB" in reasons
    assert not list(tmp_path.glob("*sums.ipynb"))


def test_links_in_a_folder_are_not_followed(room, submitted, tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "lovelaceada_1234_900_sums.ipynb").symlink_to(tmp_path / "secret")
    found = collect(room, "sums", [folder])
    assert submitted() == {}
    assert "not a readable regular file" in found.problems[0].reason


def test_a_header_that_lies_about_its_size_is_no_way_in(tmp_path):
    path = zipped(tmp_path / "e.zip", {"a_1_2_sums.ipynb": b"\0" * 1000})
    raw = bytearray(path.read_bytes())
    place = raw.rindex(b"PK\x01\x02") + 24
    raw[place : place + 4] = (10).to_bytes(4, "little")
    path.write_bytes(raw)
    [member] = read_export(path)
    assert member.problem is not None or len(member.data) <= 10


def test_what_is_no_export_is_said(room, tmp_path):
    (tmp_path / "e.zip").write_bytes(b"not a zip")
    with pytest.raises(ArchiveError, match="neither a folder"):
        collect(room, "sums", [tmp_path / "e.zip"])
    with pytest.raises(FileNotFoundError, match="nothing at"):
        collect(room, "sums", [tmp_path / "missing.zip"])


def test_without_a_roster_the_way_out_is_said(room, tmp_path):
    (room.memory / "roster.csv").unlink()
    with pytest.raises(ClassDirectoryError, match="course roster"):
        collect(room, "sums", [zipped(tmp_path / "e.zip", CANVAS)])


def test_the_command_reports_and_returns_1_where_something_was_left(room, tmp_path):
    import grading.cli

    source = zipped(tmp_path / "e.zip", CANVAS)
    done = CliRunner().invoke(grading.cli.app, ["collect", "sums", str(source), "--dir", str(room.root)])
    assert done.exit_code == 1
    assert "3 new" in done.output
    assert "not collected: strangerdoctor_9999_903_sums.ipynb" in done.stderr
    assert ClassDirectory.open(room.root).assignment("submitted", "sums", "ada").is_dir()
