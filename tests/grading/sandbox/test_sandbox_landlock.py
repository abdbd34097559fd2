"""File rules: what each rule grants in a real child, and what every ABI can restrict."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from forked import in_child

from grading.sandbox import landlock
from grading.sandbox.landlock import READ, SCRATCH, abi_version, handled_rights, open_rules, restrict

needs_landlock = pytest.mark.skipif(abi_version() < 1, reason="needs a kernel with Landlock")


def _error_of(action: Callable[[], object]) -> int:
    try:
        action()
    except OSError as error:
        return error.errno
    return 0


def test_every_abi_restricts_what_it_can() -> None:
    assert handled_rights(1) == (0x1FFF, 0, 0)
    assert handled_rights(2) == (0x3FFF, 0, 0)
    assert handled_rights(3) == (0x7FFF, 0, 0)
    assert handled_rights(4) == (0x7FFF, 3, 0)
    assert handled_rights(5) == (0xFFFF, 3, 0)
    assert handled_rights(6) == handled_rights(7) == handled_rights(99) == (0xFFFF, 3, 3)


def test_scratch_rights_leave_out_what_is_dangerous() -> None:
    for right in (
        "EXECUTE",
        "MAKE_CHAR",
        "MAKE_BLOCK",
        "MAKE_SOCK",
        "MAKE_FIFO",
        "MAKE_SYM",
        "REFER",
        "IOCTL_DEV",
    ):
        assert not SCRATCH & getattr(landlock, right)


def test_kernel_without_landlock_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "abi_version", lambda: 0)
    with pytest.raises(NotImplementedError, match="no Landlock"):
        restrict([])


@needs_landlock
class TestEffects:
    @pytest.fixture
    def tree(self, tmp_path: Path) -> Path:
        for name in ("open", "closed", "scratch"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "file").write_text(name)
        return tmp_path

    def test_only_granted_trees_are_readable(self, tree: Path) -> None:
        def work() -> list:
            restrict(open_rules([str(tree / "open")], READ))
            return [
                _error_of(lambda: (tree / "open" / "file").read_text()),
                _error_of(lambda: os.listdir(tree / "open")),
                _error_of(lambda: (tree / "open" / "file").write_text("x")),
                _error_of(lambda: (tree / "closed" / "file").read_text()),
                _error_of(lambda: os.listdir(tree)),
            ]

        assert in_child(work) == [0, 0, errno.EACCES, errno.EACCES, errno.EACCES]

    def test_single_files_can_be_granted(self, tree: Path) -> None:
        def work() -> list:
            restrict(open_rules([str(tree / "closed" / "file")], READ))
            return [
                _error_of(lambda: (tree / "closed" / "file").read_text()),
                _error_of(lambda: os.listdir(tree / "closed")),
            ]

        assert in_child(work) == [0, errno.EACCES]

    def test_scratch_is_for_plain_files(self, tree: Path) -> None:
        scratch = tree / "scratch"
        (scratch / "a").mkdir()

        def work() -> dict:
            restrict(
                open_rules([str(scratch)], SCRATCH) + open_rules(["/bin", "/lib", "/lib64", "/usr"], READ)
            )
            return {
                "write": _error_of(lambda: (scratch / "new").write_text("x")),
                "mkdir": _error_of(lambda: (scratch / "d").mkdir()),
                "unlink": _error_of(lambda: (scratch / "new").unlink()),
                "rmdir": _error_of(lambda: (scratch / "d").rmdir()),
                "truncate": _error_of(lambda: os.truncate(scratch / "file", 0)),
                "symlink": _error_of(lambda: os.symlink("/", scratch / "link")),
                "fifo": _error_of(lambda: os.mkfifo(scratch / "fifo")),
                "refer": _error_of(lambda: os.rename(scratch / "file", scratch / "a" / "file")),
                "steal": _error_of(lambda: os.rename(tree / "closed" / "file", scratch / "file")),
                "execute": _error_of(lambda: os.execv("/bin/true", ["true"])),
            }

        answers = in_child(work)
        allowed = {name for name, error in answers.items() if error == 0}
        assert allowed == {"write", "mkdir", "unlink", "rmdir", "truncate"}
        assert set(answers.values()) <= {0, errno.EACCES, errno.EXDEV, errno.EPERM}

    def test_a_rule_follows_the_object_not_the_name(self, tree: Path) -> None:
        def work() -> list:
            rules = open_rules([str(tree / "open")], READ)
            os.rename(tree / "open", tree / "moved")
            os.rename(tree / "closed", tree / "open")
            restrict(rules)
            return [
                _error_of(lambda: (tree / "moved" / "file").read_text()),
                _error_of(lambda: (tree / "open" / "file").read_text()),
            ]

        assert in_child(work) == [0, errno.EACCES]

    def test_paths_that_do_not_exist_grant_nothing(self, tree: Path) -> None:
        assert open_rules([str(tree / "nothing"), str(tree / "open" / "file" / "below")], READ) == []

    def test_restrictions_add_up(self, tree: Path) -> None:
        def work() -> list:
            restrict(open_rules([str(tree / "open"), str(tree / "scratch")], READ))
            restrict(open_rules([str(tree)], SCRATCH))
            return [
                _error_of(lambda: (tree / "open" / "file").read_text()),
                _error_of(lambda: (tree / "closed" / "file").read_text()),
            ]

        assert in_child(work) == [0, errno.EACCES]
