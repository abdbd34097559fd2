"""A PostgreSQL server of the tests' own: a new cluster in a directory of its own, on no network."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

PASSWORD = "pässword:with@signs"


def server_programs():
    """Return the folder of PostgreSQL's server programs, or None: Debian does not put them on the path."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True
    )
    found = installed[0] if installed else shutil.which("initdb")
    return None if found is None else Path(found).resolve().parent


@contextlib.contextmanager
def running_server():
    """Start a server; yields the directory of its socket. Its only user is `course`, with a password."""
    programs = server_programs()
    # The server refuses to run as root.
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    base = Path(tempfile.mkdtemp(prefix="own-postgresql-"))
    try:
        secret = base / "password"
        secret.write_text(PASSWORD + "\n")
        for path in (base, secret):
            os.chown(path, user.pw_uid, user.pw_gid)
        run = {"cwd": base, "user": user.pw_uid, "group": user.pw_gid, "env": {"PATH": os.defpath}}
        if os.geteuid() == 0:
            run["extra_groups"] = []
        else:
            del run["user"], run["group"]
        made = [programs / "initdb", "-D", base / "data", "-U", "course", "--pwfile", secret]
        made += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"]
        subprocess.run(made, check=True, capture_output=True, **run)
        control = [programs / "pg_ctl", "-D", base / "data", "-w"]
        options = f"-k {base} -c listen_addresses= -c fsync=off"
        subprocess.run(
            [*control, "-l", base / "log", "-o", options, "start"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **run,
        )
        try:
            yield base
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, **run)
    finally:
        shutil.rmtree(base)
