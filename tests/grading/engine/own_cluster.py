"""A Dask scheduler and workers in processes of their own, each with a home and a directory of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PATIENCE = 120.0
# Workers wait so long for a checker beyond the submission's own time, so that no test has to.
GRACE = 0.5
_PRELOAD = f"import grading.engine.job\n\ngrading.engine.job._GRACE_SECONDS = {GRACE}\n"


class OwnCluster:
    """A scheduler on this machine, and what tests do with it.

    `certificates` names the files of a certificate and its key: then everything is encrypted.
    """

    def __init__(self, *, certificates=None, **configuration):
        self.base = Path(tempfile.mkdtemp(prefix="own-cluster-"))
        self.workers = []
        self._configuration = {f"DASK_{name.upper()}": value for name, value in configuration.items()}
        self._security = ["--protocol", "tcp"]
        if certificates is not None:
            certificate, key = certificates
            self._security = ["--protocol", "tls", "--tls-ca-file", certificate]
            self._security += ["--tls-cert", certificate, "--tls-key", key]
        self._preload = self.base / "preload.py"
        self._preload.write_text(_PRELOAD)
        told = self.base / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", told, "--no-show")
        self.address = _when_written(told, self.scheduler)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()
        shutil.rmtree(self.base)

    def add_worker(self, threads=1):
        """Start a worker; it joins when it is ready."""
        options = ("--no-nanny", "--nthreads", str(threads), "--preload", self._preload)
        self.workers.append(self._start("worker", self.address, *options))
        return self.workers[-1]

    def log(self):
        """Return what all processes have said."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.base.rglob("log")))

    def _start(self, kind, *arguments):
        home = self.base / f"{kind}{len(self.workers)}"
        home.mkdir()
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home), **self._configuration}
        if "PYTHONPATH" in os.environ:
            environment["PYTHONPATH"] = os.environ["PYTHONPATH"]
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments]
        command += ["--host", "127.0.0.1", "--no-dashboard", *self._security]
        with (home / "log").open("wb") as log:
            return subprocess.Popen(
                command, cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )


def _when_written(path, process):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return json.loads(path.read_text())["address"]
        except (OSError, ValueError):
            time.sleep(0.05)
    raise RuntimeError("the scheduler did not start")
