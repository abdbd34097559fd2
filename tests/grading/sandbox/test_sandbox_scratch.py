"""Scratch directories: the quota sees what is there, and removal copes with any tree."""

import os
import socket
from pathlib import Path

import pytest
from forked import in_child

from grading.sandbox.limits import drop_to_uid
from grading.sandbox.scratch import make_scratch, quota_violation, remove_tree, unlinked_bytes

LARGE = 1 << 30


def _deepen(path: Path, levels: int) -> None:
    """Make a chain of directories that is deeper than any path can say."""
    fd = os.open(path, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d" * 50, dir_fd=fd)
        deeper = os.open("d" * 50, os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = deeper
    os.close(fd)


def test_made_private(tmp_path: Path) -> None:
    path = make_scratch(str(tmp_path))
    assert os.stat(path).st_mode & 0o777 == 0o700
    assert path != make_scratch(str(tmp_path))


class TestQuota:
    def test_within(self, tmp_path: Path) -> None:
        (tmp_path / "a" / "b").mkdir(parents=True)
        (tmp_path / "a" / "file").write_bytes(bytes(5000))
        assert quota_violation(str(tmp_path), LARGE, 10) is None

    def test_bytes_at_any_depth(self, tmp_path: Path) -> None:
        (tmp_path / "a" / "b").mkdir(parents=True)
        (tmp_path / "a" / "b" / "file").write_bytes(os.urandom(1 << 20))
        assert "bytes" in quota_violation(str(tmp_path), 1 << 19, 100)

    def test_files_and_directories_count(self, tmp_path: Path) -> None:
        for index in range(6):
            (tmp_path / f"d{index}").mkdir()
            (tmp_path / f"d{index}" / "file").touch()
        assert quota_violation(str(tmp_path), LARGE, 12) is None
        assert "11 files" in quota_violation(str(tmp_path), LARGE, 11)

    def test_sparse_files_cost_what_they_occupy(self, tmp_path: Path) -> None:
        with open(tmp_path / "sparse", "wb") as file:
            file.truncate(1 << 33)
        assert quota_violation(str(tmp_path), 1 << 20, 10) is None

    def test_root_that_was_closed(self, tmp_path: Path) -> None:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0)

        def look() -> str | None:
            if os.geteuid() == 0:
                drop_to_uid(65534)
            return quota_violation(str(closed), LARGE, 10)

        tmp_path.chmod(0o755)
        assert in_child(look) == "a directory that cannot be read"

    def test_too_deep(self, tmp_path: Path) -> None:
        _deepen(tmp_path, 100)
        assert "deeper" in quota_violation(str(tmp_path), LARGE, 1000)
        remove_tree(str(tmp_path))

    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to("/")
        assert quota_violation(str(tmp_path), LARGE, 2) is None

    def test_gone(self, tmp_path: Path) -> None:
        assert quota_violation(str(tmp_path / "gone"), 1, 1) is None

    @pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")
    def test_removed_but_open_files(self, tmp_path: Path) -> None:
        before = unlinked_bytes(os.getpid())
        with open(tmp_path / "held", "wb") as file:
            file.write(bytes(1 << 20))
            file.flush()
            assert unlinked_bytes(os.getpid()) == before
            os.unlink(tmp_path / "held")
            assert unlinked_bytes(os.getpid()) - before >= 1 << 20


class TestRemoval:
    def test_three_thousand_deep(self, tmp_path: Path) -> None:
        victim = tmp_path / "victim"
        victim.mkdir()
        _deepen(victim, 3000)
        remove_tree(str(victim))
        assert not victim.exists()

    def test_thousands_of_files(self, tmp_path: Path) -> None:
        victim = tmp_path / "victim"
        for index in range(20):
            (victim / f"{index}").mkdir(parents=True)
            for name in range(100):
                (victim / f"{index}" / f"{name}").touch()
        remove_tree(str(victim))
        assert not victim.exists()

    @pytest.mark.parametrize("mode", [0o000, 0o300, 0o500])
    def test_modes_do_not_matter(self, tmp_path: Path, mode: int) -> None:
        victim = tmp_path / "victim"
        (victim / "a" / "b").mkdir(parents=True)
        (victim / "a" / "b" / "file").touch()

        def work() -> bool:
            os.chdir(tmp_path)
            if os.geteuid() == 0:  # modes mean something to an ordinary user only
                for path in (tmp_path, *tmp_path.rglob("*")):
                    os.chown(path, 65534, 65534)
                drop_to_uid(65534)
            for path in ("victim/a/b", "victim/a", "victim"):
                os.chmod(path, mode)
            remove_tree("victim")
            return os.path.exists("victim")

        assert in_child(work) is False

    def test_special_files_and_links(self, tmp_path: Path) -> None:
        precious = tmp_path / "precious"
        precious.mkdir()
        (precious / "file").write_text("x")
        victim = tmp_path / "victim"
        victim.mkdir()
        (victim / "link").symlink_to(precious)
        (victim / "dangling").symlink_to("nowhere")
        os.mkfifo(victim / "fifo")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(victim / "socket"))
        os.link(precious / "file", victim / "hard")
        remove_tree(str(victim))
        assert not victim.exists()
        assert (precious / "file").read_text() == "x"

    def test_names_that_look_like_moved_ones(self, tmp_path: Path) -> None:
        victim = tmp_path / "victim"
        (victim / "moved-" / "moved-" / "moved-").mkdir(parents=True)
        (victim / "x" / "\udcff\n").mkdir(parents=True)
        remove_tree(str(victim))
        assert not victim.exists()

    def test_gone_already(self, tmp_path: Path) -> None:
        remove_tree(str(tmp_path / "gone"))
