"""What a checker's process may read: packages wherever they lie, and no class directory."""

import os

from grading.checker.server import readable_paths


def test_packages_outside_the_environment_can_be_read(monkeypatch, tmp_path):
    linked = tmp_path / "lib" / "site-packages"
    linked.mkdir(parents=True)
    monkeypatch.syspath_prepend(str(linked))
    monkeypatch.syspath_prepend(str(tmp_path))
    found = readable_paths(("/usr/share",))
    assert str(linked) in found
    assert str(tmp_path) not in found
    assert "/usr/share" in found
    assert "/" not in found
    assert os.path.expanduser("~") not in found
