"""The warm server: loads what notebooks need once, then has one confined child forked per session."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import socket
import sys
import tempfile
import time

from .control import CONTROL_FD, ControlSocket
from .frames import Channel, EndOfStream, FrameTimeout, ProtocolViolation
from .landlock import READ, abi_version, open_rules
from .limits import Limits, drop_bounding_set, drop_to_uid
from .reading import plan_reading, seal_finders
from .scratch import make_scratch, remove_tree
from .seccomp import prepare_filter
from .session import Start
from .supervisor import Supervisor

_FIRST_UID, _UIDS = 61184, 4000
_TRIAL_SECONDS = 30.0

ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MPL_IGNORE_SYSTEM_FONTS": "1",
}
_PRELOADED = """
    numpy numpy.random numpy.linalg numpy.fft numpy.testing PIL.PngImagePlugin matplotlib.image
    matplotlib.cm mpl_toolkits.mplot3d math statistics itertools functools collections dataclasses typing
    json time copy string datetime hashlib pprint textwrap decimal fractions inspect timeit operator
"""
_WARM_CELLS = (
    "%matplotlib inline\nimport numpy as np\nimport matplotlib.pyplot as plt",
    "def f(x):\n    return x / 0\nf(1)",
    "plt.plot([0, 1]); plt.title('$x^2$'); plt.xlabel('x'); plt.legend(['a'])\nplt.show()",
    "plt.imshow(np.eye(3), cmap='gray'); plt.colorbar()\nplt.show()",
    "np.eye(2)",
)


def main() -> int:
    """Serve sessions until the control socket closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt in the terminal is the grader's to handle
    if sys.platform.startswith("linux"):
        drop_bounding_set()
    os.closerange(CONTROL_FD + 1, 1 << 20 if sys.platform.startswith("linux") else 4096)
    control = ControlSocket(socket.socket(fileno=CONTROL_FD))
    try:
        order, _ = control.receive()
    except EndOfStream:
        return 0
    base = tempfile.mkdtemp(prefix="server-", dir=order["scratch_root"])
    try:
        shell = _warm_up(base)
        template, notes = _prepare(order, base)
        supervisor = Supervisor(control, shell, template)
        layers = _trial(supervisor, template)
        control.send({"ready": True, "layers": {**layers, **notes}})
        supervisor.serve()
    except (EndOfStream, BrokenPipeError, ConnectionResetError):
        return 0
    except (ValueError, OSError, ProtocolViolation, FrameTimeout) as error:
        control.send({"ready": False, "problem": f"{type(error).__name__}: {error}"})
        return 1
    finally:
        remove_tree(base)
    return 0


def _warm_up(base: str) -> object:
    """Load NumPy, Matplotlib and IPython, and run what makes the first cells of a notebook slow."""
    os.environ.clear()
    os.environ.update(ENVIRONMENT, HOME=base, IPYTHONDIR=base, MPLCONFIGDIR=base, TMPDIR=base)
    import matplotlib.pyplot as plt

    for name in _PRELOADED.split():
        importlib.import_module(name)

    from .outputs import RecordedStream
    from .shell import RECORDER, make_shell

    shell = make_shell()
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = RecordedStream("stdout", RECORDER), RecordedStream("stderr", RECORDER)
    try:
        for cell in _WARM_CELLS:
            RECORDER.start(Limits())
            shell.run_cell(cell, store_history=False)
        outputs, _ = RECORDER.packed()
    finally:
        sys.stdout, sys.stderr = streams
        RECORDER.start(Limits())
    plt.close("all")
    shell.reset(new_session=True)
    if [output["output_type"] for output in outputs] != ["execute_result"]:
        raise OSError(f"the warmed shell does not show results: {outputs}")
    return shell


def _prepare(order: dict, base: str) -> tuple[Start, dict[str, str]]:
    plan = plan_reading(order["packages"], order["files"])
    seal_finders(plan.sealed)
    prepare_filter()
    rules = tuple(open_rules(plan.paths, READ)) if abi_version() else ()
    uid, reason = _choose_uid(plan.paths, order["scratch_root"])
    limits = Limits.from_dict(order["limits"])
    template = Start(-1, -1, limits, order["scratch_root"], plan, rules, uid, reason, b"")
    return template, {"scratch quota": "held", "wall clock": "held"}


def _choose_uid(paths: tuple[str, ...], scratch_root: str) -> tuple[int | None, str]:
    """Return an unprivileged uid that can read what it must, or None and the reason."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None, "only root can change its uid"
    uid = _FIRST_UID + os.getpid() % _UIDS
    scratch = make_scratch(scratch_root, uid)
    pid = os.fork()
    if pid == 0:
        try:
            drop_to_uid(uid)
            os.chdir(scratch)
            probed = [path for path in paths if path.startswith((sys.prefix, sys.base_prefix))]
            os._exit(0 if all(os.access(path, os.R_OK) for path in probed) else 1)
        except OSError:
            os._exit(2)
        finally:
            os._exit(3)
    _, status = os.waitpid(pid, 0)
    remove_tree(scratch)
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return uid, ""
    if code == 1:
        return None, f"the interpreter in {sys.base_prefix} is not readable for another uid"
    return None, f"the scratch directory in {scratch_root} cannot be entered by another uid"


def _trial(supervisor: Supervisor, template: Start) -> dict[str, str]:
    """Run one session to learn which layers hold."""
    gc.collect()
    gc.freeze()
    request_read, request_write = os.pipe()
    reply_read, reply_write = os.pipe()
    report_read, report_write = os.pipe()
    channel = Channel(reply_read, request_write)
    try:
        supervisor.open_session(
            "trial", template.limits, bytes(32), (request_read, reply_write, report_write)
        )
        message, _ = channel.receive(timeout=_TRIAL_SECONDS)
    except (EndOfStream, ProtocolViolation):
        raise OSError("the first child died before it was confined") from None
    finally:
        channel.close()
        os.close(report_read)
    supervisor.wait_until_idle(time.monotonic() + _TRIAL_SECONDS)
    return message["hello"]
