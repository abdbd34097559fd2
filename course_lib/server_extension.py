"""Has a Jupyter server pass on what a kernel says at once: pictures that follow the hand must not wait.

A server leaves its sockets as they come; then TCP holds a small message back while an earlier one has not
been acknowledged, which a page may put off for up to 40 ms (RFC 896; RFC 1122, section 4.2.3.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

_SETTING = "kernel_websocket_connection_class"


def undelayed(connection: type) -> type:
    """Return a class of connections between page and kernel that waits for no acknowledgement.

    Parameters
    ----------
    connection : type
        The server's own, a `jupyter_server.services.kernels.connection.base.BaseKernelWebsocketConnection`.

    Returns
    -------
    type
    """

    class UndelayedConnection(connection):
        async def connect(self) -> None:
            """Connect with the kernel, once the page's socket has been told."""
            self.websocket_handler.set_nodelay(True)
            await super().connect()

    return UndelayedConnection


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "course_lib.server_extension"}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    settings = server.web_app.settings
    settings[_SETTING] = undelayed(settings[_SETTING])
