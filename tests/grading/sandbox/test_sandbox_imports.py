"""What the sandbox loads, what it lets be read, and what it says on systems that lack its layers."""

import fcntl
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from forked import in_child

from grading.checker.sandbox_client import SandboxServer, SandboxUnavailable
from grading.sandbox import confinement, landlock, limits, seccomp
from grading.sandbox.confinement import ConfinementError, confine, missing_layers
from grading.sandbox.limits import Limits
from grading.sandbox.reading import ALL_PACKAGES, PROJECT_ROOT, plan_reading

MODULES = sorted(
    path.stem for path in Path(confinement.__file__).parent.glob("*.py") if path.stem != "__main__"
)


def _python(source: str) -> object:
    done = subprocess.run(
        [sys.executable, "-I", "-c", source], check=True, capture_output=True, text=True, timeout=60
    )
    return json.loads(done.stdout)


def test_package_loads_nothing() -> None:
    source = "import sys, json; before = set(sys.modules); import grading.sandbox\n"
    loaded = _python(source + "print(json.dumps(sorted(set(sys.modules) - before)))")
    assert [name for name in loaded if name.startswith(("grading", "course_lib"))] == [
        "grading",
        "grading.sandbox",
    ]


def test_whole_folder_loads_nothing_else_of_the_project() -> None:
    source = "import sys, json, importlib\n"
    source += f"for name in {MODULES}: importlib.import_module('grading.sandbox.' + name)\n"
    source += "print(json.dumps([m for m in sys.modules if m.split('.')[0] in ('grading', 'course_lib')]))"
    loaded = _python(source)
    assert [name for name in loaded if name != "grading" and not name.startswith("grading.sandbox")] == []


def test_folder_imports_without_unix_modules() -> None:
    source = "import sys, json, importlib\nsys.modules['resource'] = None\nsys.modules['fcntl'] = None\n"
    names = [name for name in MODULES if name not in ("session", "server", "supervisor", "shell")]
    source += f"for name in {names}: importlib.import_module('grading.sandbox.' + name)\n"
    source += "import grading.checker.sandbox_client\nprint(json.dumps('fine'))"
    assert _python(source) == "fine"


class TestReading:
    def test_base_site_packages_are_never_a_whole(self) -> None:
        plan = plan_reading(["numpy"])
        for path in plan.paths:
            assert os.path.basename(path) not in ("site-packages", "dist-packages")
            assert not any(foreign.startswith(path + os.sep) for foreign in plan.sealed), path

    def test_requirements_come_along_and_the_rest_is_hidden(self) -> None:
        plan = plan_reading(["matplotlib"])
        tops = {os.path.basename(path) for path in plan.paths}
        assert {"numpy", "matplotlib", "contourpy", "PIL"} <= tops
        assert not tops & {"scipy", "sklearn", "hypothesis", "course_lib", "grading"}
        assert {"scipy", "sklearn", "hypothesis"} <= plan.hidden_modules
        assert not plan.hidden_modules & {"numpy", "PIL", "matplotlib"}

    def test_everything_means_everything_but_the_project(self) -> None:
        plan = plan_reading([ALL_PACKAGES])
        tops = {os.path.basename(path) for path in plan.paths}
        assert {"scipy", "sklearn", "numpy"} <= tops
        assert not tops & {"course_lib", "grading"}

    def test_unknown_package_is_named(self) -> None:
        with pytest.raises(ValueError, match="no-such-package"):
            plan_reading(["no_such_package"])

    @pytest.mark.parametrize(
        "file", ["/etc/passwd", "../secret", "course_lib", "grading/../../x", "tests/x.py", "."]
    )
    def test_files_must_lie_inside_the_project(self, file: str) -> None:
        with pytest.raises(ValueError, match="expected a path below"):
            plan_reading([], [file])

    def test_listed_files_are_added_alone(self) -> None:
        plan = plan_reading([], ["course_lib/version.py"])
        own = [path for path in plan.paths if path.startswith(os.path.join(PROJECT_ROOT, "course_lib"))]
        assert own == [os.path.join(PROJECT_ROOT, "course_lib", "version.py")]


class TestMissingLayers:
    def _confined(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
        return in_child(lambda: confine(read=[], limits=Limits()))

    def test_all_hold_here_or_are_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        layers = self._confined(monkeypatch)
        assert set(confinement.STRONG) <= set(layers)
        assert all(state == "held" or state.startswith("missing: ") for state in layers.values())

    def test_old_kernel(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(landlock, "abi_version", lambda: 0)
        layers = self._confined(monkeypatch)
        assert layers["landlock"].startswith("missing: the kernel has no Landlock")
        assert missing_layers(layers) == ["landlock"]

    def test_unknown_architecture(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(seccomp.platform, "machine", lambda: "riscv64")
        layers = self._confined(monkeypatch)
        assert layers["seccomp"] == "missing: no system-call table for riscv64"
        assert missing_layers(layers) == ["seccomp"]

    def test_other_system(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "darwin")
        monkeypatch.setattr(seccomp.platform, "system", lambda: "Darwin")
        monkeypatch.setattr(limits, "resource", None)
        missing = missing_layers(self._confined(monkeypatch))
        assert missing == [
            "resource limits",
            "capabilities",
            "parent death",
            "no new privileges",
            "landlock",
            "seccomp",
        ]

    def test_a_wall_that_does_not_stand_is_not_called_held(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(landlock, "restrict", lambda rules: 7)
        monkeypatch.setattr(confinement, "install_filter", lambda messages: None)
        layers = self._confined(monkeypatch)
        assert {"landlock", "seccomp"} <= set(missing_layers(layers))

    @pytest.mark.parametrize("gaps", [True, False])
    def test_open_files_are_counted_from_those_that_stay_open(self, gaps: bool) -> None:
        def work() -> int:
            highest = fcntl.fcntl(0, fcntl.F_DUPFD, 900)
            if not gaps:
                while os.dup(0) < highest - 1:
                    continue
            confine(read=[], limits=Limits(open_files=5))
            last = 0
            try:
                while True:
                    last = max(last, os.dup(0))
            except OSError:
                return last - highest

        assert in_child(work) == 5

    def test_a_second_thread_stops_everything(self) -> None:
        def work() -> str:
            release = threading.Event()
            threading.Thread(target=release.wait, daemon=True).start()
            try:
                confine(read=[], limits=Limits())
            except ConfinementError as error:
                return str(error)
            return "confined"

        assert "exactly one" in in_child(work)


class TestStarting:
    def test_no_server_where_there_is_no_fork(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delattr(os, "fork")
        with pytest.raises(SandboxUnavailable, match="WSL"):
            SandboxServer.start({"packages": ["numpy"]})

    def test_a_bad_policy_is_reported(self, scratch_root: str) -> None:
        with pytest.raises(SandboxUnavailable, match="no-such-package"):
            SandboxServer.start({"packages": ["no-such-package"]}, Limits(), scratch_root)

    def test_nothing_is_left_behind(self, tmp_path: Path) -> None:
        with SandboxServer.start(
            {"packages": ["numpy", "matplotlib", "ipython"]}, Limits(), str(tmp_path)
        ) as server:
            server.open()
            children = set(os.listdir("/proc"))
        assert list(tmp_path.iterdir()) == []
        assert children

    @pytest.mark.parametrize(
        "limits", [{"memory_bytes": 0}, {"cell_seconds": -1}, {"calls": float("inf")}, {"calls": True}]
    )
    def test_limits_are_finite_and_positive(self, limits: dict) -> None:
        with pytest.raises(ValueError, match=next(iter(limits))):
            Limits(**limits)

    def test_limits_cross_as_numbers(self) -> None:
        limits = Limits(calls=7)
        assert Limits.from_dict(json.loads(json.dumps(limits.to_dict()))) == limits
        with pytest.raises(ValueError, match="unknown limits"):
            Limits.from_dict({"time": 1})
