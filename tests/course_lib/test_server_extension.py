"""The Jupyter server that serves a page passes on what a kernel says without waiting for acknowledgements."""

from types import SimpleNamespace

import pytest
from jupyter_server.extension.utils import validate_extension
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from course_lib import server_extension

SETTING = "kernel_websocket_connection_class"


def loaded(connection):
    """Return the class of connections of a server that had another one before it loaded the extension."""
    server = SimpleNamespace(web_app=SimpleNamespace(settings={SETTING: connection}))
    server_extension._load_jupyter_server_extension(server)
    return server.web_app.settings[SETTING]


class Recorded:
    """A connection that records what happens, in order."""

    def __init__(self):
        self.record = []
        self.websocket_handler = SimpleNamespace(
            set_nodelay=lambda value: self.record.append(("nodelay", value))
        )

    async def connect(self):
        self.record.append("connected")


def test_the_socket_is_told_before_anything_is_sent():
    connection = loaded(Recorded)()
    # Driven by hand: where other tests ran before, this thread may have an event loop that runs.
    with pytest.raises(StopIteration):
        connection.connect().send(None)
    assert connection.record == [("nodelay", True), "connected"]


def test_all_else_is_the_servers_own():
    assert issubclass(loaded(ZMQChannelsWebsocketConnection), ZMQChannelsWebsocketConnection)


def test_a_server_accepts_it_as_an_extension():
    assert validate_extension("course_lib.server_extension")
