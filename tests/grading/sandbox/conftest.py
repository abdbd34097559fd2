"""One warm server for the tests of this folder, in a scratch root of its own."""

import os
from collections.abc import Iterator

import pytest

from grading.checker.sandbox_client import Limits, SandboxServer, Session

POLICY = {
    "packages": ("numpy", "matplotlib", "ipython"),
    "files": (
        "course_lib/__init__.py",
        "course_lib/version.py",
        "course_lib/lazy_names.py",
        "course_lib/data",
    ),
}
LIMITS = Limits(
    cell_seconds=10.0,
    call_seconds=5.0,
    session_seconds=60.0,
    memory_bytes=512 << 20,
    file_bytes=8 << 20,
    scratch_bytes=16 << 20,
    scratch_files=500,
)


@pytest.fixture(scope="session")
def scratch_root(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("scratch-root"))


@pytest.fixture(scope="session")
def server(scratch_root: str) -> Iterator[SandboxServer]:
    with SandboxServer.start(POLICY, LIMITS, scratch_root) as running:
        yield running


@pytest.fixture
def session(server: SandboxServer) -> Iterator[Session]:
    with server.open() as opened:
        yield opened


@pytest.fixture
def serves_the_next(server: SandboxServer, scratch_root: str) -> Iterator[None]:
    """After every attack the next session works, and no file of the last one is left."""
    yield
    with server.open() as session:
        assert session.run_cell("6 * 7").outputs[0]["data"]["text/plain"] == "42"
    left = [name for name in os.listdir(scratch_root) if name.startswith("scratch-")]
    assert left == []
