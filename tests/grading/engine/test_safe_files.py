"""Strangers' files are read without following, waiting or swallowing; our own are never half written."""

import os

import pytest

from grading.engine.safe_files import UnsafeFileError, opened_directory, read_regular_file, write_atomically


def read(folder, name, limit=1000):
    with opened_directory(folder) as descriptor:
        return read_regular_file(name, within=descriptor, limit=limit)


def test_reads_a_regular_file_whole(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 1000)
    assert read(tmp_path, "a") == b"x" * 1000


def test_refuses_what_is_larger_than_the_limit(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 1001)
    with pytest.raises(UnsafeFileError, match="larger than"):
        read(tmp_path, "a")


def test_refuses_a_sparse_file_without_reading_it(tmp_path):
    with (tmp_path / "a").open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(UnsafeFileError, match="larger than"):
        read(tmp_path, "a")


def test_does_not_follow_a_link_even_to_a_file_beside_it(tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "a").symlink_to("secret")
    with pytest.raises(UnsafeFileError, match="not a readable regular file"):
        read(tmp_path, "a")


def test_does_not_wait_for_a_fifo(tmp_path):
    os.mkfifo(tmp_path / "a")
    with pytest.raises(UnsafeFileError, match="FIFO"):
        read(tmp_path, "a")


def test_refuses_a_directory_and_a_device(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(UnsafeFileError, match="directory"):
        read(tmp_path, "a")
    with pytest.raises(UnsafeFileError, match="character device"):
        read("/dev", "zero")


def test_a_linked_directory_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(UnsafeFileError, match="not a plain directory"), opened_directory(tmp_path / "link"):
        pass


def test_what_is_missing_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        read(tmp_path, "a")


def test_writing_replaces_a_link_and_never_its_target(tmp_path):
    (tmp_path / "target").write_bytes(b"kept")
    (tmp_path / "a").symlink_to("target")
    write_atomically(tmp_path / "a", b"new", mode=0o600)
    assert (tmp_path / "target").read_bytes() == b"kept"
    assert (tmp_path / "a").read_bytes() == b"new"
    assert not (tmp_path / "a").is_symlink()
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_a_failed_write_leaves_the_old_content_and_no_litter(tmp_path, monkeypatch):
    write_atomically(tmp_path / "a", b"old")

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]
