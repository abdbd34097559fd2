"""Starts a JupyterLab of its own, for a browser to open."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
from own_sockets import free_port

import grading

START_SECONDS = 60
# What an installed course adds to every JupyterLab of its environment.
_EXTENSIONS = Path(grading.__file__).parent / "lab_settings" / "jupyter_server_config.d"


class JupyterLab:
    """A JupyterLab server on a free loopback port, with a home and settings that belong to it alone.

    Parameters
    ----------
    root : Path
        Directory it serves; it is changed by what is done in the browser, so pass a copy.
    private : Path
        Empty directory for home, settings and log.
    """

    def __init__(self, root: Path, private: Path) -> None:
        self.root = root
        self.private = private
        self.token = secrets.token_hex(16)
        self.port = free_port()
        # The path of a socket must be short.
        self._runtime = tempfile.mkdtemp(prefix="lab-")
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = private / "jupyterlab.log"
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> JupyterLab:
        self._write_settings()
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            f"--ServerApp.root_dir={self.root}",
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            "--ServerApp.ip=127.0.0.1",
            f"--IdentityProvider.token={self.token}",
            "--LabApp.expose_app_in_browser=True",
            "--KernelManager.transport=ipc",
        ]
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                command,
                env=self._environment(),
                stdout=log,
                stderr=log,
                cwd=self.private,
                start_new_session=True,
            )
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        # Its kernels are in the same session, so the group ends with it.
        process = self._process
        if process is None:
            return
        for sign, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
            try:
                os.killpg(process.pid, sign)
                process.wait(patience)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        shutil.rmtree(self._runtime, ignore_errors=True)

    def kernels(self) -> dict[int, float]:
        """Tell the process of each kernel, with the seconds that it has computed."""
        found = {}
        for process in psutil.Process(self._process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if "ipykernel_launcher" in process.cmdline():
                    times = process.cpu_times()
                    found[process.pid] = times.user + times.system
        return found

    def _write_settings(self) -> None:
        folder = self.private / "config/lab/user-settings/@jupyterlab/apputils-extension"
        folder.mkdir(parents=True)
        quiet = {"fetchNews": "false", "checkForUpdates": False}
        (folder / "notification.jupyterlab-settings").write_text(json.dumps(quiet))
        # The debugger writes a console error of its own whenever a kernel restarts while it is still asking.
        page = self.private / "config/labconfig"
        page.mkdir(parents=True)
        off = {"disabledExtensions": {"@jupyterlab/debugger-extension": True}}
        (page / "page_config.json").write_text(json.dumps(off))
        shutil.copytree(_EXTENSIONS, self.private / "config" / _EXTENSIONS.name)

    def _environment(self) -> dict[str, str]:
        folders = {
            "HOME": "home",
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "IPYTHONDIR": "ipython",
            "MPLCONFIGDIR": "matplotlib",
            "XDG_CACHE_HOME": "cache",
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "JPY_"))}
        for name, folder in folders.items():
            (self.private / folder).mkdir(exist_ok=True)
            kept[name] = str(self.private / folder)
        return kept | {"JUPYTER_RUNTIME_DIR": self._runtime}

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"JupyterLab ended at once:\n{self.log.read_text()[-3000:]}")
            try:
                with urllib.request.urlopen(f"{self.address}/api?token={self.token}", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise TimeoutError(f"JupyterLab did not answer in {START_SECONDS} s:\n{self.log.read_text()[-3000:]}")
