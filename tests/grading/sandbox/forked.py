"""Runs a function in a forked child and brings back what it returned."""

import json
import os
import traceback
from collections.abc import Callable


def in_child(function: Callable[[], object]) -> object:
    """Call the function in a forked child and return its JSON-able result; its exception fails the test."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(read)
            answer = {"result": function()}
        except BaseException:  # noqa: BLE001 - reported to the test
            answer = {"failed": traceback.format_exc()}
        os.write(write, json.dumps(answer).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as file:
        data = file.read()
    _, status = os.waitpid(pid, 0)
    assert data, f"the child died with {os.waitstatus_to_exitcode(status)}"
    answer = json.loads(data)
    assert "failed" not in answer, answer["failed"]
    return answer["result"]
