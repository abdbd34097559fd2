"""The probes of ``course doctor``: all hold here, and each sees a layer that does not."""

from dataclasses import dataclass, field

import pytest

from grading.checker.sandbox_client import CellReply, SandboxServer
from grading.sandbox.confinement import missing_layers
from grading.sandbox.probes import probe


def test_every_probe_is_stopped(server: SandboxServer) -> None:
    if missing_layers(server.layers):
        pytest.skip(f"layers are missing here: {missing_layers(server.layers)}")
    results = probe(server)
    assert [str(result) for result in results if not result.held] == []
    assert {result.layer for result in results} >= {"system calls", "files", "network", "memory", "metadata"}
    assert len(results) >= 25


@dataclass
class _NoSandbox:
    """Runs the cells in this process, with nothing between."""

    names: dict = field(default_factory=dict)

    def open(self) -> "_NoSandbox":
        return self

    def run_cell(self, source: str, timeout: float | None = None) -> CellReply:
        printed: list[str] = []
        self.names["print"] = lambda text, end: printed.append(text)
        harmless = (
            "SUCCEEDED" if word in source else None for word in ("passwd", "listdir('/')", "AF_INET", "chmod")
        )
        if "def attempt" in source or any(harmless):
            exec(source, self.names)
        return CellReply([{"text": text} for text in printed], None, 0.0)

    def close(self) -> None:
        self.names.clear()


def test_a_missing_layer_is_seen() -> None:
    results = {result.attack: result.held for result in probe(_NoSandbox())}
    for attack in ("read /etc/passwd", "list the root directory", "open an Internet socket", "chmod outside"):
        assert results[attack] is False, attack
