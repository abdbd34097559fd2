"""A real checker process with its real sandbox, spoken to as the engine does."""

import os
import subprocess
import sys

from grading.sandbox.frames import Channel

LIMITS = {
    "cell_seconds": 4.0,
    "call_seconds": 1.5,
    "submission_seconds": 40.0,
    "memory_bytes": 1 << 30,
    "scratch_bytes": 16 << 20,
    "scratch_files": 200,
}


class CheckerProcess:
    """Starts `python -I -m grading.checker` in an empty directory and configures it."""

    def __init__(self, directory, master, assignment="toy", extra_checks=(), **limits):
        directory.mkdir(exist_ok=True)
        (directory / "empty").mkdir()
        (directory / "scratch").mkdir(mode=0o711)
        directory.chmod(0o711)
        to_read, to_write = os.pipe(), os.pipe()
        self.log = (directory / "log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-m", "grading.checker"],
            stdin=to_read[0],
            stdout=to_write[1],
            stderr=self.log,
            cwd=directory / "empty",
            env={"PATH": "/usr/bin:/bin", "TMPDIR": str(directory / "scratch")},
        )
        os.close(to_read[0])
        os.close(to_write[1])
        self.scratch = directory / "scratch"
        self.channel = Channel(to_write[0], to_read[1], max_json=64 << 20)
        configuration = {
            "assignment": assignment,
            "notebook": assignment,
            "master": master,
            "extra_checks": list(extra_checks),
            "limits": LIMITS | limits,
            "scratch_root": str(self.scratch),
        }
        self.channel.send({"configure": configuration})
        self.ready, _ = self.channel.receive(timeout=120)

    def grade(self, notebook, seed="ab" * 32):
        data = notebook if isinstance(notebook, bytes) else notebook.encode()
        self.channel.send({"grade": {"job": "job", "seed": seed}}, [data])
        answer, _ = self.channel.receive(timeout=120)
        assert answer["job"] == "job"
        return answer["verdict"]

    def memory(self):
        """Resident bytes of the server process."""
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def close(self):
        self.channel.close()
        try:
            return self.process.wait(timeout=30)
        finally:
            self.log.close()
