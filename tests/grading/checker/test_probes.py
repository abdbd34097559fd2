import sys

import pytest

from grading.checker import probes as module
from grading.checker.probes import ATTACKS, run_probes
from grading.checker.sandbox_client import Limits, SandboxServer

POLICY = {"packages": ["numpy", "matplotlib", "ipython"]}
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox needs Linux")


@pytest.mark.slow
def test_every_layer_that_reports_itself_held_withstands_its_attacks(tmp_path):
    tmp_path.chmod(0o711)
    with SandboxServer.start(POLICY, Limits(), str(tmp_path)) as server:
        layers = server.layers
    probes = run_probes(str(tmp_path))
    assert [probe["name"] for probe in probes] == [attack.name for attack in ATTACKS]
    broken = [probe for probe in probes if not probe["held"] and layers[probe["layer"]] == "held"]
    assert broken == []


def test_attacks_name_layers_that_sandboxes_report(tmp_path):
    with SandboxServer.start(POLICY, Limits()) as server:
        assert {attack.layer for attack in ATTACKS} <= set(server.layers)


def test_an_attack_that_gets_through_or_is_broken_does_not_count_as_held(monkeypatch, tmp_path):
    attacks = (
        module.Attack("harmless", "landlock", "os.getpid()"),
        module.Attack("broken", "landlock", "no_such_name"),
        module.Attack("dies by itself", "landlock", "os._exit(0)"),
        module.Attack("refused", "landlock", "open('/etc/passwd')"),
    )
    monkeypatch.setattr(module, "ATTACKS", attacks)
    assert [probe["held"] for probe in run_probes()] == [False, False, False, True]
