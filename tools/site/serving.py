"""Serves a built site as any plain web server would, below a sub-path of this machine's address."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SUB_PATH = "/some/course"


class _Below(http.server.SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        """Find files below the sub-path only: what a page asks for outside is not there."""
        inside = path.removeprefix(SUB_PATH) if path.startswith(f"{SUB_PATH}/") else "/outside-of-the-site"
        return super().translate_path(inside)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder while the context lasts.

    Parameters
    ----------
    site : Path
        Its folder.

    Yields
    ------
    str
        The address of the folder, with a slash at its end.
    """
    handler = functools.partial(_Below, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{SUB_PATH}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
